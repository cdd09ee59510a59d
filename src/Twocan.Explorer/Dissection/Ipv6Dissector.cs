using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>IPv6 (RFC 8200) and the headers that may stand between it and what it carries.</summary>
internal static class Ipv6Dissector
{
    private const int HeaderLength = 40;

    /// <summary>No sender of good will uses more.</summary>
    private const int MaxExtensions = 16;

    public static int Read(Dissection dissection, int start, int end)
    {
        dissection.Protocol = "IPv6";
        var ip = new FieldWalk(dissection, "IPv6", start, end);
        if (!ip.Has(HeaderLength))
            return Broken(dissection, start, end, "IPv6 header cut short");
        var bytes = ip.Rest;
        var payloadLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (HeaderLength + payloadLength > end - start)
        {
            dissection.Problem ??= "the IPv6 payload length does not fit the frame";
            return Broken(dissection, start, end, "IPv6 packet of impossible length");
        }
        ip.Remark("Version", $"{bytes[0] >> 4}", start, 1, "6: this is IPv6", "6은 IPv6라는 뜻입니다");
        var trafficClass = (byte)(BinaryPrimitives.ReadUInt16BigEndian(bytes) >> 4);
        ip.Remark(
            "Traffic class",
            $"0x{trafficClass:x2}",
            start,
            2,
            "how urgent it is (DSCP) and whether a router was congested (ECN)",
            "패킷의 우선도(DSCP)와 혼잡 표시(ECN)입니다"
        );
        ip.Note(
            "Flow label",
            $"0x{BinaryPrimitives.ReadUInt32BigEndian(bytes) & 0xFFFFF:x5}",
            4,
            "20 bits by which routers can keep a conversation on one way; 0 says nothing",
            "한 대화의 패킷을 같은 길로 보내는 데 쓰는 20비트입니다. 0이면 쓰지 않는다는 뜻입니다"
        );
        ip.Word("Payload length", "all that follows this header", "이 헤더 뒤에 오는 모든 것의 길이입니다");
        var next = NextHeader(ip);
        ip.Byte(
            "Hop limit",
            "each router takes one away; at zero the packet is thrown away (IPv4 calls it time to live)",
            "라우터를 지날 때마다 하나씩 줄고, 0이 되면 버려집니다 (IPv4의 TTL)"
        );
        var source = ip.Address("Source", "who sent the packet", "패킷을 보낸 쪽의 IPv6 주소입니다", 16);
        var destination = ip.Address(
            "Destination",
            "whom it is for; nobody on the way changes it",
            "패킷을 받을 쪽의 IPv6 주소이며 도중에 아무도 바꾸지 않습니다",
            16
        );
        ip.Finish();
        (dissection.Source, dissection.Destination) = (source.ToString(), destination.ToString());
        return Inside(dissection, next, ip.At, start + HeaderLength + payloadLength, source, destination);
    }

    private static byte NextHeader(FieldWalk walk) =>
        walk.Byte(
            "Next header",
            "what stands behind this header",
            "이 헤더 다음에 오는 것의 종류입니다",
            static next => $"{next}{NameOf(next)}"
        );

    private static int Inside(
        Dissection dissection,
        byte next,
        int start,
        int end,
        IpAddress source,
        IpAddress destination
    )
    {
        for (var count = 0; count < MaxExtensions; count++)
        {
            switch (next)
            {
                case 6:
                    return TcpDissector.Read(dissection, start, end, source, destination);
                case 17:
                    return UdpDissector.Read(dissection, start, end, source, destination);
                case 58:
                    return Icmpv6Dissector.Read(dissection, start, end, source, destination);
                case 59:
                    dissection.Summary = "IPv6 without content";
                    return Dissector.Data(dissection, start, end, "Data");
                case 0 or 43 or 60:
                    (next, start) = Extension(dissection, next, start, end);
                    break;
                case 44:
                    if (IsPart(dissection, start, end, out var inside))
                        return Dissector.Data(dissection, start + 8, end, "Fragment");
                    (next, start) = (inside, start + 8);
                    break;
                default:
                    dissection.Summary = $"IP protocol {next}, {end - start} bytes";
                    return Dissector.Data(dissection, start, end, "Data");
            }
        }
        dissection.Problem ??= "too many IPv6 extension headers";
        return Dissector.Data(dissection, start, end, "Data");
    }

    /// <summary>Hop-by-hop and destination options, and routing: next header, length in eight bytes more, content (RFC 8200 §4.3 to 4.6).</summary>
    private static (byte Next, int At) Extension(Dissection dissection, byte kind, int start, int end)
    {
        var walk = new FieldWalk(dissection, LayerOf(kind), start, end);
        var next = NextHeader(walk);
        var length =
            8
            + 8
                * walk.Byte(
                    "Length",
                    "of this header beyond the first 8 bytes, in units of 8",
                    "처음 8바이트를 뺀 이 헤더의 길이이며 8바이트 단위입니다"
                );
        if (start + length > end)
        {
            walk.TooShort();
            walk.Finish();
            return (59, walk.At);
        }
        if (kind == 43)
            walk.Note("Routing", $"{length - 2} bytes", length - 2, "stops on the way", "거쳐 갈 곳의 목록입니다");
        else
            Options(walk, start + length);
        walk.Finish();
        return (next, start + length);
    }

    private static void Options(FieldWalk walk, int end)
    {
        while (walk.At < end && walk.Left > 0)
        {
            var type = walk.Rest[0];
            var length =
                type == 0 ? 1
                : walk.Left > 1 ? Math.Min(2 + walk.Rest[1], end - walk.At)
                : 1;
            var (name, value, english, korean) = type switch
            {
                0 => ("Pad1", "", "fills one byte", "한 바이트를 채웁니다"),
                1 => ("PadN", $"{length} bytes", "fills up to a multiple of 8", "8의 배수가 되도록 채웁니다"),
                5 => (
                    "Router alert",
                    "",
                    "routers look inside although it is not for them",
                    "자기 것이 아니어도 라우터가 들여다봅니다"
                ),
                _ => ($"Option {type}", $"{length} bytes", "an option", "옵션입니다"),
            };
            walk.Note(name, value, Math.Max(1, length), english, korean);
        }
    }

    /// <summary>True for a part of a packet; false for one that is whole in spite of its fragment header.</summary>
    private static bool IsPart(Dissection dissection, int start, int end, out byte next)
    {
        var walk = new FieldWalk(dissection, "IPv6 fragment", start, end);
        next = 59;
        if (!walk.Has(8))
        {
            walk.Finish();
            return true;
        }
        next = NextHeader(walk);
        walk.Byte("Reserved", "zero", "0으로 둡니다");
        var place = walk.Word(
            "Offset",
            "where this piece belongs, and whether more follow (MF); only the sender cuts, never a router",
            "이 조각의 위치와 뒤에 조각이 더 있는지(MF)를 나타냅니다. 라우터가 아니라 보낸 쪽만 자릅니다",
            static word => $"{word & 0xFFF8}{((word & 1) != 0 ? " MF" : "")}"
        );
        var id = walk.DoubleWord(
            "Identification",
            "which fragments belong together",
            "나뉜 조각이 서로 같은 패킷인지 알아보는 번호입니다",
            static id => $"0x{id:x8}"
        );
        walk.Finish();
        var isPart = (place & 0xFFF9) != 0;
        if (isPart)
            dissection.Summary = $"IPv6 fragment 0x{id:x8}, from byte {place & 0xFFF8}, protocol {next}";
        return isPart;
    }

    private static int Broken(Dissection dissection, int start, int end, string summary)
    {
        dissection.Summary = summary;
        return Dissector.Data(dissection, start, end, "Data");
    }

    private static string LayerOf(byte kind) =>
        kind switch
        {
            0 => "IPv6 hop-by-hop options",
            43 => "IPv6 routing",
            _ => "IPv6 destination options",
        };

    private static string NameOf(byte next) =>
        next switch
        {
            0 => " (hop-by-hop options)",
            6 => " (TCP)",
            17 => " (UDP)",
            43 => " (routing)",
            44 => " (fragment)",
            58 => " (ICMPv6)",
            59 => " (nothing)",
            60 => " (destination options)",
            _ => "",
        };
}
