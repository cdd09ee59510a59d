using Twocan.Core;

namespace Twocan.Dns;

/// <summary>How far we are with the address of a server that we know by name.</summary>
internal enum TargetState
{
    /// <summary>Not looked up yet.</summary>
    Unknown,

    /// <summary>A look-up is at work.</summary>
    Sought,

    /// <summary>Its addresses are known.</summary>
    Known,

    /// <summary>It has none, or they cannot be found out.</summary>
    Lost,
}

/// <summary>A name server of a zone, by name.</summary>
internal sealed class TargetServer(DomainName name)
{
    public DomainName Name { get; } = name;

    public TargetState State { get; set; }

    /// <summary>Of the kinds of address, how many were looked up.</summary>
    public int TypesSought { get; set; }

    public List<TargetAddress> Addresses { get; } = [];

    public void Add(IpAddress address)
    {
        State = TargetState.Known;
        if (!Addresses.Exists(known => known.Address == address))
            Addresses.Add(new(address));
    }
}

/// <summary>One address of a name server, and what came of asking it this question.</summary>
internal sealed class TargetAddress(IpAddress address)
{
    public IpAddress Address { get; } = address;

    public int Tries { get; set; }

    /// <summary>Why it is not asked again; null while it may be.</summary>
    public string? Failure { get; set; }
}

/// <summary>A zone and its servers: whom to ask next.</summary>
internal sealed class Delegation(DomainName zone)
{
    public DomainName Zone { get; } = zone;

    public List<TargetServer> Servers { get; } = [];

    public bool HasAddresses => Servers.Exists(static server => server.Addresses.Count > 0);

    /// <summary>Takes the names of an NS set, as many as are worth keeping.</summary>
    public static Delegation Of(RecordSet servers)
    {
        var delegation = new Delegation(servers.Name);
        foreach (var data in servers.Data.Take(ResolverLimits.MaxServers))
            delegation.Servers.Add(new(((NameData)data).Target));
        return delegation;
    }

    public static Delegation Of(IReadOnlyList<RootHint> hints)
    {
        var delegation = new Delegation(DomainName.Root);
        foreach (var hint in hints)
        {
            var server = delegation.Servers.Find(known => known.Name == hint.Name);
            if (server is null)
                delegation.Servers.Add(server = new(hint.Name));
            server.Add(hint.Address);
        }
        return delegation;
    }

    /// <summary>What became of each server: the reason of a SERVFAIL.</summary>
    public string Explain()
    {
        var servers = new List<string>();
        foreach (var server in Servers)
        {
            foreach (var address in server.Addresses)
                servers.Add(
                    $"{server.Name.ToHostName()} ({address.Address}) {address.Failure ?? $"did not answer {address.Tries} queries"}"
                );
            if (server.Addresses.Count == 0)
                servers.Add($"{server.Name.ToHostName()} has no address that we could find");
        }
        return servers.Count > 0
            ? $"no server of {Zone} answered: {string.Join("; ", servers)}"
            : $"no server of {Zone} is known";
    }
}
