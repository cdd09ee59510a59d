using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>A machine with a protocol stack, on which programs run.</summary>
public class Host : Node
{
    private readonly List<Adapter> _adapters = [];
    private readonly List<IProgram> _programs = [];
    private InterfaceAddress? _addressToCome;

    internal Host(World world, string name, int number)
        : base(world, name)
    {
        Number = number;
        Stack = new(name, world.Loop, world.Random.Fork($"host {name}"), Journal);
    }

    public ProtocolStack Stack { get; }

    /// <summary>What a program sees of this machine.</summary>
    public INetwork Network => Stack;

    /// <summary>One for each cable, in the order of <see cref="Node.Ends"/>.</summary>
    public IReadOnlyList<Adapter> Adapters => _adapters;

    /// <summary>The address by which the host is known: its first adapter's first.</summary>
    public IpAddress? Address => Addresses.Count > 0 ? Addresses[0].Address : _addressToCome?.Address;

    /// <summary>All addresses, by adapter.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses => [.. _adapters.SelectMany(adapter => adapter.Addresses)];

    /// <summary>Where everything goes that no other route is for; null lets the world find it.</summary>
    public IpAddress? Gateway { get; set; }

    /// <summary>False when the routes are all given, and the world must not add to them.</summary>
    public bool RoutesItself { get; set; } = true;

    /// <summary>Counted from 1 in the order of the world: its adapters' addresses are made of it.</summary>
    internal int Number { get; }

    /// <summary>The address of the next adapter that is plugged in; null takes one that is made up.</summary>
    internal MacAddress? MacToCome { get; set; }

    /// <summary>Gives the adapter on a cable one more address.</summary>
    public void AddAddress(Cable cable, InterfaceAddress address)
    {
        var end =
            Ends.FirstOrDefault(end => end.Cable == cable)
            ?? throw new ArgumentException($"{cable.Name} is not plugged into {Name}.", nameof(cable));
        AdapterOn(end).AddAddress(address);
        World.TopologyChanged();
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
    public IReadOnlyList<IProgram> Programs => _programs;

    /// <summary>Starts a program on this host; it runs while the world does.</summary>
    public void Run(IProgram program)
    {
        _programs.Add(program);
        World.Loop.Start($"{program.Name} on {Name}", () => program.RunAsync(Network, World.Stop));
    }

    internal void SetAddress(InterfaceAddress address) => _addressToCome = address;

    private protected override IFrameReceiver MakeReceiver(CableEnd end)
    {
        var index = _adapters.Count;
        // Locally administered; the host's number and the adapter's, so that a capture can be read by eye.
        var mac = MacToCome ?? new MacAddress(0x0200_0000_0000UL | (uint)Number << 8 | (uint)(index + 1));
        MacToCome = null;
        var adapter = Stack.AddAdapter($"eth{index}", mac, end);
        _adapters.Add(adapter);
        if (_addressToCome is { } address)
        {
            adapter.AddAddress(address);
            _addressToCome = null;
        }
        return adapter;
    }
}

/// <summary>A host that passes on what is not for itself.</summary>
public sealed class Router : Host
{
    internal Router(World world, string name, int number)
        : base(world, name, number)
    {
        Stack.Ip.Forwarding = true;
    }

    /// <summary>
    /// Hides what stands on this router's other cables behind its address on this one. Nobody out there learns a route to them.
    /// </summary>
    public Nat Translate(CableEnd outside, NatSettings? settings = null)
    {
        var nat = new Nat(Stack, AdapterOn(outside), settings);
        Stack.Ip.Nat = nat;
        World.TopologyChanged();
        return nat;
    }
}
