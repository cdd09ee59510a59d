using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// A whole internet on virtual time: hosts, routers, hubs and switches, and the cables between them. The same world with
/// the same seed does the same to the byte, every time.
/// </summary>
public sealed class World : IDisposable, IAsyncDisposable
{
    /// <summary>When worlds begin where nobody says otherwise: Wed, 7 Oct 2020 13:00:00 GMT.</summary>
    public static readonly DateTimeOffset DefaultEpoch = new(2020, 10, 7, 13, 0, 0, TimeSpan.Zero);

    private readonly List<Node> _nodes = [];
    private readonly List<Host> _hosts = [];
    private readonly List<Cable> _cables = [];
    private readonly Dictionary<string, Node> _nodesByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Cable> _cablesByName = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Fault> _faults = [];
    private readonly RoutePlanner _routes;
    private int _lastFault;
    private bool _routesAreOld;
    private bool _running;
    private bool _disposed;

    /// <param name="driver">Null is virtual time, which begins at <paramref name="epoch"/>; another one has a date of its own.</param>
    public World(
        ulong seed = 1,
        DateTimeOffset? epoch = null,
        bool journal = false,
        bool paced = false,
        LoopDriver? driver = null
    )
    {
        Pacer = driver is null && paced ? new(epoch ?? DefaultEpoch) : null;
        driver ??= Pacer;
        Loop = driver is null ? EventLoop.Virtual(seed, epoch ?? DefaultEpoch) : new(driver, seed);
        Journal = journal ? new(Loop) : null;
        _routes = new(this);
    }

    /// <summary>
    /// A whole internet that nobody has written: a backbone, providers, local networks with switches. Its root servers, name
    /// servers and web servers run where <paramref name="services"/> know how; without them the hosts serve nothing. The same
    /// as the file that <see cref="InternetPlan.Write"/> answers.
    /// </summary>
    public static World Generate(InternetPlan plan, ServiceCatalog? services = null, WorldOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.WhatIsWrong is { } wrong)
            throw new ArgumentException(wrong, nameof(plan));
        return WorldFile.Read(plan.Write(services is not null), plan.Name, services ?? new(), options);
    }

    /// <summary>The same by numbers: <c>World.Generate(hosts: 1000, subnets: 40, seed: 7)</c>.</summary>
    public static World Generate(
        int hosts,
        int? subnets = null,
        ulong seed = 1,
        ServiceCatalog? services = null,
        WorldOptions? options = null
    ) => Generate(new(hosts, subnets ?? InternetPlan.UsualSubnets(hosts), seed), services, options);

    public EventLoop Loop { get; }

    /// <summary>How fast time goes; null in a world whose time always jumps.</summary>
    public PacedDriver? Pacer { get; }

    /// <summary>Null when nobody reads it.</summary>
    public Journal? Journal { get; }

    public ulong Seed => Loop.Seed;

    /// <summary>Hosts and routers, in the order in which they came.</summary>
    public IReadOnlyList<Host> Hosts => _hosts;

    public IReadOnlyList<Cable> Cables => _cables;

    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Told when the world ends: every program's.</summary>
    public CancellationToken Stop => _stop.Token;

    internal RandomSource Random => Loop.Random;

    /// <summary>The host of that name, made if there is none yet. The addresses, of either family, go to its first adapter.</summary>
    public Host Host(string name, params IReadOnlyList<string> addresses) =>
        Addressed(Get(name, () => new Host(this, name, _hosts.Count + 1)), addresses);

    /// <summary>The router of that name, made if there is none yet.</summary>
    public Router Router(string name, params IReadOnlyList<string> addresses) =>
        Addressed(Get(name, () => new Router(this, name, _hosts.Count + 1)), addresses);

    public Hub Hub(string name) => Get(name, () => new Hub(this, name));

    public Switch Switch(string name) => Get(name, () => new Switch(this, name));

    /// <summary>The bus of that name, such as <c>"10 Mbit/s, 500 m"</c>, made if there is none yet.</summary>
    public Bus Bus(string name, string settings = "10 Mbit/s, 500 m") =>
        Worlds.Bus.TryParse(settings, CableSettings.Default, out var read, out var error)
            ? Bus(name, read)
            : throw new FormatException(error);

    internal Bus Bus(string name, CableSettings settings) => Get(name, () => new Bus(this, name, settings));

    /// <summary>Where a cable of this world leaves it: an adapter of the kernel's. The world runs in real time then.</summary>
    [SupportedOSPlatform("linux")]
    public Outlet Outlet(string name, TapLink link) => Get(name, () => new Outlet(this, name, link));

    /// <summary>The node of that name, if there is one.</summary>
    public Node? Find(string name) => _nodesByName.GetValueOrDefault(name);

    /// <summary>The cable of that name, its ends in either order.</summary>
    public Cable? FindCable(string name) => _cablesByName.GetValueOrDefault(name);

    /// <summary>
    /// Lays a cable, named <c>a--b</c>, such as <c>"100 Mbit/s, 5 ms, loss 1 %, queue 64, mtu 1500"</c>. A host's
    /// address on it may be given here.
    /// </summary>
    public Cable Link(Node a, Node b, string settings = "", string? addressA = null, string? addressB = null) =>
        Link(
            a,
            b,
            CableSettings.TryParse(settings, LinkRules.Start(a, b), out var read, out var error)
                ? read
                : throw new FormatException(error),
            addressA is null ? null : InterfaceAddress.Parse(addressA),
            addressB is null ? null : InterfaceAddress.Parse(addressB)
        );

    public Cable Link(
        Node a,
        Node b,
        CableSettings settings,
        InterfaceAddress? addressA = null,
        InterfaceAddress? addressB = null
    )
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a == b)
            throw new ArgumentException($"A cable has two ends: {a.Name} cannot be both.", nameof(b));
        if (FindCable($"{a.Name}--{b.Name}") is { } other)
            throw new ArgumentException($"{other.Name} is laid already.", nameof(b));
        if (a.IsBridge && b.IsBridge && Segment.Of(a).Nodes.Contains(b))
            throw new ArgumentException(
                $"{a.Name}--{b.Name} would close a circle of hubs and switches: a broadcast would run round it for ever.",
                nameof(b)
            );
        if (LinkRules.WhatIsWrong(a, b, settings) is { } wrong)
            throw new ArgumentException(wrong, nameof(settings));
        var cable = new Cable(this, a, b, settings);
        (_cablesByName[cable.Name], _cablesByName[$"{b.Name}--{a.Name}"]) = (cable, cable);
        _cables.Add(cable);
        cable.BToA.Receiver = a.Plug(cable.EndA);
        cable.AToB.Receiver = b.Plug(cable.EndB);
        if (addressA is { } first)
            AsHost(a).AddAddress(cable, first);
        if (addressB is { } second)
            AsHost(b).AddAddress(cable, second);
        TopologyChanged();
        return cable;
    }

    /// <summary>
    /// Lets something go wrong, in a sentence: <c>"cut isp--backbone at 40ms for 2s"</c>. Disposing the answer ends it.
    /// Throws <see cref="FaultSentenceException"/> for what cannot be understood.
    /// </summary>
    public IDisposable Fault(string sentence) =>
        FaultSentence.TryParse(sentence, out var what, out var error)
            ? Fault(what)
            : throw new FaultSentenceException(error);

    public Fault Fault(FaultSentence sentence)
    {
        var targets = new FaultTargets(this, sentence);
        return targets.Errors.Count == 0
            ? new(this, sentence, targets)
            : throw new FaultSentenceException(targets.Errors[0]);
    }

    /// <summary>What goes wrong now or will, in the order in which it was said.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    /// <summary>The next fault's number.</summary>
    internal int Announce(Fault fault)
    {
        _faults.Add(fault);
        return ++_lastFault;
    }

    internal void Forget(Fault fault) => _faults.Remove(fault);

    /// <summary>A host was started anew: the routes that the world had found for it are entered again.</summary>
    internal void PlanRoutesAgain(Host host)
    {
        if (!_routesAreOld)
            _routes.PlanAgain(host);
    }

    /// <summary>Runs the world until <paramref name="main"/> has ended, and throws what it or any program threw.</summary>
    public Task RunAsync(Func<Task> main)
    {
        Running(() => Loop.Run(main));
        return Task.CompletedTask;
    }

    public Task<T> RunAsync<T>(Func<Task<T>> main)
    {
        T result = default!;
        Running(() => result = Loop.Run(main));
        return Task.FromResult(result);
    }

    /// <summary>Runs all that happens in so long a time.</summary>
    public void RunFor(Duration span) => Running(() => Loop.RunFor(span));

    /// <summary>Runs all that happens at the next moment at which anything does; false when the world is at rest.</summary>
    public bool Step()
    {
        var any = false;
        Running(() => any = Loop.Step());
        return any;
    }

    /// <summary>
    /// Runs until the world is at rest; false when it was not after <paramref name="limit"/> (an hour if none is given).
    /// At whatever pace its time goes: nobody wants to wait for nothing.
    /// </summary>
    public bool Settle(Duration? limit = null, CancellationToken stop = default)
    {
        var (atRest, pace) = (false, Pacer?.Pace);
        Pacer?.Pace = null;
        try
        {
            Running(() => atRest = Loop.RunUntilIdle(Loop.Now + (limit ?? Duration.FromSeconds(3600)), stop));
        }
        finally
        {
            Pacer?.Pace = pace;
        }
        return atRest;
    }

    /// <summary>Ends every program; what is still on a cable stays there.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _stop.Cancel();
        if (!_running)
            Loop.RunUntilIdle(Loop.Now);
        _stop.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void TopologyChanged() => _routesAreOld = true;

    internal string NoSuchCable(string name) =>
        _cables.Count == 0 ? $"there is no cable '{name}': there is none at all"
        : Nearest.Guess(name, CableNames) is { } near ? $"there is no cable '{name}'; did you mean '{near}'?"
        : $"there is no cable '{name}'; near to it: {string.Join(", ", Nearest.Of(name, CableNames))}";

    private IEnumerable<string> CableNames => _cables.Select(cable => cable.Name);

    private void Running(Action run)
    {
        PlanRoutes();
        Pacer?.Resume();
        _running = true;
        try
        {
            run();
        }
        finally
        {
            _running = false;
        }
    }

    /// <summary>Routes follow the cables: they are found again when the world goes on after a change.</summary>
    internal void PlanRoutes()
    {
        if (!_routesAreOld)
            return;
        _routesAreOld = false;
        _routes.Plan();
    }

    private T Get<T>(string name, Func<T> make)
        where T : Node
    {
        if (_nodesByName.TryGetValue(name, out var node))
            return node as T ?? throw new ArgumentException($"{name} is a {node.Kind}.", nameof(name));
        if (NodeName.WhatIsWrong(name) is { } wrong)
            throw new ArgumentException(wrong, nameof(name));
        var made = make();
        _nodesByName.Add(name, made);
        _nodes.Add(made);
        if (made is Host host)
            _hosts.Add(host);
        return made;
    }

    private static T Addressed<T>(T host, IReadOnlyList<string> addresses)
        where T : Host
    {
        if (addresses.Count > 0)
            host.SetAddresses([.. addresses.Select(InterfaceAddress.Parse)]);
        return host;
    }

    private static Host AsHost(Node node) =>
        node as Host ?? throw new ArgumentException($"{node.Name} has no address: it knows no IP.", nameof(node));
}
