using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>
/// The resolver (리졸버) in every host's socket library: asks the name servers in the machine's settings, over and over until one
/// answers or patience ends, and remembers for a while what it was told.
/// <para>
/// A host that speaks both families asks for both kinds of address at once and sorts what it gets by RFC 6724, as getaddrinfo
/// does. One that prefers IPv4 (gai.conf) asks as gethostbyname did, for IPv4 addresses, and for others only when there are none.
/// </para>
/// </summary>
/// <param name="family">The only family that is wanted, of addresses and, where there is a choice, of name servers; null wants either.</param>
public sealed class StubResolver(INetwork network, IpFamily? family = null) : IFamilyResolver
{
    private const int MaxNames = 1000;
    private const int MaxBytes = 1 << 20;

    /// <summary>How long each try waits: thirty seconds together, as a resolver with a few servers takes to give up.</summary>
    private static readonly double[] PatienceSeconds = [1, 1, 2, 2, 4, 4, 4, 4, 4, 4];

    private readonly DnsCache _cache = new(MaxNames, MaxBytes);

    public bool AsksBoth =>
        family is null && !network.PrefersIpv4 && network.Speaks(IpFamily.V4) && network.Speaks(IpFamily.V6);

    public ValueTask<NameAnswer> ResolveAsync(
        string name,
        EventId because = default,
        CancellationToken stop = default
    ) => ResolveAsync(name, family, isHalf: false, because, stop);

    public ValueTask<NameAnswer> ResolveAsync(
        string name,
        IpFamily family,
        EventId because = default,
        CancellationToken stop = default
    ) => ResolveAsync(name, family, isHalf: true, because, stop);

    private async ValueTask<NameAnswer> ResolveAsync(
        string name,
        IpFamily? family,
        bool isHalf,
        EventId because,
        CancellationToken stop
    )
    {
        if (IpAddress.TryParse(name.StartsWith('[') && name.EndsWith(']') ? name[1..^1] : name, out var literal))
            return literal.Family == (family ?? literal.Family)
                ? new([literal], because)
                : throw new NameResolutionException(
                    name,
                    SocketError.NoData,
                    $"this is not an {NameOf(family!.Value)} address",
                    because
                );
        if (network.KnownHere(name) is { Count: > 0 } mine)
        {
            var known = network.Sort(mine.Where(address => address.Family == (family ?? address.Family)));
            if (known.Count > 0)
                return new(
                    known,
                    network.Journal?.Tell(new NameKnownHere(name, string.Join(", ", known)), because) ?? because
                );
            // Who asks for both families by turns need not ask anybody for the one that the file does not have.
            if (isHalf)
                throw new NameResolutionException(name, SocketError.NoData, "the hosts file has none", because);
        }
        if (!DomainName.TryParse(name, out var domain))
            throw new NameResolutionException(name, SocketError.HostNotFound, "this is not a domain name", because);
        // RFC 6761 §6.3: never asked of anybody.
        if (domain.IsAtOrBelow(Localhost))
            return new([family == IpFamily.V6 ? IpAddress.Loopback6 : IpAddress.Loopback], because);
        if (family is { } only)
            return await LookUpAsync(domain, only, because, stop);
        return !network.Speaks(IpFamily.V6) ? await LookUpAsync(domain, IpFamily.V4, because, stop)
            : !network.Speaks(IpFamily.V4) ? await LookUpAsync(domain, IpFamily.V6, because, stop)
            : network.PrefersIpv4 ? await LookUpInTurnAsync(domain, because, stop)
            : await LookUpBothAsync(domain, because, stop);
    }

    private static readonly DomainName Localhost = DomainName.Parse("localhost");

    private static string NameOf(IpFamily family) => family == IpFamily.V4 ? "IPv4" : "IPv6";

    private async ValueTask<NameAnswer> LookUpInTurnAsync(DomainName name, EventId because, CancellationToken stop)
    {
        try
        {
            return await LookUpAsync(name, IpFamily.V4, because, stop);
        }
        catch (NameResolutionException none) when (none.SocketErrorCode == SocketError.NoData)
        {
            return await LookUpAsync(name, IpFamily.V6, none.Because, stop);
        }
    }

    /// <summary>Both questions are under way at the same time; one answer is enough.</summary>
    private async ValueTask<NameAnswer> LookUpBothAsync(DomainName name, EventId because, CancellationToken stop)
    {
        var asked = new[]
        {
            LookUpAsync(name, IpFamily.V6, because, stop).AsTask(),
            LookUpAsync(name, IpFamily.V4, because, stop).AsTask(),
        };
        var (found, last) = (new List<IpAddress>(), because);
        NameResolutionException? failure = null;
        foreach (var answer in asked)
        {
            try
            {
                var (addresses, cause) = await answer;
                found.AddRange(addresses);
                if (cause.Value > last.Value)
                    last = cause;
            }
            catch (NameResolutionException none)
            {
                // Of two reasons, that one name server was silent says more than that the other kind is not there.
                if (failure is null || none.SocketErrorCode == SocketError.TryAgain)
                    failure = none;
            }
        }
        return found.Count > 0 ? new(network.Sort(found), last) : throw failure!;
    }

    private async ValueTask<NameAnswer> LookUpAsync(
        DomainName name,
        IpFamily kind,
        EventId because,
        CancellationToken stop
    )
    {
        var type = kind == IpFamily.V4 ? RecordType.A : RecordType.AAAA;
        var lookup = new StubLookup(network, name, type, because);
        if (_cache.TryGet(name, type, network.Loop.Now, out var known))
            return Sorted(lookup.End(known, fromCache: true));
        var answer = await lookup.AskAsync(NameServers(), PatienceSeconds, stop);
        Remember(name, type, answer);
        return Sorted(lookup.End(answer, fromCache: false));
    }

    private NameAnswer Sorted(NameAnswer answer) => answer with { Addresses = network.Sort(answer.Addresses) };

    /// <summary>In the order of the machine's settings; who wants one family asks over it too, if there is anybody to ask.</summary>
    private IReadOnlyList<IpAddress> NameServers()
    {
        var servers = network.NameServers;
        return family is { } only && servers.Any(server => server.Family == only)
            ? [.. servers.Where(server => server.Family == only)]
            : servers;
    }

    private void Remember(DomainName name, RecordType type, CacheAnswer answer)
    {
        if (answer.Kind == AnswerKind.Answer)
            _cache.Put(answer.Set, Credibility.Answer, network.Loop.Now);
        else
            _cache.PutNegative(name, type, answer.Kind, answer.Set, Credibility.Answer, network.Loop.Now);
    }
}
