using static Twocan.Core.PcapngFormat;

namespace Twocan.Core;

/// <summary>
/// pcapng, block by block. A section header says in which byte order what follows is written, and lets the interfaces
/// be counted from 0 again; an interface has to be described before a packet names it; blocks of other kinds (names,
/// statistics, secrets, what somebody made up) are passed over, whatever their length.
/// </summary>
internal sealed class PcapngReader(CaptureBytes bytes, List<CaptureInterface> interfaces) : ICaptureFormat
{
    /// <summary>Of blocks that are looked into; Wireshark has the same limit.</summary>
    private const uint MaxBlock = 16 << 20;

    /// <summary>A file of nothing but interfaces must not fill the memory.</summary>
    private const int MaxInterfaces = 65_536;

    /// <summary>A block's type and its length, in front, and its length once more behind.</summary>
    private const int Frame = 12;

    private int _sectionStart;
    private long _blockStart;
    private bool _begun;

    public string? Application { get; private set; }

    public (CaptureEnd End, string? Problem) Read(long number, out CapturedPacket packet)
    {
        packet = default;
        while (true)
        {
            _blockStart = bytes.Offset;
            if (!bytes.TryPeek(Frame, out var head))
                return bytes.Held == 0 && _begun ? (CaptureEnd.Whole, null) : CutShort(number);
            // Its type is the same read forwards and backwards: the byte order comes after it.
            if (bytes.U32(head.Span) == SectionHeader && !TrySetByteOrder(head.Span[8..]))
                return Damaged("a section of unknown byte order");
            var (type, length) = (bytes.U32(head.Span), bytes.U32(head.Span[4..]));
            if (length < Frame || length % 4 != 0)
                return Damaged($"a block of {length} bytes");
            if (type is not (SectionHeader or InterfaceDescription or ObsoletePacket or SimplePacket or EnhancedPacket))
            {
                if (!bytes.TrySkip(length))
                    return CutShort(number);
                continue;
            }
            if (length > MaxBlock)
                return Damaged($"a block of {length} bytes");
            if (!bytes.TryPeek((int)length, out var block))
                return CutShort(number);
            if (bytes.U32(block.Span[^4..]) != length)
                return Damaged("a block whose two lengths differ");
            if (Look(type, block[8..^4], number, out packet) is { } wrong)
                return Damaged(wrong);
            bytes.TrySkip(length);
            if (packet.Number != 0)
                return (CaptureEnd.NotYet, null);
        }
    }

    /// <summary>What is wrong with a block, if anything; a packet if it was one.</summary>
    private string? Look(uint type, ReadOnlyMemory<byte> body, long number, out CapturedPacket packet)
    {
        packet = default;
        return type switch
        {
            SectionHeader => BeginSection(body.Span),
            InterfaceDescription => Describe(body.Span),
            SimplePacket => ReadSimple(body, number, out packet),
            _ => ReadPacket(type, body, number, out packet),
        };
    }

    private bool TrySetByteOrder(ReadOnlySpan<byte> magic)
    {
        bytes.IsBigEndian = magic[0] == 0x1A;
        return bytes.U32(magic) == ByteOrderMagic;
    }

    private string? BeginSection(ReadOnlySpan<byte> body)
    {
        if (body.Length < 16)
            return "a section header that is too short";
        if (bytes.U16(body[4..]) is var major and not 1)
            return $"pcapng of version {major}; only version 1 is known here";
        (_begun, _sectionStart) = (true, interfaces.Count);
        foreach (var option in new PcapngOptions(bytes, body[16..]))
        {
            if (option.Code == UserApplication)
                Application = option.Text;
        }
        return null;
    }

    private string? Describe(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8)
            return "an interface description that is too short";
        if (interfaces.Count == MaxInterfaces)
            return $"more than {MaxInterfaces} interfaces";
        var (name, description) = ((string?)null, (string?)null);
        var (exponent, offset, fcs, speed) = (TimestampResolution.Microseconds.Exponent, 0L, (byte)0, 0UL);
        foreach (var option in new PcapngOptions(bytes, body[8..]))
        {
            switch (option.Code)
            {
                case InterfaceName:
                    name = option.Text;
                    break;
                case InterfaceDescribed:
                    description = option.Text;
                    break;
                case TimeResolution when option.Value.Length == 1:
                    exponent = option.Value[0];
                    break;
                case TimeOffset when option.Value.Length == 8:
                    offset = (long)bytes.U64(option.Value);
                    break;
                case FrameCheckLength when option.Value.Length == 1:
                    fcs = option.Value[0];
                    break;
                case InterfaceSpeed when option.Value.Length == 8:
                    speed = bytes.U64(option.Value);
                    break;
                default:
                    break;
            }
        }
        interfaces.Add(
            new(
                interfaces.Count,
                name,
                description,
                bytes.U16(body),
                bytes.U32(body[4..]),
                new(exponent, offset),
                fcs,
                speed
            )
        );
        return null;
    }

    private string? ReadPacket(uint type, ReadOnlyMemory<byte> body, long number, out CapturedPacket packet)
    {
        packet = default;
        const int Fields = 20;
        var head = body.Span;
        if (head.Length < Fields)
            return "a packet block that is too short";
        // The obsolete block has 16 bits of interface and 16 bits of drops where the enhanced one has 32 of interface.
        var on = type == ObsoletePacket ? bytes.U16(head) : bytes.U32(head);
        if (on >= (uint)(interfaces.Count - _sectionStart))
            return $"packet {number} on interface {on}, which is not described";
        var captured = bytes.U32(head[12..]);
        if (captured > (uint)(head.Length - Fields))
            return $"packet {number} of {captured} bytes in a block that is too short for it";
        var from = interfaces[_sectionStart + (int)on];
        var (flags, comments) = (0u, (List<string>?)null);
        var options = head[Math.Min(head.Length, Fields + (int)(captured + 3 & ~3u))..];
        foreach (var option in new PcapngOptions(bytes, options))
        {
            if (option.Code == Comment)
                (comments ??= []).Add(option.Text);
            else if (option.Code == PacketFlags && option.Value.Length == 4)
                flags = bytes.U32(option.Value);
        }
        var ticks = (ulong)bytes.U32(head[4..]) << 32 | bytes.U32(head[8..]);
        packet = new(
            number,
            from,
            from.Resolution.ToUnixNanoseconds(ticks),
            body.Slice(Fields, (int)captured),
            bytes.U32(head[16..]),
            (flags >> 5 & 15) is var fcs and > 0 ? (byte)fcs : from.FcsLength,
            (flags & 3) is 1 or 2 ? (CaptureDirection)(flags & 3) : CaptureDirection.Unknown,
            comments ?? (IReadOnlyList<string>)[]
        );
        return null;
    }

    /// <summary>It says only how long the packet was; it is on the section's first interface, and nobody knows when.</summary>
    private string? ReadSimple(ReadOnlyMemory<byte> body, long number, out CapturedPacket packet)
    {
        packet = default;
        if (body.Length < 4)
            return "a simple packet block that is too short";
        if (interfaces.Count == _sectionStart)
            return $"packet {number} on interface 0, which is not described";
        var from = interfaces[_sectionStart];
        var original = bytes.U32(body.Span);
        var captured = from.SnapLength > 0 ? Math.Min(original, from.SnapLength) : original;
        if (captured > (uint)(body.Length - 4))
            return $"packet {number} of {captured} bytes in a block that is too short for it";
        var held = body.Slice(4, (int)captured);
        packet = new(number, from, null, held, original, from.FcsLength, CaptureDirection.Unknown, []);
        return null;
    }

    private (CaptureEnd, string) Damaged(string what) => (CaptureEnd.Damaged, $"damaged at byte {_blockStart}: {what}");

    private (CaptureEnd, string) CutShort(long number)
    {
        var there = bytes.Offset + bytes.Held - _blockStart;
        return (
            CaptureEnd.CutShort,
            $"cut short after {number - 1} packets: of the next block, from byte {_blockStart} on, only {there} bytes are there"
        );
    }
}
