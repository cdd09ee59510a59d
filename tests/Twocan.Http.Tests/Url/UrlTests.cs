using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class UrlTests
{
    [Fact]
    public void Every_part_of_a_url_is_found()
    {
        var url = Url.Parse("http://user:pass@www.lab.cyber.co.kr:8080/dir/file1.html?q=1#top");
        Assert.Equal(("http", "user", "pass"), (url.Scheme, url.Username, url.Password));
        Assert.Equal(("www.lab.cyber.co.kr", new Port(8080)), (url.Host.Name, url.Port));
        Assert.Equal(("/dir/file1.html", "q=1", "top"), (url.Path, url.Query, url.Fragment));
        Assert.Equal("www.lab.cyber.co.kr:8080", url.Authority);
        Assert.Equal("/dir/file1.html?q=1", url.OriginForm);
        Assert.Equal("http://www.lab.cyber.co.kr:8080/dir/file1.html?q=1", url.AbsoluteForm);
        Assert.Equal("http://www.lab.cyber.co.kr:8080", url.Origin);
    }

    [Theory]
    [InlineData("http://WWW.Lab.Cyber.CO.KR", "http://www.lab.cyber.co.kr/")]
    [InlineData("  http://a/\n", "http://a/")]
    [InlineData("ht\ntp://a/b\tc", "http://a/bc")]
    [InlineData("http:a", "http://a/")]
    [InlineData("http:\\\\a\\b", "http://a/b")]
    [InlineData("http:////a", "http://a/")]
    [InlineData("http://a:80/", "http://a/")]
    [InlineData("https://a:443/", "https://a/")]
    [InlineData("http://a:0080/", "http://a/")]
    [InlineData("http://a:/", "http://a/")]
    [InlineData("http://a:0/", "http://a:0/")]
    [InlineData("http://u@a", "http://u@a/")]
    [InlineData("http://:p@a", "http://:p@a/")]
    [InlineData("http://u:@a", "http://u@a/")]
    [InlineData("http://:@a", "http://a/")]
    [InlineData("http://u@v:w:x@a", "http://u%40v:w%3Ax@a/")]
    [InlineData("http://a/b/../c/./d/..", "http://a/c/")]
    [InlineData("http://a/../../b", "http://a/b")]
    [InlineData("http://a/%2E%2e/b/%2e", "http://a/b/")]
    [InlineData("http://a//b//", "http://a//b//")]
    [InlineData("http://a/한 글", "http://a/%ED%95%9C%20%EA%B8%80")]
    [InlineData("http://a/\ud83d\ude00", "http://a/%F0%9F%98%80")]
    [InlineData("http://a?b'c#d e", "http://a/?b%27c#d%20e")]
    [InlineData("http://a/?#", "http://a/?#")]
    [InlineData("http://a/%zz%", "http://a/%zz%")]
    [InlineData("http://%61%2Eb", "http://a.b/")]
    [InlineData("http://0x7f.1", "http://127.0.0.1/")]
    [InlineData("http://017700000001", "http://127.0.0.1/")]
    [InlineData("http://3232235777", "http://192.168.1.1/")]
    [InlineData("http://10.11.12.13.", "http://10.11.12.13/")]
    [InlineData("http://[2001:DB8:0:0:1:0:0:1]", "http://[2001:db8::1:0:0:1]/")]
    [InlineData("http://[::ffff:192.0.2.1]", "http://[::ffff:c000:201]/")]
    [InlineData("http://[::]:81", "http://[::]:81/")]
    [InlineData("http://[1:2:3:4:5:6:7::]", "http://[1:2:3:4:5:6:7:0]/")]
    public void A_url_is_written_in_one_way_only(string text, string href) => Assert.Equal(href, Url.Parse(text).Href);

    [Fact]
    public void Half_a_character_becomes_the_replacement_character() =>
        Assert.Equal("http://a/%EF%BF%BD?%EF%BF%BD", Url.Parse("http://a/\ud83d?\ude00").Href);

    [Theory]
    [InlineData("gazou.jpg", "http://a/b/c/gazou.jpg")]
    [InlineData("./gazou.jpg", "http://a/b/c/gazou.jpg")]
    [InlineData("../gazou.jpg", "http://a/b/gazou.jpg")]
    [InlineData("../../../gazou.jpg", "http://a/gazou.jpg")]
    [InlineData("/gazou.jpg", "http://a/gazou.jpg")]
    [InlineData("\\gazou.jpg", "http://a/gazou.jpg")]
    [InlineData("//d/gazou.jpg", "http://d/gazou.jpg")]
    [InlineData("http:gazou.jpg", "http://a/b/c/gazou.jpg")]
    [InlineData("https:gazou.jpg", "https://gazou.jpg/")]
    [InlineData("http://d", "http://d/")]
    [InlineData("?x", "http://a/b/c/d.html?x")]
    [InlineData("#x", "http://a/b/c/d.html?q#x")]
    [InlineData("", "http://a/b/c/d.html?q")]
    [InlineData(".", "http://a/b/c/")]
    [InlineData("..", "http://a/b/")]
    [InlineData("x:y/z", "x:y/z")]
    [InlineData("1:y", "http://a/b/c/1:y")]
    [InlineData("dir//x", "http://a/b/c/dir//x")]
    public void A_reference_is_read_from_where_it_stands(string text, string href) =>
        Assert.Equal(href, Url.Parse(text, Url.Parse("http://a/b/c/d.html?q#f")).Href);

    [Fact]
    public void A_reference_keeps_user_and_port_of_its_page()
    {
        var page = Url.Parse("http://u:p@a:81/b");
        Assert.Equal("http://u:p@a:81/c", Url.Parse("c", page).Href);
        Assert.Equal("http://d/c", Url.Parse("//d/c", page).Href);
    }

    [Theory]
    [InlineData("www.lab.cyber.co.kr", "has no scheme")]
    [InlineData("", "has no scheme")]
    [InlineData("http://", "there is no host")]
    [InlineData("http:///", "there is no host")]
    [InlineData("http://u@/", "there is a user but no host")]
    [InlineData("http://a:x/", "not a port number")]
    [InlineData("http://a:65536/", "not a port number")]
    [InlineData("http://a b/", "cannot be a host's name")]
    [InlineData("http://a%00/", "cannot be a host's name")]
    [InlineData("http://a<b/", "cannot be a host's name")]
    [InlineData("http://1.2.3.4.5/", "not an IPv4 address")]
    [InlineData("http://1.2.3.256/", "not an IPv4 address")]
    [InlineData("http://a.09/", "not an IPv4 address")]
    [InlineData("http://[::1/", "not an IPv6 address")]
    [InlineData("http://[1::2::3]/", "not an IPv6 address")]
    [InlineData("http://[::1%eth0]/", "not an IPv6 address")]
    [InlineData("http://[1:2:3:4:5:6:7:8:9]/", "not an IPv6 address")]
    [InlineData("http://[::1.2.3]/", "not an IPv6 address")]
    [InlineData("http://\u0301a.kr/", "cannot be an international domain name")]
    [InlineData("http://\u00ad/", "nothing is left of")]
    [InlineData("x://a b/", "cannot be a host's name")]
    public void What_cannot_be_a_url_says_why(string text, string why)
    {
        Assert.False(Url.TryParse(text, null, out _, out var reason));
        Assert.Contains(why, reason);
        Assert.Contains(why, Assert.Throws<FormatException>(() => Url.Parse(text)).Message);
    }

    [Fact]
    public void An_address_as_host_is_an_address()
    {
        Assert.Equal(IpAddress.Parse("192.0.2.226"), Url.Parse("http://192.0.2.226/").Host.Address);
        Assert.Equal(IpAddress.Parse("2001:db8::1"), Url.Parse("http://[2001:db8::1]/").Host.Address);
        Assert.Equal("2001:db8::1", Url.Parse("http://[2001:db8::1]/").Host.Name);
        Assert.Null(Url.Parse("http://a/").Host.Address);
    }
}
