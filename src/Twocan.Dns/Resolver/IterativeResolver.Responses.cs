using Twocan.Core;

namespace Twocan.Dns;

/// <content>What a response leads to, and how look-ups wait for each other and end.</content>
public sealed partial class IterativeResolver
{
    private static bool NeedsTcp(Lookup lookup) =>
        lookup.Response!.Message.IsTruncated
        && !lookup.Query!.OverTcp
        && lookup.QueriesSent < ResolverLimits.MaxQueries;

    private LookupState Consume(Lookup lookup, Instant now)
    {
        var response = lookup.Response!;
        var chain = response.Chain;
        Remember(lookup, response, now);
        switch (response.Kind)
        {
            case AnswerKind.Answer:
                lookup.Aliases.AddRange(chain.Aliases);
                return Finish(lookup, Rcode.NoError, chain.Found, null);
            case AnswerKind.Alias:
                return FollowAliases(lookup, chain.Aliases);
            case AnswerKind.Referral:
                return FollowReferral(lookup, response, now);
            case AnswerKind.NoData:
                lookup.Aliases.AddRange(chain.Aliases);
                return Finish(lookup, Rcode.NoError, null, response.Soa);
            case AnswerKind.NameError:
                lookup.Aliases.AddRange(chain.Aliases);
                return Finish(lookup, Rcode.NameError, null, response.Soa);
            default:
                lookup.Query!.Target.Failure = response.Reason;
                return LookupState.ChooseServer;
        }
    }

    private void Remember(Lookup lookup, ScrubbedResponse response, Instant now)
    {
        if (response.Kind == AnswerKind.Failure)
            return;
        var isOwn = response.Message.IsAuthoritative;
        var answer = isOwn ? Credibility.AuthoritativeAnswer : Credibility.Answer;
        foreach (var alias in response.Chain.Aliases)
            cache.Put(alias, answer, now);
        if (response.Chain.Found is { } found)
            cache.Put(found, answer, now);
        if (response.Kind is AnswerKind.NoData or AnswerKind.NameError && response.Soa is { } soa)
            cache.PutNegative(response.Chain.Target, lookup.Question.Type, response.Kind, soa, answer, now);
        if (response.Servers is not { } servers)
            return;
        var fromParent = response.Kind == AnswerKind.Referral || !isOwn;
        cache.Put(servers, fromParent ? Credibility.Referral : Credibility.AuthoritativeAuthority, now);
        foreach (var glue in response.Glue)
            cache.Put(glue, Credibility.Glue, now);
    }

    private LookupState FollowReferral(Lookup lookup, ScrubbedResponse response, Instant now)
    {
        if (++lookup.Referrals > ResolverLimits.MaxReferrals)
            return Fail(lookup, $"more than {ResolverLimits.MaxReferrals} referrals, and still no answer");
        var delegation = Delegation.Of(response.Servers!);
        foreach (var server in delegation.Servers)
        {
            // From the response rather than the cache: what has a TTL of zero is good for this one question.
            foreach (var glue in response.Glue)
            {
                if (glue.Name == server.Name)
                    AddAddresses(server, glue);
            }
        }
        lookup.Delegation = WithKnownAddresses(delegation, now);
        return LookupState.ChooseServer;
    }

    /// <summary>Sees to it that addresses of servers that are known by name only are looked up; false when there are none to wait for.</summary>
    private bool SeekAddresses(Lookup lookup)
    {
        var servers = lookup.Delegation!.Servers;
        var sought = servers.Count(static server => server.State == TargetState.Sought);
        foreach (var server in servers)
        {
            if (sought >= ResolverLimits.MaxParallelTargets)
                break;
            if (server.State != TargetState.Unknown)
                continue;
            server.State = TrySeek(lookup, server) ? TargetState.Sought : TargetState.Lost;
            sought += server.State == TargetState.Sought ? 1 : 0;
        }
        return sought > 0;
    }

    private bool TrySeek(Lookup lookup, TargetServer server)
    {
        if (
            lookup.Depth >= ResolverLimits.MaxDepth
            || lookup.MissingTargets >= ResolverLimits.MaxMissingTargets
            || lookup.Targets.Count >= ResolverLimits.MaxTargets
        )
            return false;
        if (server.TypesSought >= AddressTypes.Length)
            return false;
        var question = new Question(server.Name, AddressTypes[server.TypesSought++]);
        if (!_active.TryGetValue(question, out var child))
            child = Begin(question, lookup, lookup.Cause);
        else if (child.DependsOn(lookup))
            return false;
        lookup.Targets.Count++;
        lookup.WaitsFor.Add(child);
        child.Dependents.Add(lookup);
        return true;
    }

    private LookupState Fail(Lookup lookup, string reason) =>
        Finish(lookup, new(Rcode.ServerFailure, [], null, reason));

    private LookupState Finish(Lookup lookup, Rcode rcode, RecordSet? found, RecordSet? soa)
    {
        var answers = new List<RecordSet>(lookup.Aliases);
        if (found is not null)
            answers.Add(found);
        for (var i = 0; i < answers.Count; i++)
            answers[i] = answers[i] with { Ttl = DnsCache.Clamp(answers[i].Ttl, DnsCache.MaxTtl) };
        return Finish(
            lookup,
            new(rcode, answers, soa is null ? null : soa with { Ttl = DnsCache.NegativeTtl(soa) }, "")
        );
    }

    private LookupState Finish(Lookup lookup, LookupResult result)
    {
        lookup.Result = result;
        _active.Remove(lookup.Question);
        _finished.Enqueue(lookup);
        foreach (var dependent in lookup.Dependents)
            OnTarget(dependent, lookup);
        return LookupState.Finished;
    }

    /// <summary>A look-up of a server's address has ended, for one that waits for it.</summary>
    private void OnTarget(Lookup lookup, Lookup child)
    {
        lookup.WaitsFor.Remove(child);
        if (lookup.IsFinished)
            return;
        foreach (var server in lookup.Delegation!.Servers)
        {
            if (server.State != TargetState.Sought || server.Name != child.Question.Name)
                continue;
            foreach (var set in child.Result!.Answers)
                AddAddresses(server, set);
            if (server.State == TargetState.Known)
                continue;
            // Without an IPv4 address it may have one of IPv6.
            server.State = server.TypesSought < AddressTypes.Length ? TargetState.Unknown : TargetState.Lost;
            lookup.MissingTargets += server.State == TargetState.Lost ? 1 : 0;
        }
        if (lookup.State != LookupState.AwaitAddresses)
            return;
        lookup.Cause = child.Cause;
        lookup.State = LookupState.ChooseServer;
        MakeReady(lookup);
    }
}
