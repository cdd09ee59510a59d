using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What an Ethernet frame carries. Values below 0x0600 are the length of an IEEE 802.3 frame instead.</summary>
public enum EtherType : ushort
{
    Ipv4 = 0x0800,
    Arp = 0x0806,
    Ipv6 = 0x86DD,
}

/// <summary>The MAC header of an Ethernet II frame: to whom, from whom, what.</summary>
public readonly ref struct EthernetHeader
{
    public const int Length = 14;

    /// <summary>The frame check sequence, a CRC-32 over all that stands before it.</summary>
    public const int FcsLength = 4;

    /// <summary>The shortest frame, without its FCS: what is shorter is filled up with zeros.</summary>
    public const int MinFrameLength = 60;

    private readonly ReadOnlySpan<byte> _bytes;

    private EthernetHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public MacAddress Destination => MacAddress.Read(_bytes);

    public MacAddress Source => MacAddress.Read(_bytes[6..]);

    public EtherType Type => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]);

    /// <summary>Whether a whole frame's check sequence, its last four bytes, fits to what stands before it.</summary>
    public static bool HasRightCheck(ReadOnlySpan<byte> frame) =>
        frame.Length >= FcsLength
        && Crc32.Of(frame[..^FcsLength]) == BinaryPrimitives.ReadUInt32LittleEndian(frame[^FcsLength..]);

    public static bool TryRead(ReadOnlySpan<byte> bytes, out EthernetHeader header)
    {
        header = bytes.Length < Length ? default : new(bytes[..Length]);
        return bytes.Length >= Length;
    }

    /// <summary>Fills a frame up to the shortest length that there is, and puts its check sequence behind it, where that is not left out.</summary>
    public static void CloseFrame(PacketBuffer frame)
    {
        // A pooled buffer still holds an earlier packet's bytes: padding that is not cleared would tell them to the link.
        var padding = Math.Max(0, MinFrameLength - frame.Length);
        frame.Append(padding).Clear();
        var check = frame.LacksChecks ? 0 : Crc32.Of(frame.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Append(FcsLength), check);
    }

    public static void Write(Span<byte> into, MacAddress destination, MacAddress source, EtherType type)
    {
        destination.Write(into);
        source.Write(into[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(into[12..], (ushort)type);
    }
}
