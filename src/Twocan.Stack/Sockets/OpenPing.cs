using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>A ping socket behind a descriptor; its identifier stands where others have a port.</summary>
internal sealed class OpenPing(PingSocket socket) : OpenMessages(socket)
{
    public override Endpoint Local => new(socket.Local, socket.Identifier);

    public override Endpoint Remote => new(socket.Remote, Port.Any);

    public override void Bind(Endpoint local) => socket.Bind(local.Address);

    public override ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        socket.Connect(remote.Address, remote.Scope);
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop)
    {
        socket.SendTo(data.Span, IpAddress.Any, because);
        return ValueTask.CompletedTask;
    }

    public override int TryWrite(ReadOnlySpan<byte> data, EventId because)
    {
        socket.SendTo(data, IpAddress.Any, because);
        return data.Length;
    }

    public override ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because,
        CancellationToken stop
    )
    {
        socket.SendTo(data.Span, to.Address, because, to.Scope);
        return ValueTask.CompletedTask;
    }
}
