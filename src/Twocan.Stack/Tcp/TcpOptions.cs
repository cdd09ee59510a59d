using System.Buffers.Binary;

namespace Twocan.Stack;

/// <summary>The kinds of option that we name; all others are passed over by their length (RFC 9293 §3.2).</summary>
public enum TcpOptionKind : byte
{
    EndOfList = 0,
    NoOperation = 1,
    MaximumSegmentSize = 2,
    WindowScale = 3,
    SackPermitted = 4,
    Sack = 5,
    Timestamps = 8,
    FastOpen = 34,

    /// <summary>RFC 6994: two octets more say which experiment.</summary>
    Experimental = 254,
}

/// <summary>One option: its kind and what it says, without kind and length.</summary>
public readonly ref struct TcpOption(TcpOptionKind kind, ReadOnlySpan<byte> data)
{
    public TcpOptionKind Kind { get; } = kind;

    public ReadOnlySpan<byte> Data { get; } = data;
}

/// <summary>
/// The options of a header, one after the other. The walk ends at the first that is not well-formed: a length of less than two
/// or beyond the header says nothing about where the next one would begin.
/// </summary>
public readonly ref struct TcpOptions(ReadOnlySpan<byte> bytes)
{
    private const int ShortestSack = 10;
    private const uint NopNopTimestamps = 0x0101_080A;
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Time stamps alone, as nearly all segments have them, are seen at a glance.</summary>
    public bool TryReadTimestamps(out uint value, out uint echo)
    {
        if (_bytes.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(_bytes) == NopNopTimestamps)
        {
            value = BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);
            echo = BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);
            return true;
        }
        (value, echo) = (0, 0);
        if (_bytes.IsEmpty)
            return false;
        var all = SegmentOptions.Read(this);
        (value, echo) = (all.TimestampValue, all.TimestampEcho);
        return all.HasTimestamps;
    }

    /// <summary>Most segments are sure to tell of no hole.</summary>
    public bool MayHaveSack =>
        _bytes.Length >= ShortestSack
        && (_bytes.Length != 12 || BinaryPrimitives.ReadUInt32BigEndian(_bytes) != NopNopTimestamps);

    /// <summary>The stretches that lie behind a hole.</summary>
    public SackBlocks ReadSack() => MayHaveSack ? SegmentOptions.Read(this).Sack : default;

    public ref struct Enumerator(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public TcpOption Current { get; private set; }

        public bool MoveNext()
        {
            while (!_rest.IsEmpty && _rest[0] == (byte)TcpOptionKind.NoOperation)
                _rest = _rest[1..];
            if (_rest.Length < 2 || _rest[0] == (byte)TcpOptionKind.EndOfList)
                return false;
            var length = _rest[1];
            if (length < 2 || length > _rest.Length)
                return false;
            Current = new((TcpOptionKind)_rest[0], _rest[2..length]);
            _rest = _rest[length..];
            return true;
        }
    }
}
