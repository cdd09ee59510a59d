using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>A proxy: http requests go to it in absolute form, and to https servers it makes a tunnel.</summary>
public sealed record ProxyAddress(string Host, Port Port)
{
    /// <summary>Who asks, where the proxy wants to know.</summary>
    public Credentials? Credentials { get; init; }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Reads <c>proxy.home</c>, <c>proxy.home:8080</c> or <c>http://user:password@proxy.home:8080/</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ProxyAddress? proxy, out string why)
    {
        proxy = null;
        var isWhole = text.Contains("://", StringComparison.Ordinal);
        if (!Url.TryParse(isWhole ? text : "http://" + text, null, out var url, out why))
            return false;
        why = $"a proxy is spoken to in http, and '{text}' says {url.Scheme}";
        if (url.Scheme != "http")
            return false;
        // The port of a URL that names none would be 80, which no proxy has.
        var hasPort80 = text.TrimEnd('/').EndsWith(":80", StringComparison.Ordinal);
        var port = url.WrittenPort ?? (hasPort80 ? Port.Http : Port.HttpProxy);
        proxy = new(url.Host.Name, port) { Credentials = Credentials.Of(url) };
        return true;
    }
}

/// <summary>
/// Which requests go through which proxy, as <c>http_proxy</c>, <c>https_proxy</c>, <c>all_proxy</c> and <c>no_proxy</c> say it.
/// <c>HTTP_PROXY</c> is not read: to a CGI program anybody can send a field <c>Proxy</c>, and the program would find it under that name.
/// </summary>
public sealed class ProxyRules
{
    private readonly ProxyAddress? _http;
    private readonly ProxyAddress? _https;
    private readonly IReadOnlyList<string> _exceptions;

    private ProxyRules(ProxyAddress? http, ProxyAddress? https, IReadOnlyList<string> exceptions) =>
        (_http, _https, _exceptions) = (http, https, exceptions);

    /// <summary>One proxy for everything that <paramref name="except"/> (as <c>no_proxy</c> has it) does not except.</summary>
    public static ProxyRules Always(ProxyAddress proxy, string? except = null) => new(proxy, proxy, Words(except));

    /// <summary>Reads the variables; what is no proxy is said in <paramref name="why"/>.</summary>
    public static bool TryRead(
        Func<string, string?> variable,
        [NotNullWhen(true)] out ProxyRules? rules,
        out string why
    )
    {
        rules = null;
        if (
            !TryProxy(variable, out var http, out why, "http_proxy", "all_proxy", "ALL_PROXY")
            || !TryProxy(variable, out var https, out why, "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        )
            return false;
        rules = new(http, https, Words(First(variable, "no_proxy", "NO_PROXY").Value));
        return true;
    }

    /// <summary>Null: straight to the server.</summary>
    public ProxyAddress? For(Url url)
    {
        foreach (var exception in _exceptions)
        {
            if (Excepts(exception, url))
                return null;
        }
        return url.Scheme == "https" ? _https : _http;
    }

    private static bool TryProxy(
        Func<string, string?> variable,
        out ProxyAddress? proxy,
        out string why,
        params ReadOnlySpan<string> names
    )
    {
        (proxy, why) = (null, "");
        if (First(variable, names) is not ({ } name, { } value))
            return true;
        if (ProxyAddress.TryParse(value, out proxy, out why))
            return true;
        why = $"{name}: {why}";
        return false;
    }

    private static (string? Name, string? Value) First(
        Func<string, string?> variable,
        params ReadOnlySpan<string> names
    )
    {
        foreach (var name in names)
        {
            if (variable(name) is { Length: > 0 } value)
                return (name, value);
        }
        return default;
    }

    private static string[] Words(string? text) =>
        (text ?? "").Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary><c>*</c>, <c>cyber.co.kr</c> or <c>.cyber.co.kr</c> with all below it, an address, <c>10.0.0.0/8</c>; a port may stand behind.</summary>
    private static bool Excepts(string exception, Url url)
    {
        if (exception == "*")
            return true;
        if (url.Host.Address is { } address)
        {
            if (Subnet.TryParse(exception, out var subnet))
                return subnet.Contains(address);
            if (IpAddress.TryParse(exception.Trim('[', ']'), out var one))
                return one == address;
        }
        if (exception.LastIndexOf(':') is > 0 and var colon && !exception.EndsWith(']'))
        {
            if (exception[(colon + 1)..] != url.Port.Number.ToString(CultureInfo.InvariantCulture))
                return false;
            exception = exception[..colon];
        }
        if (url.Host.Address is { } mine)
            return IpAddress.TryParse(exception.Trim('[', ']'), out var other) && other == mine;
        return Cookie.DomainMatches(url.Host.Name.TrimEnd('.'), exception.Trim('.'));
    }
}
