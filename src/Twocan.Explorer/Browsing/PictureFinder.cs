using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Url = Twocan.Http.Url;

namespace Twocan.Explorer;

/// <summary>An image tag in a page, and where its picture is to be had.</summary>
public readonly record struct PictureTag(string Tag, Url Url);

/// <summary>Finds the pictures that a page wants to show, in the order in which they stand there, each once.</summary>
public static class PictureFinder
{
    private const int MaxPictures = 1000;

    public static IReadOnlyList<PictureTag> Find(byte[] html, Url page)
    {
        using var stream = new MemoryStream(html, writable: false);
        using var document = new HtmlParser().ParseDocument(stream);
        var start = Base(document, page);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<PictureTag>();
        foreach (var image in document.QuerySelectorAll("img[src]"))
        {
            var source = image.GetAttribute("src")!.Trim();
            // A data: URL carries its picture with it; what cannot be fetched is left out, as browsers do.
            if (
                found.Count == MaxPictures
                || source.Length == 0
                || !Url.TryParse(source, start, out var url, out _)
                || url.Scheme is not ("http" or "https")
            )
                continue;
            if (seen.Add(url.AbsoluteForm))
                found.Add(new($"<img src=\"{source}\">", url));
        }
        return found;
    }

    private static Url Base(IDocument document, Url page) =>
        document.QuerySelector("base[href]")?.GetAttribute("href") is { } written
        && Url.TryParse(written, page, out var url, out _)
            ? url
            : page;
}
