using System.Text;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// One visit. Whatever has come and is a page or a style sheet is read at once, and what it wants is begun; the client's pool lets so
/// many at a time have a connection. Each URL is fetched once, so no circle of frames or imports has an end to look for; depth, number and
/// size are limited besides.
/// </summary>
internal sealed class PageLoader(INetwork network, WebClient client, BrowserOptions options, CancellationToken stop)
{
    private const int MaxRedirects = 10;

    private readonly Fetcher _fetcher = new(network, client, options);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<Task<LoadedResource>> _begun = [];
    private long _bytes;
    private int _leftOut;
    private string? _title;
    private Instant? _pageRead;

    /// <summary>Pictures that the page wanted and that were begun.</summary>
    public int Pictures { get; private set; }

    /// <summary>The last event of all, which the reader waited for.</summary>
    public EventId Last { get; private set; }

    public async Task<PageLoad> LoadAsync(Url url, EventId because)
    {
        var began = network.Loop.LookAtTheClock();
        _seen.Add(url.AbsoluteForm);
        var page = await LoadAsync(new(ResourceKind.Page, "", url), default, 0, because);
        var isWhole = page.IsGood;
        Last = page.Because;
        // While these are awaited, what they want joins the list.
        for (var i = 0; i < _begun.Count; i++)
        {
            var resource = await _begun[i];
            isWhole &= resource.IsGood;
            if (resource.Because.Value > Last.Value)
                Last = resource.Because;
        }
        return new(url, began, network.Loop.LookAtTheClock(), _fetcher.Resources)
        {
            IsWhole = isWhole && _leftOut == 0,
            PageRead = _pageRead ?? network.Loop.LookAtTheClock(),
            Title = _title,
            LeftOut = _leftOut,
        };
    }

    /// <summary>Follows redirects until there is an answer, and begins what that wants.</summary>
    private async Task<LoadedResource> LoadAsync(FoundResource found, Referrer referrer, int depth, EventId because)
    {
        var from = referrer.Resource;
        for (var redirects = 0; ; redirects++)
        {
            var resource = await _fetcher.FetchAsync(found.Kind, found.Url, from, referrer, because, stop);
            if (resource.RedirectsTo is not { } next)
            {
                if (resource.IsGood)
                    Read(resource, depth);
                if (!options.KeepsBodies)
                    resource.Body = [];
                if (found.Kind == ResourceKind.Page)
                    _pageRead = network.Loop.LookAtTheClock();
                return resource;
            }
            if (redirects == MaxRedirects)
                return _fetcher.Refuse(found.Kind, next, resource, $"more than {MaxRedirects} redirects");
            because = _fetcher.Tell(new RedirectFollowed(found.Url.Href, next.Href, resource.Status), resource.Because);
            (found, from) = (found with { Url = next }, resource);
            _seen.Add(next.AbsoluteForm);
        }
    }

    private void Read(LoadedResource resource, int depth)
    {
        _bytes += resource.Bytes;
        var policy = ReferrerPolicies.Read(resource.ResponseFields["Referrer-Policy"]) ?? ReferrerPolicies.Default;
        if (
            resource.Kind is ResourceKind.Page or ResourceKind.Frame
            && IsType(resource, "text/html", "application/xhtml+xml")
        )
        {
            var charset = CharsetOf(resource.ContentType);
            var page = ResourceFinder.Find(resource.Body, charset, resource.Url, options.ViewportWidth);
            if (resource.Kind == ResourceKind.Page)
                _title = page.Title;
            Begin(page.Resources, new(resource, page.Policy ?? policy), depth);
        }
        else if (resource.Kind == ResourceKind.Stylesheet && IsType(resource, "text/css"))
        {
            var css = (CharsetOf(resource.ContentType) ?? Encoding.UTF8).GetString(resource.Body);
            Begin([.. InStyle(css, resource.Url)], new(resource, policy), depth);
        }
    }

    private static IEnumerable<FoundResource> InStyle(string css, Url sheet)
    {
        foreach (var (kind, tag, written) in StyleScanner.Scan(css))
            if (Url.TryParse(written, sheet, out var url, out _) && url.Scheme is "http" or "https")
                yield return new(kind, tag, url);
    }

    private void Begin(IReadOnlyList<FoundResource> found, Referrer referrer, int depth)
    {
        foreach (var one in found)
        {
            if (!_seen.Add(one.Url.AbsoluteForm))
                continue;
            var isDeeper = one.Kind is ResourceKind.Frame or ResourceKind.Stylesheet;
            if (
                _begun.Count >= options.MostResources
                || _bytes >= options.MostPageBytes
                || (isDeeper && depth >= options.MostDepth)
            )
            {
                _leftOut++;
                continue;
            }
            var because = referrer.Resource!.Because;
            Pictures += one.Kind == ResourceKind.Picture ? 1 : 0;
            because =
                one.Kind == ResourceKind.Picture
                    ? _fetcher.Tell(new PictureFound(one.Tag, one.Url.Href), because)
                    : _fetcher.Tell(new ResourceFound(one.Kind, one.Tag, one.Url.Href), because);
            _begun.Add(LoadAsync(one, referrer, isDeeper ? depth + 1 : depth, because));
        }
    }

    private static bool IsType(LoadedResource resource, params ReadOnlySpan<string> types)
    {
        var type = resource.ContentType.Split(';')[0].Trim();
        foreach (var one in types)
        {
            if (one.Equals(type, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>Null where the server says nothing, or nothing that is known.</summary>
    internal static Encoding? CharsetOf(string contentType)
    {
        var name = FieldList
            .WithParameters(contentType)
            .Parameters.FirstOrDefault(static one => one.Name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            .Value;
        try
        {
            return string.IsNullOrEmpty(name)
                ? null
                : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>Who wants something, and what may be said of it.</summary>
internal readonly record struct Referrer(LoadedResource? Resource, ReferrerPolicy Policy);
