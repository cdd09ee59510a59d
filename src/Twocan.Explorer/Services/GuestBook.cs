using System.Globalization;
using System.Net;
using System.Text;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>
/// The guest book that every site once had, as a CGI program: GET shows it with a form, POST writes a line into it and leads back. It
/// lasts as long as its world.
/// </summary>
public sealed class GuestBook(EventLoop loop) : ICgiProgram
{
    private const int MostEntries = 100;
    private const int MostBytes = 8 * 1024;
    private const int LongestName = 40;
    private const int LongestText = 500;

    private readonly Queue<(DateTimeOffset At, string Name, string Text)> _entries = new();

    public async ValueTask<Stream> StartAsync(CgiCall call, CancellationToken stop)
    {
        var said = call["REQUEST_METHOD"] switch
        {
            "GET" or "HEAD" => Page(call["SCRIPT_NAME"]),
            "POST" => await SignAsync(call, stop),
            _ =>
                "Status: 405\nAllow: GET, HEAD, POST\nContent-Type: text/plain\n\nThe guest book is read with GET and signed with POST.\n",
        };
        return new MemoryStream(Encoding.UTF8.GetBytes(said), writable: false);
    }

    private async ValueTask<string> SignAsync(CgiCall call, CancellationToken stop)
    {
        var form = new byte[MostBytes];
        var length = await call.Body.ReadAtLeastAsync(form, form.Length, throwOnEndOfStream: false, stop);
        if (length == form.Length)
            return "Status: 413\nContent-Type: text/plain\n\nThat is a book of its own.\n";
        var (name, text) = ("", "");
        foreach (var field in Encoding.UTF8.GetString(form, 0, length).Split('&'))
        {
            var (key, value) = field.Split('=', 2) is [var k, var v] ? (k, Decode(v)) : (field, "");
            if (key == "name")
                name = Short(value, LongestName);
            if (key == "text")
                text = Short(value, LongestText);
        }
        if (name.Length == 0 || text.Length == 0)
            return "Status: 400\nContent-Type: text/plain\n\nA line has a name and a text.\n";
        if (_entries.Count == MostEntries)
            _entries.Dequeue();
        _entries.Enqueue((loop.UtcNow, name, text));
        // Back with GET: who reloads the page then does not sign twice.
        return $"Status: 303 See Other\nLocation: {call["SCRIPT_NAME"]}\n\n";
    }

    private string Page(string script)
    {
        var page = new StringBuilder(
            "Content-Type: text/html; charset=utf-8\n\n<!DOCTYPE html>\n<html><head><title>Guest book</title></head>\n<body><h1>Guest book</h1>\n<dl>\n"
        );
        foreach (var (at, name, text) in _entries)
        {
            var when = at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            page.Append($"<dt>{WebUtility.HtmlEncode(name)}, {when}</dt><dd>{WebUtility.HtmlEncode(text)}</dd>\n");
        }
        return page.Append("</dl>\n")
            .Append($"<form method=\"post\" action=\"{WebUtility.HtmlEncode(script)}\">")
            .Append("<input name=\"name\"> <input name=\"text\"> <button>Sign</button></form>\n</body></html>\n")
            .ToString();
    }

    /// <summary>application/x-www-form-urlencoded.</summary>
    private static string Decode(string value) =>
        Encoding.UTF8.GetString(PercentEncoding.Decode(value.Replace('+', ' ')));

    private static string Short(string text, int most)
    {
        var line = new string([.. text.Where(c => !char.IsControl(c))]).Trim();
        return line.Length <= most ? line : line[..most];
    }
}
