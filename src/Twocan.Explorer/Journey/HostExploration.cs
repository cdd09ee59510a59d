using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// Runs the browser on this machine's own network. What the operating system does below its sockets it keeps to itself, so
/// the journey is what a program can know: the look-ups, the socket calls and how long each took, the messages.
/// </summary>
/// <param name="Network">A network that keeps a journal.</param>
public sealed record HostExploration(HostNetwork Network, Journal Journal, Url Url, ProxyAddress? Proxy, int Times)
{
    /// <summary>The only family that the browser uses; null leaves it to the machine.</summary>
    public IpFamily? Family { get; init; }

    /// <summary>The journey ends with what is on the screen: <see cref="Journey.Screen"/>.</summary>
    public bool KeepsScreen { get; init; }

    /// <summary>Whom the browser believes to be who he says.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>What its user reads: servers of the world outside go by that.</summary>
    public Language Language { get; init; }

    public async Task<Journey> RunAsync(CancellationToken stop = default)
    {
        var options = new BrowserOptions
        {
            Proxy = Proxy,
            Tls = Tls,
            AcceptLanguage = BrowserOptions.LanguagesOf(Language),
            KeepsBodies = KeepsScreen,
        };
        var browser = new Browser(Network, new StubResolver(Network, Family), options);
        PageLoad? first = null;
        for (var visit = 0; visit < Times; visit++)
        {
            var load = await browser.VisitAsync(Url, stop);
            first ??= load;
        }
        stop.ThrowIfCancellationRequested();
        return JourneyReader.Read(
            Url.Href,
            Network.Name,
            Journal.Entries,
            Neighbourhood.Unknown,
            Network.Loop.Now,
            Proxy?.ToString(),
            KeepsScreen ? first : null
        );
    }
}
