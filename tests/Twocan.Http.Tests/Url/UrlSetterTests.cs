namespace Twocan.Http.Tests;

public sealed class UrlSetterTests
{
    [Theory]
    [InlineData("http://a/b", "https", "https://a/b")]
    [InlineData("http://a:443/b", "https:foo", "https://a/b")]
    [InlineData("http://a/b", "sc", "http://a/b")]
    [InlineData("sc://a/b", "http", "sc://a/b")]
    [InlineData("sc://a/b", "x+y", "x+y://a/b")]
    [InlineData("http://u@a/b", "file", "http://u@a/b")]
    [InlineData("http://a:1/b", "file", "http://a:1/b")]
    [InlineData("file:///b", "http", "file:///b")]
    [InlineData("file://a/b", "http", "http://a/b")]
    [InlineData("http://a/b", "1", "http://a/b")]
    [InlineData("http://a/b", "", "http://a/b")]
    public void Protocol(string url, string value, string href) =>
        Assert.Equal(href, Url.Parse(url).WithProtocol(value).Href);

    [Theory]
    [InlineData("http://a/", "u:@", "http://u%3A%40@a/")]
    [InlineData("http://u:p@a/", "", "http://:p@a/")]
    [InlineData("file:///a", "u", "file:///a")]
    [InlineData("mailto:a", "u", "mailto:a")]
    [InlineData("sc:///a", "u", "sc:///a")]
    public void Username(string url, string value, string href) =>
        Assert.Equal(href, Url.Parse(url).WithUsername(value).Href);

    [Theory]
    [InlineData("http://a/", "p", "http://:p@a/")]
    [InlineData("http://u:p@a/", "", "http://u@a/")]
    [InlineData("file:///a", "p", "file:///a")]
    public void Password(string url, string value, string href) =>
        Assert.Equal(href, Url.Parse(url).WithPassword(value).Href);

    [Theory]
    [InlineData("http://a:1/b", "c:2", "http://c:2/b")]
    [InlineData("http://a:1/b", "c", "http://c:1/b")]
    [InlineData("http://a:1/b", "c:80", "http://c/b")]
    [InlineData("http://a:1/b", "c:99999", "http://c:1/b")]
    [InlineData("http://a/b", "c/d?e#f", "http://c/b")]
    [InlineData("http://a/b", "", "http://a/b")]
    [InlineData("http://a/b", ":2", "http://a/b")]
    [InlineData("http://a/b", "x y", "http://a/b")]
    [InlineData("sc://a/b", "", "sc:///b")]
    [InlineData("sc://u@a/b", "", "sc://u@a/b")]
    [InlineData("sc:/b", "c", "sc://c/b")]
    [InlineData("mailto:a", "c", "mailto:a")]
    [InlineData("file:///b", "c", "file://c/b")]
    [InlineData("file://a/b", "localhost", "file:///b")]
    public void Host(string url, string value, string href) => Assert.Equal(href, Url.Parse(url).WithHost(value).Href);

    [Theory]
    [InlineData("http://a:1/b", "c:2", "http://a:1/b")]
    [InlineData("http://a:1/b", "[::1]", "http://[::1]:1/b")]
    [InlineData("http://a/b", "c\\d", "http://c/b")]
    [InlineData("mailto:a", "c", "mailto:a")]
    public void Hostname(string url, string value, string href) =>
        Assert.Equal(href, Url.Parse(url).WithHostname(value).Href);

    [Theory]
    [InlineData("http://a/", "81", "http://a:81/")]
    [InlineData("http://a/", "81x", "http://a:81/")]
    [InlineData("http://a:81/", "80", "http://a/")]
    [InlineData("http://a:81/", "", "http://a/")]
    [InlineData("http://a:81/", "x", "http://a:81/")]
    [InlineData("http://a:81/", "65536", "http://a:81/")]
    [InlineData("http://a/", "8\t1", "http://a:81/")]
    [InlineData("file://a/", "1", "file://a/")]
    public void Port(string url, string value, string href) => Assert.Equal(href, Url.Parse(url).WithPort(value).Href);

    [Theory]
    [InlineData("http://a/b?c", "d/../e?f#g", "http://a/e%3Ff%23g?c")]
    [InlineData("http://a/b", "", "http://a/")]
    [InlineData("sc://a/b", "", "sc://a")]
    [InlineData("sc:/b", "", "sc:/")]
    [InlineData("sc:/b", "//c", "sc:/.//c")]
    [InlineData("mailto:a", "b", "mailto:a")]
    [InlineData("http://a/b", "\\c\\d", "http://a/c/d")]
    public void Pathname(string url, string value, string href) =>
        Assert.Equal(href, Url.Parse(url).WithPathname(value).Href);

    [Theory]
    [InlineData("http://a/", "?b c#d", "http://a/?b%20c%23d")]
    [InlineData("http://a/?b#f", "", "http://a/#f")]
    [InlineData("http://a/?b", "?", "http://a/?")]
    [InlineData("http://a/?b", "??c", "http://a/??c")]
    public void Search(string url, string value, string href) =>
        Assert.Equal(href, Url.Parse(url).WithSearch(value).Href);

    [Theory]
    [InlineData("http://a/", "#b c", "http://a/#b%20c")]
    [InlineData("http://a/#b", "", "http://a/")]
    [InlineData("http://a/#b", "#", "http://a/#")]
    [InlineData("mailto:a ", "x", "mailto:a#x")]
    public void Hash(string url, string value, string href) => Assert.Equal(href, Url.Parse(url).WithHash(value).Href);

    [Fact]
    public void A_setter_leaves_the_url_itself_alone()
    {
        var url = Url.Parse("http://a/b/c");
        Assert.Equal("http://a/x", url.WithPathname("x").Href);
        Assert.Equal("http://a/b/c", url.Href);
        Assert.Equal(["b", "c"], url.Segments);
    }

    [Fact]
    public void Only_href_throws()
    {
        Assert.Equal("sc:x", Url.Parse("http://a").WithHref("sc:x").Href);
        Assert.Throws<FormatException>(() => Url.Parse("http://a").WithHref("x"));
    }

    [Fact]
    public void A_list_of_names_and_values_becomes_the_query()
    {
        var url = Url.Parse("https://example.com/?a=b ~");
        var query = url.SearchParams;
        query.Append("ü", "1+1=2");
        Assert.Equal("https://example.com/?a=b+%7E&%C3%BC=1%2B1%3D2", url.WithSearchParams(query).Href);
        Assert.Equal("https://example.com/", url.WithSearchParams(new()).Href);
    }
}
