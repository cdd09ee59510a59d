using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>Runs a browser on a host of a world until the last socket is gone, and reads the journey out of the journal.</summary>
/// <remarks>
/// The browser keeps nothing for a later visit: who presses Enter again is to see the way again, and what a proxy on it has kept.
/// </remarks>
/// <param name="World">A world that keeps a journal.</param>
/// <param name="Host">The host that the browser runs on.</param>
/// <param name="Proxy">A host of the world or of the name servers, with its port; null for none.</param>
/// <param name="Times">How often Enter is pressed, one visit after the other.</param>
public sealed record Exploration(World World, Host Host, Url Url, ProxyAddress? Proxy = null, int Times = 1)
{
    /// <summary>The only family that the browser uses; null leaves it to its host.</summary>
    public IpFamily? Family { get; init; }

    /// <summary>The journey ends with what is on the screen: <see cref="Journey.Screen"/>.</summary>
    public bool KeepsScreen { get; init; }

    /// <summary>How long the world may go on after the page until it is at rest; where more is to come, not an hour.</summary>
    public Duration? Rest { get; init; }

    public async Task<Journey> RunAsync(CancellationToken stop = default)
    {
        var journal =
            World.Journal ?? throw new InvalidOperationException("An exploration reads the journal of its world.");
        var browser = new Browser(
            Host.Network,
            new StubResolver(Host.Network, Family),
            new() { Proxy = AddressOf(Proxy), KeepsBodies = KeepsScreen }
        );
        PageLoad? first = null;
        await World.RunAsync(async () =>
        {
            for (var visit = 0; visit < Times; visit++)
            {
                var load = await browser.VisitAsync(Url, stop);
                first ??= load;
            }
        });
        World.Settle(Rest, stop);
        stop.ThrowIfCancellationRequested();
        return JourneyReader.Read(
            Url.Href,
            Host.Name,
            journal.Entries,
            Neighbourhood.Of(World),
            World.Loop.Now,
            Proxy?.ToString(),
            KeepsScreen ? first : null
        );
    }

    /// <summary>A proxy of the world is set up by its address, as people do: it has to be found without asking anybody.</summary>
    private ProxyAddress? AddressOf(ProxyAddress? proxy) =>
        proxy is not null
        && World.Find(proxy.Host) is Host { GlobalAddresses: var known }
        && known.FirstOrDefault(one => one.Address.Family == (Family ?? one.Address.Family)) is var found
        && found != default
            ? proxy with
            {
                Host = found.Address.ToString(),
            }
            : proxy;
}
