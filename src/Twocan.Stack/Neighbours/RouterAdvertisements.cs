using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Drives the <see cref="RouterAdvertiser"/> of one adapter of a router.</summary>
internal sealed class RouterAdvertisements
{
    private const uint ValidSeconds = 30 * 86400;
    private const uint PreferredSeconds = 7 * 86400;

    private readonly ProtocolStack _stack;
    private readonly Adapter _adapter;
    private readonly LoopTimer _timer;
    private readonly RouterAdvertiser _advertiser;
    private EventId _because;

    public RouterAdvertisements(ProtocolStack stack, Adapter adapter, AdvertisementSettings settings)
    {
        (_stack, _adapter) = (stack, adapter);
        _timer = stack.Loop.CreateTimer(Run);
        _advertiser = new(settings, stack.Random.Fork($"advertisements on {adapter.Name}"));
        _advertiser.Start(stack.Loop.Now);
        // By the timer, so that all of the router is configured when the first one leaves.
        _timer.Set(_advertiser.Due);
    }

    public void OnSolicitation(EventId because)
    {
        _because = because;
        _advertiser.OnSolicitation(_stack.Loop.Now);
        Run();
    }

    public void Stop() => _timer.Cancel();

    private void Run()
    {
        if (_advertiser.TryAdvertise(_stack.Loop.Now, out var isAnswer))
            Send(isAnswer);
        _timer.Set(_advertiser.Due);
    }

    private void Send(bool isAnswer)
    {
        // §6.2.1: only a router advertises, and from its link-local address.
        var source = _stack.Ip.ChooseSource(MulticastGroups.AllNodes, _adapter);
        if (!_stack.Ip.Forwarding || !source.IsLinkLocal)
            return;
        var prefixes = _advertiser.Settings.Prefixes ?? OwnPrefixes();
        var because = isAnswer ? _because : EventId.None;
        var message = _stack.Loop.Packets.Rent();
        message.Cause =
            _stack.Journal?.Tell(new RouterAdvertised(_adapter.Name, prefixes.Count, isAnswer), because) ?? because;
        _advertiser.Write(message, _adapter.Mac, prefixes);
        _stack.Counters.IcmpMessagesSent++;
        _stack.Ip.SendToGroup(
            message,
            IpProtocol.IcmpV6,
            source,
            MulticastGroups.AllNodes,
            NdMessage.HopLimit,
            _adapter
        );
    }

    private List<PrefixInformation> OwnPrefixes()
    {
        var prefixes = new List<PrefixInformation>();
        foreach (var mine in _adapter.Addresses)
        {
            if (
                !mine.Address.IsV4
                && !mine.Address.IsLinkLocal
                && !prefixes.Exists(other => other.Prefix == mine.Subnet)
            )
                prefixes.Add(new(mine.Subnet, true, true, ValidSeconds, PreferredSeconds));
        }
        return prefixes;
    }
}
