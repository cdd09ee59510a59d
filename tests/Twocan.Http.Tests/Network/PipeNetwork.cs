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

    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        while (_bytes.Count == 0 && !IsShut && !IsReset)
            await _changed.WaitAsync(stop);
        if (IsReset)
            throw new SocketException((int)SocketError.ConnectionReset);
        var length = Math.Min(Math.Min(into.Length, internet.MostAtOnce), _bytes.Count);
        for (var i = 0; i < length; i++)
            into.Span[i] = _bytes.Dequeue();
        _changed.Set();
        return length;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken stop)
    {
        while (true)
        {
            if (IsReset || IsShut)
                throw new SocketException((int)SocketError.ConnectionReset);
            var room = Math.Min(data.Length, internet.Window - _bytes.Count);
            foreach (var octet in data.Span[..room])
                _bytes.Enqueue(octet);
            data = data[room..];
            _changed.Set();
            if (data.IsEmpty)
                return;
            await _changed.WaitAsync(stop);
        }
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
