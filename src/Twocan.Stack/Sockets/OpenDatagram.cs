using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>SOCK_DGRAM: a UDP socket behind a descriptor.</summary>
internal sealed class OpenDatagram(UdpSocket socket, IReadOnlyList<Adapter> adapters) : OpenMessages(socket)
{
    public override Endpoint Local => socket.Local;

    public override Endpoint Remote => socket.Remote;

    public override void Bind(Endpoint local) => socket.Bind(local);

    public override ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        socket.Connect(remote);
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop)
    {
        socket.Send(data.Span, because);
        return ValueTask.CompletedTask;
    }

    public override int TryWrite(ReadOnlySpan<byte> data, EventId because)
    {
        socket.Send(data, because);
        return data.Length;
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

    public override ValueTask<ReceivedError> ReceiveErrorAsync(CancellationToken stop) =>
        socket.ReceiveErrorAsync(stop);

    public override void SetOption(SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.ReceiveErrors:
                socket.ReceivesErrors = value != 0;
                break;
            case SocketOption.ReusePort:
                socket.SharesPort = value != 0;
                break;
            case SocketOption.V6Only:
                socket.V6Only = value != 0;
                break;
            case SocketOption.BindToDevice:
                socket.Device =
                    value == 0 ? null
                    : value > 0 && value <= adapters.Count ? adapters[value - 1]
                    : throw Failure(SocketError.AddressNotAvailable);
                break;
            default:
                base.SetOption(option, value);
                break;
        }
    }

    public override int GetOption(SocketOption option) =>
        option switch
        {
            SocketOption.ReceiveErrors => socket.ReceivesErrors ? 1 : 0,
            SocketOption.ReusePort => socket.SharesPort ? 1 : 0,
            SocketOption.V6Only => socket.V6Only ? 1 : 0,
            SocketOption.Error => (int)socket.TakeError(),
            SocketOption.BindToDevice => socket.Device?.Number ?? 0,
            _ => base.GetOption(option),
        };
}
