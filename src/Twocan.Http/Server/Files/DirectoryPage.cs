using System.Net;
using System.Text;

namespace Twocan.Http;

/// <summary>A page that lists what is in a directory, for sites that want it.</summary>
internal static class DirectoryPage
{
    public static byte[] Of(RequestPath path, IEnumerable<string> names)
    {
        var title = WebUtility.HtmlEncode("/" + string.Concat(path.Parts.Select(part => part + "/")));
        var page = new StringBuilder()
            .Append("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>")
            .Append(title)
            .Append("</title></head>\n<body><h1>")
            .Append(title)
            .Append("</h1>\n<ul>\n");
        if (path.Parts.Count > 0)
            page.Append("<li><a href=\"../\">../</a></li>\n");
        foreach (var name in names)
        {
            // './' before it: a name with a colon in it would be taken for a scheme.
            var reference = "./" + Uri.EscapeDataString(name.TrimEnd('/')) + (name.EndsWith('/') ? "/" : "");
            page.Append("<li><a href=\"")
                .Append(WebUtility.HtmlEncode(reference))
                .Append("\">")
                .Append(WebUtility.HtmlEncode(name))
                .Append("</a></li>\n");
        }
        return Encoding.UTF8.GetBytes(page.Append("</ul></body></html>\n").ToString());
    }
}
