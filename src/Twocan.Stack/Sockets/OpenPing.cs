using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>A ping socket behind a descriptor; its identifier stands where others have a port.</summary>
internal sealed class OpenPing(PingSocket socket) : OpenSocket
{
    public override Endpoint Local => new(socket.Local, socket.Identifier);

    public override Endpoint Remote => new(socket.Remote, Port.Any);

    public override void Bind(Endpoint local) => socket.Bind(local.Address);

    public override ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        socket.Connect(remote.Address);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, stop);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop)
    {
        socket.SendTo(data.Span, IpAddress.Any, because);
        return ValueTask.CompletedTask;
    }

    public override ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because,
        CancellationToken stop
    )
    {
        socket.SendTo(data.Span, to.Address, because);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop) =>
        socket.ReceiveAsync(into, stop);

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
            SocketOption.ReceiveBuffer => socket.ReceiveBufferSize,
            _ => base.GetOption(option),
        };
}
