using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>
/// Walks over one layer's bytes and notes each field as it reads it. Reading past the end yields zeros and marks the
/// frame as too short: a dissector looks at what a broken sender may have made, so it never throws.
/// </summary>
internal sealed class FieldWalk(Dissection dissection, string layer, int start, int end)
{
    private readonly List<Field> _fields = [];
    private readonly int _start = start;

    /// <summary>Where the next field begins, counted from the frame's first byte.</summary>
    public int At { get; private set; } = start;

    /// <summary>The layer's bytes end here.</summary>
    public int End { get; } = Math.Min(end, dissection.Frame.Length);

    public int Left => End - At;

    public ReadOnlySpan<byte> Frame => dissection.Frame.Span;

    public ReadOnlySpan<byte> Rest => Frame[At..End];

    public byte Byte(string name, string english, string korean, Func<byte, string>? show = null)
    {
        if (!Has(1))
            return 0;
        var value = Frame[At];
        Note(name, show?.Invoke(value) ?? value.ToString(), 1, english, korean);
        return value;
    }

    public ushort Word(string name, string english, string korean, Func<ushort, string>? show = null)
    {
        if (!Has(2))
            return 0;
        var value = BinaryPrimitives.ReadUInt16BigEndian(Rest);
        Note(name, show?.Invoke(value) ?? value.ToString(), 2, english, korean);
        return value;
    }

    public uint DoubleWord(string name, string english, string korean, Func<uint, string>? show = null)
    {
        if (!Has(4))
            return 0;
        var value = BinaryPrimitives.ReadUInt32BigEndian(Rest);
        Note(name, show?.Invoke(value) ?? value.ToString(), 4, english, korean);
        return value;
    }

    public MacAddress Mac(string name, string english, string korean)
    {
        if (!Has(MacAddress.Length))
            return default;
        var value = MacAddress.Read(Rest);
        Note(name, value.IsBroadcast ? $"{value} (broadcast)" : value.ToString(), MacAddress.Length, english, korean);
        return value;
    }

    public IpAddress Address(string name, string english, string korean, int length = 4)
    {
        if (!Has(length))
            return IpAddress.Any;
        var value = IpAddress.Read(Rest[..length]);
        Note(name, value.ToString(), length, english, korean);
        return value;
    }

    /// <summary>Notes the next <paramref name="length"/> bytes and steps over them.</summary>
    public void Note(string name, string value, int length, string english, string korean)
    {
        if (!Has(length))
            return;
        _fields.Add(new(name, value, At, length, new(english, korean)));
        At += length;
    }

    /// <summary>Notes a field without stepping over it: a part of a byte, or bytes that were read already.</summary>
    public void Remark(string name, string value, int offset, int length, string english, string korean) =>
        _fields.Add(new(name, value, offset, length, new(english, korean)));

    public void Skip(int length) => At = Math.Min(At + length, End);

    public bool Has(int length)
    {
        if (Left >= length)
            return true;
        TooShort();
        return false;
    }

    public void TooShort() => dissection.Problem ??= $"{layer} ends too early";

    /// <summary>Puts what was noted into the dissection as a layer that ends where the walk stands.</summary>
    public void Finish() => dissection.Layers.Add(new(layer, _start, At - _start, _fields));
}
