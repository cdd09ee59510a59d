using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Url = Twocan.Http.Url;

namespace Twocan.Explorer;

/// <summary>
/// Finds what a page wants, in the order in which it stands there: pictures, style sheets, scripts, frames, icons, and what its styles
/// name. Scripts are not run, so what is in <c>noscript</c> is wanted too. Films and sounds are not: a browser waits for somebody to play them.
/// </summary>
internal sealed class ResourceFinder
{
    private readonly List<FoundResource> _found = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Url _base;
    private readonly int _viewport;

    private ResourceFinder(Url start, int viewport) => (_base, _viewport) = (start, viewport);

    public static FoundPage Find(byte[] html, Encoding? charset, Url page, int viewport)
    {
        using var stream = new MemoryStream(html, writable: false);
        var parser = new HtmlParser();
        // What the server says of the encoding counts more than what the page says.
        using var document = charset is null
            ? parser.ParseDocument(stream)
            : parser.ParseDocument(charset.GetString(html));
        var finder = new ResourceFinder(Base(document, page), viewport);
        foreach (var element in document.All)
            finder.Look(element);
        var policy = document.QuerySelector("meta[name=referrer i]")?.GetAttribute("content");
        return new(document.Title?.Trim(), ReferrerPolicies.Read(policy), finder._found);
    }

    internal static Url Base(IDocument document, Url page) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { } written
        && Url.TryParse(written, page, out var url, out _)
            ? url
            : page;

    private void Look(IElement element)
    {
        switch (element.LocalName)
        {
            case "img":
                Picture(element);
                break;
            case "input" when Is(element, "type", "image"):
                Take(ResourceKind.Picture, element, "src");
                break;
            case "video":
                Take(ResourceKind.Picture, element, "poster");
                break;
            case "image":
                Take(ResourceKind.Picture, element, element.HasAttribute("href") ? "href" : "xlink:href");
                break;
            case "link":
                Link(element);
                break;
            case "script" when IsScript(element.GetAttribute("type")):
                Take(ResourceKind.Script, element, "src");
                break;
            case "iframe" when !element.HasAttribute("srcdoc"):
            case "frame":
                Take(ResourceKind.Frame, element, "src");
                break;
            case "embed":
                Take(ResourceKind.Other, element, "src");
                break;
            case "object":
                Take(ResourceKind.Other, element, "data");
                break;
            case "style":
                Style(element.TextContent);
                break;
            case "body" or "table" or "td" or "th":
                Take(ResourceKind.Picture, element, "background");
                break;
            default:
                break;
        }
        if (element.GetAttribute("style") is { } style)
            Style(style);
    }

    /// <summary>One of those that <c>picture</c> and <c>srcset</c> offer, or <c>src</c> where they offer none.</summary>
    private void Picture(IElement image)
    {
        if (image.ParentElement is { LocalName: "picture" } picture)
        {
            foreach (var source in picture.Children.TakeWhile(child => child != image))
            {
                if (
                    source.LocalName == "source"
                    && SourceSet.IsPicture(source.GetAttribute("type"))
                    && SourceSet.Matches(source.GetAttribute("media"), _viewport)
                    && Choose(source, null) is { } better
                )
                {
                    Add(ResourceKind.Picture, $"<source srcset=\"{better}\">", better);
                    return;
                }
            }
        }
        var source1 = image.GetAttribute("src");
        if (Choose(image, source1) is { } chosen)
            Add(
                ResourceKind.Picture,
                chosen == source1?.Trim() ? $"<img src=\"{chosen}\">" : $"<img srcset=\"{chosen}\">",
                chosen
            );
    }

    private string? Choose(IElement element, string? source) =>
        SourceSet.Choose(element.GetAttribute("srcset"), element.GetAttribute("sizes"), source, _viewport);

    private void Link(IElement link)
    {
        var relations = (link.GetAttribute("rel") ?? "").ToLowerInvariant().Split(' ');
        if (relations.Contains("stylesheet") && !relations.Contains("alternate"))
            Take(ResourceKind.Stylesheet, link, "href");
        else if (relations.Contains("icon") && SourceSet.Matches(link.GetAttribute("media"), _viewport))
            Take(ResourceKind.Icon, link, "href");
        else if (relations.Contains("modulepreload"))
            Take(ResourceKind.Script, link, "href");
        else if (relations.Contains("preload") && SourceSet.Matches(link.GetAttribute("media"), _viewport))
            Take(
                link.GetAttribute("as")?.ToLowerInvariant() switch
                {
                    "style" => ResourceKind.Stylesheet,
                    "script" => ResourceKind.Script,
                    "image" => ResourceKind.Picture,
                    "font" => ResourceKind.Font,
                    _ => ResourceKind.Other,
                },
                link,
                "href"
            );
    }

    private void Style(string css)
    {
        foreach (var (kind, tag, url) in StyleScanner.Scan(css))
            Add(kind, tag, url);
    }

    private void Take(ResourceKind kind, IElement element, string attribute)
    {
        if (element.GetAttribute(attribute)?.Trim() is { Length: > 0 } written)
            Add(kind, $"<{element.LocalName} {attribute}=\"{written}\">", written);
    }

    private void Add(ResourceKind kind, string tag, string written)
    {
        // A data: URL carries what it names with it; what cannot be fetched is left out, as browsers do.
        if (
            Url.TryParse(written, _base, out var url, out _)
            && url.Scheme is ("http" or "https")
            && _seen.Add(url.AbsoluteForm)
        )
            _found.Add(new(kind, tag, url));
    }

    private static bool Is(IElement element, string attribute, string value) =>
        value.Equals(element.GetAttribute(attribute), StringComparison.OrdinalIgnoreCase);

    /// <summary>Other types are data that stand in a page, whatever their src says.</summary>
    private static bool IsScript(string? type) =>
        type?.Trim().ToLowerInvariant()
            is null
                or ""
                or "module"
                or "text/javascript"
                or "application/javascript"
                or "application/ecmascript"
                or "text/ecmascript"
                or "application/x-javascript";
}
