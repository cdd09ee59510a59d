using System.Diagnostics.CodeAnalysis;
using System.Text;
using Twocan.Core;

namespace Twocan.Dns;

/// <summary>
/// A domain name (RFC 1035 §3.1) as a value, held in its wire form: each label behind its length, the root's empty label
/// last. Names differ in case only for the eye: equality, hash and order fold ASCII letters. Always absolute.
/// </summary>
public readonly struct DomainName : IEquatable<DomainName>, IComparable<DomainName>
{
    public const int MaxLength = 255;
    public const int MaxLabelLength = 63;

    /// <summary>A label takes at least two octets, and the root's takes one.</summary>
    private const int MaxLabels = 127;

    private readonly byte[]? _wire;

    internal DomainName(ReadOnlySpan<byte> wire) => _wire = wire.Length <= 1 ? null : wire.ToArray();

    /// <summary>The root: '.', the only name without a label.</summary>
    public static readonly DomainName Root;

    public ReadOnlySpan<byte> Wire => _wire ?? "\0"u8;

    public bool IsRoot => _wire is null;

    /// <summary>Labels without the root's: <c>www.cyber.co.kr</c> has four.</summary>
    public int LabelCount
    {
        get
        {
            var count = 0;
            for (var wire = Wire; wire[0] != 0; wire = wire[(wire[0] + 1)..])
                count++;
            return count;
        }
    }

    /// <summary>The first label: <c>www</c> of <c>www.cyber.co.kr</c>; empty for the root.</summary>
    public ReadOnlySpan<byte> FirstLabel => Wire.Slice(1 - (IsRoot ? 1 : 0), Wire[0]);

    public bool IsWildcard => Wire is [1, (byte)'*', ..];

    /// <summary>The name without its first label; the root's parent is the root.</summary>
    public DomainName Parent => IsRoot ? this : new(Wire[(Wire[0] + 1)..]);

    /// <summary>The ancestor (or self) that has <paramref name="labels"/> labels.</summary>
    public DomainName Ancestor(int labels)
    {
        var wire = Wire;
        for (var skip = LabelCount - labels; skip > 0; skip--)
            wire = wire[(wire[0] + 1)..];
        return wire.Length == Wire.Length ? this : new(wire);
    }

    /// <summary>True for <paramref name="ancestor"/> itself and for all names below it.</summary>
    public bool IsAtOrBelow(DomainName ancestor)
    {
        var wire = Wire;
        var suffix = ancestor.Wire;
        while (wire.Length > suffix.Length)
            wire = wire[(wire[0] + 1)..];
        return EqualsFolded(wire, suffix);
    }

    public bool IsBelow(DomainName ancestor) => Wire.Length > ancestor.Wire.Length && IsAtOrBelow(ancestor);

    /// <summary>Puts a label in front; false when the name would be too long.</summary>
    public bool TryPrepend(ReadOnlySpan<byte> label, out DomainName name)
    {
        name = default;
        if (label.Length is 0 or > MaxLabelLength || label.Length + 1 + Wire.Length > MaxLength)
            return false;
        Span<byte> wire = stackalloc byte[MaxLength];
        wire[0] = (byte)label.Length;
        label.CopyTo(wire[1..]);
        Wire.CopyTo(wire[(label.Length + 1)..]);
        name = new(wire[..(label.Length + 1 + Wire.Length)]);
        return true;
    }

    /// <summary>
    /// Reads a name at <paramref name="offset"/> of a message and moves the offset behind it. A compression pointer must
    /// point before the labels that it continues (RFC 1035 §4.1.4: 'a prior occurrence'): every jump then goes further back,
    /// and a loop cannot be written.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int offset, out DomainName name)
    {
        name = default;
        Span<byte> wire = stackalloc byte[MaxLength];
        var length = 0;
        var end = -1;
        var (at, start) = (offset, offset);
        while (true)
        {
            if ((uint)at >= (uint)message.Length)
                return false;
            int octet = message[at];
            switch (octet >> 6)
            {
                case 0:
                    if (at + 1 + octet > message.Length || length + 1 + octet > MaxLength)
                        return false;
                    message.Slice(at, octet + 1).CopyTo(wire[length..]);
                    length += octet + 1;
                    at += octet + 1;
                    if (octet != 0)
                        break;
                    offset = end < 0 ? at : end;
                    name = new(wire[..length]);
                    return true;
                case 3:
                    if (at + 1 >= message.Length)
                        return false;
                    var target = (octet & 0x3F) << 8 | message[at + 1];
                    if (target >= start)
                        return false;
                    if (end < 0)
                        end = at + 2;
                    at = start = target;
                    break;
                default: // 01 and 10 are reserved (RFC 6891 §5 took 01 and gave it back).
                    return false;
            }
        }
    }

    /// <summary>Reads text as a person types it: with or without the last dot, it is meant from the root.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DomainName name)
    {
        name = default;
        return text is not null && TryParse(text, Root, out name, out _);
    }

    public static DomainName Parse(string text) =>
        TryParse(text, Root, out var name, out var error)
            ? name
            : throw new FormatException($"'{text}' is not a domain name: {error}");

    /// <summary>Reads the text form of RFC 1035 §5.1: <c>\.</c> and <c>\ddd</c> are escapes, a name without a last dot is below <paramref name="origin"/>.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> text,
        DomainName origin,
        out DomainName name,
        [NotNullWhen(false)] out string? error
    )
    {
        name = default;
        if (text is ".")
        {
            error = null;
            return true;
        }
        Span<byte> wire = stackalloc byte[MaxLength];
        var (labelAt, length) = (0, 1);
        for (var i = 0; i < text.Length; )
        {
            if (text[i] == '.')
            {
                if (length == labelAt + 1)
                    return Fail("a label is empty: two dots stand side by side, or one at the start", out error);
                wire[labelAt] = (byte)(length - labelAt - 1);
                labelAt = length++;
                i++;
                continue;
            }
            if (!CharacterText.TryRead(text, ref i, out var octet))
                return Fail("an escape is \\ and one character, or \\ and three digits up to 255", out error);
            if (length >= MaxLength)
                return Fail("a name has at most 255 octets", out error);
            if (length - labelAt > MaxLabelLength)
                return Fail("a label has at most 63 octets", out error);
            wire[length++] = octet;
            if (length == MaxLength)
                return Fail("a name has at most 255 octets", out error);
        }
        if (length == 1)
            return Fail("it is empty; the root is written '.'", out error);
        ReadOnlySpan<byte> rest = "\0"u8;
        if (length > labelAt + 1)
        {
            wire[labelAt] = (byte)(length - labelAt - 1);
            labelAt = length;
            rest = origin.Wire;
        }
        if (labelAt + rest.Length > MaxLength)
            return Fail("a name has at most 255 octets", out error);
        rest.CopyTo(wire[labelAt..]);
        name = new(wire[..(labelAt + rest.Length)]);
        error = null;
        return true;
    }

    private static bool Fail(string why, out string? error)
    {
        error = why;
        return false;
    }

    public bool Equals(DomainName other) => EqualsFolded(Wire, other.Wire);

    public override bool Equals(object? obj) => obj is DomainName other && Equals(other);

    /// <summary>FNV-1a over the folded octets: the same in every run.</summary>
    public override int GetHashCode()
    {
        var hash = 2166136261u;
        foreach (var octet in Wire)
            hash = (hash ^ Fold(octet)) * 16777619u;
        return (int)hash;
    }

    /// <summary>The canonical order (RFC 4034 §6.1): label by label from the root, each as folded octets.</summary>
    public int CompareTo(DomainName other)
    {
        Span<byte> mine = stackalloc byte[MaxLabels];
        Span<byte> theirs = stackalloc byte[MaxLabels];
        var (i, j) = (LabelStarts(Wire, mine), LabelStarts(other.Wire, theirs));
        while (i > 0 && j > 0)
        {
            var order = CompareLabels(Wire[mine[--i]..], other.Wire[theirs[--j]..]);
            if (order != 0)
                return order;
        }
        return i - j;
    }

    public static bool operator ==(DomainName a, DomainName b) => a.Equals(b);

    public static bool operator !=(DomainName a, DomainName b) => !a.Equals(b);

    /// <summary>The master-file form, with its last dot.</summary>
    public override string ToString()
    {
        if (IsRoot)
            return ".";
        var text = new StringBuilder(Wire.Length);
        for (var wire = Wire; wire[0] != 0; wire = wire[(wire[0] + 1)..])
        {
            foreach (var octet in wire.Slice(1, wire[0]))
                CharacterText.AppendToName(text, octet);
            text.Append('.');
        }
        return text.ToString();
    }

    /// <summary>Where the name of an address is asked for: 226.2.0.192.in-addr.arpa, and by half bytes in ip6.arpa (RFC 3596 §2.5).</summary>
    public static DomainName ReverseOf(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[address.ByteLength];
        address.Write(bytes);
        var name = "";
        foreach (var one in bytes)
            name = address.IsV4 ? $"{one}.{name}" : $"{one & 15:x}.{one >> 4:x}.{name}";
        return Parse(name + (address.IsV4 ? "in-addr.arpa" : "ip6.arpa"));
    }

    /// <summary>As people say it: without the last dot; the root stays '.'.</summary>
    public string ToHostName() => IsRoot ? "." : ToString()[..^1];

    // A length octet is at most 63 and 'A' is 65: folding the whole wire form never touches a length.
    private static byte Fold(byte octet) => (uint)(octet - 'A') <= 'Z' - 'A' ? (byte)(octet | 0x20) : octet;

    internal static bool EqualsFolded(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length)
            return false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i] && Fold(a[i]) != Fold(b[i]))
                return false;
        }
        return true;
    }

    private static int LabelStarts(ReadOnlySpan<byte> wire, Span<byte> starts)
    {
        var count = 0;
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
            starts[count++] = (byte)at;
        return count;
    }

    private static int CompareLabels(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        for (var i = 1; i <= Math.Min(a[0], b[0]); i++)
        {
            var order = Fold(a[i]) - Fold(b[i]);
            if (order != 0)
                return order;
        }
        return a[0] - b[0];
    }
}
