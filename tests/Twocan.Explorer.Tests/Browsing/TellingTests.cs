using System.Globalization;
using System.Text.Json;
using Twocan.Core;
using Twocan.Proxy;

namespace Twocan.Explorer.Tests;

public sealed class TellingTests
{
    private static (IReadOnlyList<PageLoad> Visits, JsonElement Har) Load()
    {
        using var pages = new Pages();
        pages
            .Www.Html(
                "/?a=1&b=2",
                "<title>T</title><img src=a.png><img src=/moved.png><img src=http://nobody.home/x.png>",
                ("Set-Cookie", "id=7; Path=/; HttpOnly")
            )
            .Has("/a.png", "image/png", new string('x', 3000), ("Cache-Control", "max-age=3600"))
            .SendsOn("/moved.png", "/a.png?2")
            .Has("/a.png?2", "image/png", "x");
        var browser = pages.Browser(new() { Cookies = new(), Cache = new MemoryStore() });
        PageLoad[] visits =
        [
            pages.Visit(browser, "http://www.home/?a=1&b=2"),
            pages.Visit(browser, "http://www.home/?a=1&b=2"),
        ];
        return (visits, JsonDocument.Parse(HarWriter.Write(visits, pages.Loop)).RootElement);
    }

    [Fact]
    public void A_har_has_all_that_the_format_requires()
    {
        var log = Load().Har.GetProperty("log");
        Assert.Equal("1.2", log.GetProperty("version").GetString());
        Assert.Equal("Twocan", log.GetProperty("creator").GetProperty("name").GetString());
        Assert.Equal(2, log.GetProperty("pages").GetArrayLength());
        foreach (var entry in log.GetProperty("entries").EnumerateArray())
        {
            Require(entry, "pageref", "startedDateTime", "time", "request", "response", "cache", "timings");
            Assert.True(
                DateTimeOffset.TryParse(
                    entry.GetProperty("startedDateTime").GetString(),
                    CultureInfo.InvariantCulture,
                    out _
                )
            );
            var request = entry.GetProperty("request");
            Require(
                request,
                "method",
                "url",
                "httpVersion",
                "cookies",
                "headers",
                "queryString",
                "headersSize",
                "bodySize"
            );
            var response = entry.GetProperty("response");
            Require(
                response,
                "status",
                "statusText",
                "httpVersion",
                "cookies",
                "headers",
                "content",
                "redirectURL",
                "headersSize",
                "bodySize"
            );
            Require(response.GetProperty("content"), "size", "mimeType");
            Require(entry.GetProperty("timings"), "blocked", "dns", "connect", "send", "wait", "receive", "ssl");
        }
    }

    [Fact]
    public void The_timings_of_a_har_add_up()
    {
        foreach (var entry in Load().Har.GetProperty("log").GetProperty("entries").EnumerateArray())
        {
            // ssl is within connect.
            var sum = entry
                .GetProperty("timings")
                .EnumerateObject()
                .Where(static one => one.Name != "ssl")
                .Sum(static one => Math.Max(0, one.Value.GetDouble()));
            Assert.Equal(entry.GetProperty("time").GetDouble(), sum, 1e-6);
        }
    }

    [Fact]
    public void A_har_tells_cookies_queries_redirects_and_what_the_cache_spared()
    {
        var (visits, har) = Load();
        var entries = har.GetProperty("log").GetProperty("entries");
        Assert.Equal(
            "b",
            entries[0].GetProperty("request").GetProperty("queryString")[1].GetProperty("name").GetString()
        );
        var cookie = entries[0].GetProperty("response").GetProperty("cookies")[0];
        Assert.Equal(
            ("id", "7", true),
            (
                cookie.GetProperty("name").GetString(),
                cookie.GetProperty("value").GetString(),
                cookie.GetProperty("httpOnly").GetBoolean()
            )
        );
        Assert.Equal("7", entries[1].GetProperty("request").GetProperty("cookies")[0].GetProperty("value").GetString());
        Assert.Contains(
            entries.EnumerateArray(),
            static one =>
                one.GetProperty("response").GetProperty("redirectURL").GetString() == "http://www.home/a.png?2"
        );
        Assert.Contains(entries.EnumerateArray(), static one => one.TryGetProperty("_fromCache", out _));
        Assert.Equal(visits.Sum(static one => one.Resources.Count), entries.GetArrayLength());
    }

    [Theory]
    [InlineData(60, Language.English)]
    [InlineData(80, Language.Korean)]
    [InlineData(110, Language.English)]
    public void A_waterfall_fits_its_width_and_its_columns_stand_in_line(int width, Language language)
    {
        foreach (var visit in Load().Visits)
        {
            var lines = Waterfall.Lines(visit, language, width).Select(static line => line.ToString()).ToList();
            Assert.All(lines, line => Assert.InRange(CellWidth.Of(line), 1, width));
            Assert.Equal(visit.Resources.Count + 2, lines.Count);
            // All numbers of times end in one column.
            var ends = lines[1..^1]
                .Select(static line => CellWidth.Of(line[..(line.IndexOf(" ms ", StringComparison.Ordinal) + 3)]))
                .Distinct();
            Assert.Single(ends);
        }
    }

    [Fact]
    public void A_waterfall_says_what_was_waited_for()
    {
        var lines = Waterfall
            .Lines(Load().Visits[0], Language.English, 100)
            .Select(static line => line.ToString())
            .ToList();
        Assert.StartsWith("200  ", lines[1], StringComparison.Ordinal);
        Assert.Contains("▒", lines[1]);
        Assert.Contains("─", lines[1]);
        Assert.StartsWith(
            " ✗   nobody.home",
            lines.Single(static line => line.Contains("nobody.home")),
            StringComparison.Ordinal
        );
        Assert.Equal("     · line  ░ name  ▒ connect  ─ first byte  █ body", lines[^1]);
    }

    private static void Require(JsonElement element, params string[] names)
    {
        foreach (var name in names)
            Assert.True(element.TryGetProperty(name, out _), $"{name} is missing");
    }
}
