using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Dns;

/// <summary>
/// A resolver that walks the tree of names itself, from the root down, and remembers what it learns.
/// <para>
/// Theory of operation. Each question is a <see cref="Lookup"/>, a small machine in one of a few named states. It is told
/// questions (<see cref="TryBegin"/>), responses (<see cref="TryConsume"/>) and failures (<see cref="OnTimeout"/>,
/// <see cref="OnUnreachable"/>); these only note what came and put the look-up on the ready list. It is asked for queries to send
/// (<see cref="TryTransmit"/>, until it says no) and for look-ups that have ended (<see cref="TryTakeFinished"/>); <see cref="TryTransmit"/> is
/// where look-ups move. It knows no socket and no clock, so a script can drive it just as well as a network does.
/// </para>
/// <para>
/// The way of a look-up: the cache; else the deepest zone above the name whose servers are known, the root's at worst; of
/// these the server that has been asked least and answers fastest. What it says is scrubbed first (<see cref="ScrubbedResponse"/>), and
/// then is an answer, an alias (begin anew with the target), a referral (go on with the servers below) or a failure (go on
/// with the next server). A server known by name only is looked up by a look-up of its own, which may be shared, but never so
/// that two wait for each other. Every way on is counted against <see cref="ResolverLimits"/>; at a limit the question fails, and
/// says why.
/// </para>
/// </summary>
public sealed partial class IterativeResolver(ResolverSettings settings, DnsCache cache, RandomSource random)
{
    private readonly ServerBook _book = new(settings);
    private readonly Dictionary<Question, Lookup> _active = [];
    private readonly Queue<Lookup> _ready = new();
    private readonly Queue<Lookup> _finished = new();
    private readonly PriorityQueue<OutgoingQuery, (Instant, long)> _deadlines = new();
    private long _sequence;

    public DnsCache Cache => cache;

    /// <summary>Look-ups that have not ended.</summary>
    public int ActiveCount => _active.Count;

    /// <summary>When <see cref="TryExpire"/> is to be called at the latest.</summary>
    public Instant Due
    {
        get
        {
            while (_deadlines.TryPeek(out var query, out _) && query.IsOver)
                _deadlines.Dequeue();
            return _deadlines.TryPeek(out var next, out _) ? next.Deadline : Instant.Never;
        }
    }

    /// <summary>Begins a look-up, or joins one that is at work on the same question. False when there are too many.</summary>
    public bool TryBegin(Question question, EventId because, [NotNullWhen(true)] out Lookup? lookup)
    {
        if (_active.TryGetValue(question, out lookup))
            return true;
        if (_active.Count >= ResolverLimits.MaxLookups)
            return false;
        lookup = Begin(question, parent: null, because);
        return true;
    }

    /// <summary>Moves all look-ups that can move, until one has a query to send; false when none has.</summary>
    public bool TryTransmit(Instant now, [NotNullWhen(true)] out OutgoingQuery? query)
    {
        while (_ready.TryDequeue(out var lookup))
        {
            lookup.IsReady = false;
            query = Move(lookup, now);
            if (query is null)
                continue;
            lookup.Query = query;
            lookup.QueriesSent++;
            _deadlines.Enqueue(query, (query.Deadline, _sequence++));
            return true;
        }
        query = null;
        return false;
    }

    public bool TryTakeFinished([NotNullWhen(true)] out Lookup? lookup) => _finished.TryDequeue(out lookup);

    /// <summary>
    /// Tells a response. False, and nothing happens, when it is not the response to this query: other sender, other id,
    /// other question, or too late.
    /// </summary>
    public bool TryConsume(OutgoingQuery query, Endpoint from, DnsMessage message, Instant now, out AnswerKind kind)
    {
        kind = AnswerKind.Failure;
        if (query.IsOver || from != query.Server || !message.IsResponseTo(query.Message))
            return false;
        query.IsOver = true;
        _book.OnResponse(query.Server.Address, now - query.SentAt);
        var response = ScrubbedResponse.Read(message, query.Message.Questions[0], query.Zone, fromResolver: false);
        kind = response.Kind;
        Wake(query.Lookup, LookupState.ConsumeResponse, response);
        return true;
    }

    /// <summary>Gives up, one at a time, the queries whose deadline has passed.</summary>
    public bool TryExpire(Instant now, [NotNullWhen(true)] out OutgoingQuery? query)
    {
        query = null;
        if (Due > now)
            return false;
        query = _deadlines.Dequeue();
        OnTimeout(query);
        return true;
    }

    /// <summary>No response came.</summary>
    public void OnTimeout(OutgoingQuery query)
    {
        if (query.IsOver)
            return;
        query.IsOver = true;
        _book.OnTimeout(query.Server.Address);
        Wake(query.Lookup, LookupState.ChooseServer, response: null);
    }

    /// <summary>The network says that the server cannot be reached: port or host unreachable, connection refused.</summary>
    public void OnUnreachable(OutgoingQuery query, string reason)
    {
        if (query.IsOver)
            return;
        query.IsOver = true;
        query.Target.Failure = reason;
        Wake(query.Lookup, LookupState.ChooseServer, response: null);
    }

    private Lookup Begin(Question question, Lookup? parent, EventId cause)
    {
        var lookup = new Lookup(question, parent, cause);
        _active.Add(question, lookup);
        Wake(lookup, LookupState.AskCache, response: null);
        return lookup;
    }

    private void Wake(Lookup lookup, LookupState state, ScrubbedResponse? response)
    {
        (lookup.State, lookup.Response) = (state, response);
        MakeReady(lookup);
    }

    private void MakeReady(Lookup lookup)
    {
        if (lookup.IsReady)
            return;
        lookup.IsReady = true;
        _ready.Enqueue(lookup);
    }

    /// <summary>From state to state, until the look-up has a query to send, waits, or has ended.</summary>
    private OutgoingQuery? Move(Lookup lookup, Instant now)
    {
        while (true)
        {
            switch (lookup.State)
            {
                case LookupState.AskCache:
                    lookup.State = AskCache(lookup, now);
                    break;
                case LookupState.FindZone:
                    lookup.State = FindZone(lookup, now);
                    break;
                case LookupState.ChooseServer:
                    lookup.State = ChooseServer(lookup, now, out var query);
                    if (query is not null)
                        return query;
                    break;
                case LookupState.ConsumeResponse:
                    if (NeedsTcp(lookup))
                    {
                        lookup.State = LookupState.AwaitResponse;
                        return Ask(lookup, lookup.Query!.Target, lookup.Query.ServerName, overTcp: true, now);
                    }
                    lookup.State = Consume(lookup, now);
                    break;
                case LookupState.AwaitAddresses:
                case LookupState.AwaitResponse:
                case LookupState.Finished:
                    return null;
            }
        }
    }

    private LookupState AskCache(Lookup lookup, Instant now)
    {
        var type = lookup.Question.Type;
        if (cache.TryGet(lookup.Name, type, now, out var known))
            return known.Kind == AnswerKind.Answer
                ? Finish(lookup, Rcode.NoError, known.Set, null)
                : Finish(lookup, known.Kind == AnswerKind.NameError ? Rcode.NameError : Rcode.NoError, null, known.Set);
        if (cache.TryGet(lookup.Name, RecordType.CNAME, now, out var alias) && alias.Kind == AnswerKind.Answer)
            return FollowAliases(lookup, [alias.Set]);
        return LookupState.FindZone;
    }

    private LookupState FollowAliases(Lookup lookup, IReadOnlyList<RecordSet> aliases)
    {
        foreach (var alias in aliases)
        {
            lookup.Aliases.Add(alias);
            lookup.Name = ((NameData)alias.Data[0]).Target;
        }
        lookup.SearchFrom = null;
        if (lookup.Aliases.Count > AliasChain.MaxAliases)
            return Fail(
                lookup,
                $"{lookup.Aliases[0].Name} is an alias of an alias of …, more than {AliasChain.MaxAliases} in a row"
            );
        return Restart(lookup, LookupState.AskCache);
    }

    private LookupState Restart(Lookup lookup, LookupState state) =>
        ++lookup.Restarts > ResolverLimits.MaxRestarts
            ? Fail(lookup, $"the question began anew more than {ResolverLimits.MaxRestarts} times")
            : state;

    /// <summary>The deepest zone whose servers the cache knows, with an address or a way to one.</summary>
    private LookupState FindZone(Lookup lookup, Instant now)
    {
        var from = lookup.SearchFrom ?? (lookup.Question.Type == RecordType.DS ? lookup.Name.Parent : lookup.Name);
        for (var zone = from; !zone.IsRoot; zone = zone.Parent)
        {
            if (
                !cache.TryGet(zone, RecordType.NS, now, out var known, Credibility.Referral)
                || known.Kind != AnswerKind.Answer
            )
                continue;
            var delegation = WithKnownAddresses(Delegation.Of(known.Set), now);
            // When all its servers lie in the zone itself and their addresses are forgotten, only the parent can tell them.
            if (!delegation.HasAddresses && delegation.Servers.TrueForAll(server => server.Name.IsAtOrBelow(zone)))
                continue;
            lookup.Delegation = delegation;
            return LookupState.ChooseServer;
        }
        lookup.Delegation = Delegation.Of(settings.RootHints);
        return LookupState.ChooseServer;
    }

    private Delegation WithKnownAddresses(Delegation delegation, Instant now)
    {
        foreach (var server in delegation.Servers)
            LearnAddresses(server, now);
        return delegation;
    }

    private static readonly RecordType[] OneAddressType = [RecordType.A];
    private static readonly RecordType[] BothAddressTypes = [RecordType.A, RecordType.AAAA];

    private RecordType[] AddressTypes => settings.UsesIpv6 ? BothAddressTypes : OneAddressType;

    private void LearnAddresses(TargetServer server, Instant now)
    {
        foreach (var type in AddressTypes)
        {
            if (
                cache.TryGet(server.Name, type, now, out var known, Credibility.Glue)
                && known.Kind == AnswerKind.Answer
            )
                AddAddresses(server, known.Set);
        }
    }

    private void AddAddresses(TargetServer server, RecordSet set)
    {
        foreach (var data in set.Data)
        {
            if (data is AddressData known && settings.MayAsk(known.Address))
                server.Add(known.Address);
        }
    }

    private LookupState ChooseServer(Lookup lookup, Instant now, out OutgoingQuery? query)
    {
        query = null;
        var delegation = lookup.Delegation!;
        if (lookup.QueriesSent >= ResolverLimits.MaxQueries)
            return Fail(
                lookup,
                $"more than {ResolverLimits.MaxQueries} queries, and still no answer; the last: {delegation.Explain()}"
            );
        if (TryChoose(delegation, out var server, out var target))
        {
            query = Ask(lookup, target, server.Name, overTcp: false, now);
            return LookupState.AwaitResponse;
        }
        if (SeekAddresses(lookup))
            return LookupState.AwaitAddresses;
        if (delegation.HasAddresses || delegation.Zone.IsRoot)
            return Fail(lookup, delegation.Explain());
        // Nobody knows where its servers are; their parent may know better than our cache does.
        var parent = delegation.Zone.Parent;
        if (lookup.SearchFrom == parent)
            return Fail(lookup, delegation.Explain());
        lookup.SearchFrom = parent;
        return Restart(lookup, LookupState.FindZone);
    }

    /// <summary>The least asked, of these those of the family that is preferred, of these the fastest, of these the first.</summary>
    private bool TryChoose(
        Delegation delegation,
        [NotNullWhen(true)] out TargetServer? server,
        [NotNullWhen(true)] out TargetAddress? target
    )
    {
        (server, target) = (null, null);
        var best = (Tries: int.MaxValue, IsOther: false, Rank: Duration.Zero);
        foreach (var candidate in delegation.Servers)
        {
            foreach (var address in candidate.Addresses)
            {
                if (address.Failure is not null || address.Tries >= ResolverLimits.MaxTriesPerServer)
                    continue;
                var isOther = settings.Prefers is { } family && address.Address.Family != family;
                var rank = (address.Tries, isOther, _book.Rank(address.Address));
                if (target is not null && rank.CompareTo(best) >= 0)
                    continue;
                (server, target, best) = (candidate, address, rank);
            }
        }
        return target is not null;
    }

    private OutgoingQuery Ask(Lookup lookup, TargetAddress target, DomainName serverName, bool overTcp, Instant now)
    {
        target.Tries++;
        var timeout = overTcp ? settings.MaxTimeout : _book.Timeout(target.Address);
        var message = DnsMessage.Query(random.NextUInt16(), lookup.CurrentQuestion, recursionDesired: false);
        return new(lookup, message, lookup.Delegation!.Zone, serverName, target)
        {
            OverTcp = overTcp,
            Attempt = target.Tries,
            SentAt = now,
            Deadline = now + timeout,
        };
    }
}
