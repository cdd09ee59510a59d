namespace Twocan.Dns;

/// <summary>
/// A zone: the part of the tree of names that one organisation answers for, from its SOA down to the cuts where other
/// zones begin. Does not change once it is made.
/// </summary>
public sealed partial class Zone
{
    private readonly Dictionary<DomainName, ZoneNode> _nodes = [];

    private Zone(DomainName origin) => Origin = origin;

    /// <summary>The zone's topmost name.</summary>
    public DomainName Origin { get; }

    /// <summary>The SOA record set at the origin.</summary>
    public RecordSet Soa { get; private set; } = null!;

    public int RecordCount { get; private set; }

    /// <summary>All records, in canonical order of their owners.</summary>
    public IEnumerable<ResourceRecord> Records =>
        _nodes
            .OrderBy(static node => node.Key)
            .SelectMany(static node => node.Value.Sets)
            .SelectMany(static set => set.Records);

    /// <summary>
    /// Reads a master file's text. Null when there are mistakes, which are then in <paramref name="errors"/>, all at once. A zone
    /// that stands inside another file says where: <paramref name="firstLine"/> and <paramref name="firstColumn"/> of its text there.
    /// </summary>
    public static Zone? Parse(
        string text,
        DomainName origin,
        string fileName,
        ICollection<ZoneError> errors,
        int firstLine = 1,
        int firstColumn = 1,
        Func<string, string?>? open = null
    )
    {
        var at = new MasterFileErrors(fileName, firstLine, firstColumn, errors);
        var before = errors.Count;
        var zone = Build(MasterFile.Read(text, origin, at, errors, open), origin, at);
        return errors.Count == before ? zone : null;
    }

    /// <summary>Reads a master file; what it includes is looked for beside it.</summary>
    public static Zone? Load(string path, DomainName origin, ICollection<ZoneError> errors)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        if (TryReadFile(path) is { } text)
            return Parse(text, origin, path, errors, open: name => TryReadFile(Path.Combine(folder, name)));
        errors.Add(new(path, 1, 1, "there is no such file, or it cannot be read"));
        return null;
    }

    private static string? TryReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Zone Build(List<MasterRecord> records, DomainName origin, MasterFileErrors file)
    {
        var zone = new Zone(origin);
        foreach (var record in records)
            zone.Add(record);
        if (!zone._nodes.TryGetValue(origin, out var apex) || apex.Find(RecordType.SOA) is not { } soa)
            file.Add(1, 1, $"zone {origin} has no SOA record at its origin: @ SOA PRIMARY MAILBOX 1 1h 15m 1w 1h");
        else if (apex.Find(RecordType.NS) is null)
            file.Add(1, 1, $"zone {origin} has no NS record at its origin: who serves it?");
        else
            zone.Soa = soa;
        return zone;
    }

    private void Add(in MasterRecord entry)
    {
        var record = entry.Record;
        if (!record.Name.IsAtOrBelow(Origin))
        {
            entry.Fail($"{record.Name} is not in zone {Origin}: names that end with a dot are taken as they stand");
            return;
        }
        if (
            record.Type == RecordType.SOA
            && (record.Name != Origin || _nodes.GetValueOrDefault(Origin)?.Find(RecordType.SOA) is not null)
        )
        {
            entry.Fail($"a zone has one SOA record, at its origin {Origin}");
            return;
        }
        var node = NodeAt(record.Name);
        // RFC 1034 §3.6.2: an alias has nothing else to say.
        if (node.Sets.Count > 0 && (record.Type == RecordType.CNAME || node.Find(RecordType.CNAME) is not null))
        {
            entry.Fail($"{record.Name} is an alias (CNAME) and can have no other record");
            return;
        }
        node.Add(record);
        RecordCount++;
    }

    /// <summary>The node of a name, with the empty ones between it and the origin (RFC 4592 §2.2.2: they exist).</summary>
    private ZoneNode NodeAt(DomainName name)
    {
        if (_nodes.TryGetValue(name, out var node))
            return node;
        node = new();
        _nodes.Add(name, node);
        if (name != Origin)
            NodeAt(name.Parent);
        return node;
    }
}

/// <summary>What a zone has at one name; nothing, where only names below it have records.</summary>
internal sealed class ZoneNode
{
    private readonly List<RecordSet> _sets = [];

    public IReadOnlyList<RecordSet> Sets => _sets;

    public RecordSet? First => _sets.Count > 0 ? _sets[0] : null;

    public RecordSet? Find(RecordType type)
    {
        foreach (var set in _sets)
        {
            if (set.Type == type)
                return set;
        }
        return null;
    }

    public void Add(in ResourceRecord record)
    {
        var type = record.Type;
        var at = _sets.FindIndex(set => set.Type == type);
        if (at < 0)
        {
            _sets.Add(new(record.Name, record.Type, record.Ttl, new List<RecordData> { record.Data }));
            return;
        }
        var set = _sets[at];
        if (!set.Data.Contains(record.Data))
            ((List<RecordData>)set.Data).Add(record.Data);
        // RFC 2181 §5.2: one set, one TTL; the lowest keeps every promise.
        _sets[at] = set with
        {
            Ttl = Math.Min(set.Ttl, record.Ttl),
        };
    }
}
