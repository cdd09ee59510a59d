using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

/// <summary>Hosts whose sockets are joined by pipes in memory: the socket calls without any stack below them.</summary>
internal sealed class PipeInternet(ulong seed = 1)
{
    public static readonly DateTimeOffset Epoch = new(2020, 10, 7, 13, 0, 0, TimeSpan.Zero);

    public EventLoop Loop { get; } = EventLoop.Virtual(seed, Epoch);

    public Journal? Journal { get; set; }

    /// <summary>The most that one read brings.</summary>
    public int MostAtOnce { get; set; } = 1460;

    /// <summary>So much is on its way before a writer has to wait.</summary>
    public int Window { get; set; } = 64 * 1024;

    public Dictionary<Endpoint, PipeListener> Listeners { get; } = [];

    public PipeHost Host(string name, string address) => new(this, name, IpAddress.Parse(address));

    public void Run(Func<Task> main) => Loop.Run(main);
}

internal sealed class PipeListener(EventLoop loop)
{
    public Queue<PipeEnd> Waiting { get; } = new();

    public Signal Arrived { get; } = new(loop, "listener", "a connection");
}

/// <summary>One direction of a connection.</summary>
internal sealed class Pipe(PipeInternet internet)
{
    private readonly Queue<byte> _bytes = new();
    private readonly Signal _changed = new(internet.Loop, "pipe", "bytes or room");

    public bool IsShut { get; private set; }

    public bool IsReset { get; private set; }

    public int Count => _bytes.Count;

    public void Shut()
    {
        IsShut = true;
        _changed.Set();
    }

    public void Reset()
    {
        IsReset = true;
        _changed.Set();
    }

    public bool IsReadable => _bytes.Count > 0 || IsShut || IsReset;

    public bool IsWritable => _bytes.Count < internet.Window || IsShut || IsReset;

    public ValueTask ChangeAsync(CancellationToken stop) => _changed.WaitAsync(stop);

    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        while (!IsReadable)
            await _changed.WaitAsync(stop);
        return Read(into.Span);
    }

    public int Read(Span<byte> into)
    {
        if (IsReset)
            throw new SocketException((int)SocketError.ConnectionReset);
        var length = Math.Min(Math.Min(into.Length, internet.MostAtOnce), _bytes.Count);
        for (var i = 0; i < length; i++)
            into[i] = _bytes.Dequeue();
        _changed.Set();
        return length;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken stop)
    {
        while (true)
        {
            data = data[Write(data.Span)..];
            if (data.IsEmpty)
                return;
            await _changed.WaitAsync(stop);
        }
    }

    public int Write(ReadOnlySpan<byte> data)
    {
        if (IsReset || IsShut)
            throw new SocketException((int)SocketError.ConnectionReset);
        var room = Math.Min(data.Length, internet.Window - _bytes.Count);
        foreach (var octet in data[..room])
            _bytes.Enqueue(octet);
        _changed.Set();
        return room;
    }
}

internal sealed record PipeEnd(Pipe In, Pipe Out, Endpoint Local, Endpoint Remote);

/// <summary>A host on pipes. <see cref="OpenDescriptors"/> tells what its programs have not closed.</summary>
internal sealed class PipeHost(PipeInternet internet, string name, IpAddress address) : INetwork, ISocketCalls
{
    private readonly SortedDictionary<int, object> _sockets = [];
    private ushort _nextPort = 49152;

    public string Name => name;

    public EventLoop Loop => internet.Loop;

    public RandomSource Random { get; } = internet.Loop.Random.Fork(name);

    public HostJournal? Journal => internet.Journal?.For(name);

    public ISocketCalls Calls => this;

    public IReadOnlyList<IpAddress> NameServers => [];

    public bool Speaks(IpFamily family) => family == address.Family;

    public SourceCandidate? SourceFor(IpAddress destination) => new(address, address.BitLength);

    public IEnumerable<int> OpenDescriptors => _sockets.Keys;

    /// <summary>The most descriptors that were open at one time.</summary>
    public int MostOpen { get; private set; }

    public int Connects { get; private set; }

    /// <summary>The causes of all writes, in order.</summary>
    public List<EventId> WriteCauses { get; } = [];

    /// <summary>Told after each write: how many bytes.</summary>
    public List<int> Writes { get; } = [];

    /// <summary>What each read was brought by.</summary>
    public EventId Arrival { get; set; }

    public int Socket(SocketKind kind, EventId because = default, IpFamily family = IpFamily.V4)
    {
        var descriptor = 3;
        while (_sockets.ContainsKey(descriptor))
            descriptor++;
        _sockets.Add(descriptor, "made");
        MostOpen = Math.Max(MostOpen, _sockets.Count);
        return descriptor;
    }

    public void Bind(int descriptor, Endpoint local, EventId because = default) =>
        _sockets[descriptor] = local with { Address = address };

    public void Listen(int descriptor, int backlog, EventId because = default) =>
        _sockets[descriptor] = internet.Listeners[(Endpoint)_sockets[descriptor]] = new(Loop);

    public void Admit(int descriptor, IReadOnlyList<Subnet> subnets) => throw new NotSupportedException();

    public async ValueTask<int> AcceptAsync(int descriptor, CancellationToken stop = default)
    {
        var listener = (PipeListener)_sockets[descriptor];
        while (listener.Waiting.Count == 0)
            await listener.Arrived.WaitAsync(stop);
        var accepted = Socket(SocketKind.Stream);
        _sockets[accepted] = listener.Waiting.Dequeue();
        return accepted;
    }

    public async ValueTask ConnectAsync(
        int descriptor,
        Endpoint remote,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        await Loop.DelayAsync(Duration.FromMilliseconds(1), stop);
        Connects++;
        if (!internet.Listeners.TryGetValue(remote, out var listener))
            throw new SocketException((int)SocketError.ConnectionRefused);
        var (there, back) = (new Pipe(internet), new Pipe(internet));
        var local = new Endpoint(address, _nextPort++);
        _sockets[descriptor] = new PipeEnd(back, there, local, remote);
        listener.Waiting.Enqueue(new(there, back, remote, local));
        listener.Arrived.Set();
    }

    public async ValueTask<Received> ReadAsync(int descriptor, Memory<byte> into, CancellationToken stop = default)
    {
        var end = End(descriptor);
        var length = await end.In.ReadAsync(into, stop);
        return new(length, end.Remote, 64, Arrival);
    }

    public ValueTask WriteAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        WriteCauses.Add(because);
        Writes.Add(data.Length);
        return End(descriptor).Out.WriteAsync(data, stop);
    }

    public async ValueTask WritevAsync(
        int descriptor,
        ReadOnlyMemory<ReadOnlyMemory<byte>> pieces,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        for (var i = 0; i < pieces.Length; i++)
            await WriteAsync(descriptor, pieces.Span[i], because, stop);
    }

    public async ValueTask SendFileAsync(
        int descriptor,
        ReadOnlyMemory<byte> head,
        FilePart part,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var file = new byte[part.Length];
        if (RandomAccess.Read(part.File, file, part.Offset) < file.Length)
            throw new EndOfStreamException();
        await WriteAsync(descriptor, head, because, stop);
        await WriteAsync(descriptor, file, because, stop);
    }

    public bool TryAccept(int descriptor, out int accepted)
    {
        accepted = -1;
        if (!((PipeListener)_sockets[descriptor]).Waiting.TryDequeue(out var end))
            return false;
        accepted = Socket(SocketKind.Stream);
        _sockets[accepted] = end;
        return true;
    }

    public bool TryRead(int descriptor, Span<byte> into, out Received received)
    {
        var end = End(descriptor);
        received = default;
        if (!end.In.IsReadable)
            return false;
        received = new(end.In.Read(into), end.Remote, 64, Arrival);
        return true;
    }

    public int TryWrite(int descriptor, ReadOnlySpan<byte> data, EventId because = default)
    {
        WriteCauses.Add(because);
        Writes.Add(data.Length);
        return End(descriptor).Out.Write(data);
    }

    public int TryWritev(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, EventId because = default)
    {
        var total = 0;
        foreach (var piece in pieces)
            total += TryWrite(descriptor, piece.Span, because);
        return total;
    }

    public PollEvents Poll(int descriptor) =>
        End(descriptor) is var end && end.In.IsReadable
            ? PollEvents.In | (end.Out.IsWritable ? PollEvents.Out : PollEvents.None)
        : end.Out.IsWritable ? PollEvents.Out
        : PollEvents.None;

    public async ValueTask<PollEvents> PollAsync(int descriptor, PollEvents wanted, CancellationToken stop = default)
    {
        while ((Poll(descriptor) & wanted) == PollEvents.None)
            await (wanted == PollEvents.Out ? End(descriptor).Out : End(descriptor).In).ChangeAsync(stop);
        return Poll(descriptor) & wanted;
    }

    public ValueTask<int> PollAsync(
        Memory<PollDescriptor> descriptors,
        Duration? timeout = null,
        CancellationToken stop = default
    ) => throw new NotSupportedException();

    public void Shutdown(int descriptor, ShutdownHow how, EventId because = default) => End(descriptor).Out.Shut();

    public void Close(int descriptor, EventId because = default)
    {
        if (_sockets[descriptor] is PipeEnd end)
        {
            // As TCP does it: who closes on unread bytes resets the connection.
            if (end.In.Count > 0)
                end.Out.Reset();
            end.Out.Shut();
            end.In.Shut();
        }
        if (_sockets[descriptor] is PipeListener listener)
            internet.Listeners.Remove(internet.Listeners.First(pair => pair.Value == listener).Key);
        _sockets.Remove(descriptor);
    }

    public void SetOption(int descriptor, SocketOption option, int value) { }

    public int GetOption(int descriptor, SocketOption option) => 0;

    public Endpoint LocalEndpoint(int descriptor) => _sockets[descriptor] is PipeEnd end ? end.Local : default;

    public Endpoint RemoteEndpoint(int descriptor) => End(descriptor).Remote;

    public ValueTask SendToAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because = default,
        CancellationToken stop = default
    ) => throw new NotSupportedException();

    public ValueTask<ReceivedError> ReceiveErrorAsync(int descriptor, CancellationToken stop = default) =>
        throw new NotSupportedException();

    public ValueTask<Received> ReceiveFromAsync(int descriptor, Memory<byte> into, CancellationToken stop = default) =>
        throw new NotSupportedException();

    private PipeEnd End(int descriptor) => (PipeEnd)_sockets[descriptor];
}

/// <summary>A resolver that knows its names by heart.</summary>
internal sealed class KnownNames(params (string Name, string Address)[] names) : INameResolver
{
    public List<string> Asked { get; } = [];

    public ValueTask<NameAnswer> ResolveAsync(string name, EventId because = default, CancellationToken stop = default)
    {
        Asked.Add(name);
        if (IpAddress.TryParse(name, out var literal))
            return new(new NameAnswer([literal], because));
        var found = names.Where(pair => pair.Name == name).Select(pair => IpAddress.Parse(pair.Address)).ToList();
        return found.Count > 0
            ? new(new NameAnswer(found, because))
            : throw new NameResolutionException(name, SocketError.HostNotFound, "there is no such name", because);
    }
}
