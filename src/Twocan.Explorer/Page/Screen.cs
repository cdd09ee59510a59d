using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Url = Twocan.Http.Url;

namespace Twocan.Explorer;

/// <summary>
/// What the reader sees at the end of the journey, made of the bytes that it brought: a frame that holds the page with its
/// pictures and styles in it. Nothing is fetched for it and no script runs, by its sandbox and by its own policy.
/// </summary>
internal sealed partial class Screen
{
    // What is larger than that is left to the page's own words for it (alt): this is to be handed on as one file.
    private const int MostBytes = 1 << 20;
    private const int MostDepth = 4;

    private const string Policy =
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline' data:\">";

    // Links lead nowhere here; they look like links all the same.
    private const string Links = "<style>:any-link,a[title]{color:#0645ad;text-decoration:underline}</style>";

    private readonly Dictionary<string, LoadedResource> _came = new(StringComparer.Ordinal);

    // Two style sheets may import each other.
    private readonly HashSet<string> _imported = new(StringComparer.Ordinal);
    private int _left = 2 * MostBytes;

    private Screen(PageLoad load)
    {
        foreach (var one in load.Resources)
            if (one.IsGood)
                _came.TryAdd(one.Url.AbsoluteForm, one);
            else if (
                one.RedirectsTo is { } next
                && load.Resources.FirstOrDefault(it => it.Url.AbsoluteForm == next.AbsoluteForm)
                    is { IsGood: true } there
            )
                _came.TryAdd(one.Url.AbsoluteForm, there);
    }

    [GeneratedRegex(
        """url\(\s*(?<q>["']?)(?<url>.*?)\k<q>\s*\)|@import\s+(?<i>["'])(?<url>.*?)\k<i>""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Reference { get; }

    /// <summary>Empty where there is nothing to be seen.</summary>
    public static string Draw(PageLoad load, Voice voice)
    {
        if (load.Resources.LastOrDefault(static one => one.Kind == ResourceKind.Page) is not { IsGood: true } page)
            return "";
        var label = Markup.Escape(voice.Word("The page as the browser shows it", "브라우저에 표시된 페이지"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<figure class=screen><figcaption><i></i><i></i><i></i> <span>{Markup.Escape(page.Url.Href)}</span></figcaption><iframe title=\"{label}\" sandbox=allow-same-origin srcdoc=\"{Markup.Escape(new Screen(load).Document(page, 0))}\"></iframe></figure>"
        );
    }

    private string Document(LoadedResource page, int depth)
    {
        var charset = PageLoader.CharsetOf(page.ContentType);
        return page.ContentType.Split(';')[0].Trim().ToLowerInvariant() switch
        {
            "text/html" or "application/xhtml+xml" => Html(page, charset, depth),
            ['i', 'm', 'a', 'g', 'e', '/', ..] => $"{Policy}<img src=\"{Data(page)}\" alt=\"\">",
            _ => $"{Policy}<pre>{Markup.Escape((charset ?? Encoding.UTF8).GetString(page.Body))}</pre>",
        };
    }

    private string Html(LoadedResource page, Encoding? charset, int depth)
    {
        using var stream = new MemoryStream(page.Body, writable: false);
        var parser = new HtmlParser();
        using var document = charset is null
            ? parser.ParseDocument(stream)
            : parser.ParseDocument(charset.GetString(page.Body));
        var start = ResourceFinder.Base(document, page.Url);
        foreach (var element in document.All.ToList())
            Put(element, start, depth);
        document.Head?.Insert(AdjacentPosition.AfterBegin, Policy + Links);
        return document.ToHtml();
    }

    private void Put(IElement element, Url start, int depth)
    {
        switch (element)
        {
            case IHtmlScriptElement or IHtmlBaseElement or IHtmlMetaElement:
                element.Remove();
                return;
            case IHtmlLinkElement link:
                if (Find(link.GetAttribute("href"), start) is { Kind: ResourceKind.Stylesheet } sheet)
                {
                    var style = element.Owner!.CreateElement("style");
                    style.TextContent = Style(sheet);
                    link.Replace(style);
                }
                else
                {
                    link.Remove();
                }
                return;
            case IHtmlStyleElement style:
                style.TextContent = Style(style.TextContent, start);
                break;
            case IHtmlImageElement image:
                PutPicture(image, start);
                break;
            case IHtmlInlineFrameElement frame:
                if (depth < MostDepth && Find(frame.GetAttribute("src"), start) is { } inner)
                    frame.SetAttribute("srcdoc", Document(inner, depth + 1));
                frame.RemoveAttribute("src");
                break;
            case IHtmlAnchorElement anchor when anchor.GetAttribute("href") is { } href:
                anchor.RemoveAttribute("href");
                anchor.SetAttribute("title", href);
                break;
            default:
                break;
        }
        if (element.GetAttribute("style") is { } own)
            element.SetAttribute("style", Style(own, start));
    }

    /// <summary>Of several that were offered the one that came.</summary>
    private void PutPicture(IHtmlImageElement image, Url start)
    {
        var sources = image.ParentElement is IHtmlPictureElement picture
            ? picture.QuerySelectorAll("source").ToList()
            : [];
        var came = sources
            .Append(image)
            .SelectMany(static one => (one.GetAttribute("srcset") ?? "").Split(','))
            .Select(static one => one.Trim().Split(' ')[0])
            .Append(image.GetAttribute("src"))
            .Select(one => Find(one, start))
            .FirstOrDefault(static one => one is not null);
        foreach (var source in sources)
            source.Remove();
        image.RemoveAttribute("srcset");
        image.RemoveAttribute("src");
        if (came is not null && Data(came) is { } data)
            image.SetAttribute("src", data);
    }

    private string Style(LoadedResource sheet) =>
        Style((PageLoader.CharsetOf(sheet.ContentType) ?? Encoding.UTF8).GetString(sheet.Body), sheet.Url);

    private string Style(string css, Url start) =>
        Reference.Replace(
            css,
            match =>
            {
                var isImport = match.Value.StartsWith('@');
                if (Find(match.Groups["url"].Value, start) is not { } one)
                    return isImport ? "@import ''" : "url()";
                if (one.Kind == ResourceKind.Stylesheet && !_imported.Add(one.Url.AbsoluteForm))
                    return isImport ? "@import ''" : "url()";
                var data =
                    one.Kind == ResourceKind.Stylesheet
                        ? $"data:text/css;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(Style(one)))}"
                        : Data(one);
                return $"{(isImport ? "@import " : "")}url({data})";
            }
        );

    private string? Data(LoadedResource one)
    {
        if (one.Body.Length > MostBytes || one.Body.Length > _left)
            return null;
        _left -= one.Body.Length;
        return $"data:{one.ContentType.Split(';')[0].Trim()};base64,{Convert.ToBase64String(one.Body)}";
    }

    private LoadedResource? Find(string? written, Url start) =>
        written is { Length: > 0 } && Url.TryParse(written.Trim(), start, out var url, out _)
            ? _came.GetValueOrDefault(url.AbsoluteForm)
            : null;
}
