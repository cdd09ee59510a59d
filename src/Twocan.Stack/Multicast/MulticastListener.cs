using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Joins and leaves groups on one adapter, and tells the routers there: drives an <see cref="MldListener"/>.</summary>
internal sealed class MulticastListener
{
    /// <summary>Hop-by-hop options with 'router alert' for MLD (RFC 2711), padded to eight bytes.</summary>
    private static ReadOnlySpan<byte> RouterAlert => [(byte)IpProtocol.IcmpV6, 0, 5, 2, 0, 0, 1, 0];

    private const int MaxRecords = (Ipv6Header.LeastMtu - Ipv6Header.Length - 16) / MldReport.RecordLength;

    private readonly ProtocolStack _stack;
    private readonly Adapter _adapter;
    private readonly LoopTimer _timer;
    private readonly MldListener _mld;
    private readonly List<MldRecord> _report = [];
    private EventId _because;

    public MulticastListener(ProtocolStack stack, Adapter adapter)
    {
        (_stack, _adapter) = (stack, adapter);
        _timer = stack.Loop.CreateTimer(Run);
        _mld = new(stack.Random.Fork($"listener on {adapter.Name}"));
    }

    /// <param name="isQuiet">Nobody has to be told: it was so for long.</param>
    public void Join(IpAddress group, EventId because, bool isQuiet = false)
    {
        if (!_adapter.Groups.Join(group) || isQuiet)
            return;
        _because = because;
        _mld.OnJoin(group, _stack.Loop.Now);
        Run();
    }

    public void Leave(IpAddress group, EventId because)
    {
        if (!_adapter.Groups.Leave(group) || _stack.IsOff)
            return;
        _because = because;
        _mld.OnLeave(group, _stack.Loop.Now);
        Run();
    }

    /// <summary>A query; RFC 3810 §5.1.14: from a link-local address, with a hop limit of 1.</summary>
    public void OnQuery(in IpPacket packet, EventId because)
    {
        if (!packet.Source.IsLinkLocal || packet.TimeToLive != 1 || !MldQuery.TryRead(packet.Payload, out var query))
        {
            _stack.Drop(Layer.Icmp, DropReason.BadNeighbourMessage, because, _adapter.Name);
            return;
        }
        _because = because;
        _mld.OnQuery(query, _stack.Loop.Now);
        Run();
    }

    public void PowerOff() => _timer.Cancel();

    private void Run()
    {
        while (_mld.TryReport(_stack.Loop.Now, _adapter.Groups.Groups, _report))
            Send();
        if (_timer.Due != _mld.Due)
            _timer.Set(_mld.Due);
    }

    private void Send()
    {
        for (var at = 0; at < _report.Count; at += MaxRecords)
        {
            var count = Math.Min(MaxRecords, _report.Count - at);
            var message = _stack.Loop.Packets.Rent();
            message.Cause =
                _stack.Journal?.Tell(new GroupsReported(_adapter.Name, count, _report[at].Group), _because) ?? _because;
            MldReport.Begin(message, count);
            for (var i = at; i < at + count; i++)
                MldReport.Append(message, _report[i].Type, _report[i].Group);
            // §5.2.13: who has no address yet says so by ::.
            var source = _stack.Ip.ChooseSource(MulticastGroups.AllMldv2Routers, _adapter);
            Icmpv6Header.Seal(message.Span, source, MulticastGroups.AllMldv2Routers);
            RouterAlert.CopyTo(message.Prepend(RouterAlert.Length));
            _stack.Counters.IcmpMessagesSent++;
            _stack.Ip.SendToGroup(
                message,
                IpProtocol.HopByHop,
                source,
                MulticastGroups.AllMldv2Routers,
                hopLimit: 1,
                _adapter
            );
        }
    }
}

/// <summary>Routers are told which groups are listened to, so that they let them through.</summary>
public readonly record struct GroupsReported(string Adapter, int Count, IpAddress First) : IJournalEvent
{
    public Layer Layer => Layer.Icmp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"멀티캐스트 그룹 {First}{(Count > 1 ? $" 외 {Count - 1}개" : "")}의 수신 상태를 알립니다 ({Adapter})"
            : $"reports to which groups it listens ({Adapter}): {First}{(Count > 1 ? $" and {Count - 1} more" : "")}";
}
