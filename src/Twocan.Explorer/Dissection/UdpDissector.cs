using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>UDP (RFC 768).</summary>
internal static class UdpDissector
{
    private const int HeaderLength = 8;

    public static int Read(Dissection dissection, int start, int end, IpAddress source, IpAddress destination)
    {
        dissection.Protocol = "UDP";
        var udp = new FieldWalk(dissection, "UDP", start, end);
        if (!udp.Has(HeaderLength))
        {
            dissection.Summary = "UDP header cut short";
            return Dissector.Data(dissection, start, end, "Data");
        }
        var bytes = udp.Rest;
        var sum = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var fits = length >= HeaderLength && length <= bytes.Length;
        if (!fits)
            dissection.Problem ??= "the UDP length does not fit the packet";
        // RFC 768: a sender may leave the checksum out and write zero.
        var right = sum == 0 || (fits && Ipv4Dissector.ChecksumHolds(bytes[..length], 17, source, destination));
        if (!right)
            dissection.Problem ??= "the UDP checksum does not hold";
        var from = udp.Word("Source port", "which program sent it", "보낸 프로그램을 가리킵니다");
        var to = udp.Word(
            "Destination port",
            "which program is to get it: 53 is DNS",
            "받을 프로그램을 가리킵니다. 53은 DNS입니다"
        );
        udp.Word("Length", "header and content together", "헤더와 내용을 합한 길이입니다");
        udp.Word(
            "Checksum",
            "over addresses, header and content; 0 means 'not computed'",
            "주소와 헤더와 내용을 함께 계산한 체크섬입니다. 0이면 계산하지 않았다는 뜻입니다",
            value => value == 0 ? "0x0000 (none)" : $"0x{value:x4} ({(right ? "right" : "wrong")})"
        );
        udp.Finish();
        var contentEnd = fits ? start + length : end;
        dissection.PayloadLength = contentEnd - udp.At;
        dissection.Udp = new(from, to, dissection.PayloadLength);
        dissection.Summary = $"{from} → {to}, {dissection.PayloadLength} bytes";
        return from == 53 || to == 53
            ? DnsDissector.Read(dissection, udp.At, contentEnd)
            : Dissector.Data(dissection, udp.At, contentEnd, "Data");
    }
}
