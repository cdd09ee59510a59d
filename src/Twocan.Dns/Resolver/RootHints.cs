using Twocan.Core;

namespace Twocan.Dns;

/// <summary>A root server as the machine's settings name it: where every walk through the tree of names begins.</summary>
public readonly record struct RootHint(DomainName Name, IpAddress Address);

/// <summary>The file of root hints, as IANA gives it out: a master file of the root's NS records and their addresses.</summary>
public static class RootHints
{
    /// <summary>Mistakes are added to <paramref name="errors"/>, all at once; what is right is answered all the same.</summary>
    public static IReadOnlyList<RootHint> Parse(string text, string fileName, ICollection<ZoneError> errors)
    {
        var at = new MasterFileErrors(fileName, 1, 1, errors);
        var records = MasterFile.Read(text, DomainName.Root, at, errors, open: null);
        var servers = new HashSet<DomainName>();
        foreach (var (record, _, _, _) in records)
        {
            if (record is { Name.IsRoot: true, Data: NameData server } && record.Type == RecordType.NS)
                servers.Add(server.Target);
        }
        var hints = new List<RootHint>();
        foreach (var entry in records)
        {
            if (entry.Record.Data is AddressData data && servers.Contains(entry.Record.Name))
                hints.Add(new(entry.Record.Name, data.Address));
        }
        if (hints.Count == 0 && at.Count == 0)
            at.Add(
                1,
                1,
                "no root server with an address: . NS a.root-servers.net. and a.root-servers.net. A 198.41.0.4"
            );
        return hints;
    }
}
