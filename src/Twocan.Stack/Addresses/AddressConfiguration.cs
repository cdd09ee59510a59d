using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Drives the <see cref="AddressTable"/> of one adapter: asks the link in the words of ARP or neighbour discovery, and
/// makes what is found free an address of the host, with its route and its group.
/// </summary>
internal sealed class AddressConfiguration
{
    private readonly ProtocolStack _stack;
    private readonly Adapter _adapter;
    private readonly LoopTimer _timer;
    private readonly List<InterfaceAddress> _usable = [];

    public AddressConfiguration(ProtocolStack stack, Adapter adapter)
    {
        (_stack, _adapter) = (stack, adapter);
        _timer = stack.Loop.CreateTimer(Run);
        Table = new(stack.Random.Fork($"addresses of {adapter.Name}"));
    }

    public AddressTable Table { get; }

    /// <summary>A list as such: it is walked for each packet, and without an enumerator to be made.</summary>
    public List<InterfaceAddress> Usable => _usable;

    /// <param name="detection">How to find out whether it is free; null when it is known to be.</param>
    public LocalAddress Add(
        InterfaceAddress address,
        AddressOrigin origin,
        DetectionSettings? detection,
        EventId because,
        int dadCounter = 0
    )
    {
        var added = Table.Add(address, origin, detection, _stack.Loop.Now, dadCounter);
        added.Because = because;
        if (!address.Address.IsV4)
            _adapter.Listening.Join(
                MulticastGroups.SolicitedNode(address.Address),
                because,
                isQuiet: detection is null
            );
        if (added.IsUsable)
            Use(added);
        Run();
        return added;
    }

    public bool Remove(InterfaceAddress address)
    {
        if (Table.Find(address.Address) is not { } mine || mine.Address != address)
            return false;
        Table.Remove(mine);
        Forget(mine, EventId.None);
        Run();
        return true;
    }

    public void SetLifetimes(LocalAddress address, Instant preferredUntil, Instant validUntil)
    {
        Table.SetLifetimes(address, preferredUntil, validUntil, _stack.Loop.Now);
        Run();
    }

    /// <summary>Somebody else speaks as if one of these addresses were his, or wants it as I do. True if it was about one of them.</summary>
    public bool OnConflict(IpAddress address, MacAddress by, EventId because)
    {
        var verdict = Table.OnConflict(address, _stack.Loop.Now, out var mine);
        switch (verdict)
        {
            case ConflictVerdict.NotMine:
                return false;
            case ConflictVerdict.Taken:
                var taken = _stack.Journal?.Tell(new AddressTaken(_adapter.Name, address), because) ?? because;
                _adapter.Autoconfiguration.OnTaken(mine!, taken);
                break;
            default:
                var isDefended = verdict == ConflictVerdict.Defend;
                var told =
                    _stack.Journal?.Tell(new AddressConflict(_adapter.Name, address, by, isDefended), because)
                    ?? because;
                if (isDefended)
                    Announce(address, told);
                break;
        }
        Run();
        return true;
    }

    public void PowerOff() => _timer.Cancel();

    private void Run()
    {
        while (Table.TryStep(_stack.Loop.Now, out var step))
            Do(step);
        if (_timer.Due != Table.Due)
            _timer.Set(Table.Due);
        // By the states of the addresses a source is chosen.
        _stack.Ip.ForgetRoutes();
    }

    private void Do(in AddressStep step)
    {
        var local = step.Address;
        var address = local.Address.Address;
        var (journal, because) = (_stack.Journal, local.Because);
        switch (step.Kind)
        {
            case AddressStepKind.Probe:
                because = journal?.Tell(new AddressProbed(_adapter.Name, address, local.Questions), because) ?? because;
                if (address.IsV4)
                    _adapter.Arp.Probe(address, because);
                else
                    _adapter.Discovery.Probe(address, because);
                break;
            case AddressStepKind.Acquire:
                local.Because = journal?.Tell(new AddressAcquired(_adapter.Name, local.Address), because) ?? because;
                Use(local);
                _adapter.OnAcquired(local);
                break;
            case AddressStepKind.Announce:
                Announce(address, because);
                break;
            case AddressStepKind.Deprecate:
                journal?.Tell(new AddressAged(_adapter.Name, address, IsGone: false), because);
                break;
            default:
                Forget(local, journal?.Tell(new AddressAged(_adapter.Name, address, IsGone: true), because) ?? because);
                break;
        }
    }

    private void Announce(IpAddress address, EventId because)
    {
        if (address.IsV4)
            _adapter.Arp.Announce(address, because);
        else
            _adapter.Discovery.Announce(address, because);
    }

    private void Use(LocalAddress local)
    {
        var (address, subnet) = (local.Address, local.Address.Subnet);
        // Which advertised prefixes are on the link, the router says apart (RFC 4861 §6.3.4).
        if (local.Origin != AddressOrigin.Advertised && !_usable.Exists(other => other.Subnet == subnet))
            _stack.Ip.Routes.Add(new(subnet, _adapter, IpAddress.Any));
        _usable.Add(address);
        _stack.Ip.AddLocal(address, _adapter);
    }

    private void Forget(LocalAddress local, EventId because)
    {
        var address = local.Address;
        if (!address.Address.IsV4)
            _adapter.Listening.Leave(MulticastGroups.SolicitedNode(address.Address), because);
        if (!_usable.Remove(address))
            return;
        _stack.Ip.RemoveLocal(address);
        if (local.Origin != AddressOrigin.Advertised && !_usable.Exists(other => other.Subnet == address.Subnet))
            _stack.Ip.Routes.Remove(new(address.Subnet, _adapter, IpAddress.Any));
    }
}
