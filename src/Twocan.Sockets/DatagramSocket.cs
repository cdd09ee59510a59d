using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A socket for messages that stand alone: UDP, or ICMP echo.</summary>
public sealed class DatagramSocket : IDisposable
{
    private readonly ISocketCalls _calls;
    private bool _closed;

    private DatagramSocket(ISocketCalls calls, int descriptor)
    {
        _calls = calls;
        Descriptor = descriptor;
    }

    public int Descriptor { get; }

    public Endpoint LocalEndpoint => _calls.LocalEndpoint(Descriptor);

    public static DatagramSocket Open(ISocketCalls calls, SocketKind kind, Endpoint local, EventId because)
    {
        var descriptor = calls.Socket(kind, because, local == default ? IpFamily.V4 : local.Address.Family);
        try
        {
            if (local != default)
                calls.Bind(descriptor, local, because);
            return new(calls, descriptor);
        }
        catch
        {
            calls.Close(descriptor, because);
            throw;
        }
    }

    /// <summary>From now on only datagrams from <paramref name="remote"/> come in, and ICMP errors about it are thrown here.</summary>
    public ValueTask ConnectAsync(Endpoint remote, EventId because = default) =>
        _calls.ConnectAsync(Descriptor, remote, because);

    public ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because = default,
        CancellationToken stop = default
    ) => _calls.SendToAsync(Descriptor, data, to, because, stop);

    public ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop = default) =>
        _calls.ReceiveFromAsync(Descriptor, into, stop);

    /// <summary>Waits for an ICMP error about one of my datagrams; needs <see cref="SocketOption.ReceiveErrors"/>.</summary>
    public ValueTask<ReceivedError> ReceiveErrorAsync(CancellationToken stop = default) =>
        _calls.ReceiveErrorAsync(Descriptor, stop);

    public void SetOption(SocketOption option, int value) => _calls.SetOption(Descriptor, option, value);

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        _calls.Close(Descriptor);
    }
}
