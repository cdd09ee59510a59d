using System.Buffers.Binary;
using System.Text;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>TCP (RFC 9293 §3.1) with the options that one meets.</summary>
internal static class TcpDissector
{
    private const int MinLength = 20;

    private static readonly (int Bit, string Name)[] FlagNames =
    [
        (0x02, "SYN"),
        (0x01, "FIN"),
        (0x04, "RST"),
        (0x08, "PSH"),
        (0x10, "ACK"),
        (0x20, "URG"),
        (0x40, "ECE"),
        (0x80, "CWR"),
    ];

    public static int Read(Dissection dissection, int start, int end, IpAddress source, IpAddress destination)
    {
        dissection.Protocol = "TCP";
        var tcp = new FieldWalk(dissection, "TCP", start, end);
        if (!tcp.Has(MinLength))
        {
            dissection.Summary = "TCP header cut short";
            return Dissector.Data(dissection, start, end, "Data");
        }
        var right = Ipv4Dissector.ChecksumHolds(tcp.Rest, 6, source, destination);
        var headerLength = (tcp.Rest[12] >> 4) * 4;
        if (headerLength < MinLength || headerLength > tcp.Left)
        {
            dissection.Problem ??= "the TCP header's length is impossible";
            dissection.Summary = "TCP header of impossible length";
            return Dissector.Data(dissection, start, end, "Data");
        }
        var from = tcp.Word("Source port", "the sender's socket", "보낸 쪽 소켓의 포트 번호입니다");
        var to = tcp.Word(
            "Destination port",
            "the receiver's socket: 80 is the web",
            "받는 쪽 소켓의 포트 번호입니다. 80은 웹입니다"
        );
        var sequence = tcp.DoubleWord(
            "Sequence",
            "the number of the first byte of data in here",
            "이 세그먼트에 든 첫 번째 데이터 바이트의 번호입니다"
        );
        var acknowledgement = tcp.DoubleWord(
            "Acknowledgement",
            "the number of the byte that is expected next: all before it has arrived",
            "다음에 받을 바이트의 번호입니다. 그 앞까지는 모두 도착했다는 뜻입니다"
        );
        tcp.Note(
            "Header length",
            $"{headerLength} bytes",
            1,
            "the high half of the byte, in words of four bytes",
            "바이트의 위 절반이며 4바이트 단위로 셉니다"
        );
        var flags = Flags(tcp.Frame[tcp.At]);
        tcp.Byte(
            "Flags",
            "what kind of segment: SYN begins, ACK confirms, PSH hands over at once, FIN ends, RST breaks off",
            "세그먼트의 종류입니다. SYN은 시작, ACK는 확인, PSH는 바로 전달, FIN은 끝, RST는 중단을 뜻합니다",
            value => $"0x{value:x2} {flags}"
        );
        var window = tcp.Word(
            "Window",
            "how many bytes more the sender of this has room for (window control)",
            "이쪽이 더 받을 수 있는 바이트 수입니다 (윈도우 제어)"
        );
        tcp.Word(
            "Checksum",
            "over addresses, header and data",
            "주소와 헤더와 데이터를 함께 계산한 체크섬입니다",
            sum => $"0x{sum:x4} ({(right ? "right" : "wrong")})"
        );
        if (!right)
            dissection.Problem ??= "the TCP checksum does not hold";
        tcp.Word("Urgent pointer", "hardly used any more", "지금은 거의 쓰지 않습니다");
        var options = Options(dissection, tcp, start + headerLength);
        tcp.Finish();

        var length = end - tcp.At;
        dissection.PayloadLength = length;
        dissection.Tcp = new(from, to, sequence, acknowledgement, flags, window, length);
        dissection.Summary = Summary(dissection.Tcp.Value, options);
        return length > 0 ? HttpDissector.Read(dissection, tcp.At, end) : tcp.At;
    }

    private static string Summary(in TcpFacts tcp, string options)
    {
        var text = new StringBuilder();
        text.Append($"{tcp.SourcePort} → {tcp.DestinationPort} [{tcp.Flags}] seq={tcp.Sequence}");
        if (tcp.Flags.Contains("ACK", StringComparison.Ordinal))
            text.Append($" ack={tcp.Acknowledgement}");
        text.Append($" win={tcp.Window} len={tcp.Length}{options}");
        return text.ToString();
    }

    private static string Flags(byte bits)
    {
        var text = new StringBuilder();
        foreach (var (bit, name) in FlagNames)
            if ((bits & bit) != 0)
                text.Append(text.Length > 0 ? " " : "").Append(name);
        return text.ToString();
    }

    /// <summary>Notes each option and answers what belongs into the summary.</summary>
    private static string Options(Dissection dissection, FieldWalk tcp, int end)
    {
        var summary = "";
        while (tcp.At < end)
        {
            var kind = tcp.Frame[tcp.At];
            if (kind == 0)
            {
                tcp.Note("Option: end", "0", end - tcp.At, "the rest is padding", "나머지는 채움입니다");
                return summary;
            }
            if (kind == 1)
            {
                tcp.Note("Option: no operation", "1", 1, "fills up to a border", "자리를 맞추기 위한 채움입니다");
                continue;
            }
            var length = tcp.At + 1 < end ? tcp.Frame[tcp.At + 1] : 0;
            if (length < 2 || tcp.At + length > end)
            {
                dissection.Problem ??= "a TCP option's length is impossible";
                tcp.Note("Options", "broken", end - tcp.At, "cannot be read", "읽을 수 없습니다");
                return summary;
            }
            summary += Option(tcp, kind, length);
        }
        return summary;
    }

    private static string Option(FieldWalk tcp, byte kind, int length)
    {
        var data = tcp.Frame.Slice(tcp.At + 2, length - 2);
        switch (kind, length)
        {
            case (2, 4):
                var mss = BinaryPrimitives.ReadUInt16BigEndian(data);
                tcp.Note(
                    "Option: MSS",
                    mss.ToString(),
                    length,
                    "the longest piece of data that the sender of this can take in one segment",
                    "한 세그먼트에 받을 수 있는 데이터의 최대 길이입니다"
                );
                return $" mss={mss}";
            case (3, 3):
                tcp.Note(
                    "Option: window scale",
                    data[0].ToString(),
                    length,
                    "windows are to be multiplied by two to this power",
                    "윈도우 값을 2의 이 거듭제곱만큼 곱합니다"
                );
                return $" wscale={data[0]}";
            case (4, 2):
                tcp.Note(
                    "Option: SACK permitted",
                    "yes",
                    length,
                    "may confirm in pieces",
                    "부분 확인 응답을 쓸 수 있습니다"
                );
                return " sack_ok";
            case (5, >= 10) when data.Length % 8 == 0:
                var blocks = Blocks(data);
                tcp.Note(
                    "Option: SACK",
                    blocks,
                    length,
                    "what has arrived although something before it is missing: only the gaps need be sent again",
                    "앞의 것이 빠졌지만 이미 도착한 부분입니다. 빠진 부분만 다시 보내면 됩니다"
                );
                return $" sack={blocks}";
            case (8, 10):
                var value = BinaryPrimitives.ReadUInt32BigEndian(data);
                var echo = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
                tcp.Note(
                    "Option: time stamps",
                    $"{value} echo {echo}",
                    length,
                    "to measure the round trip",
                    "왕복 시간을 재는 데 씁니다"
                );
                return "";
            default:
                tcp.Note(
                    $"Option {kind}",
                    Convert.ToHexStringLower(data),
                    length,
                    "not known here",
                    "여기서는 다루지 않는 옵션입니다"
                );
                return "";
        }
    }

    private static string Blocks(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        for (; data.Length >= 8; data = data[8..])
        {
            var (start, end) = (
                BinaryPrimitives.ReadUInt32BigEndian(data),
                BinaryPrimitives.ReadUInt32BigEndian(data[4..])
            );
            text.Append(text.Length > 0 ? "," : "").Append($"{start}–{end - 1}");
        }
        return text.ToString();
    }
}
