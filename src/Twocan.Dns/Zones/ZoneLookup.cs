namespace Twocan.Dns;

/// <summary>What a zone says to a question, section by section.</summary>
public sealed record ZoneAnswer(
    Rcode Rcode,
    AnswerKind Kind,
    bool Authoritative,
    IReadOnlyList<RecordSet> Answers,
    IReadOnlyList<RecordSet> Authorities,
    IReadOnlyList<RecordSet> Additionals
);

/// <summary>The authoritative look-up: the algorithm of RFC 1034 §4.3.2, as RFC 4592 (wildcards) and RFC 2308 (negative answers) made it precise.</summary>
public sealed partial class Zone
{
    /// <summary>So many aliases one after the other are a mistake in the zone, or a ring.</summary>
    public const int MaxAliases = 11;

    /// <summary>Answers about a name at or below the <see cref="Origin"/>.</summary>
    public ZoneAnswer Lookup(DomainName name, RecordType type)
    {
        var answers = new List<RecordSet>();
        while (true)
        {
            if (FindCut(name, type) is { } cut)
                return Referral(cut, answers);
            if (!TryFind(name, out var node, out var owner))
                return Negative(Rcode.NameError, AnswerKind.NameError, answers);
            var alias = type == RecordType.CNAME || type == RecordType.ANY ? null : node.Find(RecordType.CNAME);
            if (alias is null)
                return Final(node, owner, type, answers);
            answers.Add(alias with { Name = owner });
            name = ((NameData)alias.Data[0]).Target;
            // What lies outside the zone, or never ends, is for the asker to follow.
            if (!name.IsAtOrBelow(Origin) || answers.Count == MaxAliases)
                return Positive(AnswerKind.Alias, answers, []);
        }
    }

    /// <summary>The NS records of the topmost cut at or above the name; all below it belongs to another zone.</summary>
    private RecordSet? FindCut(DomainName name, RecordType type)
    {
        var depth = name.LabelCount;
        for (var labels = Origin.LabelCount + 1; labels <= depth; labels++)
        {
            if (!_nodes.TryGetValue(name.Ancestor(labels), out var node))
                return null;
            // The DS record of a cut is the parent's to answer (RFC 4035 §3.1.4.1).
            if (node.Find(RecordType.NS) is { } cut && !(labels == depth && type == RecordType.DS))
                return cut;
        }
        return null;
    }

    /// <summary>The node of the name, or the wildcard below its closest encloser (RFC 4592 §3.3.1).</summary>
    private bool TryFind(DomainName name, out ZoneNode node, out DomainName owner)
    {
        owner = name;
        if (_nodes.TryGetValue(name, out node!))
            return true;
        var encloser = name.Parent;
        while (!_nodes.ContainsKey(encloser))
            encloser = encloser.Parent;
        return encloser.TryPrepend("*"u8, out var wildcard) && _nodes.TryGetValue(wildcard, out node!);
    }

    private ZoneAnswer Final(ZoneNode node, DomainName owner, RecordType type, List<RecordSet> answers)
    {
        // ANY gets one set, not all: nobody can be flooded with it (RFC 8482 §4.1).
        var found = type == RecordType.ANY ? node.First : node.Find(type);
        if (found is null)
            return Negative(Rcode.NoError, AnswerKind.NoData, answers);
        answers.Add(found with { Name = owner });
        return Positive(AnswerKind.Answer, answers, AddressesOf(found));
    }

    private static ZoneAnswer Positive(AnswerKind kind, List<RecordSet> answers, List<RecordSet> additionals) =>
        new(Rcode.NoError, kind, Authoritative: true, answers, [], additionals);

    /// <summary>The SOA says for how long this may be remembered: the lesser of its TTL and its last field (RFC 2308 §3).</summary>
    private ZoneAnswer Negative(Rcode rcode, AnswerKind kind, List<RecordSet> answers)
    {
        var minimum = ((StartOfAuthorityData)Soa.Data[0]).Minimum;
        var soa = Soa with { Ttl = Math.Min(Soa.Ttl, minimum) };
        return new(rcode, kind, Authoritative: true, answers, [soa], []);
    }

    private ZoneAnswer Referral(RecordSet cut, List<RecordSet> answers) =>
        new(
            Rcode.NoError,
            answers.Count > 0 ? AnswerKind.Alias : AnswerKind.Referral,
            // AA speaks of the first owner in the answer section; a mere referral has none.
            Authoritative: answers.Count > 0,
            answers,
            [cut],
            AddressesOf(cut)
        );

    /// <summary>The addresses that this zone knows of the names that NS and MX records point to: glue included.</summary>
    private List<RecordSet> AddressesOf(RecordSet set)
    {
        var addresses = new List<RecordSet>();
        foreach (var data in set.Data)
        {
            DomainName? target = (set.Type, data) switch
            {
                ({ Number: 2 }, NameData server) => server.Target,
                (_, MailExchangeData mail) => mail.Exchange,
                _ => null,
            };
            if (target is null || !_nodes.TryGetValue(target.Value, out var node))
                continue;
            foreach (var known in node.Sets)
            {
                if (known.Type.IsAddress && !addresses.Contains(known))
                    addresses.Add(known);
            }
        }
        return addresses;
    }
}
