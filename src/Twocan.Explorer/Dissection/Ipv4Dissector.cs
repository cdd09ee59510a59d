using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>IPv4 (RFC 791 §3.1).</summary>
internal static class Ipv4Dissector
{
    private const int MinLength = 20;

    public static int Read(Dissection dissection, int start, int end)
    {
        dissection.Protocol = "IPv4";
        var ip = new FieldWalk(dissection, "IPv4", start, end);
        if (!ip.Has(MinLength))
            return Broken(dissection, start, end, "IPv4 header cut short");
        var bytes = ip.Rest;
        var headerLength = (bytes[0] & 15) * 4;
        if (headerLength < MinLength || headerLength > ip.Left)
        {
            dissection.Problem ??= "the IPv4 header's length is impossible";
            return Broken(dissection, start, end, "IPv4 header of impossible length");
        }
        var totalLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (totalLength < headerLength || totalLength > end - start)
        {
            dissection.Problem ??= "the IPv4 total length does not fit the frame";
            return Broken(dissection, start, end, "IPv4 packet of impossible length");
        }
        ip.Remark("Version", $"{bytes[0] >> 4}", start, 1, "4: this is IPv4", "4는 IPv4라는 뜻입니다");
        ip.Note(
            "Header length",
            $"{headerLength} bytes",
            1,
            "the low half of the same byte, in words of four bytes",
            "같은 바이트의 아래 절반이며 4바이트 단위로 셉니다"
        );
        ip.Byte(
            "Service",
            "how urgent it is (DSCP) and whether a router was congested (ECN)",
            "패킷의 우선도(DSCP)와 혼잡 표시(ECN)입니다",
            static service => $"0x{service:x2}"
        );
        ip.Word("Total length", "header and content together", "헤더와 내용을 합한 길이입니다");
        ip.Word(
            "Identification",
            "which fragments belong together",
            "나뉜 조각이 서로 같은 패킷인지 알아보는 번호입니다",
            static id => $"0x{id:x4}"
        );
        var fragment = ip.Word(
            "Fragment",
            "whether it may be cut up (DF forbids it), whether more follows, where this piece belongs",
            "잘라도 되는지(DF는 금지), 뒤에 조각이 더 있는지, 몇 번째 위치의 조각인지 나타냅니다",
            static word =>
                $"0x{word:x4}{((word & 0x4000) != 0 ? " DF" : "")}{((word & 0x2000) != 0 ? " MF" : "")} offset {(word & 0x1FFF) * 8}"
        );
        ip.Byte(
            "Time to live",
            "each router takes one away; at zero the packet is thrown away",
            "라우터를 지날 때마다 하나씩 줄고, 0이 되면 버려집니다"
        );
        var protocol = ip.Byte(
            "Protocol",
            "who gets the content",
            "내용을 받을 위 계층의 프로토콜입니다",
            static protocol =>
                protocol switch
                {
                    1 => "1 (ICMP)",
                    6 => "6 (TCP)",
                    17 => "17 (UDP)",
                    _ => protocol.ToString(),
                }
        );
        var right = InternetChecksum.Of(bytes[..headerLength]) == 0;
        if (!right)
            dissection.Problem ??= "the IPv4 header checksum does not hold";
        ip.Word(
            "Header checksum",
            "over the header alone; every router that changes the TTL computes it anew",
            "헤더만 계산한 체크섬입니다. 라우터는 TTL을 바꿀 때마다 다시 계산합니다",
            sum => $"0x{sum:x4} ({(right ? "right" : "wrong")})"
        );
        var source = ip.Address("Source", "who sent the packet", "패킷을 보낸 쪽의 IP 주소입니다");
        var destination = ip.Address(
            "Destination",
            "whom it is for; stays the same on the whole way",
            "패킷을 받을 쪽의 IP 주소이며 끝까지 바뀌지 않습니다"
        );
        if (headerLength > MinLength)
            ip.Note(
                "Options",
                $"{headerLength - MinLength} bytes",
                headerLength - MinLength,
                "rarely seen today",
                "오늘날에는 거의 쓰지 않습니다"
            );
        ip.Finish();
        (dissection.Source, dissection.Destination) = (source.ToString(), destination.ToString());

        var packetEnd = start + totalLength;
        // Of a packet that was cut up no piece is a whole message, not the first one either.
        if ((fragment & 0x3FFF) != 0)
        {
            dissection.Summary =
                $"IPv4 fragment 0x{BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]):x4}, from byte {(fragment & 0x1FFF) * 8}, protocol {protocol}";
            return Dissector.Data(dissection, ip.At, packetEnd, "Fragment");
        }
        return protocol switch
        {
            1 => IcmpDissector.Read(dissection, ip.At, packetEnd),
            6 => TcpDissector.Read(dissection, ip.At, packetEnd, source, destination),
            17 => UdpDissector.Read(dissection, ip.At, packetEnd, source, destination),
            _ => Other(dissection, protocol, ip.At, packetEnd),
        };
    }

    /// <summary>Whether a transport's checksum holds over its bytes and the pseudo-header (RFC 9293 §3.1, RFC 768).</summary>
    public static bool ChecksumHolds(
        ReadOnlySpan<byte> transport,
        byte protocol,
        IpAddress source,
        IpAddress destination
    )
    {
        var sum = new InternetChecksum();
        sum.Add(source);
        sum.Add(destination);
        sum.Add((ushort)protocol);
        // IPv6 counts in four bytes (RFC 8200 §8.1), which for all that fits in a frame adds up to the same.
        sum.Add((ushort)transport.Length);
        sum.Add(transport);
        return sum.Value == 0;
    }

    private static int Other(Dissection dissection, byte protocol, int start, int end)
    {
        dissection.Summary = $"IP protocol {protocol}, {end - start} bytes";
        return Dissector.Data(dissection, start, end, "Data");
    }

    private static int Broken(Dissection dissection, int start, int end, string summary)
    {
        dissection.Summary = summary;
        return Dissector.Data(dissection, start, end, "Data");
    }
}
