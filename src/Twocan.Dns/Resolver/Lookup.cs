using Twocan.Core;

namespace Twocan.Dns;

/// <summary>How a look-up ended. A failure says why.</summary>
/// <param name="Rcode">NOERROR, NXDOMAIN or SERVFAIL.</param>
/// <param name="Answers">The aliases on the way and the records at its end.</param>
/// <param name="Soa">For a negative answer, the zone that says so.</param>
/// <param name="Reason">Of a failure: who did not answer, or which limit was reached.</param>
public sealed record LookupResult(Rcode Rcode, IReadOnlyList<RecordSet> Answers, RecordSet? Soa, string Reason)
{
    /// <summary>The answers on a line.</summary>
    public string Summary =>
        string.Join(", ", Answers.SelectMany(static set => set.Data).Select(static data => AnswerText.Say(data)));
}

/// <summary>Where a look-up is on its way.</summary>
internal enum LookupState
{
    /// <summary>Perhaps the cache knows.</summary>
    AskCache,

    /// <summary>Which zone's servers, of those that we know, are nearest to the name?</summary>
    FindZone,

    /// <summary>Which of its servers?</summary>
    ChooseServer,

    /// <summary>None has a known address; look-ups of their own are at work.</summary>
    AwaitAddresses,

    /// <summary>A query is on its way.</summary>
    AwaitResponse,

    /// <summary>A response is here.</summary>
    ConsumeResponse,

    /// <summary>There is a result.</summary>
    Finished,
}

/// <summary>One question of a resolver on its way through the tree of names. All who ask the same share it.</summary>
public sealed class Lookup
{
    internal Lookup(Question question, Lookup? parent, EventId cause)
    {
        Question = question;
        Name = question.Name;
        Depth = parent is null ? 0 : parent.Depth + 1;
        Targets = parent?.Targets ?? new();
        BeganBecause = Cause = cause;
    }

    public Question Question { get; }

    /// <summary>The event for which it began; who joined it later came for another.</summary>
    public EventId BeganBecause { get; }

    /// <summary>What the next query is because of: the event that led here last. Whoever drives the resolver keeps it.</summary>
    public EventId Cause { get; set; }

    public int QueriesSent { get; internal set; }

    public LookupResult? Result { get; internal set; }

    public bool IsFinished => Result is not null;

    internal LookupState State { get; set; }

    /// <summary>The name that is looked for now: the question's, or an alias's target.</summary>
    internal DomainName Name { get; set; }

    /// <summary>The zone below which no server is looked for any more; null: search from the name itself.</summary>
    internal DomainName? SearchFrom { get; set; }

    internal Question CurrentQuestion => Question with { Name = Name };

    internal List<RecordSet> Aliases { get; } = [];

    internal Delegation? Delegation { get; set; }

    internal OutgoingQuery? Query { get; set; }

    internal ScrubbedResponse? Response { get; set; }

    internal int Restarts { get; set; }

    internal int Referrals { get; set; }

    internal int MissingTargets { get; set; }

    internal int Depth { get; }

    /// <summary>Shared with all look-ups that this one starts: a crowd of names cannot multiply itself.</summary>
    internal TargetCount Targets { get; }

    /// <summary>Look-ups of servers' addresses that this one waits for, and those that wait for this one.</summary>
    internal List<Lookup> WaitsFor { get; } = [];

    internal List<Lookup> Dependents { get; } = [];

    internal bool IsReady { get; set; }

    /// <summary>True when this look-up waits, directly or not, for <paramref name="other"/>: that one must not wait for it too.</summary>
    internal bool DependsOn(Lookup other) => this == other || WaitsFor.Exists(lookup => lookup.DependsOn(other));

    public override string ToString() => $"{Question} ({State})";
}

internal sealed class TargetCount
{
    public int Count { get; set; }
}

/// <summary>A query to be sent, and to be answered until its deadline.</summary>
public sealed class OutgoingQuery
{
    internal OutgoingQuery(
        Lookup lookup,
        DnsMessage message,
        DomainName zone,
        DomainName serverName,
        TargetAddress target
    )
    {
        Lookup = lookup;
        Target = target;
        Server = new(target.Address, Port.Domain);
        Message = message;
        Zone = zone;
        ServerName = serverName;
    }

    public Lookup Lookup { get; }

    public DnsMessage Message { get; }

    public Endpoint Server { get; }

    /// <summary>The server's name in its zone's NS records.</summary>
    public DomainName ServerName { get; }

    /// <summary>The zone as whose server it is asked.</summary>
    public DomainName Zone { get; }

    /// <summary>Over UDP the response did not fit.</summary>
    public bool OverTcp { get; init; }

    /// <summary>The how-manieth query to this server for this question.</summary>
    public int Attempt { get; init; }

    public Instant SentAt { get; init; }

    /// <summary>When waiting for it ends.</summary>
    public Instant Deadline { get; init; }

    /// <summary>Answered, or given up.</summary>
    public bool IsOver { get; internal set; }

    internal TargetAddress Target { get; }
}
