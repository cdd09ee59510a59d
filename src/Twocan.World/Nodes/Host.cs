using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A machine with a protocol stack, on which programs run.</summary>
public class Host : Node
{
    private readonly List<Adapter> _adapters = [];
    private readonly List<RunningProgram> _programs = [];
    private readonly List<Action<ProtocolStack>> _boot = [];
    private readonly List<DhcpClientProgram> _clients = [];
    private readonly List<CableEnd> _autoconfigured = [];
    private Core.Signal? _addresses;
    private CancellationTokenSource _life;
    private HostJournal? _stackJournal;
    private IReadOnlyList<InterfaceAddress> _addressesToCome = [];

    internal Host(World world, string name, int number)
        : base(world, name)
    {
        Number = number;
        (Stack, _life) = Begin();
    }

    /// <summary>After a crash and a restart it is another.</summary>
    public ProtocolStack Stack { get; private set; }

    /// <summary>How often it was started: once, and once more after each crash.</summary>
    public int Boots { get; private set; }

    /// <summary>What a program sees of this machine.</summary>
    public INetwork Network => Stack;

    /// <summary>One for each cable, in the order of <see cref="Node.Ends"/>.</summary>
    public IReadOnlyList<Adapter> Adapters => _adapters;

    /// <summary>The address by which the host is known: its first adapter's first.</summary>
    public IpAddress? Address =>
        Addresses.Count > 0 ? Addresses[0].Address
        : _addressesToCome.Count > 0 ? _addressesToCome[0].Address
        : null;

    /// <summary>All addresses, by adapter, also those that it is not sure of yet.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses =>
        [
            .. _adapters
                .SelectMany(adapter => adapter.Configured)
                .Where(static mine => mine.State != AddressState.Duplicate)
                .Select(static mine => mine.Address),
        ];

    /// <summary>The same without those that mean somebody only on one link (fe80::/10): what others know it by.</summary>
    public IReadOnlyList<InterfaceAddress> GlobalAddresses =>
        [.. Addresses.Where(static address => IsGlobal(address.Address))];

    internal static bool IsGlobal(IpAddress address) => address.IsV4 || !address.IsLinkLocal;

    /// <summary>Where everything goes that no other route is for, one for each family at most; for a family without one the world finds it.</summary>
    public IReadOnlyList<IpAddress> Gateways { get; set; } = [];

    internal IpAddress? GatewayOf(IpFamily family)
    {
        foreach (var gateway in Gateways)
        {
            if (gateway.Family == family)
                return gateway;
        }
        return null;
    }

    /// <summary>False when the routes are all given, and the world must not add to them.</summary>
    public bool RoutesItself { get; set; } = true;

    /// <summary>Counted from 1 in the order of the world: its adapters' addresses are made of it.</summary>
    internal int Number { get; }

    /// <summary>The address of the next adapter that is plugged in; null takes one that is made up.</summary>
    internal MacAddress? MacToCome { get; set; }

    /// <summary>Gives the adapter on a cable one more address.</summary>
    public void AddAddress(Cable cable, InterfaceAddress address)
    {
        AdapterOn(EndOf(cable)).AddAddress(address);
        World.TopologyChanged();
    }

    private CableEnd EndOf(Cable cable) =>
        Ends.FirstOrDefault(end => end.Cable == cable)
        ?? throw new ArgumentException($"{cable.Name} is not plugged into {Name}.", nameof(cable));

    /// <summary>Lets the adapter on a cable ask for its address by DHCP, from the beginning of the world on.</summary>
    public DhcpClientProgram AskAddress(Cable cable)
    {
        var end = EndOf(cable);
        var number = 1 + _adapters.IndexOf(AdapterOn(end));
        var client = new DhcpClientProgram(number);
        _addresses ??= new(World.Loop, Name, "an address");
        client.Changed += _addresses.Set;
        _clients.Add(client);
        Run(client);
        return client;
    }

    /// <summary>
    /// Lets the adapter on a cable find IPv6 addresses by itself, from the beginning of the world on: routers advertise what
    /// the link's prefix is, and it makes the rest of the address (SLAAC, RFC 4862 and 7217).
    /// </summary>
    public void Autoconfigure(Cable cable)
    {
        var end = EndOf(cable);
        _addresses ??= new(World.Loop, Name, "an address");
        _autoconfigured.Add(end);
        Configure(_ =>
        {
            var adapter = AdapterOn(end);
            adapter.AddressAcquired += _addresses.Set;
            adapter.Autoconfigure();
        });
    }

    /// <summary>Lets a router say on the link of a cable that it is one, and what the link's prefixes are (RFC 4861 §6.2).</summary>
    public void Advertise(Cable cable, AdvertisementSettings settings)
    {
        var end = EndOf(cable);
        Configure(_ => AdapterOn(end).Advertise(settings));
    }

    private bool IsAddressed =>
        _clients.All(client => client.Lease is not null)
        && _autoconfigured.All(end =>
            AdapterOn(end).Addresses.Any(mine => !mine.Address.IsV4 && !mine.Address.IsLinkLocal)
        );

    /// <summary>The adapters that ask for their address, in the order in which they were told to.</summary>
    public IReadOnlyList<DhcpClientProgram> AddressClients => _clients;

    /// <summary>Waits until every adapter that asks for its address has one. False when one has asked in vain for a minute.</summary>
    public async ValueTask<bool> AddressedAsync(CancellationToken stop = default)
    {
        if (IsAddressed)
            return true;
        using var time = new CancellationTokenSource(TimeSpan.FromMinutes(1), World.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, stop);
        try
        {
            while (!IsAddressed)
                await _addresses!.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The adapter that one of this host's cable ends is plugged into.</summary>
    public Adapter AdapterOn(CableEnd end)
    {
        for (var i = 0; i < Ends.Count; i++)
        {
            if (Ends[i] == end)
                return _adapters[i];
        }
        throw new ArgumentException($"{end.Name} is not plugged into {Name}.", nameof(end));
    }

    /// <summary>The programs that were started here, in that order.</summary>
    public IReadOnlyList<IProgram> Programs => [.. _programs.Select(running => running.Program)];

    /// <summary>Starts a program on this host; it runs while the world does. After a crash the same object runs again.</summary>
    public void Run(IProgram program) => Run(() => program);

    /// <summary>The same for a program that shall know nothing any more after a crash: it is made again.</summary>
    public void Run(Func<IProgram> make)
    {
        var running = new RunningProgram(make);
        _programs.Add(running);
        if (IsUp)
            Start(running);
    }

    /// <summary>What this host's stack is set to, now and whenever it is started again: what is written on its disk.</summary>
    public void Configure(Action<ProtocolStack> configure)
    {
        _boot.Add(configure);
        configure(Stack);
    }

    /// <summary>
    /// From one moment to the next it is silent: no FIN, no reset. Its programs are told to stop, but whatever they still
    /// do reaches no cable and no journal.
    /// </summary>
    private protected override void PowerOff()
    {
        _stackJournal?.Silence();
        base.PowerOff();
        var life = _life;
        life.Cancel();
        Stack.PowerOff();
        life.Dispose();
    }

    /// <summary>The same machine with its adapters, its addresses and what is on its disk; the rest begins anew.</summary>
    private protected override void PowerOn()
    {
        var before = _adapters.ToArray();
        _adapters.Clear();
        (Stack, _life) = Begin();
        foreach (var (adapter, end) in before.Zip(Ends))
        {
            var again = Stack.AddAdapter(adapter.Name, adapter.Mac, end);
            // Meanwhile somebody else may have taken an address: the link is asked before it is used again. What was only
            // lent is not written down here: who borrowed it asks for it again.
            foreach (var mine in adapter.Configured)
            {
                if (mine.Origin != AddressOrigin.Advertised && !_clients.Any(client => client.Had(mine.Address)))
                    again.ClaimAddress(mine.Address, DetectionSettings.Return);
            }
            _adapters.Add(again);
            end.Receiver = again;
        }
        foreach (var configure in _boot)
            configure(Stack);
        World.PlanRoutesAgain(this);
        foreach (var running in _programs)
        {
            running.MakeAgain();
            Start(running);
        }
    }

    private (ProtocolStack, CancellationTokenSource) Begin()
    {
        // A life of its own has luck of its own: the ports and sequence numbers before a crash do not come back after it.
        var name = Boots++ == 0 ? $"host {Name}" : $"host {Name} boot {Boots}";
        _stackJournal = World.Journal?.For(Name);
        // What its addresses are made of is kept on its disk.
        var secret = World.Random.Fork($"host {Name} secret");
        return (
            new(Name, World.Loop, World.Random.Fork(name), _stackJournal)
            {
                StableSecret = (secret.NextUInt64(), secret.NextUInt64()),
            },
            CancellationTokenSource.CreateLinkedTokenSource(World.Stop)
        );
    }

    private void Start(RunningProgram program) => program.Start(Stack, _life.Token);

    internal void SetAddresses(IReadOnlyList<InterfaceAddress> addresses) => _addressesToCome = addresses;

    private protected override IFrameReceiver MakeReceiver(CableEnd end)
    {
        var index = _adapters.Count;
        // Locally administered; the host's number and the adapter's, so that a capture can be read by eye.
        var mac = MacToCome ?? new MacAddress(0x0200_0000_0000UL | (uint)Number << 8 | (uint)(index + 1));
        MacToCome = null;
        var adapter = Stack.AddAdapter($"eth{index}", mac, end);
        _adapters.Add(adapter);
        foreach (var address in _addressesToCome)
            adapter.AddAddress(address);
        _addressesToCome = [];
        return adapter;
    }
}

/// <summary>A host that passes on what is not for itself.</summary>
public sealed class Router : Host
{
    internal Router(World world, string name, int number)
        : base(world, name, number)
    {
        Configure(static stack => stack.Ip.Forwarding = true);
    }

    /// <summary>
    /// Hides what stands on this router's other cables behind its address on this one. Nobody out there learns a route to them.
    /// </summary>
    public Nat Translate(CableEnd outside, NatSettings? settings = null)
    {
        Nat nat = null!;
        Configure(stack =>
        {
            // A restart forgets every mapping but the forwards, which are written down.
            var again = new Nat(stack, AdapterOn(outside), settings);
            foreach (var forward in nat?.Napt.Forwards ?? [])
                again.Napt.Add(forward);
            stack.Ip.Nat = nat = again;
        });
        World.TopologyChanged();
        return nat;
    }
}
