namespace Twocan.Http.Tests;

public sealed class ProxyRulesTests
{
    private static ProxyRules Rules(params (string Name, string Value)[] variables) =>
        ProxyRules.TryRead(name => variables.FirstOrDefault(one => one.Name == name).Value, out var rules, out var why)
            ? rules
            : throw new FormatException(why);

    [Fact]
    public void Each_scheme_has_its_variable_and_all_proxy_is_for_the_rest()
    {
        var rules = Rules(("http_proxy", "http://user:p%40w@proxy.home:3128/"), ("ALL_PROXY", "10.11.12.2"));
        var http = rules.For(Url.Parse("http://www.cyber.co.kr/"))!;
        Assert.Equal("proxy.home:3128", http.ToString());
        Assert.Equal(new Credentials("user", "p@w"), http.Credentials);
        Assert.Equal("10.11.12.2:3128", rules.For(Url.Parse("https://www.cyber.co.kr/"))!.ToString());
        Assert.Null(Rules(("HTTP_PROXY", "proxy.home")).For(Url.Parse("http://www.cyber.co.kr/")));
        Assert.Null(Rules().For(Url.Parse("http://www.cyber.co.kr/")));
    }

    [Theory]
    [InlineData("*", "http://www.cyber.co.kr/", true)]
    [InlineData("cyber.co.kr", "http://cyber.co.kr/", true)]
    [InlineData("cyber.co.kr", "http://www.cyber.co.kr/", true)]
    [InlineData(".cyber.co.kr", "http://www.CYBER.co.kr/", true)]
    [InlineData("cyber.co.kr", "http://notcyber.co.kr/", false)]
    [InlineData("glasscom.com, cyber.co.kr", "http://www.cyber.co.kr/", true)]
    [InlineData("cyber.co.kr:8080", "http://cyber.co.kr/", false)]
    [InlineData("cyber.co.kr:8080", "http://cyber.co.kr:8080/", true)]
    [InlineData("10.0.0.0/8", "http://10.11.12.13/", true)]
    [InlineData("10.0.0.0/8", "http://11.11.12.13/", false)]
    [InlineData("10.11.12.13", "http://10.11.12.13/", true)]
    [InlineData("2001:db8::/32", "http://[2001:db8::1]/", true)]
    [InlineData("[2001:db8::1]", "http://[2001:db8::1]/", true)]
    [InlineData("10.0.0.0/8", "http://www.cyber.co.kr/", false)]
    [InlineData("", "http://www.cyber.co.kr/", false)]
    public void No_proxy_excepts_names_addresses_and_subnets(string exceptions, string url, bool isExcepted)
    {
        var rules = Rules(("http_proxy", "proxy.home"), ("no_proxy", exceptions));
        Assert.Equal(isExcepted, rules.For(Url.Parse(url)) is null);
    }

    [Theory]
    [InlineData("https://proxy.home")]
    [InlineData("http://")]
    [InlineData("a b")]
    public void What_is_no_proxy_says_so(string value)
    {
        Assert.False(ProxyRules.TryRead(name => name == "http_proxy" ? value : null, out _, out var why));
        Assert.StartsWith("http_proxy: ", why);
    }
}
