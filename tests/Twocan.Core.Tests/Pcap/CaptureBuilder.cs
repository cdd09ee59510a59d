using System.Buffers.Binary;

namespace Twocan.Core.Tests;

/// <summary>Puts captures together byte by byte, in either byte order, right ones and wrong ones.</summary>
internal sealed class CaptureBuilder(bool bigEndian = false)
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public CaptureBuilder U16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (bigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return Raw(bytes);
    }

    public CaptureBuilder U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    public CaptureBuilder U64(ulong value) =>
        bigEndian ? U32((uint)(value >> 32)).U32((uint)value) : U32((uint)value).U32((uint)(value >> 32));

    public CaptureBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public CaptureBuilder Padded(ReadOnlySpan<byte> bytes) => Raw(bytes).Raw(new byte[-bytes.Length & 3]);

    public CaptureBuilder Option(int code, ReadOnlySpan<byte> value) => U16(code).U16(value.Length).Padded(value);

    /// <summary>A block around what <paramref name="body"/> writes, with right lengths unless others are given.</summary>
    public CaptureBuilder Block(uint type, Action<CaptureBuilder> body, uint? length = null, uint? again = null)
    {
        var inner = new CaptureBuilder(bigEndian);
        body(inner);
        var bytes = inner.ToArray();
        var whole = (uint)bytes.Length + 12;
        return U32(type).U32(length ?? whole).Raw(bytes).U32(again ?? length ?? whole);
    }

    public CaptureBuilder Section() =>
        Block(0x0A0D0D0A, body => body.U32(0x1A2B3C4D).U16(1).U16(0).U64(ulong.MaxValue));

    public CaptureBuilder Interface(Action<CaptureBuilder>? options = null, int linkType = 1, uint snapLength = 0) =>
        Block(
            1,
            body =>
            {
                body.U16(linkType).U16(0).U32(snapLength);
                options?.Invoke(body);
            }
        );

    public CaptureBuilder Packet(
        uint on,
        ulong ticks,
        ReadOnlySpan<byte> data,
        Action<CaptureBuilder>? options = null,
        uint? captured = null
    )
    {
        var held = data.ToArray();
        return Block(
            6,
            body =>
            {
                body.U32(on).U32((uint)(ticks >> 32)).U32((uint)ticks);
                body.U32(captured ?? (uint)held.Length).U32((uint)held.Length).Padded(held);
                options?.Invoke(body);
            }
        );
    }
}
