using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// The BSD calls of one host: a table of descriptors, and behind each a socket of TCP, UDP or ICMP. Whose sockets these
/// are, a world's or the operating system's, only <paramref name="create"/> knows.
/// </summary>
/// <param name="owner">The host's name.</param>
public sealed partial class SocketCalls(EventLoop loop, string owner, Func<SocketKind, OpenSocket> create)
    : ISocketCalls
{
    /// <summary>0, 1 and 2 are the terminal's.</summary>
    private const int FirstDescriptor = 3;
    private const int MaxOpen = 65536;

    private readonly List<OpenSocket?> _open = [];
    private readonly PriorityQueue<int, int> _free = new();
    private bool _isOff;

    /// <summary>Sockets that are open.</summary>
    public int OpenCount => _open.Count - _free.Count;

    public int Socket(SocketKind kind, EventId because = default, IpFamily family = IpFamily.V4) => Open(create(kind));

    public void Bind(int descriptor, Endpoint local, EventId because = default) => Find(descriptor).Bind(local);

    public void Listen(int descriptor, int backlog, EventId because = default) =>
        Find(descriptor).Listen(backlog, because);

    public void Admit(int descriptor, IReadOnlyList<Subnet> subnets) => Find(descriptor).Admit(subnets);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> AcceptAsync(int descriptor, CancellationToken stop = default) =>
        Open(await Find(descriptor).AcceptAsync(stop));

    public ValueTask ConnectAsync(
        int descriptor,
        Endpoint remote,
        EventId because = default,
        CancellationToken stop = default
    ) => Find(descriptor).ConnectAsync(remote, because, stop);

    public ValueTask<int> ConnectAndSendAsync(
        int descriptor,
        Endpoint remote,
        ReadOnlyMemory<byte> data,
        EventId because = default,
        CancellationToken stop = default
    ) => Find(descriptor).ConnectAndSendAsync(remote, data, because, stop);

    public ValueTask<Received> ReadAsync(int descriptor, Memory<byte> into, CancellationToken stop = default) =>
        Find(descriptor).ReadAsync(into, stop);

    public ValueTask WriteAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        EventId because = default,
        CancellationToken stop = default
    ) => Find(descriptor).WriteAsync(data, because, stop);

    public ValueTask WritevAsync(
        int descriptor,
        ReadOnlyMemory<ReadOnlyMemory<byte>> pieces,
        EventId because = default,
        CancellationToken stop = default
    ) => Find(descriptor).WritevAsync(pieces, because, stop);

    public ValueTask SendFileAsync(
        int descriptor,
        ReadOnlyMemory<byte> head,
        FilePart part,
        EventId because = default,
        CancellationToken stop = default
    ) => Find(descriptor).SendFileAsync(head, part, because, stop);

    public bool TryAccept(int descriptor, out int accepted)
    {
        accepted = -1;
        if (Find(descriptor).TryAccept() is not { } socket)
            return false;
        accepted = Open(socket);
        return true;
    }

    public bool TryRead(int descriptor, Span<byte> into, out Received received) =>
        Find(descriptor).TryRead(into, out received);

    public int TryWrite(int descriptor, ReadOnlySpan<byte> data, EventId because = default) =>
        Find(descriptor).TryWrite(data, because);

    public int TrySend(int descriptor, ReadOnlySpan<byte> data, SendFlags flags, EventId because = default) =>
        Find(descriptor).TrySend(data, flags, because);

    public bool TryPeek(int descriptor, Span<byte> into, out Received received) =>
        Find(descriptor).TryPeek(into, out received);

    public int TryWritev(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, EventId because = default) =>
        Find(descriptor).TryWritev(pieces, because);

    public PollEvents Poll(int descriptor) => Find(descriptor).Poll();

    public ValueTask<PollEvents> PollAsync(int descriptor, PollEvents wanted, CancellationToken stop = default) =>
        Find(descriptor).PollAsync(wanted, stop);

    public ValueTask SendToAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because = default,
        CancellationToken stop = default
    ) => Find(descriptor).SendToAsync(data, to, because, stop);

    public ValueTask<Received> ReceiveFromAsync(int descriptor, Memory<byte> into, CancellationToken stop = default) =>
        Find(descriptor).ReceiveFromAsync(into, stop);

    public ValueTask<ReceivedError> ReceiveErrorAsync(int descriptor, CancellationToken stop = default) =>
        Find(descriptor).ReceiveErrorAsync(stop);

    public void Shutdown(int descriptor, ShutdownHow how, EventId because = default) =>
        Find(descriptor).Shutdown(how, because);

    public void Close(int descriptor, EventId because = default)
    {
        var socket = Find(descriptor);
        _open[descriptor - FirstDescriptor] = null;
        _free.Enqueue(descriptor, descriptor);
        socket.Close(because);
    }

    public void SetOption(int descriptor, SocketOption option, int value) => Find(descriptor).SetOption(option, value);

    public int GetOption(int descriptor, SocketOption option) => Find(descriptor).GetOption(option);

    public Endpoint LocalEndpoint(int descriptor) => Find(descriptor).Local;

    public Endpoint RemoteEndpoint(int descriptor) => Find(descriptor).Remote;

    /// <summary>What stands behind a descriptor, for who made it and wants to look inside.</summary>
    public OpenSocket? Behind(int descriptor) => TryFind(descriptor, out var socket) ? socket : null;

    /// <summary>The event that let the last call on a descriptor return; none when it is closed.</summary>
    public EventId LastEvent(int descriptor) => TryFind(descriptor, out var socket) ? socket.LastEvent : EventId.None;

    /// <summary>Whoever waits is told; the descriptors stay, so that a program that still closes its own finds them.</summary>
    public void PowerOff()
    {
        _isOff = true;
        foreach (var socket in _open)
            socket?.Close(EventId.None);
    }

    /// <summary>The lowest number that is free, as POSIX has it.</summary>
    private int Open(OpenSocket socket)
    {
        if (_isOff)
        {
            socket.Close(EventId.None);
            throw new SocketException((int)SocketError.NetworkDown);
        }
        if (_free.TryDequeue(out var descriptor, out _))
        {
            _open[descriptor - FirstDescriptor] = socket;
            return descriptor;
        }
        if (_open.Count == MaxOpen)
        {
            socket.Close(EventId.None);
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }
        _open.Add(socket);
        return FirstDescriptor + _open.Count - 1;
    }

    private OpenSocket Find(int descriptor) =>
        TryFind(descriptor, out var socket) ? socket : throw new SocketException((int)SocketError.NotSocket);

    private bool TryFind(int descriptor, [NotNullWhen(true)] out OpenSocket? socket)
    {
        var index = descriptor - FirstDescriptor;
        socket = index >= 0 && index < _open.Count ? _open[index] : null;
        return socket is not null;
    }
}
