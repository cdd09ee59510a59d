namespace Twocan.Http.Tests;

/// <summary>The parser state by state, in the standard's order.</summary>
public sealed class UrlParserTests
{
    private static string? Href(string text, string? relativeTo = null) =>
        Url.TryParse(text, relativeTo is null ? null : Url.Parse(relativeTo), out var url, out _) ? url.Href : null;

    [Theory]
    [InlineData("HTTP://a", "http://a/")]
    [InlineData("a+-.1:b", "a+-.1:b")]
    [InlineData("1a:b", null)]
    [InlineData(":a", null)]
    [InlineData("a b:c", null)]
    [InlineData("a", null)]
    public void Scheme(string text, string? href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("#x", "mailto:a@b", "mailto:a@b#x")]
    [InlineData("x", "mailto:a@b", null)]
    [InlineData("", "mailto:a@b", null)]
    [InlineData("#", "data:,x?y#z", "data:,x?y#")]
    [InlineData("x", "file:///a/b", "file:///a/x")]
    [InlineData("x", "sc://a/b/c", "sc://a/b/x")]
    public void No_scheme(string text, string relativeTo, string? href) => Assert.Equal(href, Href(text, relativeTo));

    [Theory]
    [InlineData("https:x", "https://a/b/c", "https://a/b/x")]
    [InlineData("https:/x", "https://a/b/c", "https://a/x")]
    [InlineData("https://x", "https://a/b/c", "https://x/")]
    [InlineData("http:x", "https://a/b/c", "http://x/")]
    [InlineData("sc:x", "sc://a/b", "sc:x")]
    public void Special_relative_or_authority(string text, string relativeTo, string href) =>
        Assert.Equal(href, Href(text, relativeTo));

    [Theory]
    [InlineData("sc:/a", "sc:/a")]
    [InlineData("sc://a", "sc://a")]
    [InlineData("sc:///a", "sc:///a")]
    [InlineData("sc:/..//a", "sc:/.//a")]
    [InlineData("sc:/.//a", "sc:/.//a")]
    [InlineData("sc:/", "sc:/")]
    public void Path_or_authority(string text, string href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("", "sc://u:p@a:1/b?q#f", "sc://u:p@a:1/b?q")]
    [InlineData("?x", "sc://u:p@a:1/b?q", "sc://u:p@a:1/b?x")]
    [InlineData("#x", "sc://a/b?q", "sc://a/b?q#x")]
    [InlineData("\\x", "sc://a/b/c", "sc://a/b/\\x")]
    [InlineData("\\x", "http://a/b/c", "http://a/x")]
    [InlineData("\\\\x", "http://a/b/c", "http://x/")]
    [InlineData("/\\x", "http://a/b/c", "http://x/")]
    [InlineData("//x", "sc://a/b/c", "sc://x")]
    [InlineData("/x", "sc://u@a:1/b/c", "sc://u@a:1/x")]
    [InlineData("../../..", "sc://a/b/c", "sc://a/")]
    [InlineData("x", "sc:/a", "sc:/x")]
    public void Relative(string text, string relativeTo, string href) => Assert.Equal(href, Href(text, relativeTo));

    [Theory]
    [InlineData("http:a", "http://a/")]
    [InlineData("http:/a", "http://a/")]
    [InlineData("http:\\/\\/a", "http://a/")]
    [InlineData("wss:a", "wss://a/")]
    public void Special_authority_slashes(string text, string href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("http://a@b@c/", "http://a%40b@c/")]
    [InlineData("http://a:b:c@d/", "http://a:b%3Ac@d/")]
    [InlineData("http://:b@c/", "http://:b@c/")]
    [InlineData("http://@c/", "http://c/")]
    [InlineData("http://é:ü@c/", "http://%C3%A9:%C3%BC@c/")]
    [InlineData("http://a@/", null)]
    [InlineData("http://a@", null)]
    [InlineData("sc://a@/x", null)]
    [InlineData("sc://a\\b@c/", "sc://a%5Cb@c/")]
    [InlineData("http://a\\b@c/", "http://a/b@c/")]
    public void Authority(string text, string? href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("http://?", null)]
    [InlineData("http://:80", null)]
    [InlineData("sc://?", "sc://?")]
    [InlineData("sc://:80", null)]
    [InlineData("sc://A%41/", "sc://A%41/")]
    [InlineData("sc://ä/", "sc://%C3%A4/")]
    [InlineData("sc://a^b/", null)]
    [InlineData("sc://a%5Eb/", "sc://a%5Eb/")]
    [InlineData("sc://1.2.3/", "sc://1.2.3/")]
    [InlineData("sc://[::1]:2/", "sc://[::1]:2/")]
    [InlineData("http://a%20b/", null)]
    [InlineData("http://a%25b/", null)]
    [InlineData("http://[::1]x/", null)]
    public void Host(string text, string? href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("ftp://a:21/", "ftp://a/")]
    [InlineData("ws://a:80/", "ws://a/")]
    [InlineData("wss://a:443/", "wss://a/")]
    [InlineData("https://a:80/", "https://a:80/")]
    [InlineData("sc://a:80/", "sc://a:80/")]
    [InlineData("http://a:00000000000000000000080/", "http://a/")]
    [InlineData("http://a:65535", "http://a:65535/")]
    [InlineData("http://a:65536", null)]
    [InlineData("http://a:99999999999999999999", null)]
    [InlineData("http://a:8 0", null)]
    [InlineData("http://a:80\\b", "http://a/b")]
    [InlineData("sc://a:80\\b", null)]
    public void Port(string text, string? href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("file:a", null, "file:///a")]
    [InlineData("file:/a", null, "file:///a")]
    [InlineData("file://a", null, "file://a/")]
    [InlineData("file:////a", null, "file:////a")]
    [InlineData("file://localhost/a", null, "file:///a")]
    [InlineData("file://LOCALHOST:1/a", null, null)]
    [InlineData("file:///C|/a", null, "file:///C:/a")]
    [InlineData("file://C|/a", null, "file:///C:/a")]
    [InlineData("file:///C:/../..", null, "file:///C:/")]
    [InlineData("file:///CC|/a", null, "file:///CC|/a")]
    [InlineData("file://h/C|/a", null, "file://h/C:/a")]
    [InlineData("file:x", "file://h/a/b?q", "file://h/a/x")]
    [InlineData("file:?x", "file://h/a/b?q", "file://h/a/b?x")]
    [InlineData("#x", "file://h/a/b?q", "file://h/a/b?q#x")]
    [InlineData("", "file://h/a/b?q#f", "file://h/a/b?q")]
    [InlineData("D:/x", "file:///C:/a/b", "d:/x")]
    [InlineData("file:D:/x", "file:///C:/a/b", "file:///D:/x")]
    [InlineData("D|/x", "file:///C:/a/b", "file:///D:/x")]
    [InlineData("/x", "file:///C:/a/b", "file:///C:/x")]
    [InlineData("/D|/x", "file:///C:/a/b", "file:///D:/x")]
    [InlineData("\\x", "file://h/a/b", "file://h/x")]
    [InlineData("//g/x", "file://h/a/b", "file://g/x")]
    [InlineData("file:x", "http://h/a/b", "file:///x")]
    public void File(string text, string? relativeTo, string? href) => Assert.Equal(href, Href(text, relativeTo));

    [Theory]
    [InlineData("http://a/b/./c/../d", "http://a/b/d")]
    [InlineData("http://a/%2E/%2e%2E/x", "http://a/x")]
    [InlineData("http://a/..%2fx", "http://a/..%2fx")]
    [InlineData("http://a/b\\..\\c", "http://a/c")]
    [InlineData("sc://a/b\\..\\c", "sc://a/b\\..\\c")]
    [InlineData("sc://a/..", "sc://a/")]
    [InlineData("sc://a", "sc://a")]
    [InlineData("http://a/ \"<>`{}^?", "http://a/%20%22%3C%3E%60%7B%7D%5E?")]
    [InlineData("http://a/|[]\\%", "http://a/|[]/%")]
    public void Path(string text, string href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("mailto:a b", "mailto:a b")]
    [InlineData("sc:a b ?c", "sc:a b%20?c")]
    [InlineData("sc:a  #c", "sc:a %20#c")]
    [InlineData("sc:a ", "sc:a")]
    [InlineData("sc:\u0001\u007fé<>", "sc:%01%7F%C3%A9<>")]
    [InlineData("sc:..", "sc:..")]
    [InlineData("sc:", "sc:")]
    public void Opaque_path(string text, string href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("http://a/? \"<>'`", "http://a/?%20%22%3C%3E%27`")]
    [InlineData("sc://a/? \"<>'`", "sc://a/?%20%22%3C%3E'`")]
    [InlineData("http://a/?b?c", "http://a/?b?c")]
    [InlineData("http://a/#b#c?d", "http://a/#b#c?d")]
    [InlineData("http://a/# \"<>'`", "http://a/#%20%22%3C%3E'%60")]
    public void Query_and_fragment(string text, string href) => Assert.Equal(href, Href(text));

    [Theory]
    [InlineData("http://a:81", "http://a:81")]
    [InlineData("ftp://a", "ftp://a")]
    [InlineData("ws://a", "ws://a")]
    [InlineData("blob:https://a:1/uuid", "https://a:1")]
    [InlineData("blob:ftp://a/x", "null")]
    [InlineData("blob:blob:https://a/x", "null")]
    [InlineData("blob:x", "null")]
    [InlineData("file:///a", "null")]
    [InlineData("data:,", "null")]
    [InlineData("sc://a", "null")]
    public void Origin(string text, string origin) => Assert.Equal(origin, Url.Parse(text).Origin);

    [Fact]
    public void What_has_no_origin_of_its_own_shares_it_with_nobody()
    {
        Assert.True(Url.Parse("http://a/b").IsSameOriginAs(Url.Parse("http://a:80/c")));
        Assert.False(Url.Parse("http://a/b").IsSameOriginAs(Url.Parse("https://a/b")));
        Assert.False(Url.Parse("data:,a").IsSameOriginAs(Url.Parse("data:,a")));
    }

    [Theory]
    [InlineData("www.lab.cyber.co.kr", "http://www.lab.cyber.co.kr/")]
    [InlineData("localhost:8080/x", "http://localhost:8080/x")]
    [InlineData("localhost:8080", "http://localhost:8080/")]
    [InlineData("tel:112", "tel:112")]
    [InlineData("news:1@a", "news:1@a")]
    [InlineData("a:1b", "a:1b")]
    [InlineData("https://a", "https://a/")]
    [InlineData("mailto:a@b", "mailto:a@b")]
    [InlineData("", null)]
    public void What_is_typed_may_leave_http_out(string text, string? href) =>
        Assert.Equal(href, Url.TryParseTyped(text, out var url, out _) ? url.Href : null);

    [Fact]
    public void It_can_be_asked_without_a_url() =>
        Assert.True(Url.CanParse("x", Url.Parse("http://a")) && !Url.CanParse("x") && !Url.CanParse(null));
}
