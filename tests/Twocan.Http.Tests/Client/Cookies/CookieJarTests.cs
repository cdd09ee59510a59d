using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class CookieJarTests
{
    private static readonly DateTimeOffset s_now = new(2020, 10, 7, 13, 0, 0, TimeSpan.Zero);

    private readonly CookieJar _jar = new();

    private bool Set(string url, string field) => _jar.TrySet(Url.Parse(url), field, s_now, out _, out _);

    private string? Sent(string url, DateTimeOffset? at = null) => _jar.FieldFor(Url.Parse(url), at ?? s_now);

    [Fact]
    public void A_cookie_goes_back_to_its_own_host_and_path_only()
    {
        Assert.True(Set("http://www.cyber.co.kr/dir/page", "a=1"));
        Assert.Equal("a=1", Sent("http://www.cyber.co.kr/dir/other"));
        Assert.Equal("a=1", Sent("http://www.cyber.co.kr/dir"));
        Assert.Null(Sent("http://www.cyber.co.kr/"));
        Assert.Null(Sent("http://www.cyber.co.kr/directory"));
        Assert.Null(Sent("http://cyber.co.kr/dir/"));
        Assert.Null(Sent("http://x.www.cyber.co.kr/dir/"));
    }

    [Fact]
    public void With_a_domain_it_goes_to_all_hosts_below_that()
    {
        Assert.True(Set("http://www.cyber.co.kr/", "a=1; Domain=.Cyber.co.kr; Path=/"));
        Assert.Equal("a=1", Sent("http://cyber.co.kr/"));
        Assert.Equal("a=1", Sent("http://ftp.cyber.co.kr/x"));
        Assert.Null(Sent("http://notcyber.co.kr/"));
    }

    [Theory]
    [InlineData("http://www.cyber.co.kr/", "a=1; Domain=glasscom.com")]
    [InlineData("http://www.cyber.co.kr/", "a=1; Domain=x.www.cyber.co.kr")]
    [InlineData("http://www.cyber.co.kr/", "a=1; Domain=kr")]
    [InlineData("http://www.cyber.co.kr/", "a=1; Domain=co.kr")]
    [InlineData("http://192.0.2.226/", "a=1; Domain=2.226")]
    [InlineData("http://www.cyber.co.kr/", "a=1; Secure")]
    [InlineData("http://www.cyber.co.kr/", "a=1; SameSite=None")]
    [InlineData("https://www.cyber.co.kr/", "__Secure-a=1")]
    [InlineData("https://www.cyber.co.kr/", "__host-a=1; Secure")]
    [InlineData("https://www.cyber.co.kr/", "__Host-a=1; Secure; Path=/dir")]
    [InlineData("https://www.cyber.co.kr/", "__Host-a=1; Secure; Path=/; Domain=www.cyber.co.kr")]
    [InlineData("https://www.cyber.co.kr/", "=__Host-a; Secure; Path=/")]
    [InlineData("http://www.cyber.co.kr/", "")]
    [InlineData("http://www.cyber.co.kr/", "=")]
    [InlineData("http://www.cyber.co.kr/", "a=1\u0001")]
    public void What_a_server_may_not_set_is_refused(string url, string field)
    {
        Assert.False(_jar.TrySet(Url.Parse(url), field, s_now, out _, out var why));
        Assert.NotEmpty(why);
        Assert.Equal(0, _jar.Count);
    }

    [Theory]
    [InlineData("https://www.cyber.co.kr/", "__Host-a=1; Secure; Path=/")]
    [InlineData("https://www.cyber.co.kr/", "__Secure-a=1; Secure")]
    [InlineData("http://192.0.2.226/", "a=1; Domain=192.0.2.226")]
    [InlineData("http://localhost/", "a=1; Secure")]
    [InlineData("http://intranet/", "a=1; Domain=intranet")]
    public void What_it_may_is_kept(string url, string field) => Assert.True(Set(url, field));

    [Fact]
    public void A_secure_cookie_is_neither_shown_nor_overwritten_without_TLS()
    {
        Assert.True(Set("https://www.cyber.co.kr/", "a=secret; Secure; Path=/"));
        Assert.Null(Sent("http://www.cyber.co.kr/"));
        Assert.False(Set("http://www.cyber.co.kr/", "a=planted; Path=/"));
        Assert.Equal("a=secret", Sent("https://www.cyber.co.kr/"));
    }

    [Fact]
    public void It_ends_when_it_was_said_to_and_Max_Age_is_heard_before_Expires()
    {
        Set("http://www.cyber.co.kr/", "a=1; Max-Age=60; Expires=Wed, 07 Oct 2020 13:00:01 GMT");
        Assert.Equal("a=1", Sent("http://www.cyber.co.kr/", s_now.AddSeconds(59)));
        Assert.Null(Sent("http://www.cyber.co.kr/", s_now.AddSeconds(60)));
        Set("http://www.cyber.co.kr/", "b=1");
        Set("http://www.cyber.co.kr/", "b=; Max-Age=0");
        Assert.Equal("a=1", Sent("http://www.cyber.co.kr/"));
        Set("http://www.cyber.co.kr/", "c=1; Max-Age=99999999999999999999");
        Assert.Equal(s_now.AddDays(400), _jar.All.Single(cookie => cookie.Name == "c").Expires);
    }

    [Fact]
    public void Longer_paths_come_first_and_then_the_older()
    {
        Set("http://www.cyber.co.kr/", "a=1; Path=/");
        _jar.TrySet(Url.Parse("http://www.cyber.co.kr/"), "b=2; Path=/", s_now.AddSeconds(1), out _, out _);
        Set("http://www.cyber.co.kr/", "c=3; Path=/dir");
        // Set again it keeps the age that it has.
        _jar.TrySet(Url.Parse("http://www.cyber.co.kr/"), "a=4; Path=/", s_now.AddSeconds(2), out _, out _);
        Assert.Equal("c=3; a=4; b=2", Sent("http://www.cyber.co.kr/dir/"));
    }

    [Theory]
    [InlineData("Strict", false, false, false)]
    [InlineData("Lax", true, false, false)]
    [InlineData("", true, false, false)]
    [InlineData("None; Secure", true, true, true)]
    public void SameSite_decides_whether_it_crosses(string sameSite, bool navigation, bool post, bool image)
    {
        var (url, other) = (Url.Parse("https://www.cyber.co.kr/"), Url.Parse("https://www.glasscom.com/"));
        Assert.True(Set(url.Href, $"a=1; SameSite={sameSite}"));
        Assert.Equal(navigation, _jar.FieldFor(url, s_now, new(other)) is not null);
        Assert.Equal(post, _jar.FieldFor(url, s_now, new(other), "POST") is not null);
        Assert.Equal(image, _jar.FieldFor(url, s_now, new(other, IsNavigation: false)) is not null);
        Assert.Equal("a=1", _jar.FieldFor(url, s_now, new(url, IsNavigation: false)));
    }

    [Fact]
    public void A_domain_that_sets_too_many_loses_its_oldest_and_nobody_elses()
    {
        Set("http://www.glasscom.com/", "mine=1");
        Set("https://www.cyber.co.kr/", "safe=1; Secure");
        for (var i = 0; i < 500; i++)
            Set("http://www.cyber.co.kr/", $"n{i}=1");
        Assert.Equal(181, _jar.Count);
        Assert.Equal("mine=1", Sent("http://www.glasscom.com/"));
        Assert.Contains("safe=1", Sent("https://www.cyber.co.kr/"));
        Assert.DoesNotContain("n0=", Sent("http://www.cyber.co.kr/"));
    }

    [Fact]
    public void A_jar_is_bounded_whoever_fills_it()
    {
        for (var i = 0; i < 4000; i++)
            Set($"http://h{i}.glasscom.com/", "a=1");
        Assert.Equal(3000, _jar.Count);
        Assert.Null(Sent("http://h0.glasscom.com/"));
    }

    [Fact]
    public void A_file_brings_back_what_was_written()
    {
        Set("http://www.cyber.co.kr/", "a=1; HttpOnly; Max-Age=60");
        Set("http://www.cyber.co.kr/", "b=; Domain=cyber.co.kr; Path=/x");
        var text = CookieFile.Write(_jar);
        Assert.Contains("#HttpOnly_www.cyber.co.kr\tFALSE\t/\tFALSE\t1602075660\ta\t1\n", text);
        Assert.Contains(".cyber.co.kr\tTRUE\t/x\tFALSE\t0\tb\t\n", text);
        var again = new CookieJar();
        Assert.Equal(0, CookieFile.Read(text.Split('\n'), again, s_now));
        Assert.Equal(text, CookieFile.Write(again));
        Assert.Equal(3, CookieFile.Read(["# note", "", "no cookie"], again, s_now));
    }

    [Fact]
    public void Whatever_a_server_writes_it_is_a_cookie_or_none_and_never_an_exception()
    {
        var random = new RandomSource(11);
        var urls = new[] { "http://www.cyber.co.kr/a/b", "https://192.0.2.226/", "http://localhost/" };
        string[] words =
        [
            "a=1",
            ";",
            "=",
            " Domain=",
            "cyber.co.kr",
            ".",
            "Path=/",
            "Expires=",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Max-Age=",
            "-9",
            "99999999999",
            "Secure",
            "HttpOnly",
            "SameSite=",
            "None",
            "__Host-",
            "\t",
            "\"",
            "é",
            "\u0001",
            "31",
        ];
        for (var i = 0; i < 1_500; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(12); n >= 0; n--)
                text.Append(
                    random.Chance(0.1) ? ((char)random.Next(256)).ToString() : words[random.Next(words.Length)]
                );
            var url = urls[random.Next(urls.Length)];
            if (Set(url, text.ToString()))
                Assert.DoesNotContain('\n', Sent(url) ?? "");
        }
    }
}
