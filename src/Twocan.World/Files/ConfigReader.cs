using System.Globalization;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// Reads the lines of one mapping. What is asked for is known; <see cref="RefuseOthers"/> tells the rest. A value that is
/// not right is told to the mistakes, and reads as if it were not there.
/// </summary>
public sealed class ConfigReader
{
    private static readonly string[] DateForms =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm:ss'Z'",
        "yyyy-MM-dd HH:mm:ss'Z'",
        "ddd, d MMM yyyy HH:mm:ss 'GMT'",
    ];

    private readonly ConfigNode _node;
    private readonly Mistakes _mistakes;
    private readonly string _what;
    private readonly List<string> _known = [];

    /// <param name="node">A mapping, or nothing at all (which reads as an empty one).</param>
    /// <param name="mistakes">Where what is wrong goes.</param>
    /// <param name="what">What the mapping describes, as a person says it: 'a host', 'a web server'.</param>
    public ConfigReader(ConfigNode node, Mistakes mistakes, string what)
    {
        (_node, _mistakes, _what) = (node, mistakes, what);
        if (node.Kind is ConfigKind.Text or ConfigKind.List)
            mistakes.Add(node, $"{what} is described by lines of 'key: value', not by {node}");
    }

    public ConfigNode Node => _node;

    /// <summary>Whatever stands behind <paramref name="key"/>; null when the key is not there or nothing stands behind it.</summary>
    public ConfigNode? Optional(string key)
    {
        _known.Add(key);
        return _node[key] is { Kind: not ConfigKind.Empty } value ? value : null;
    }

    public string? Text(string key) => Optional(key) is { } value ? TextOf(value, key) : null;

    /// <summary>One text or a list of texts.</summary>
    public IReadOnlyList<ConfigNode> Texts(string key)
    {
        if (Optional(key) is not { } value)
            return [];
        var items = value.Kind == ConfigKind.List ? value.Items : [value];
        return [.. items.Where(item => TextOf(item, key) is not null)];
    }

    /// <summary>The lines of a mapping within this one.</summary>
    public IReadOnlyList<ConfigEntry> Entries(string key, string form)
    {
        if (Optional(key) is not { } value)
            return [];
        if (value.Kind == ConfigKind.Mapping)
            return value.Entries;
        _mistakes.Add(value, $"'{key}' is a list of lines such as '{form}', not {value}");
        return [];
    }

    /// <summary>A day or a moment, in UTC.</summary>
    public DateTimeOffset? Date(string key)
    {
        if (Optional(key) is not { } value || TextOf(value, key) is not { } text)
            return null;
        if (
            DateTimeOffset.TryParseExact(
                text,
                DateForms,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out var date
            )
        )
            return date;
        _mistakes.Add(value, $"'{text}' is not a date: write 2020-10-07T13:00:00Z or 'Wed, 7 Oct 2020 13:00:00 GMT'");
        return null;
    }

    public Duration? Time(string key)
    {
        if (Optional(key) is not { } value || TextOf(value, key) is not { } text)
            return null;
        if (Quantity.TryTime(text, out var time, out var error))
            return time;
        _mistakes.Add(value, error);
        return null;
    }

    /// <summary>A number of bytes: <c>64 MiB</c>, <c>10 MB</c>, <c>4096 B</c>.</summary>
    public long? Size(string key)
    {
        if (Optional(key) is not { } value || TextOf(value, key) is not { } text)
            return null;
        if (Quantity.TrySize(text, out var size, out var error))
            return size;
        _mistakes.Add(value, error);
        return null;
    }

    /// <summary>A subnet or several: <c>10.11.12.0/24</c>. Null when nothing is said of it.</summary>
    public IReadOnlyList<Subnet>? Subnets(string key)
    {
        var texts = Texts(key);
        var subnets = new List<Subnet>(texts.Count);
        foreach (var text in texts)
        {
            if (Subnet.TryParse(text.Text, out var subnet))
                subnets.Add(subnet);
            else
                _mistakes.Add(text, $"{text} is not a subnet, such as 10.11.12.0/24");
        }
        return texts.Count > 0 ? subnets : null;
    }

    public int? Number(string key, int least, int most)
    {
        if (Optional(key) is not { } value || TextOf(value, key) is not { } text)
            return null;
        if (
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
        )
            return number;
        _mistakes.Add(value, $"'{text}' is not a number from {least} to {most}");
        return null;
    }

    /// <summary>Tells of every key that nobody asked for, with the one that was probably meant.</summary>
    public void RefuseOthers()
    {
        foreach (var (key, _) in _node.Entries)
        {
            if (_known.Contains(key.Text))
                continue;
            var guess = Nearest.Guess(key.Text, _known) is { } near ? $": did you mean '{near}'?" : "";
            _mistakes.Add(
                key,
                $"{_what} has no '{key.Text}'{(guess.Length > 0 ? guess : $": it may have {string.Join(", ", _known)}")}"
            );
        }
    }

    private string? TextOf(ConfigNode value, string key)
    {
        if (value.IsText)
            return value.Text;
        _mistakes.Add(value, $"'{key}' is one word or number, not {value}");
        return null;
    }
}
