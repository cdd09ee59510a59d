using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Twocan.Http;

/// <summary>One line of a header or trailer section, seen in the table that holds it.</summary>
public readonly ref struct Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
{
    public ReadOnlySpan<byte> NameBytes { get; } = name;

    public ReadOnlySpan<byte> ValueBytes { get; } = value;

    /// <summary>As it was written; names are compared without regard to case.</summary>
    public string Name => Encoding.ASCII.GetString(NameBytes);

    /// <summary>Without the blanks around it; bytes beyond ASCII as ISO-8859-1, so that none is lost.</summary>
    public string Value => Encoding.Latin1.GetString(ValueBytes);

    public bool Is(string name) => Ascii.EqualsIgnoreCase(NameBytes, name);
}

/// <summary>
/// The fields of a message (RFC 9110 §5): a table over one run of bytes that keeps their order and their case. What is in
/// it is well-formed: names are tokens, values have neither line breaks nor other controls.
/// </summary>
public sealed class Fields
{
    private readonly List<Line> _lines = [];
    private byte[] _bytes = [];
    private int _length;

    public int Count => _lines.Count;

    /// <summary>Which of the fields that a server acts on are among these: most requests have one or two, and need not be searched for the others.</summary>
    internal KnownFields Known { get; private set; }

    public Field this[int index] => Seen(_lines[index]);

    /// <summary>The value of the first field of this name; null when there is none.</summary>
    public string? this[string name] => IndexOf(name) is >= 0 and var index ? this[index].Value : null;

    public Enumerator GetEnumerator() => new(this);

    public bool Contains(string name) => IndexOf(name) >= 0;

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => (value = this[name]) is not null;

    public int IndexOf(string name, int from = 0)
    {
        for (var i = from; i < _lines.Count; i++)
        {
            if (this[i].Is(name))
                return i;
        }
        return -1;
    }

    public int CountOf(string name)
    {
        var count = 0;
        foreach (var field in this)
            count += field.Is(name) ? 1 : 0;
        return count;
    }

    /// <summary>All values of this name as one list (RFC 9110 §5.3); null when there is none.</summary>
    public string? Joined(string name)
    {
        string? joined = null;
        foreach (var field in this)
        {
            if (field.Is(name))
                joined = joined is null ? field.Value : $"{joined}, {field.Value}";
        }
        return joined;
    }

    /// <summary>The elements of a list field (RFC 9110 §5.6.1), over all its lines; empty ones are skipped.</summary>
    public IEnumerable<string> ListOf(string name) => FieldList.Elements(Joined(name) ?? "");

    /// <summary>A list field has this token among its elements, whatever its case.</summary>
    public bool HasToken(string name, string token)
    {
        foreach (var field in this)
        {
            if (field.Is(name) && FieldList.HasToken(field.ValueBytes, token))
                return true;
        }
        return false;
    }

    /// <summary>Adds a field at the end. What is not a name or not a value is the caller's mistake.</summary>
    public Fields Add(string name, string value)
    {
        if (value.Any(c => c > 0xFF))
            throw new ArgumentException($"The value of {name} has characters that no byte can carry.", nameof(value));
        if (!TryAdd(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value)))
            throw new ArgumentException($"'{name}: {value}' is not a field.", nameof(value));
        return this;
    }

    /// <summary>Adds what came from the network; false, and nothing added, when it is not a field.</summary>
    public bool TryAdd(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!Grammar.IsToken(name) || !Grammar.IsFieldValue(value))
            return false;
        var needed = _length + name.Length + value.Length;
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, Math.Max(256, _bytes.Length * 2)));
        name.CopyTo(_bytes.AsSpan(_length));
        value.CopyTo(_bytes.AsSpan(_length + name.Length));
        _lines.Add(new(_length, name.Length, value.Length));
        _length = needed;
        Known |= KnownFieldNames.Of(name);
        return true;
    }

    /// <summary>Puts one field in the place of all of this name: where the first one stood, else at the end.</summary>
    public Fields Set(string name, string value)
    {
        var index = IndexOf(name);
        Add(name, value);
        if (index < 0)
            return this;
        _lines[index] = _lines[^1];
        _lines.RemoveAt(_lines.Count - 1);
        for (var i = _lines.Count - 1; i > index; i--)
        {
            if (this[i].Is(name))
                _lines.RemoveAt(i);
        }
        return this;
    }

    public int Remove(string name) => _lines.RemoveAll(line => Seen(line).Is(name));

    /// <summary>Makes room for the next message's; what was seen in here before is no more.</summary>
    internal void Clear()
    {
        _lines.Clear();
        _length = 0;
        Known = KnownFields.None;
    }

    /// <summary>Adds all of <paramref name="others"/> at the end.</summary>
    public Fields AddAll(Fields others)
    {
        foreach (var field in others)
            TryAdd(field.NameBytes, field.ValueBytes);
        return this;
    }

    public Fields Clone() => new Fields().AddAll(this);

    /// <summary>As lines of a message, each with its line break.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var field in this)
            text.Append(field.Name).Append(": ").Append(field.Value).Append("\r\n");
        return text.ToString();
    }

    private Field Seen(Line line)
    {
        var bytes = _bytes.AsSpan(line.Start);
        return new(bytes[..line.NameLength], bytes.Slice(line.NameLength, line.ValueLength));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Line(int Start, int NameLength, int ValueLength);

    public ref struct Enumerator(Fields fields)
    {
        private int _index = -1;

        public readonly Field Current => fields[_index];

        public bool MoveNext() => ++_index < fields.Count;
    }
}
