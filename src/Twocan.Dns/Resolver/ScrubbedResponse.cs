namespace Twocan.Dns;

/// <summary>
/// What is left of a response when everything has been thrown away that its sender had no right to say or that we did not ask
/// for: first scrub, then trust. A server of <c>co.kr</c> may speak of names in <c>co.kr</c>, and of nothing else.
/// </summary>
internal sealed class ScrubbedResponse
{
    private ScrubbedResponse(DnsMessage message, AliasChain chain) => (Message, Chain) = (message, chain);

    public DnsMessage Message { get; }

    public AnswerKind Kind { get; private set; } = AnswerKind.Failure;

    /// <summary>The answer section, from the question along the aliases.</summary>
    public AliasChain Chain { get; }

    /// <summary>The SOA of the zone that says that there is nothing.</summary>
    public RecordSet? Soa { get; private set; }

    /// <summary>The NS records of the zone, or of a zone below it on the way to the name.</summary>
    public RecordSet? Servers { get; private set; }

    /// <summary>Addresses of those servers.</summary>
    public List<RecordSet> Glue { get; } = [];

    /// <summary>Why it is a failure.</summary>
    public string Reason { get; private set; } = "";

    /// <param name="message">A response to <paramref name="question"/>.</param>
    /// <param name="question">What was asked.</param>
    /// <param name="zone">The zone whose server was asked; the root for a resolver that answers for all.</param>
    /// <param name="fromResolver">It was asked to look everywhere, so that its answer need not be its own.</param>
    public static ScrubbedResponse Read(DnsMessage message, Question question, DomainName zone, bool fromResolver)
    {
        var chain = AliasChain.Follow(question, message.Answers, zone);
        var scrubbed = new ScrubbedResponse(message, chain);
        scrubbed.TakeAuthorities(chain.Target, zone);
        scrubbed.TakeGlue(zone);
        scrubbed.Classify(zone, fromResolver);
        return scrubbed;
    }

    private void TakeAuthorities(DomainName name, DomainName zone)
    {
        foreach (var set in RecordSet.Group(Message.Authorities.Where(static record => record.Class == RecordClass.IN)))
        {
            if (!set.Name.IsAtOrBelow(zone) || !name.IsAtOrBelow(set.Name))
                continue;
            if (set.Type == RecordType.SOA)
                Soa ??= set;
            else if (set.Type == RecordType.NS)
                Servers ??= set;
        }
    }

    private void TakeGlue(DomainName zone)
    {
        if (Servers is null)
            return;
        foreach (var set in RecordSet.Group(Message.Additionals.Where(static record => record.Class == RecordClass.IN)))
        {
            if (
                set.Type.IsAddress
                && set.Name.IsAtOrBelow(zone)
                && Servers.Data.Any(server => ((NameData)server).Target == set.Name)
            )
                Glue.Add(set);
        }
    }

    private void Classify(DomainName zone, bool fromResolver)
    {
        if (Message.Rcode is not (Rcode.NoError or Rcode.NameError))
        {
            Fail($"answered {Message.Rcode.ToMnemonic()}");
            return;
        }
        var isCached = !Message.IsAuthoritative && Message.RecursionAvailable;
        var isReferral = Servers is not null && Servers.Name.IsBelow(zone) && Message.Rcode == Rcode.NoError;
        if (Chain.Found is not null)
            Kind = AnswerKind.Answer;
        else if (Chain.Aliases.Count > 0 && (!Chain.Target.IsAtOrBelow(zone) || IsOpenEnded))
            Kind = AnswerKind.Alias;
        // Behind an alias, NXDOMAIN is about the alias's target (RFC 6604 §3).
        else if (Message.Rcode == Rcode.NameError)
            Kind = AnswerKind.NameError;
        else if (Soa is not null)
            Kind = AnswerKind.NoData;
        else if (isReferral)
            Kind = AnswerKind.Referral;
        else if (Message.IsAuthoritative || fromResolver)
            Kind = AnswerKind.NoData;
        else
            Fail("is lame: it does not serve the zone");
        if (isCached && !fromResolver && Kind is not (AnswerKind.Referral or AnswerKind.Failure))
            Fail("is lame: it answers from a cache");
    }

    private bool IsOpenEnded => Message.Rcode == Rcode.NoError && Soa is null;

    private void Fail(string reason) => (Kind, Reason) = (AnswerKind.Failure, reason);
}
