namespace Twocan.Dns;

/// <summary>A response and what kind it is.</summary>
public readonly record struct AuthorityAnswer(DnsMessage Message, AnswerKind Kind);

/// <summary>What a name server says to a message, given the zones that it serves: a pure function, no socket and no clock.</summary>
public sealed class Authority
{
    private readonly Dictionary<DomainName, Zone> _zones = [];

    public Authority(IReadOnlyList<Zone> zones)
    {
        foreach (var zone in zones)
        {
            if (!_zones.TryAdd(zone.Origin, zone))
                throw new ArgumentException($"zone {zone.Origin} is given twice", nameof(zones));
        }
    }

    public AuthorityAnswer Answer(DnsMessage query)
    {
        var response = Respond(query, out var kind);
        return new(query.Edns is null ? response : response with { Edns = new(Edns.DefaultPayloadSize) }, kind);
    }

    private DnsMessage Respond(DnsMessage query, out AnswerKind kind)
    {
        kind = AnswerKind.Failure;
        if (query.Opcode != Opcode.Query)
            return query.Respond(Rcode.NotImplemented);
        if (query.Edns is { Version: > 0 })
            return query.Respond(Rcode.BadVersion);
        if (query.Questions.Count != 1)
            return query.Respond(Rcode.FormatError);
        var question = query.Questions[0];
        if (question.Type.IsMeta && question.Type != RecordType.ANY)
            return query.Respond(Rcode.Refused);
        if (question.Class != RecordClass.IN || FindZone(question) is not { } zone)
            return query.Respond(Rcode.Refused);
        var answer = zone.Lookup(question.Name, question.Type);
        kind = answer.Kind;
        return query.Respond(answer.Rcode, answer.Authoritative ? DnsFlags.AA : DnsFlags.None) with
        {
            Answers = Flatten(answer.Answers),
            Authorities = Flatten(answer.Authorities),
            Additionals = Flatten(answer.Additionals),
        };
    }

    /// <summary>The zone with the longest name that the question's name lies in.</summary>
    private Zone? FindZone(Question question)
    {
        // A cut's DS record is asked of the zone above, where both zones are served here (RFC 4035 §3.1.4.1).
        var name = question.Type == RecordType.DS ? question.Name.Parent : question.Name;
        while (true)
        {
            if (_zones.TryGetValue(name, out var zone))
                return zone;
            if (name.IsRoot)
                return null;
            name = name.Parent;
        }
    }

    private static List<ResourceRecord> Flatten(IReadOnlyList<RecordSet> sets)
    {
        var records = new List<ResourceRecord>();
        foreach (var set in sets)
            records.AddRange(set.Records);
        return records;
    }
}
