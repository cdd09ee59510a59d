using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Twocan.Dns;

/// <summary>
/// Writes a message into a span. Names are compressed against those already written. What does not fit is taken back
/// whole, so that the message is well-formed at any time.
/// </summary>
public ref struct DnsMessageWriter
{
    /// <summary>A pointer has 14 bits; what lies further back cannot be pointed to.</summary>
    private const int MaxPointer = 0x3FFF;

    private const int MaxTargets = 96;

    private Span<byte> _bytes;
    private Targets _targets;
    private int _targetCount;
    private bool _full;

    public DnsMessageWriter(Span<byte> into)
    {
        _bytes = into;
        Length = DnsHeader.Length;
        into[..DnsHeader.Length].Clear();
    }

    public int Length { get; private set; }

    /// <summary>A point to come back to.</summary>
    public readonly record struct Mark(int Length, int Targets);

    public readonly Mark Here => new(Length, _targetCount);

    public void Rewind(Mark mark)
    {
        (Length, _targetCount) = (mark.Length, mark.Targets);
        _full = false;
    }

    /// <summary>Gives back room at the end that had been kept free: <paramref name="bytes"/> is the same message, with more space behind it.</summary>
    public void Extend(Span<byte> bytes) => _bytes = bytes;

    public bool TryWrite(in Question question)
    {
        var mark = Here;
        Write(question.Name);
        Write(question.Type.Number);
        Write(question.Class.Number);
        return Keep(mark);
    }

    public bool TryWrite(in ResourceRecord record)
    {
        var mark = Here;
        Write(record.Name);
        Write(record.Type.Number);
        Write(record.Class.Number);
        Write(record.Ttl);
        Write((ushort)0);
        var dataAt = Length;
        record.Data.Write(ref this);
        if (!_full)
            BinaryPrimitives.WriteUInt16BigEndian(_bytes[(dataAt - 2)..], (ushort)(Length - dataAt));
        return Keep(mark);
    }

    private bool Keep(Mark mark)
    {
        if (!_full)
            return true;
        Rewind(mark);
        return false;
    }

    internal void Write(ushort value)
    {
        if (Room(2) is { IsEmpty: false } room)
            BinaryPrimitives.WriteUInt16BigEndian(room, value);
    }

    internal void Write(uint value)
    {
        if (Room(4) is { IsEmpty: false } room)
            BinaryPrimitives.WriteUInt32BigEndian(room, value);
    }

    internal void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (Room(bytes.Length) is { IsEmpty: false } room)
            bytes.CopyTo(room);
    }

    /// <summary>Only names in records that RFC 1035 knew may be compressed (RFC 3597 §4); all that we write as names are such.</summary>
    internal void Write(DomainName name)
    {
        for (var rest = name.Wire; ; rest = rest[(rest[0] + 1)..])
        {
            if (rest[0] == 0)
            {
                Write(rest);
                return;
            }
            if (FindTarget(rest) is var target and > 0)
            {
                Write((ushort)(0xC000 | target));
                return;
            }
            if (Length <= MaxPointer && _targetCount < MaxTargets)
                _targets[_targetCount++] = (ushort)Length;
            Write(rest[..(rest[0] + 1)]);
            if (_full)
                return;
        }
    }

    private readonly int FindTarget(ReadOnlySpan<byte> rest)
    {
        for (var i = 0; i < _targetCount; i++)
        {
            if (IsAt(_targets[i], rest))
                return _targets[i];
        }
        return 0;
    }

    /// <summary>True when the name at <paramref name="at"/>, pointers followed, is <paramref name="rest"/>, octet for octet: a pointer must not change a name's case.</summary>
    private readonly bool IsAt(int at, ReadOnlySpan<byte> rest)
    {
        while (true)
        {
            while (_bytes[at] >= 0xC0)
                at = BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]) & MaxPointer;
            var length = _bytes[at] + 1;
            if (
                rest[0] + 1 != length
                || at + length > Length
                || !_bytes.Slice(at, length).SequenceEqual(rest[..length])
            )
                return false;
            if (length == 1)
                return true;
            at += length;
            if (at >= Length)
                return false;
            rest = rest[length..];
        }
    }

    private Span<byte> Room(int count)
    {
        if (_full || Length + count > _bytes.Length)
        {
            _full = true;
            return default;
        }
        Length += count;
        return _bytes.Slice(Length - count, count);
    }

    [InlineArray(MaxTargets)]
    private struct Targets
    {
        private ushort _first;
    }
}
