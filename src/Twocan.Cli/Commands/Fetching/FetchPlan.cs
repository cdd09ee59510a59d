using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary>What a command line of <c>fetch</c> comes to; what is wrong with it is said here, before anything is done.</summary>
internal sealed class FetchPlan
{
    private readonly FetchOptions _options;
    private readonly Invocation _call;

    public FetchPlan(FetchOptions options, Invocation call, IpFamily? family)
    {
        (_options, _call, Family) = (options, call, family);
        Urls = [.. call.Get(options.Urls).Select(UrlOf)];
        Outputs = OutputsOf();
        Fields = FieldsOf(out var suppressed);
        Jar = call.Has(options.Cookie) || call.Has(options.CookieJar) ? new CookieJar() : null;
        (CookieField, CookieFile) = CookiesOf();
        Resumes = call.Get(options.Continue) is { } from ? OffsetOf(from) : null;
        RatePerSecond = call.Get(options.Limit) is { } rate ? RateOf(rate) : null;
        Client = ClientOf(suppressed);
        Body = new FetchBody(options, call);
        Method = MethodOf();
        if (Resumes is not null && Outputs.All(static output => output is null))
            throw new WrongUsageException("-C goes on with a file: name it with -o or -O");
        if (Resumes is not null && call.Has(options.Range))
            throw new WrongUsageException("-C and -r both say which bytes: say one of them");
        if (call.Get(options.Trace) && call.OnHost)
            throw new WrongUsageException(
                "--trace shows what a world's host does; of this machine's, -v shows HTTP and 'twocan capture --on-host' the packets"
            );
    }

    public IpFamily? Family { get; }

    public IReadOnlyList<Url> Urls { get; }

    /// <summary>Where each goes: null is standard output.</summary>
    public IReadOnlyList<string?> Outputs { get; }

    public string Method { get; }

    public Fields Fields { get; }

    public FetchBody Body { get; }

    public CookieJar? Jar { get; }

    /// <summary>Cookies that were said on the line.</summary>
    public string? CookieField { get; }

    public string? CookieFile { get; }

    public WebClientOptions Client { get; }

    /// <summary>Where to go on; -1 is where the file ends, null is from the beginning.</summary>
    public long? Resumes { get; }

    public double? RatePerSecond { get; }

    public Credentials? Credentials =>
        _call.Get(_options.User) is { } user
            ? user.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
                ? new(user[..colon], user[(colon + 1)..])
                : new(user, "")
            : null;

    private Url UrlOf(string text)
    {
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (!Url.TryParse(whole, null, out var url, out var why))
            throw new WrongUsageException($"'{text}' is not a URL: {why}");
        return url.Scheme is "http" or "https"
            ? url
            : throw new WrongUsageException($"{url.Scheme} is not fetched here: http and https are");
    }

    private List<string?> OutputsOf()
    {
        var named = _call.Get(_options.Output) ?? [];
        if (named.Length > Urls.Count)
            throw new WrongUsageException($"there are {named.Length} files for {Urls.Count} URLs");
        var outputs = new List<string?>();
        for (var i = 0; i < Urls.Count; i++)
        {
            var name =
                i < named.Length ? named[i]
                : _call.Get(_options.RemoteName) ? RemoteNameOf(Urls[i])
                : null;
            outputs.Add(name == "-" ? null : name);
        }
        return outputs;
    }

    /// <summary>The last part of the path, which names a file here and nothing above it.</summary>
    private static string RemoteNameOf(Url url)
    {
        var name = Uri.UnescapeDataString(url.Path[(url.Path.LastIndexOf('/') + 1)..]);
        return name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0
            ? name
            : throw new WrongUsageException($"{url.Href} ends in no file's name: say one with -o");
    }

    private Fields FieldsOf(out HashSet<string> suppressed)
    {
        var fields = new Fields();
        suppressed = new(StringComparer.OrdinalIgnoreCase);
        foreach (var text in _call.Get(_options.Header) ?? [])
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1)
                throw new WrongUsageException($"a field is a name, a colon and a value, not '{text}'");
            var (name, value) = (text[..colon].Trim(), text[(colon + 1)..].Trim());
            if (value.Length == 0)
                suppressed.Add(name);
            else
                Put(fields, name, value);
        }
        if (_call.Get(_options.Referer) is { } referer)
            Put(fields, "Referer", referer);
        if (_call.Get(_options.Range) is { } range)
            Put(fields, "Range", "bytes=" + range);
        return fields;
    }

    private static void Put(Fields fields, string name, string value)
    {
        try
        {
            fields.Add(name, System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(value)));
        }
        catch (ArgumentException)
        {
            throw new WrongUsageException($"'{name}: {value}' cannot be a field");
        }
    }

    private (string? Field, string? File) CookiesOf()
    {
        string? field = null;
        string? file = null;
        foreach (var word in _call.Get(_options.Cookie) ?? [])
        {
            if (word.Contains('=', StringComparison.Ordinal))
                field = field is null ? word : $"{field}; {word}";
            else
                file = word;
        }
        if (file is { Length: > 0 } && !File.Exists(file))
            throw new WrongUsageException($"there is no file '{file}' with cookies");
        return (field, file is { Length: > 0 } ? file : null);
    }

    private static long OffsetOf(string text) =>
        text == "-" ? -1
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset
        : throw new WrongUsageException($"-C takes a number of bytes, or '-', not '{text}'");

    private static double RateOf(string text)
    {
        var unit = char.ToLowerInvariant(text[^1]) switch
        {
            'k' => 1024,
            'm' => 1024 * 1024,
            'g' => 1024 * 1024 * 1024,
            _ => 1,
        };
        return double.TryParse(unit == 1 ? text : text[..^1], CultureInfo.InvariantCulture, out var rate) && rate > 0
            ? rate * unit
            : throw new WrongUsageException($"--limit-rate takes bytes a second, as 500, 100k or 2m, not '{text}'");
    }

    private WebClientOptions ClientOf(HashSet<string> suppressed)
    {
        var connect = SecondsOf(_options.ConnectTimeout);
        return new()
        {
            FollowRedirects = _call.Get(_options.Location) ? _call.GetWithin(_options.MaxRedirects, 0, 1000) : 0,
            Timeouts = new()
            {
                Name = connect,
                Connect = connect,
                Tls = connect ?? new FetchTimeouts().Tls,
                Total = SecondsOf(_options.MaxTime),
            },
            ProxyRules = ProxyRulesOf(),
            Tls = new() { AcceptsAnybody = _call.Get(_options.Insecure), Authorities = AuthoritiesOf() },
            Cookies = Jar,
            Authentication = _call.Get(_options.Digest) ? AuthenticationScheme.Digest : AuthenticationScheme.Any,
            Decodes = _call.Get(_options.Compressed),
            MostDecoded = long.MaxValue,
            Version = _call.Get(_options.Http10) ? HttpVersion.Http10 : HttpVersion.Http11,
            UserAgent =
                _call.Get(_options.Agent)
                ?? (suppressed.Contains("User-Agent") ? null : new WebClientOptions().UserAgent),
            Accept = suppressed.Contains("Accept") ? null : new WebClientOptions().Accept,
        };
    }

    private Duration? SecondsOf(Option<double?> option) =>
        _call.Get(option) switch
        {
            null => null,
            > 0 and <= 1e9 and var seconds => Duration.FromSeconds(seconds),
            _ => throw new WrongUsageException($"{option.Name} is a number of seconds above 0"),
        };

    private ProxyRules? ProxyRulesOf()
    {
        if (_call.Get(_options.Proxy) is { Length: > 0 } text)
            return ProxyAddress.TryParse(text, out var proxy, out var why)
                ? ProxyRules.Always(proxy, _call.Get(_options.NoProxy))
                : throw new WrongUsageException($"'{text}' is not a proxy: {why}");
        // What this machine's variables name is no host of a world.
        if (!_call.OnHost || _call.Has(_options.Proxy))
            return null;
        return ProxyRules.TryRead(VariableOf, out var rules, out var wrong)
            ? rules
            : throw new WrongUsageException(wrong);

        string? VariableOf(string name) =>
            name == "no_proxy" && _call.Get(_options.NoProxy) is { } exceptions
                ? exceptions
                : Environment.GetEnvironmentVariable(name);
    }

    private X509Certificate2Collection? AuthoritiesOf()
    {
        if (_call.Get(_options.Authority) is not { } file)
            return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new WrongUsageException($"'{file}' cannot be read as certificates: {failure.Message}");
        }
        return authorities.Count > 0
            ? authorities
            : throw new WrongUsageException($"there is no certificate (PEM) in '{file}'");
    }

    private string MethodOf()
    {
        var method =
            _call.Get(_options.Method)
            ?? (
                _call.Get(_options.Head) ? Methods.Head
                : Body.IsUpload ? Methods.Put
                : Body.IsThere ? Methods.Post
                : Methods.Get
            );
        if (!Grammar.IsToken(System.Text.Encoding.UTF8.GetBytes(method)) || method == Methods.Connect)
            throw new WrongUsageException($"'{method}' is not a method that can be asked for");
        return method;
    }
}
