using Twocan.Core;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>One message of an exchange: when it left, and from whom.</summary>
public sealed record DhcpStep(Instant At, string Host, DhcpMessage Message, Endpoint To);

/// <summary>What was said until a host had its address, or had asked in vain.</summary>
/// <param name="PutAside">The addresses that are written down for it, and that it has forgotten for as long as this took.</param>
public sealed record DhcpExchangeReport(
    IReadOnlyList<InterfaceAddress> PutAside,
    Instant Began,
    IReadOnlyList<DhcpStep> Steps,
    DhcpLease? Lease
);

/// <summary>
/// Lets a host get its address by DHCP and listens to what is said. A host whose address is written down puts it aside
/// meanwhile, as if it had just been plugged in; one that has its address by DHCP asks to keep it.
/// </summary>
public sealed class DhcpExchange(Host host)
{
    private static readonly Duration Patience = Duration.FromSeconds(60);

    private readonly List<DhcpStep> _steps = [];

    /// <summary>The world's journal has to be read by somebody: it is what tells.</summary>
    public async Task<DhcpExchangeReport> RunAsync(CancellationToken stop)
    {
        var world = host.World;
        var adapter = host.AddressClients is [var own, ..] ? host.Adapters[own.AdapterNumber - 1] : host.Adapters[0];
        foreach (var entry in world.Journal!.Entries)
            Hear(entry, adapter.Mac);
        using var listening = world.Journal.Subscribe(entry => Hear(entry, adapter.Mac));
        if (host.AddressClients is not [var client, ..])
            return await BorrowAsync(adapter, stop);
        var began = _steps.Count > 0 ? _steps[0].At : world.Loop.Now;
        if (client.Lease is not null && _steps.Count == 0)
        {
            client.Renew(world.Loop.Now);
            await UntilAsync(() => client.Client!.State == DhcpClientState.Bound && _steps.Count > 1, stop);
        }
        return new([], began, [.. _steps], client.Lease);
    }

    private async Task<DhcpExchangeReport> BorrowAsync(Adapter adapter, CancellationToken stop)
    {
        var (stack, began) = (host.Stack, host.World.Loop.Now);
        var addresses = adapter.Addresses.Where(address => address.Address.IsV4).ToList();
        var routes = stack.Ip.Routes.Entries.Where(route => route.Adapter == adapter && !route.IsOnLink).ToList();
        var nameServers = stack.NameServers;
        foreach (var route in routes)
            stack.Ip.Routes.Remove(route);
        foreach (var address in addresses)
            adapter.RemoveAddress(address);
        var client = new DhcpClientProgram();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        host.World.Loop.Start($"{client.Name} on {host.Name}", () => client.RunAsync(stack, end.Token));
        await UntilAsync(() => client.Lease is not null, stop);
        var report = new DhcpExchangeReport(addresses, began, [.. _steps], client.Lease);
        client.Release(host.World.Loop.Now);
        await UntilAsync(() => client.Client!.Due == Instant.Never, stop);
        end.Cancel();
        client.Forget(stack);
        foreach (var address in addresses)
            adapter.AddAddress(address);
        foreach (var route in routes)
            stack.Ip.Routes.Add(route);
        stack.NameServers = nameServers;
        return report;
    }

    private async Task UntilAsync(Func<bool> isDone, CancellationToken stop)
    {
        var loop = host.World.Loop;
        var end = loop.Now + Patience;
        while (!isDone() && loop.Now < end)
            await loop.DelayAsync(Duration.FromMilliseconds(10), stop);
    }

    private void Hear(JournalEntry entry, MacAddress mac)
    {
        if (entry.What is DhcpSent sent && sent.Message.Client == mac)
            _steps.Add(new(entry.At, entry.Host, sent.Message, sent.To));
    }
}
