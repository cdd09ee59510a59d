using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Stateless address autoconfiguration of a host on one adapter (RFC 4862): drives a <see cref="RouterDiscovery"/>, enters the routes
/// and name servers that it learns, and makes addresses of the prefixes that routers advertise for that.
/// </summary>
public sealed class Autoconfiguration
{
    /// <summary>RFC 4862 §5.5.3 e: nobody who merely claims to be a router takes more than this from an address.</summary>
    private static readonly Duration TwoHours = Duration.FromSeconds(7200);

    /// <summary>RFC 7217 §6, IDGEN_RETRIES.</summary>
    private const int IdentifierRetries = 3;

    /// <summary>Addresses made of advertised prefixes, those that are taken included.</summary>
    private const int MaxAddresses = 16;

    private static readonly Subnet Everything = new(IpAddress.Any6, 0);

    private readonly ProtocolStack _stack;
    private readonly Adapter _adapter;
    private readonly LoopTimer _timer;
    private EventId _because;
    private bool _isStarted;

    internal Autoconfiguration(ProtocolStack stack, Adapter adapter)
    {
        (_stack, _adapter) = (stack, adapter);
        _timer = stack.Loop.CreateTimer(Run);
        var random = stack.Random.Fork($"router discovery on {adapter.Name}");
        Discovery = new(random);
    }

    /// <summary>What routers have told.</summary>
    public RouterDiscovery Discovery { get; }

    /// <summary>Listens to routers; asks them when the link-local address is there.</summary>
    public bool IsOn { get; private set; }

    /// <summary>A router may have said that the link takes less than the cable does.</summary>
    internal int MtuLimit
    {
        get;
        private set
        {
            field = value;
            _stack.Ip.ForgetRoutes();
        }
    } = int.MaxValue;

    internal void Start(EventId because)
    {
        (IsOn, _because) = (true, because);
        BeginIfReady();
    }

    internal void OnAcquired(LocalAddress address)
    {
        if (!IsOn || address.Origin != AddressOrigin.LinkLocal)
            return;
        _because = address.Because;
        BeginIfReady();
    }

    /// <summary>RFC 7217 §6: another identifier, a few times; an address that somebody wrote down is his to mend.</summary>
    internal void OnTaken(LocalAddress address, EventId because)
    {
        if (address.Origin != AddressOrigin.Advertised || address.DadCounter >= IdentifierRetries)
            return;
        var again = Make(address.Address.Subnet, address.DadCounter + 1, because);
        _adapter.SetLifetimes(again, address.PreferredUntil, address.ValidUntil);
    }

    /// <summary>A sound advertisement from a router on this link. A router does not listen to others (RFC 4861 §6.2.7).</summary>
    internal void OnAdvertisement(in RouterAdvertisement advertisement, IpAddress from, EventId because)
    {
        if (!IsOn || _stack.Ip.Forwarding)
            return;
        _because = because;
        Discovery.OnAdvertisement(advertisement, from, _stack.Loop.Now);
        var table = _adapter.Discovery.Neighbours;
        if (advertisement.ReachableTime > 0)
            _adapter.Discovery.SetReachableTime(Duration.FromMilliseconds(advertisement.ReachableTime));
        if (advertisement.RetransTimer > 0)
            table.RetransTimer = Duration.FromMilliseconds(advertisement.RetransTimer);
        var prefixes = 0;
        var options = new NdOptions(advertisement.Options);
        while (options.MoveNext())
        {
            if (options.Type == NdOptionType.Mtu && options.TryReadMtu(out var mtu) && mtu >= Ipv6Header.LeastMtu)
                MtuLimit = (int)Math.Min(mtu, int.MaxValue);
            if (
                options.Type != NdOptionType.PrefixInformation
                || !PrefixInformation.TryRead(options.Current, out var prefix)
            )
                continue;
            prefixes++;
            if (prefix.IsAutonomous)
                OnPrefix(prefix, because);
        }
        _stack.Journal?.Tell(new RouterHeard(_adapter.Name, from, advertisement.RouterLifetime, prefixes), because);
        Run();
    }

    internal void OnNoRouter(IpAddress router)
    {
        Discovery.OnNoRouter(router, _stack.Loop.Now);
        Run();
    }

    /// <summary>RFC 4861 §6.3.6: a router that does not answer is tried again when all others have been.</summary>
    internal void OnSilentRouter(IpAddress router)
    {
        var route = new RouteEntry(Everything, _adapter, router);
        if (_stack.Ip.Routes.Remove(route))
            _stack.Ip.Routes.Add(route);
    }

    internal void PowerOff() => _timer.Cancel();

    private void BeginIfReady()
    {
        if (
            _isStarted
            || !_adapter.Configured.Any(static mine => mine is { IsUsable: true, Origin: AddressOrigin.LinkLocal })
        )
            return;
        _isStarted = true;
        Discovery.Start(_stack.Loop.Now);
        Run();
    }

    /// <summary>RFC 4862 §5.5.3.</summary>
    private void OnPrefix(in PrefixInformation prefix, EventId because)
    {
        var subnet = prefix.Prefix;
        if (
            subnet.Network.IsLinkLocal
            || subnet.Network.IsMulticast
            || subnet.PrefixLength != InterfaceIdentifier.Bits
            || prefix.PreferredLifetime > prefix.ValidLifetime
        )
            return;
        var now = _stack.Loop.Now;
        var valid = RouterDiscovery.LifetimeOf(prefix.ValidLifetime);
        var preferredUntil = now + RouterDiscovery.LifetimeOf(prefix.PreferredLifetime);
        var mine = Find(subnet);
        if (mine is null)
        {
            if (valid > Duration.Zero && Count() < MaxAddresses)
                _adapter.SetLifetimes(Make(subnet, 0, because), preferredUntil, now + valid);
            return;
        }
        var remaining = mine.ValidUntil == Instant.Never ? new(long.MaxValue) : mine.ValidUntil - now;
        var validUntil = mine.ValidUntil;
        if (valid > TwoHours || valid > remaining)
            validUntil = now + valid;
        else if (remaining > TwoHours)
            validUntil = now + TwoHours;
        _adapter.SetLifetimes(mine, preferredUntil, validUntil);
    }

    private LocalAddress Make(Subnet subnet, int dadCounter, EventId because)
    {
        var identifier = InterfaceIdentifier.Stable(subnet, _adapter.Mac, dadCounter, _stack.StableSecret);
        var address = new InterfaceAddress(InterfaceIdentifier.AddressIn(subnet, identifier), subnet.PrefixLength);
        return _adapter.Configure(address, AddressOrigin.Advertised, DetectionSettings.Ipv6, because, dadCounter);
    }

    /// <summary>The latest address of a prefix.</summary>
    private LocalAddress? Find(Subnet subnet)
    {
        LocalAddress? found = null;
        foreach (var mine in _adapter.Configured)
        {
            if (mine.Origin == AddressOrigin.Advertised && mine.Address.Subnet == subnet)
                found = mine;
        }
        return found;
    }

    private int Count()
    {
        var count = 0;
        foreach (var mine in _adapter.Configured)
            count += mine.Origin == AddressOrigin.Advertised ? 1 : 0;
        return count;
    }

    private void Run()
    {
        while (Discovery.TryStep(_stack.Loop.Now, out var step))
            Do(step);
        if (_timer.Due != Discovery.Due)
            _timer.Set(Discovery.Due);
    }

    private void Do(in DiscoveryStep step)
    {
        var routes = _stack.Ip.Routes;
        switch (step.Kind)
        {
            case DiscoveryStepKind.Solicit:
                _adapter.Discovery.SolicitRouters(
                    _stack.Journal?.Tell(new RouterSolicited(_adapter.Name, Discovery.Solicitations), _because)
                        ?? _because
                );
                break;
            case DiscoveryStepKind.AddRouter:
                routes.Add(new(Everything, _adapter, step.Router));
                break;
            case DiscoveryStepKind.RemoveRouter:
                routes.Remove(new(Everything, _adapter, step.Router));
                break;
            case DiscoveryStepKind.AddPrefix:
                routes.Add(new(step.Prefix, _adapter, IpAddress.Any));
                break;
            case DiscoveryStepKind.RemovePrefix:
                routes.Remove(new(step.Prefix, _adapter, IpAddress.Any));
                break;
            default:
                _stack.SetAdvertisedNameServers(_adapter, Discovery.NameServers);
                break;
        }
    }
}
