using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>
/// Takes a frame apart, from the MAC header to the message inside, by its bytes alone: it knows nothing of who sent it
/// or why. Each protocol has its own file; each is handed the part of the frame that belongs to it and notes its fields.
/// </summary>
public static class Dissector
{
    private const int CheckLength = 4;

    /// <summary>Reads a whole frame, the frame check sequence at its end included, or with a <paramref name="checkLength"/> of 0 without it.</summary>
    public static Dissection Read(ReadOnlyMemory<byte> frame, int checkLength = CheckLength)
    {
        var dissection = new Dissection { Frame = frame };
        var end = frame.Length - checkLength;
        if (end < 14)
        {
            dissection.Problem = "Ethernet ends too early";
            dissection.Summary = $"{frame.Length} bytes, too short for a frame";
            return dissection;
        }
        var ethernet = new FieldWalk(dissection, "Ethernet", 0, end);
        var destination = ethernet.Mac(
            "Destination",
            "the adapter on this link that is to take the frame",
            "이 링크에서 프레임을 받을 어댑터의 MAC 주소입니다"
        );
        var source = ethernet.Mac(
            "Source",
            "the adapter on this link that sends it",
            "이 링크에서 프레임을 보내는 어댑터의 MAC 주소입니다"
        );
        var type = ethernet.Word(
            "Type",
            "whose packet is inside",
            "안에 든 패킷의 종류입니다",
            static type => $"0x{type:x4}{EtherTypeName(type)}"
        );
        (dissection.Source, dissection.Destination) = (source.ToString(), destination.ToString());
        ethernet.Finish();

        var used = type switch
        {
            0x0800 => Ipv4Dissector.Read(dissection, ethernet.At, end),
            0x86DD => Ipv6Dissector.Read(dissection, ethernet.At, end),
            0x0806 => ArpDissector.Read(dissection, ethernet.At, end),
            _ => Unknown(dissection, type, ethernet.At, end),
        };
        Trailer(dissection, used, end);
        return dissection;
    }

    /// <summary>What is no Ethernet frame, by the number of its link type (tcpdump.org's registry): nothing here reads it.</summary>
    public static Dissection Unread(ReadOnlyMemory<byte> packet, ushort linkType)
    {
        var dissection = new Dissection
        {
            Frame = packet,
            Protocol = "?",
            Summary = $"link type {linkType}, {packet.Length} bytes",
        };
        Data(dissection, 0, packet.Length, "Data");
        return dissection;
    }

    private static int Unknown(Dissection dissection, ushort type, int start, int end)
    {
        dissection.Summary = $"EtherType 0x{type:x4}, {end - start} bytes";
        return Data(dissection, start, end, "Data");
    }

    /// <summary>Bytes that no dissector takes apart.</summary>
    internal static int Data(Dissection dissection, int start, int end, string name)
    {
        if (end <= start)
            return start;
        var data = new FieldWalk(dissection, name, start, end);
        data.Note("Data", $"{data.Left} bytes", data.Left, "what the layer above sent", "위 계층이 보낸 내용입니다");
        data.Finish();
        return data.At;
    }

    private static void Trailer(Dissection dissection, int used, int end)
    {
        var trailer = new FieldWalk(dissection, "Ethernet trailer", used, dissection.Frame.Length);
        if (end > used)
            trailer.Note(
                "Padding",
                $"{end - used} bytes",
                end - used,
                "fills the frame up to the 64 bytes that Ethernet asks for at least",
                "이더넷 프레임의 최소 길이 64바이트를 채우는 부분입니다"
            );
        if (dissection.Frame.Length - end != CheckLength)
        {
            trailer.Finish();
            return;
        }
        var expected = Crc32.Of(dissection.Frame.Span[..end]);
        var actual = BinaryPrimitives.ReadUInt32LittleEndian(dissection.Frame.Span[end..]);
        if (actual != expected)
            dissection.Problem ??= "the frame check sequence does not hold";
        trailer.Note(
            "Frame check",
            actual == expected ? $"0x{actual:x8} (right)" : $"0x{actual:x8} (wrong, 0x{expected:x8} would be right)",
            CheckLength,
            "a CRC-32 over the frame: if noise on the wire changed one bit, the receiver throws the frame away",
            "프레임 전체의 CRC-32입니다. 잡음으로 한 비트라도 바뀌면 받는 쪽이 프레임을 버립니다"
        );
        trailer.Finish();
    }

    private static string EtherTypeName(ushort type) =>
        type switch
        {
            0x0800 => " (IPv4)",
            0x0806 => " (ARP)",
            0x86DD => " (IPv6)",
            _ => "",
        };
}
