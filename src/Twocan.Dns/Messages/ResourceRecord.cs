namespace Twocan.Dns;

/// <summary>What is asked: a name, a type, a class.</summary>
public readonly record struct Question(DomainName Name, RecordType Type, RecordClass Class)
{
    public Question(DomainName name, RecordType type)
        : this(name, type, RecordClass.IN) { }

    public override string ToString() => $"{Name} {Class} {Type}";
}

/// <summary>One resource record (RFC 1035 §3.2.1).</summary>
public readonly record struct ResourceRecord(
    DomainName Name,
    RecordType Type,
    RecordClass Class,
    uint Ttl,
    RecordData Data
)
{
    public ResourceRecord(DomainName name, RecordType type, uint ttl, RecordData data)
        : this(name, type, RecordClass.IN, ttl, data) { }

    /// <summary>A line of a master file.</summary>
    public override string ToString() => $"{Name}\t{Ttl}\t{Class}\t{Type}\t{Data}";
}

/// <summary>All records of one name and type: the unit that is answered, cached and believed (RFC 2181 §5).</summary>
public sealed record RecordSet(DomainName Name, RecordType Type, uint Ttl, IReadOnlyList<RecordData> Data)
{
    public IEnumerable<ResourceRecord> Records
    {
        get
        {
            foreach (var data in Data)
                yield return new(Name, Type, Ttl, data);
        }
    }

    /// <summary>Groups records into sets, in the order in which each set first appears; a set's TTL is its lowest (RFC 2181 §5.2).</summary>
    public static List<RecordSet> Group(IEnumerable<ResourceRecord> records)
    {
        var sets = new List<RecordSet>();
        var index = new Dictionary<(DomainName, RecordType), int>();
        foreach (var record in records)
        {
            var key = (record.Name, record.Type);
            if (!index.TryGetValue(key, out var at))
            {
                index.Add(key, sets.Count);
                sets.Add(new(record.Name, record.Type, record.Ttl, new List<RecordData> { record.Data }));
                continue;
            }
            var set = sets[at];
            if (!set.Data.Contains(record.Data))
                ((List<RecordData>)set.Data).Add(record.Data);
            sets[at] = set with { Ttl = Math.Min(set.Ttl, record.Ttl) };
        }
        return sets;
    }

    /// <summary>The data, as a person reads it on one line.</summary>
    public string Summary => string.Join(", ", Data);
}
