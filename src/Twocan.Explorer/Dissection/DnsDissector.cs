using System.Buffers.Binary;
using System.Text;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>DNS messages (RFC 1035 §4) with compressed names, record by record.</summary>
internal static class DnsDissector
{
    private const int HeaderLength = 12;
    private const int MaxRecords = 200;

    public static int Read(Dissection dissection, int start, int end)
    {
        if (end - start < HeaderLength)
            return Dissector.Data(dissection, start, end, "Data");
        var dns = new FieldWalk(dissection, "DNS", start, end);
        var names = new DnsNames(dissection.Frame, start, end);
        var id = dns.Word(
            "Identification",
            "the answer repeats it, so that it finds its question",
            "응답에 그대로 되풀이되어 어느 질문의 답인지 알게 합니다",
            static id => $"0x{id:x4}"
        );
        var flags = dns.Word(
            "Flags",
            "question or answer (QR), from the registered server (AA), please ask others for me (RD), I do that (RA), result (RCODE)",
            "질문·응답(QR), 등록된 서버의 답(AA), 대신 찾아 달라는 부탁(RD), 그렇게 해 준다는 표시(RA), 결과(RCODE)입니다",
            static flags => $"0x{flags:x4} {FlagNames(flags)}"
        );
        var questions = dns.Word("Questions", "how many", "질문의 개수입니다");
        var answers = dns.Word("Answers", "records that answer", "답이 되는 레코드의 개수입니다");
        var authorities = dns.Word(
            "Authorities",
            "records that say who is in charge",
            "담당 서버를 알리는 레코드의 개수입니다"
        );
        var additionals = dns.Word(
            "Additionals",
            "records that will be needed next, such as those servers' addresses",
            "다음에 필요할 레코드(담당 서버의 주소 등)의 개수입니다"
        );
        var (name, type) = ("", "");
        for (var i = 0; i < questions && i < MaxRecords && dissection.Problem is null; i++)
            (name, type) = Question(dissection, dns, names);

        var said = new List<string>();
        var whole =
            Records(dissection, dns, names, answers, "Answer", said)
            && Records(dissection, dns, names, authorities, "Authority", said)
            && Records(dissection, dns, names, additionals, "Additional", said);
        dns.Finish();
        if (!whole)
            dissection.Problem ??= "the DNS message cannot be read to its end";

        var isResponse = (flags & 0x8000) != 0;
        var rcode = RcodeName(flags & 15);
        dissection.Protocol = "DNS";
        dissection.Dns = new(id, isResponse, name, type, rcode, answers);
        dissection.Summary = isResponse
            ? $"answer 0x{id:x4} {name} {type}: {rcode}{(said.Count > 0 ? ", " + string.Join(", ", said) : "")}"
            : $"query 0x{id:x4} {name} {type}";
        return Dissector.Data(dissection, dns.At, end, "Data");
    }

    private static (string Name, string Type) Question(Dissection dissection, FieldWalk dns, DnsNames names)
    {
        if (!names.TryRead(dns.At, out var name, out var length))
        {
            dissection.Problem ??= "a name in the DNS message cannot be read";
            return ("", "");
        }
        dns.Note("Name", name, length, "what is asked about", "묻는 이름입니다");
        var type = "";
        dns.Word(
            "Type",
            "which kind of record: A is an address",
            "원하는 레코드의 종류입니다. A는 IP 주소입니다",
            value => type = TypeName(value)
        );
        dns.Word(
            "Class",
            "IN: the Internet",
            "IN은 인터넷을 뜻합니다",
            static value => value == 1 ? "IN" : value.ToString()
        );
        return (name, type);
    }

    private static bool Records(
        Dissection dissection,
        FieldWalk dns,
        DnsNames names,
        int count,
        string section,
        List<string> said
    )
    {
        for (var i = 0; i < count && i < MaxRecords; i++)
            if (!Record(dissection, dns, names, section, said))
                return false;
        return count <= MaxRecords;
    }

    private static bool Record(Dissection dissection, FieldWalk dns, DnsNames names, string section, List<string> said)
    {
        if (!names.TryRead(dns.At, out var owner, out var length))
            return false;
        dns.Note($"{section}: name", owner, length, "whose record this is", "이 레코드의 주인 이름입니다");
        var type = 0;
        dns.Word(
            $"{section}: type",
            "which kind of record",
            "레코드의 종류입니다",
            value => TypeName((ushort)(type = value))
        );
        if (type == 41)
        {
            dns.Word(
                "Additional: UDP size",
                "the longest answer that fits (EDNS)",
                "받을 수 있는 답의 최대 길이입니다 (EDNS)"
            );
            dns.DoubleWord(
                "Additional: extended flags",
                "more room for RCODE and flags",
                "RCODE와 플래그의 확장입니다",
                static v => $"0x{v:x8}"
            );
        }
        else
        {
            dns.Word(
                $"{section}: class",
                "IN: the Internet",
                "IN은 인터넷을 뜻합니다",
                static value => value == 1 ? "IN" : value.ToString()
            );
            dns.DoubleWord(
                $"{section}: TTL",
                "seconds for which a cache may keep it",
                "캐시에 두어도 되는 유효기간(초)입니다",
                static ttl => $"{ttl} s"
            );
        }
        var dataLength = dns.Word($"{section}: length", "bytes of the data", "데이터의 바이트 수입니다");
        if (dns.Left < dataLength || dissection.Problem is not null)
            return false;
        var data = Data(dns, names, type, dataLength);
        if (dataLength > 0)
            dns.Note($"{section}: data", data, dataLength, Meaning(type).English, Meaning(type).Korean);
        if (section == "Answer" || (section == "Authority" && type is 2 or 6))
            said.Add($"{TypeName((ushort)type)} {data}");
        return true;
    }

    private static string Data(FieldWalk dns, DnsNames names, int type, int length)
    {
        var bytes = dns.Rest[..length];
        switch (type)
        {
            case 1 when length == 4:
            case 28 when length == 16:
                return IpAddress.Read(bytes).ToString();
            case 2 or 5 or 12 when names.TryRead(dns.At, out var name, out _):
                return name;
            case 15 when length > 2 && names.TryRead(dns.At + 2, out var exchange, out _):
                return $"{BinaryPrimitives.ReadUInt16BigEndian(bytes)} {exchange}";
            case 6 when names.TryRead(dns.At, out var primary, out _):
                return primary;
            case 16 when bytes[0] < length:
                return '"' + Printable(bytes.Slice(1, bytes[0])) + '"';
            default:
                return $"{length} bytes";
        }
    }

    internal static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var octet in bytes)
            text.Append(
                octet is > 0x20 and < 0x7F ? (char)octet
                : octet == 0x20 ? ' '
                : '·'
            );
        return text.ToString();
    }

    private static string FlagNames(ushort flags)
    {
        var text = new StringBuilder((flags & 0x8000) != 0 ? "QR" : "query");
        if ((flags & 0x0400) != 0)
            text.Append(" AA");
        if ((flags & 0x0200) != 0)
            text.Append(" TC");
        if ((flags & 0x0100) != 0)
            text.Append(" RD");
        if ((flags & 0x0080) != 0)
            text.Append(" RA");
        if ((flags & 0x8000) != 0)
            text.Append(' ').Append(RcodeName(flags & 15));
        return text.ToString();
    }

    private static string RcodeName(int rcode) =>
        rcode switch
        {
            0 => "NOERROR",
            1 => "FORMERR",
            2 => "SERVFAIL",
            3 => "NXDOMAIN",
            4 => "NOTIMP",
            5 => "REFUSED",
            _ => $"RCODE{rcode}",
        };

    private static string TypeName(ushort type) =>
        type switch
        {
            1 => "A",
            2 => "NS",
            5 => "CNAME",
            6 => "SOA",
            12 => "PTR",
            15 => "MX",
            16 => "TXT",
            28 => "AAAA",
            41 => "OPT",
            255 => "ANY",
            _ => $"TYPE{type}",
        };

    private static Phrase Meaning(int type) =>
        type switch
        {
            1 or 28 => new("the address", "IP 주소입니다"),
            2 => new("a server that is in charge of the zone", "그 존을 담당하는 서버입니다"),
            5 => new("the true name: go on with that", "정식 이름입니다. 이 이름으로 다시 찾습니다"),
            6 => new(
                "the zone's own data; its last number says how long 'no' holds",
                "존의 관리 정보입니다. 마지막 숫자는 '없음'의 유효기간입니다"
            ),
            15 => new("the host that takes the domain's mail", "그 도메인의 메일을 받는 서버입니다"),
            _ => new("the record's data", "레코드의 내용입니다"),
        };
}

/// <summary>Names in a DNS message: labels, and pointers to where the rest of the name stood before (RFC 1035 §4.1.4).</summary>
internal readonly struct DnsNames(ReadOnlyMemory<byte> frame, int start, int end)
{
    private const int MaxNameLength = 255;

    /// <summary>Reads the name at <paramref name="offset"/>; <paramref name="length"/> is what it takes there, a pointer counting two.</summary>
    public bool TryRead(int offset, out string name, out int length)
    {
        (name, length) = ("", 0);
        var bytes = frame.Span;
        var text = new StringBuilder();
        var (at, limit, jumped) = (offset, offset, false);
        while (at < end)
        {
            int label = bytes[at];
            if (label == 0)
            {
                length = jumped ? length : at + 1 - offset;
                name = text.Length == 0 ? "." : text.ToString();
                return true;
            }
            if (label >= 0xC0)
            {
                if (at + 1 >= end)
                    return false;
                var target = start + ((label & 0x3F) << 8 | bytes[at + 1]);
                // A pointer may only point backwards, and each one further: so there is no loop.
                if (target >= limit)
                    return false;
                length = jumped ? length : at + 2 - offset;
                (at, limit, jumped) = (target, target, true);
                continue;
            }
            if (label > 63 || at + 1 + label > end || text.Length + label > MaxNameLength)
                return false;
            if (text.Length > 0)
                text.Append('.');
            text.Append(DnsDissector.Printable(bytes.Slice(at + 1, label)));
            at += 1 + label;
        }
        return false;
    }
}
