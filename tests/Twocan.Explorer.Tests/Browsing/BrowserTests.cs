using System.Text;
using Twocan.Core;
using Twocan.Http;
using Twocan.Proxy;

namespace Twocan.Explorer.Tests;

public sealed class BrowserTests
{
    [Fact]
    public void Whatever_a_page_wants_is_fetched_and_what_that_wants_too()
    {
        using var pages = new Pages();
        pages
            .Www.Html(
                "/",
                """
                <title> Home </title><link rel="stylesheet" href="a.css"><script src="a.js"></script>
                <img src="a.png"><iframe src="frame.html"></iframe><link rel=icon href="/i.png">
                <div style="background: url(b.png)"></div><img src="a.png"><img src="data:,x"><a href="no.html">
                """
            )
            .Has("/a.css", "text/css", "@import 'b/b.css'; body { background: url( \"c.png\" ) }")
            .Has("/b/b.css", "text/css", "@import url(../a.css); p { background: url(d.png) }")
            .Has("/a.js", "text/javascript", "1")
            .Html("/frame.html", "<img src=e.png><iframe src='/'></iframe>");
        foreach (var picture in new[] { "/a.png", "/b.png", "/c.png", "/b/d.png", "/e.png", "/i.png" })
            pages.Www.Has(picture, "image/png", "x");

        var load = pages.Visit();
        Assert.True(load.IsWhole);
        Assert.Equal("Home", load.Title);
        string[] expected =
        [
            "/",
            "/a.css",
            "/a.js",
            "/a.png",
            "/frame.html",
            "/i.png",
            "/b.png",
            "/b/b.css",
            "/c.png",
            "/e.png",
            "/b/d.png",
        ];
        Assert.Equal(expected.Order(), pages.Targets.Order());
        var style = load.Resources.Single(static one => one.Url.Path == "/b/b.css");
        Assert.Equal((ResourceKind.Stylesheet, "/a.css"), (style.Kind, style.Initiator!.Url.Path));
        Assert.Equal(ResourceKind.Frame, load.Resources.Single(static one => one.Url.Path == "/e.png").Initiator!.Kind);
    }

    [Fact]
    public void Base_moves_where_references_are_read_from()
    {
        using var pages = new Pages();
        pages.Www.Html("/", "<base href='http://other.home/dir/'><img src=a.png>");
        pages.Servers["other.home"].Has("/dir/a.png", "image/png", "x");
        Assert.True(pages.Visit().IsWhole);
    }

    [Fact]
    public void Six_connections_to_a_server_at_most_are_open_and_are_used_again()
    {
        using var pages = new Pages();
        pages.Www.Html("/", string.Concat(Enumerable.Range(0, 20).Select(static i => $"<img src={i}.png>")));
        for (var i = 0; i < 20; i++)
            pages.Www.Has($"/{i}.png", "image/png", new string('x', 5000));
        var load = pages.Visit();
        Assert.True(load.IsWhole);
        Assert.Equal(6, load.Resources.Count(static one => !one.Connection!.Value.WasReused));
        Assert.Contains(load.Resources, static one => one.Phases.Queue > Duration.Zero);
    }

    [Fact]
    public void Another_server_is_told_no_more_than_where_one_comes_from()
    {
        using var pages = new Pages();
        pages.Www.Html("/dir/?q=1", "<img src=a.png><img src=http://other.home/b.png><link rel=stylesheet href=c.css>");
        pages
            .Www.Has("/dir/a.png", "image/png", "x")
            .Has("/dir/c.css", "text/css", "p{background:url(d.png)}")
            .Has("/dir/d.png", "image/png", "x");
        pages.Servers["other.home"].Has("/b.png", "image/png", "x");
        Assert.True(pages.Visit("http://me:secret@www.home/dir/?q=1#here").IsWhole);
        Assert.Null(pages.FieldOf("/dir/?q=1", "Referer"));
        Assert.Equal("http://www.home/dir/?q=1", pages.FieldOf("/dir/a.png", "Referer"));
        Assert.Equal("http://www.home/", pages.FieldOf("/b.png", "Referer"));
        Assert.Equal("http://www.home/dir/c.css", pages.FieldOf("/dir/d.png", "Referer"));
    }

    [Theory]
    [InlineData("", "no-referrer", null)]
    [InlineData("<meta name=referrer content=origin>", "no-referrer", "http://www.home/")]
    public void A_page_says_itself_what_may_be_told_of_it(string meta, string field, string? referer)
    {
        using var pages = new Pages();
        pages.Www.Html("/x", meta + "<img src=a.png>", ("Referrer-Policy", field)).Has("/a.png", "image/png", "x");
        pages.Visit("http://www.home/x");
        Assert.Equal(referer, pages.FieldOf("/a.png", "Referer"));
    }

    [Fact]
    public void What_is_fresh_is_not_asked_for_again_and_what_is_not_is_asked_about()
    {
        using var pages = new Pages();
        pages.Www.Html(
            "/",
            "<img src=fresh.png><img src=stale.png><img src=secret.png>",
            ("Cache-Control", "no-store")
        );
        pages.Www.Has("/fresh.png", "image/png", "1", ("Cache-Control", "private, max-age=3600"));
        pages.Www.Has("/secret.png", "image/png", "22", ("Cache-Control", "no-store"));
        pages.Www.Has(
            "/stale.png",
            static request =>
            {
                var fields = new Fields()
                    .Add("ETag", "\"v1\"")
                    .Add("Content-Type", "image/png")
                    .Add("Cache-Control", "no-cache");
                return request.Head.Fields["If-None-Match"] == "\"v1\""
                    ? new Answer(304, fields)
                    : new Answer(200, fields) { Body = new MemoryStream("333"u8.ToArray()), BodyLength = 3 };
            }
        );
        var browser = pages.Browser(new() { Cache = new MemoryStore() });
        Assert.True(pages.Visit(browser).IsWhole);
        pages.Requests.Clear();
        var again = pages.Visit(browser);
        Assert.True(again.IsWhole);
        Assert.Equal(["/", "/secret.png", "/stale.png"], pages.Targets.Order());
        var (fresh, stale) = (Of(again, "/fresh.png"), Of(again, "/stale.png"));
        Assert.Equal((CacheUse.Served, 200, 1, 0L), (fresh.Cache, fresh.Status, fresh.Bytes, fresh.BytesReceived));
        Assert.Equal((CacheUse.Confirmed, 200, 3, 0L), (stale.Cache, stale.Status, stale.Bytes, stale.BytesReceived));
        pages.Wait(Duration.FromSeconds(3601));
        pages.Requests.Clear();
        pages.Visit(browser);
        Assert.Contains("/fresh.png", pages.Targets);
    }

    [Fact]
    public void Cookies_come_back_to_who_gave_them()
    {
        using var pages = new Pages();
        pages.Www.Html("/", "<img src=a.png><img src=http://other.home/b.png>", ("Set-Cookie", "id=7; Path=/"));
        pages.Www.Has("/a.png", "image/png", "x");
        pages.Servers["other.home"].Has("/b.png", "image/png", "x");
        Assert.True(pages.Visit(options: new() { Cookies = new() }).IsWhole);
        Assert.Equal("id=7", pages.FieldOf("/a.png", "Cookie"));
        Assert.Null(pages.FieldOf("/b.png", "Cookie"));
    }

    [Fact]
    public void Redirects_are_followed_each_a_request_of_its_own()
    {
        using var pages = new Pages();
        pages.Www.SendsOn("/", "/there").Html("/there", "<img src=a.png>").SendsOn("/a.png", "http://other.home/b.png");
        pages.Servers["other.home"].Has("/b.png", "image/png", "x");
        var load = pages.Visit();
        Assert.True(load.IsWhole);
        Assert.Equal([302, 200, 302, 200], load.Resources.Select(static one => one.Status));
        Assert.Equal("http://other.home/b.png", load.Resources[2].RedirectsTo!.Href);
    }

    [Fact]
    public void A_circle_of_redirects_ends()
    {
        using var pages = new Pages();
        pages.Www.SendsOn("/", "/x").SendsOn("/x", "/");
        var load = pages.Visit();
        Assert.False(load.IsWhole);
        Assert.Equal(FailureKind.TooManyRedirects, load.Resources[^1].Failure);
    }

    [Fact]
    public void What_does_not_come_makes_the_page_less_than_whole_and_says_why()
    {
        using var pages = new Pages();
        pages.Www.Html("/", "<img src=no.png><img src=http://nobody.home/x.png>");
        var load = pages.Visit();
        Assert.False(load.IsWhole);
        Assert.Equal(404, Of(load, "/no.png").Status);
        Assert.Equal(FailureKind.NoSuchName, Of(load, "/x.png").Failure);
    }

    [Fact]
    public void There_is_an_end_to_depth_number_and_size()
    {
        using var pages = new Pages();
        pages.Www.Html("/", "<iframe src=/f/1></iframe>");
        for (var i = 1; i < 20; i++)
            pages.Www.Html($"/f/{i}", $"<iframe src=/f/{i + 1}></iframe>");
        var load = pages.Visit();
        Assert.Equal((1 + 4, 1), (load.Resources.Count, load.LeftOut));

        pages.Www.Html("/many", string.Concat(Enumerable.Range(0, 30).Select(static i => $"<img src={i}.png>")));
        Assert.Equal(20, pages.Visit("http://www.home/many", new() { MostResources = 10 }).LeftOut);

        pages.Www.Html("/big", "<img src=big.png>").Has("/big.png", "image/png", new string('x', 100_000));
        var big = pages.Visit("http://www.home/big", new() { MostBodyBytes = 50_000 });
        Assert.Equal(FailureKind.BadResponse, Of(big, "/big.png").Failure);
    }

    [Fact]
    public void The_server_s_word_on_the_encoding_counts()
    {
        using var pages = new Pages();
        var page = Encoding.Latin1.GetBytes("<meta charset=utf-8><img src=\"\u00e9.png\">");
        pages.Www.Has(
            "/",
            _ => new Answer(200, new Fields().Add("Content-Type", "text/html; charset=iso-8859-1"))
            {
                Body = new MemoryStream(page),
                BodyLength = page.Length,
            }
        );
        pages.Www.Has("/%C3%A9.png", "image/png", "x");
        Assert.True(pages.Visit().IsWhole);
    }

    [Fact]
    public void The_same_visit_is_the_same_to_the_nanosecond()
    {
        Assert.Equal(Once(), Once());

        static byte[] Once()
        {
            using var pages = new Pages();
            pages.Www.Html("/", string.Concat(Enumerable.Range(0, 12).Select(static i => $"<img src={i}.png>")));
            for (var i = 0; i < 12; i++)
                pages.Www.Has($"/{i}.png", "image/png", new string('x', 1000 * i));
            return HarWriter.Write([pages.Visit()], pages.Loop);
        }
    }

    private static LoadedResource Of(PageLoad load, string path) => load.Resources.Single(one => one.Url.Path == path);
}
