using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>SOCK_DGRAM: a UDP socket behind a descriptor.</summary>
internal sealed class OpenDatagram(UdpSocket socket) : OpenSocket
{
    public override Endpoint Local => socket.Local;

    public override Endpoint Remote => socket.Remote;

    public override void Bind(Endpoint local) => socket.Bind(local);

    public override ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        socket.Connect(remote);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, stop);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop)
    {
        socket.Send(data.Span, because);
        return ValueTask.CompletedTask;
    }

    public override ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because,
        CancellationToken stop
    )
    {
        socket.SendTo(data.Span, to, because);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, stop);

    public override ValueTask<ReceivedError> ReceiveErrorAsync(CancellationToken stop) =>
        socket.ReceiveErrorAsync(stop);

    public override void Close(EventId because) => socket.Close();

    public override void SetOption(SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.TimeToLive:
                socket.TimeToLive = CheckTimeToLive(value);
                break;
            case SocketOption.Broadcast:
                socket.MayBroadcast = value != 0;
                break;
            case SocketOption.DontFragment:
                socket.DontFragment = value != 0;
                break;
            case SocketOption.ReceiveErrors:
                socket.ReceivesErrors = value != 0;
                break;
            case SocketOption.ReceiveBuffer:
                socket.ReceiveBufferSize = CheckBufferSize(value);
                break;
            default:
                base.SetOption(option, value);
                break;
        }
    }

    public override int GetOption(SocketOption option) =>
        option switch
        {
            SocketOption.TimeToLive => socket.TimeToLive,
            SocketOption.Broadcast => socket.MayBroadcast ? 1 : 0,
            SocketOption.DontFragment => socket.DontFragment ? 1 : 0,
            SocketOption.ReceiveErrors => socket.ReceivesErrors ? 1 : 0,
            SocketOption.ReceiveBuffer => socket.ReceiveBufferSize,
            _ => base.GetOption(option),
        };
}
