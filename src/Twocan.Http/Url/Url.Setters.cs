using System.Diagnostics.CodeAnalysis;

namespace Twocan.Http;

/// <summary>
/// What the setters of the standard's URL class do (§6.1), in its order. Each answers the URL that results; where the value
/// cannot be, or the URL cannot have such a part, that is the URL as it was.
/// </summary>
public sealed partial class Url
{
    /// <summary>Another URL altogether; throws <see cref="FormatException"/> when it is none, as the standard's setter does.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "A setter among setters.")]
    public Url WithHref(string value) => Parse(value);

    public Url WithProtocol(string value) => With(value + ":", UrlParser.State.SchemeStart);

    public Url WithUsername(string value) =>
        _record.HasNobodyToAsk
            ? this
            : With(copy => copy.Username = PercentEncoding.Encode(value, PercentEncodeSet.UserInfo));

    public Url WithPassword(string value) =>
        _record.HasNobodyToAsk
            ? this
            : With(copy => copy.Password = PercentEncoding.Encode(value, PercentEncodeSet.UserInfo));

    /// <summary>Host and port; a value without a port leaves the port as it is.</summary>
    public Url WithHost(string value) => HasOpaquePath ? this : With(value, UrlParser.State.Host);

    public Url WithHostname(string value) => HasOpaquePath ? this : With(value, UrlParser.State.Hostname);

    /// <summary>Digits count as far as they go; the empty string takes the port away.</summary>
    public Url WithPort(string value)
    {
        if (_record.HasNobodyToAsk)
            return this;
        return value.Length == 0 ? With(static copy => copy.Port = null) : With(value, UrlParser.State.Port);
    }

    public Url WithPathname(string value) =>
        HasOpaquePath ? this : With(value, UrlParser.State.PathStart, static copy => copy.Path.Clear());

    /// <summary>With or without the question mark; the empty string takes the query away.</summary>
    public Url WithSearch(string value) =>
        value.Length == 0
            ? With(static copy => copy.Query = null)
            : With(value.StartsWith('?') ? value[1..] : value, UrlParser.State.Query);

    /// <summary>What changes of <see cref="SearchParams"/> come to: an empty list takes the query away.</summary>
    public Url WithSearchParams(UrlSearchParams value) =>
        With(copy => copy.Query = value.Count == 0 ? null : value.ToString());

    /// <summary>With or without the hash; the empty string takes the fragment away.</summary>
    public Url WithHash(string value) =>
        value.Length == 0
            ? With(static copy => copy.Fragment = null)
            : With(value.StartsWith('#') ? value[1..] : value, UrlParser.State.Fragment);

    private Url With(Action<UrlRecord> change)
    {
        var copy = _record.Clone();
        change(copy);
        return new(copy);
    }

    /// <summary>What the parser has set before it failed stays set, as the standard has it: the host of <c>a:99999</c>.</summary>
    private Url With(string value, UrlParser.State from, Action<UrlRecord>? before = null) =>
        With(copy =>
        {
            before?.Invoke(copy);
            new UrlParser(value, copy, from).Run();
        });
}
