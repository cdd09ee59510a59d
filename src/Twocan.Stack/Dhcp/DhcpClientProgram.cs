using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>
/// Gives an adapter of its host the address, the router and the name servers that a DHCP server lends it: drives a
/// <see cref="DhcpClient"/>. After a restart of the host it asks for what it had before, as if that were written on a disk.
/// </summary>
/// <param name="adapter">Its number on the host, from 1.</param>
public sealed class DhcpClientProgram(int adapter = 1) : IProgram
{
    private readonly List<RouteEntry> _routes = [];
    private DhcpLease? _applied;
    private Signal? _changed;
    private bool _isRunning;
    private EventId _because;

    public string Name => "dhcp client";

    public int AdapterNumber => adapter;

    /// <summary>Null before it has begun.</summary>
    public DhcpClient? Client { get; private set; }

    /// <summary>What the adapter has now.</summary>
    public DhcpLease? Lease => _isRunning ? Client?.Lease : null;

    /// <summary>Is that address one that this program has given to its adapter?</summary>
    public bool Had(InterfaceAddress address) => _applied?.Address == address;

    /// <summary>Told whenever the adapter has got or lost an address.</summary>
    public event Action? Changed;

    /// <summary>Asks its server for more time now, and not only when half of it is over.</summary>
    public void Renew(Instant now)
    {
        Client?.Renew(now);
        _changed?.Set();
    }

    /// <summary>Gives the address back, and tells the server so.</summary>
    public void Release(Instant now)
    {
        Client?.Release(now);
        _changed?.Set();
    }

    /// <summary>Takes away from the adapter what this program has given to it, once it has ended.</summary>
    public void Forget(ProtocolStack stack)
    {
        Client?.Release(stack.Loop.Now);
        Apply(stack, stack.Adapters[adapter - 1]);
    }

    public async Task RunAsync(INetwork network, CancellationToken stop)
    {
        if (network is not ProtocolStack stack)
            throw new NotSupportedException("Only a host with a protocol stack of ours can be given its address.");
        var device = stack.Adapters[adapter - 1];
        var before = _applied;
        (_applied, _because) = (null, default);
        _routes.Clear();
        var client = Client = new(device.Mac, stack.Random.Fork($"dhcp {device.Name}"), LabelOf(stack.Name));
        using var socket = new DhcpSocket(network, adapter, DhcpMessage.ClientPort);
        var changed = _changed = new(network.Loop, network.Name, "an address by DHCP");
        var timer = network.Loop.CreateTimer(changed.Set);
        client.Start(network.Loop.Now, before);
        _isRunning = true;
        network.Loop.Start(
            $"{Name} listening on {network.Name}",
            () => ListenAsync(client, socket, changed, stack, stop)
        );
        try
        {
            while (true)
            {
                while (client.TryTransmit(network.Loop.Now, out var transmission))
                    await socket.SendAsync(transmission, _because);
                Apply(stack, device);
                if (client.ToCheck is { } address)
                {
                    await CheckAsync(client, stack, device, address, stop);
                    continue;
                }
                timer.Set(client.Due);
                await changed.WaitAsync(stop);
            }
        }
        finally
        {
            timer.Cancel();
            _isRunning = false;
        }
    }

    private async Task ListenAsync(
        DhcpClient client,
        DhcpSocket socket,
        Signal changed,
        ProtocolStack stack,
        CancellationToken stop
    )
    {
        while (!stack.IsOff)
        {
            (DhcpMessage Message, EventId Because) received;
            try
            {
                received = await socket.ReceiveAsync(stop);
            }
            catch (Exception) when (stop.IsCancellationRequested || stack.IsOff)
            {
                return;
            }
            if (!client.OnMessage(received.Message, stack.Loop.Now))
                continue;
            _because = received.Because;
            changed.Set();
        }
    }

    private async Task CheckAsync(
        DhcpClient client,
        ProtocolStack stack,
        Adapter device,
        IpAddress address,
        CancellationToken stop
    )
    {
        var isTaken = await device.Arp.IsTakenAsync(address, _because, stop);
        if (isTaken && stack.Journal is { } journal)
            _because = journal.Tell(new DhcpAddressTaken(address), _because);
        client.OnChecked(isTaken, stack.Loop.Now);
    }

    /// <summary>Makes the adapter what the lease says, where it has changed.</summary>
    private void Apply(ProtocolStack stack, Adapter device)
    {
        var lease = Client!.Lease;
        if (lease == _applied)
            return;
        var before = _applied;
        _applied = lease;
        foreach (var route in _routes)
            stack.Ip.Routes.Remove(route);
        _routes.Clear();
        if (before is not null && before.Address != lease?.Address)
        {
            device.RemoveAddress(before.Address);
            if (stack.Journal is { } journal)
                _because = journal.Tell(new DhcpLost(device.Name, before.Address), _because);
        }
        if (lease is not null)
            Configure(stack, device, lease, isNew: before?.Address != lease.Address);
        else
            (stack.NameServers, device.MtuLimit) = ([], int.MaxValue);
        Changed?.Invoke();
    }

    private void Configure(ProtocolStack stack, Adapter device, DhcpLease lease, bool isNew)
    {
        device.MtuLimit = lease.Mtu ?? int.MaxValue;
        if (isNew)
        {
            device.AddAddress(lease.Address);
            device.Arp.Announce(lease.Address.Address, _because);
        }
        foreach (var router in lease.Routers)
            _routes.Add(new(Subnet.AllV4, device, router));
        foreach (var route in _routes)
            stack.Ip.Routes.Add(route);
        stack.NameServers = lease.NameServers;
        if (stack.Journal is { } journal)
            _because = journal.Tell(new DhcpConfigured(device.Name, lease), _because);
    }

    /// <summary>Option 12 is a label of a name, not one with dots.</summary>
    private static string LabelOf(string name) => name.Split('.')[0];
}
