using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Twocan.Http;

/// <summary>
/// A query as a list of names and values, <c>application/x-www-form-urlencoded</c> (URL Standard §5 and §6.2). A name may stand
/// there more than once, and the order counts.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "The standard's name.")]
public sealed class UrlSearchParams : IReadOnlyList<KeyValuePair<string, string>>
{
    private List<KeyValuePair<string, string>> _list = [];

    public UrlSearchParams() { }

    public UrlSearchParams(IEnumerable<KeyValuePair<string, string>> list) => _list.AddRange(list);

    public int Count => _list.Count;

    public KeyValuePair<string, string> this[int index] => _list[index];

    /// <summary>A leading question mark does not count.</summary>
    public static UrlSearchParams Parse(string text) => OfQuery(text.StartsWith('?') ? text[1..] : text);

    /// <summary>Of a URL's query, in which a question mark is like any other character.</summary>
    internal static UrlSearchParams OfQuery(string query)
    {
        var parsed = new UrlSearchParams();
        foreach (var pair in query.Split('&'))
        {
            if (pair.Length == 0)
                continue;
            var equals = pair.IndexOf('=');
            var name = equals < 0 ? pair : pair[..equals];
            parsed.Append(Decode(name), equals < 0 ? "" : Decode(pair[(equals + 1)..]));
        }
        return parsed;
    }

    public void Append(string name, string value) => _list.Add(new(Scalar(name), Scalar(value)));

    /// <summary>Takes away all of the name, or all with that value too.</summary>
    public void Delete(string name, string? value = null) => _list.RemoveAll(pair => Is(pair, name, value));

    /// <summary>The first value of the name.</summary>
    public string? Get(string name)
    {
        var at = _list.FindIndex(pair => Is(pair, name, null));
        return at < 0 ? null : _list[at].Value;
    }

    public IReadOnlyList<string> GetAll(string name) =>
        [.. _list.Where(pair => Is(pair, name, null)).Select(static pair => pair.Value)];

    public bool Has(string name, string? value = null) => _list.Exists(pair => Is(pair, name, value));

    /// <summary>One value in place of all there were: where the first stood, else at the end.</summary>
    public void Set(string name, string value)
    {
        var at = _list.FindIndex(pair => Is(pair, name, null));
        if (at < 0)
        {
            Append(name, value);
            return;
        }
        _list[at] = new(_list[at].Key, Scalar(value));
        var next = at + 1;
        _list = [.. _list[..next], .. _list[next..].Where(pair => !Is(pair, name, null))];
    }

    /// <summary>By name, in UTF-16 code units; what is of one name keeps its order.</summary>
    public void Sort() => _list = [.. _list.OrderBy(static pair => pair.Key, StringComparer.Ordinal)];

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _list)
        {
            if (text.Length > 0)
                text.Append('&');
            text.Append(PercentEncoding.Encode(name, PercentEncodeSet.FormUrlEncoded))
                .Append('=')
                .Append(PercentEncoding.Encode(value, PercentEncodeSet.FormUrlEncoded));
        }
        return text.ToString();
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _list.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool Is(KeyValuePair<string, string> pair, string name, string? value) =>
        pair.Key == Scalar(name) && (value is null || pair.Value == Scalar(value));

    private static string Decode(string text) => PercentEncoding.DecodeText(Scalar(text).Replace('+', ' '));

    /// <summary>A scalar value string: half a surrogate pair becomes U+FFFD.</summary>
    private static string Scalar(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return text;
        var scalar = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            scalar.Append(rune);
        return scalar.ToString();
    }
}
