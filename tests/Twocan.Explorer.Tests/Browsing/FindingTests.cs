using System.Text;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer.Tests;

public sealed class FindingTests
{
    private static readonly Url Page = Url.Parse("http://a/dir/page.html");

    private static IEnumerable<string> Find(string html) =>
        ResourceFinder
            .Find(Encoding.UTF8.GetBytes(html), null, Page, 1000)
            .Resources.Select(static one => $"{one.Kind} {one.Url.Href}");

    [Theory]
    [InlineData("<img src=' a.png '>", "Picture http://a/dir/a.png")]
    [InlineData("<input type=IMAGE src=a.png>", "Picture http://a/dir/a.png")]
    [InlineData("<input src=a.png>", null)]
    [InlineData("<video poster=a.png src=a.mp4>", "Picture http://a/dir/a.png")]
    [InlineData("<body background=/a.png>", "Picture http://a/a.png")]
    [InlineData("<svg><image href=a.png /></svg>", "Picture http://a/dir/a.png")]
    [InlineData("<link rel='Stylesheet' href=a.css>", "Stylesheet http://a/dir/a.css")]
    [InlineData("<link rel='alternate stylesheet' href=a.css>", null)]
    [InlineData("<link rel='shortcut icon' href=a.ico>", "Icon http://a/dir/a.ico")]
    [InlineData("<link rel=preload as=font href=a.woff2>", "Font http://a/dir/a.woff2")]
    [InlineData("<link rel=modulepreload href=a.js>", "Script http://a/dir/a.js")]
    [InlineData("<link rel=next href=b.html>", null)]
    [InlineData("<script src=a.js></script>", "Script http://a/dir/a.js")]
    [InlineData("<script type=module src=a.js></script>", "Script http://a/dir/a.js")]
    [InlineData("<script type='application/ld+json' src=a.js></script>", null)]
    [InlineData("<iframe src=b.html></iframe>", "Frame http://a/dir/b.html")]
    [InlineData("<iframe srcdoc=x src=b.html></iframe>", null)]
    [InlineData("<object data=a.svg></object>", "Other http://a/dir/a.svg")]
    [InlineData("<noscript><img src=a.png></noscript>", "Picture http://a/dir/a.png")]
    [InlineData("<style>p{background:url(a.png)}</style>", "Picture http://a/dir/a.png")]
    [InlineData("<p style=\"background:url('a.png')\">", "Picture http://a/dir/a.png")]
    [InlineData("<img src=mailto:a@b><img src='http://[x'><img src><a href=b.html>", null)]
    [InlineData("<!-- <img src=a.png> -->", null)]
    public void An_element_wants_something(string html, string? found) =>
        Assert.Equal(found is null ? [] : [found], Find(html));

    [Theory]
    [InlineData("a.png", null, null, "a.png")]
    [InlineData(null, "b.png", null, "b.png")]
    [InlineData("a.png", "b.png 2x", null, "a.png")]
    [InlineData("a.png", "b.png 1x, c.png 2x", null, "b.png")]
    [InlineData("a.png", "s.png 400w, m.png 1000w, l.png 2000w", null, "m.png")]
    [InlineData("a.png", "s.png 400w, l.png 2000w", null, "l.png")]
    [InlineData("a.png", "s.png 400w, l.png 2000w", "(max-width: 600px) 100vw, 300px", "s.png")]
    [InlineData("a.png", "s.png 400w, m.png 600w", "50vw", "m.png")]
    [InlineData("a.png", "s.png 400w, m.png 600w", "(min-width: 40em) 25em, 100vw", "s.png")]
    [InlineData("a.png", "s.png 100w, m.png 200w", null, "m.png")]
    [InlineData(null, "data:,a 1x, b,c.png 2x", null, "data:,a")]
    [InlineData("a.png", "b.png 1q", null, "a.png")]
    [InlineData(null, "", null, null)]
    public void Of_several_pictures_the_smallest_that_is_large_enough_is_taken(
        string? src,
        string? set,
        string? sizes,
        string? chosen
    ) => Assert.Equal(chosen, SourceSet.Choose(set, sizes, src, 1000));

    [Fact]
    public void Within_a_picture_the_first_source_that_fits_is_taken() =>
        Assert.Equal(
            ["Picture http://a/dir/c.webp"],
            Find(
                "<picture><source media='(max-width: 600px)' srcset=a.webp><source type=image/jxl srcset=b.jxl>"
                    + "<source type=image/webp srcset='c.webp, d.webp 2x'><img src=e.png></picture>"
            )
        );

    [Theory]
    [InlineData("@import 'a.css';", "Stylesheet a.css")]
    [InlineData("@IMPORT url( a.css ) screen;", "Stylesheet a.css")]
    [InlineData("@charset 'utf-8'; p { content: 'url(no.png)' }", null)]
    [InlineData("p{background:URL(\"a b.png\")}", "Picture a b.png")]
    [InlineData("p{background:url(a\\)b.png)}", "Picture a)b.png")]
    [InlineData("p{background:url('\\61 .png')}", "Picture a.png")]
    [InlineData("p{background:my-url(a.png)}", null)]
    [InlineData("/* url(a.png) */", null)]
    [InlineData("p{filter:url(#f)}", null)]
    [InlineData("@namespace url(http://x);", null)]
    [InlineData(
        "@font-face{src:local(x),url(a.woff2),url(a.woff)} p{background:url(b.png)}",
        "Font a.woff2, Picture b.png"
    )]
    [InlineData("@media screen{@font-face{src:url(a.woff)} p{background:url(b.png)}}", "Font a.woff, Picture b.png")]
    [InlineData("p{background:url(a.png", "Picture a.png")]
    [InlineData("@import 'a.css", "Stylesheet a.css")]
    public void A_style_sheet_names_other_things(string css, string? found) =>
        Assert.Equal(
            found ?? "",
            string.Join(", ", StyleScanner.Scan(css).Select(static one => $"{one.Kind} {one.Url}"))
        );

    [Fact]
    public void Nothing_that_a_server_sends_stops_the_search()
    {
        var random = new RandomSource(9);
        const string good =
            "@import url('a.css'); /* x */ p{background:url(\"a\\62.png\")} <img srcset='a.png 1x, b 2w' sizes='(min-width:1px) 3em'>";
        for (var round = 0; round < 5000; round++)
        {
            var text = new StringBuilder(good);
            for (var i = random.Next(6); i >= 0; i--)
                text[random.Next(text.Length)] = "()'\"\\/*@{};, uU\0é"[random.Next(17)];
            var broken = text.ToString()[random.Next(20)..];
            Assert.InRange(StyleScanner.Scan(broken).Count(), 0, 10);
            SourceSet.Choose(broken, broken, broken, 1000);
            if (round % 50 == 0)
                Assert.NotNull(Find(broken));
        }
    }

    [Theory]
    [InlineData("http://a/x?q", "http://a/y", "http://a/x?q")]
    [InlineData("http://a/x?q", "http://b/y", "http://a/")]
    [InlineData("https://a/x", "http://a/y", null)]
    [InlineData("http://a/x", "https://a/y", "http://a/")]
    [InlineData("http://u:p@a:81/x#f", "http://a:81/y", "http://a:81/x")]
    [InlineData("data:,x", "http://a/y", null)]
    public void The_usual_policy_tells_strangers_the_origin_alone(string from, string to, string? field) =>
        Assert.Equal(field, ReferrerPolicies.Field(Url.Parse(from), Url.Parse(to), ReferrerPolicies.Default));

    [Theory]
    [InlineData("no-referrer", null, null, null)]
    [InlineData("no-referrer-when-downgrade", "https://a/x", "https://a/x", null)]
    [InlineData("same-origin", "https://a/x", null, null)]
    [InlineData("origin", "https://a/", "https://a/", "https://a/")]
    [InlineData("strict-origin", "https://a/", "https://a/", null)]
    [InlineData("origin-when-cross-origin", "https://a/x", "https://a/", "https://a/")]
    [InlineData("unsafe-url", "https://a/x", "https://a/x", "https://a/x")]
    [InlineData("new-words, strict-origin-when-cross-origin, newer-words", "https://a/x", "https://a/", null)]
    public void Each_policy_tells_so_much_to_itself_to_others_and_to_the_open(
        string policy,
        string? self,
        string? other,
        string? open
    )
    {
        var (from, read) = (Url.Parse("https://a/x"), ReferrerPolicies.Read(policy)!.Value);
        Assert.Equal(self, ReferrerPolicies.Field(from, Url.Parse("https://a/y"), read));
        Assert.Equal(other, ReferrerPolicies.Field(from, Url.Parse("https://b/y"), read));
        Assert.Equal(open, ReferrerPolicies.Field(from, Url.Parse("http://a/y"), read));
    }
}
