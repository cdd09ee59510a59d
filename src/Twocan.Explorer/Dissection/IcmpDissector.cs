using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>ICMP (RFC 792): echo, and the errors that quote the packet that they are about.</summary>
internal static class IcmpDissector
{
    public static int Read(Dissection dissection, int start, int end)
    {
        dissection.Protocol = "ICMP";
        var icmp = new FieldWalk(dissection, "ICMP", start, end);
        var right = InternetChecksum.Of(icmp.Rest) == 0;
        var type = icmp.Byte("Type", "what it tells", "무엇을 알리는지 나타냅니다");
        var code = icmp.Byte("Code", "and which kind of that", "그 가운데 어떤 종류인지 나타냅니다");
        icmp.Word(
            "Checksum",
            "over the whole message",
            "메시지 전체의 체크섬입니다",
            sum => $"0x{sum:x4} ({(right ? "right" : "wrong")})"
        );
        if (!right)
            dissection.Problem ??= "the ICMP checksum does not hold";
        var what = Name(type, code);
        if (type is 0 or 8)
        {
            var id = icmp.Word("Identifier", "which ping asks", "어느 ping이 보냈는지 구별합니다");
            var sequence = icmp.Word("Sequence", "which of its questions", "몇 번째 질문인지 나타냅니다");
            dissection.Summary = $"{what} id={id} seq={sequence}";
        }
        else
        {
            icmp.DoubleWord(
                "Rest of header",
                "depends on the type",
                "종류에 따라 뜻이 다릅니다",
                static rest => $"0x{rest:x8}"
            );
            dissection.Summary = what;
        }
        icmp.Finish();
        dissection.PayloadLength = Math.Max(0, end - icmp.At);
        return Dissector.Data(dissection, icmp.At, end, type is 0 or 8 ? "Echo data" : "Quoted packet");
    }

    private static string Name(byte type, byte code) =>
        (type, code) switch
        {
            (0, _) => "Echo reply",
            (8, _) => "Echo request",
            (3, 0) => "Network unreachable",
            (3, 1) => "Host unreachable",
            (3, 2) => "Protocol unreachable",
            (3, 3) => "Port unreachable",
            (3, 4) => "Fragmentation needed",
            (3, 13) => "Administratively prohibited",
            (3, _) => $"Destination unreachable (code {code})",
            (5, _) => "Redirect",
            (11, 0) => "Time to live exceeded",
            (11, _) => "Reassembly time exceeded",
            (12, _) => "Parameter problem",
            _ => $"ICMP type {type} code {code}",
        };
}
