using Twocan.Core;

namespace Twocan.Dns.Tests;

/// <summary>An internet of name servers without a network: each address has a server that answers, or does not. Time is counted, not waited for.</summary>
internal sealed class ScriptedServers
{
    private static readonly Duration RoundTrip = Duration.FromMilliseconds(10);

    private readonly Dictionary<IpAddress, Func<OutgoingQuery, DnsMessage?>> _servers = [];

    public ScriptedServers(params (string Name, string Address)[] roots)
    {
        var hints = roots.Select(root => new RootHint(DomainName.Parse(root.Name), IpAddress.Parse(root.Address)));
        Resolver = new(new([.. hints]), new DnsCache(), new RandomSource(7));
    }

    public IterativeResolver Resolver { get; }

    public Instant Now { get; set; }

    /// <summary>Each query: <c>zone@address name type</c>, with <c>+tcp</c> where it went over TCP.</summary>
    public List<string> Log { get; } = [];

    public void Serve(string address, string origin, string zone)
    {
        var authority = new Authority([Zones.Parse(origin, zone)]);
        Serve(address, query => authority.Answer(query.Message).Message);
    }

    public void Serve(string address, Func<OutgoingQuery, DnsMessage?> answer) =>
        _servers[IpAddress.Parse(address)] = answer;

    /// <summary>All queries that a question takes, without waiting for those that nobody answers.</summary>
    public Lookup Begin(string name, string type = "A")
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        Assert.True(Resolver.TryBegin(new(DomainName.Parse(name), recordType), EventId.None, out var lookup));
        return lookup;
    }

    public LookupResult Resolve(string name, string type = "A")
    {
        var lookup = Begin(name, type);
        Run(lookup);
        return lookup.Result!;
    }

    public void Run(Lookup lookup)
    {
        while (!lookup.IsFinished)
        {
            if (Resolver.TryTransmit(Now, out var query))
                Answer(query);
            else if (!lookup.IsFinished)
            {
                Assert.NotEqual(Instant.Never, Resolver.Due);
                Now = Instant.Max(Now, Resolver.Due);
                while (Resolver.TryExpire(Now, out _)) { }
            }
        }
        while (Resolver.TryTakeFinished(out _)) { }
    }

    private void Answer(OutgoingQuery query)
    {
        var question = query.Message.Questions[0];
        var tcp = query.OverTcp ? " +tcp" : "";
        Log.Add($"{query.Zone}@{query.Server.Address} {question.Name} {question.Type}{tcp}");
        if (!_servers.TryGetValue(query.Server.Address, out var server) || server(query) is not { } response)
            return;
        Now += RoundTrip;
        // Over the wire and back, as a datagram would be.
        Assert.True(DnsMessage.TryRead(response.ToBytes(query.OverTcp ? 65535 : 512), out var message));
        Assert.True(Resolver.TryConsume(query, query.Server, message, Now, out _));
    }
}
