using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>
/// The resolver (리졸버) in every host's socket library: asks the name servers in the machine's settings, over and over until one
/// answers or patience ends, and remembers for a while what it was told.
/// </summary>
public sealed class StubResolver(INetwork network) : INameResolver
{
    private const int MaxNames = 1000;
    private const int MaxBytes = 1 << 20;

    /// <summary>How long each try waits: thirty seconds together, as a resolver with a few servers takes to give up.</summary>
    private static readonly double[] PatienceSeconds = [1, 1, 2, 2, 4, 4, 4, 4, 4, 4];

    private readonly DnsCache _cache = new(MaxNames, MaxBytes);

    public async ValueTask<NameAnswer> ResolveAsync(
        string name,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        if (IpAddress.TryParse(name.StartsWith('[') && name.EndsWith(']') ? name[1..^1] : name, out var literal))
            return new([literal], because);
        if (!DomainName.TryParse(name, out var domain))
            throw new NameResolutionException(name, SocketError.HostNotFound, "this is not a domain name", because);
        // RFC 6761 §6.3: never asked of anybody.
        if (domain.IsAtOrBelow(Localhost))
            return new([IpAddress.Loopback], because);
        var lookup = new StubLookup(network, domain, because);
        if (_cache.TryGet(domain, RecordType.A, network.Loop.Now, out var known))
            return lookup.End(known, fromCache: true);
        var answer = await lookup.AskAsync(PatienceSeconds, stop);
        Remember(domain, answer);
        return lookup.End(answer, fromCache: false);
    }

    private static readonly DomainName Localhost = DomainName.Parse("localhost");

    private void Remember(DomainName name, CacheAnswer answer)
    {
        if (answer.Kind == AnswerKind.Answer)
            _cache.Put(answer.Set, Credibility.Answer, network.Loop.Now);
        else
            _cache.PutNegative(name, RecordType.A, answer.Kind, answer.Set, Credibility.Answer, network.Loop.Now);
    }
}
