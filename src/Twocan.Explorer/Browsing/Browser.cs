using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// A browser, as far as the network sees it: takes a URL apart, fetches the page, finds what it wants, fetches that side by side over
/// kept connections, and says goodbye. Its cache and its cookies outlast a visit; it draws nothing and runs no scripts.
/// </summary>
public sealed class Browser(INetwork network, INameResolver resolver, BrowserOptions? options = null)
{
    private readonly BrowserOptions _options = options ?? new();
    private int _visits;

    /// <summary>Opens a page.</summary>
    public async Task<PageLoad> VisitAsync(Url url, CancellationToken stop = default)
    {
        var click = Tell(new UrlEntered(url.Href, ++_visits), default);
        var because = Tell(new UrlRead(url.Scheme, url.Host.Text, url.Port, url.OriginForm), click);
        using var client = new WebClient(network, resolver, _options.ForClient());
        var loader = new PageLoader(network, client, _options, stop);
        var load = await loader.LoadAsync(url, because);
        Tell(new PageDone(url.Href, load.IsWhole, loader.Pictures), loader.Last);
        return load;
    }

    private EventId Tell<T>(in T what, EventId because)
        where T : struct, IJournalEvent => network.Journal?.Tell(what, because) ?? because;
}
