namespace Twocan.Stack;

/// <summary>The options behind the fixed part of an IPv4 header (RFC 791 §3.1), one after the other.</summary>
public ref struct Ipv4Options(ReadOnlySpan<byte> options)
{
    private const byte EndOfList = 0;
    private const byte NoOperation = 1;

    private readonly ReadOnlySpan<byte> _bytes = options;
    private int _next;

    /// <summary>The option as it stands there: its type, its length, its data.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly Ipv4Option Type => (Ipv4Option)Current[0];

    /// <summary>The type's first bit: a fragment carries it too, and not the first one alone.</summary>
    public readonly bool IsCopied => (Current[0] & 0x80) != 0;

    /// <summary>Where in the options the present one begins, or the one whose length cannot be right.</summary>
    public int Offset { get; private set; }

    /// <summary>The walk has ended early, at an option whose length leaves the header or does not even cover itself.</summary>
    public bool IsBroken { get; private set; }

    public bool MoveNext()
    {
        while (_next < _bytes.Length && _bytes[_next] == NoOperation)
            _next++;
        if (_next >= _bytes.Length || _bytes[_next] == EndOfList)
            return false;
        Offset = _next;
        var rest = _bytes[_next..];
        if (rest.Length < 2 || rest[1] < 2 || rest[1] > rest.Length)
        {
            IsBroken = true;
            return false;
        }
        Current = rest[..rest[1]];
        _next += Current.Length;
        return true;
    }
}

/// <summary>Options by their types, as RFC 791 has them with class and 'copied' bit.</summary>
public enum Ipv4Option : byte
{
    RecordRoute = 7,
    Timestamp = 68,
    LooseSourceRoute = 131,
    StrictSourceRoute = 137,
    RouterAlert = 148,
}
