using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Reads a packet as packetdrill writes it: <c>[ect0] P. 1:1001(1000) ack 1 win 257 &lt;nop,nop,TS val 100 ecr 200&gt;</c>.</summary>
internal static class DrillPacketParser
{
    private const int MaxLength = 65_495;

    public static DrillPacket Read(DrillCursor at, int line, in DrillTime time, bool isInbound)
    {
        if (time.Returns is not null)
            throw new DrillScriptException(line, "a packet does not block: a range of time is written with '~'");
        var ip = ReadIp(at);
        var payload = ReadPayload(at);
        if (at.Take("{"))
            throw at.Wrong("a packet that is changed on its way ('{ … }') is not supported");
        return new(line, time, isInbound, ip, payload);
    }

    private static DrillIp ReadIp(DrillCursor at)
    {
        var ip = default(DrillIp);
        var end =
            at.Take("[") ? "]"
            : at.Take("(") ? ")"
            : "";
        while (end.Length > 0 && !at.Take(end))
        {
            at.Take(",");
            ip = at.Word() switch
            {
                "noecn" => ip with { Ecn = 0 },
                "ect1" => ip with { Ecn = 1 },
                "ect0" => ip with { Ecn = 2 },
                "ce" => ip with { Ecn = 3 },
                "tos" => ip with { TypeOfService = (byte)at.Unsigned("a type of service", 255) },
                "ttl" => ip with { TimeToLive = (byte)at.Unsigned("a time to live", 255) },
                var word => throw at.Wrong(
                    $"of the IP header noecn, ect0, ect1, ce, tos and ttl can be named, not '{word}'"
                ),
            };
        }
        return ip;
    }

    private static DrillPayload ReadPayload(DrillCursor at)
    {
        var ports = ReadPorts(at);
        if (at.TakeWord("udp"))
            return ReadUdp(at, ports);
        if (ports is null && at.TakeWord("icmp"))
            return ReadIcmp(at);
        foreach (var other in (string[])["ipv4", "ipv6", "gre", "mpls", "sctp", "udplite", "psp", "raw"])
        {
            if (at.TakeWord(other))
                throw at.Wrong($"packets of TCP, UDP and ICMP are supported, not of {other}");
        }
        return ReadTcp(at, ports);
    }

    private static (ushort, ushort)? ReadPorts(DrillCursor at)
    {
        at.SkipBlanks();
        if (!char.IsAsciiDigit(at.Current))
            return null;
        var source = (ushort)at.Unsigned("a port", ushort.MaxValue);
        at.Expect(">");
        return (source, (ushort)at.Unsigned("a port", ushort.MaxValue));
    }

    private static DrillUdp ReadUdp(DrillCursor at, (ushort, ushort)? ports)
    {
        at.Expect("(");
        var length = at.Unsigned("the datagram's length", MaxLength);
        at.Expect(")");
        return new(ports, length);
    }

    private static DrillTcp ReadTcp(DrillCursor at, (ushort, ushort)? ports)
    {
        var flags = ReadFlags(at);
        var (start, length) = ReadRange(at, flags);
        uint? acknowledgement = at.TakeWord("ack") ? at.Unsigned("an acknowledgement number") : null;
        if (acknowledgement is null && flags.Has(TcpFlags.Ack) && !flags.Has(TcpFlags.Rst))
            throw at.Wrong("a segment with '.' says what it acknowledges: 'ack N'");
        ushort? window = at.TakeWord("win") ? (ushort)at.Unsigned("a window", ushort.MaxValue) : null;
        var urgent = at.TakeWord("urg") ? (ushort)at.Unsigned("an urgent pointer", ushort.MaxValue) : (ushort)0;
        return new(ports, flags, start, length, acknowledgement, window, urgent, ReadOptions(at));
    }

    private static TcpFlags ReadFlags(DrillCursor at)
    {
        var flags = TcpFlags.None;
        at.SkipBlanks();
        if (at.Take("-"))
            return flags;
        for (var count = 0; ; count++)
        {
            var flag = at.Current switch
            {
                'F' => TcpFlags.Fin,
                'S' => TcpFlags.Syn,
                'R' => TcpFlags.Rst,
                'P' => TcpFlags.Psh,
                '.' => TcpFlags.Ack,
                'U' => TcpFlags.Urg,
                'E' => TcpFlags.Ece,
                'W' => TcpFlags.Cwr,
                _ => TcpFlags.None,
            };
            if (flag == TcpFlags.None)
                return count > 0 && char.IsWhiteSpace(at.Current)
                    ? flags
                    : throw at.Wrong($"expected flags (of F, S, R, P, '.', U, E, W) before {at.What()}");
            flags |= flag;
            at.Step();
        }
    }

    /// <summary><c>1:1001(1000)</c>. In a SYN and in a FIN the end is that of the data alone.</summary>
    private static (uint Start, int Length) ReadRange(DrillCursor at, TcpFlags flags)
    {
        var start = at.Unsigned("a sequence number");
        at.Expect(":");
        var end = at.Unsigned("a sequence number");
        at.Expect("(");
        var length = at.Unsigned("a length", 1 << 24);
        at.Expect(")");
        return end == start + (uint)length
            ? (start, length)
            : throw at.Wrong(
                $"{start}:{end} is not {length} octets{(flags.Has(TcpFlags.Syn) ? " (SYN is not counted)" : "")}"
            );
    }

    private static DrillTcpOptions? ReadOptions(DrillCursor at)
    {
        if (!at.Take("<"))
            return DrillTcpOptions.None;
        if (at.Take("..."))
        {
            at.Expect(">");
            return null;
        }
        var bytes = new List<byte>();
        var edges = new List<int>();
        var timestamp = -1;
        while (!at.Take(">"))
        {
            if (bytes.Count > 0)
                at.Expect(",");
            ReadOption(at, bytes, edges, ref timestamp);
        }
        if (bytes.Count % 4 != 0 || bytes.Count > SegmentOptions.MaxLength)
            throw at.Wrong(
                $"the options take {bytes.Count} octets: they have to fill words of 4 (with nop or eol), and no more than {SegmentOptions.MaxLength}"
            );
        return new([.. bytes], timestamp, edges);
    }

    private static void ReadOption(DrillCursor at, List<byte> bytes, List<int> edges, ref int timestamp)
    {
        switch (at.Word())
        {
            case "nop":
                bytes.Add((byte)TcpOptionKind.NoOperation);
                break;
            case "eol":
                bytes.Add((byte)TcpOptionKind.EndOfList);
                break;
            case "mss":
                var mss = at.Unsigned("a segment size", ushort.MaxValue);
                bytes.AddRange([(byte)TcpOptionKind.MaximumSegmentSize, 4, (byte)(mss >> 8), (byte)mss]);
                break;
            case "wscale":
                bytes.AddRange([(byte)TcpOptionKind.WindowScale, 3, (byte)at.Unsigned("a shift", 255)]);
                break;
            case "sackOK":
                bytes.AddRange([(byte)TcpOptionKind.SackPermitted, 2]);
                break;
            case "sack":
                ReadSack(at, bytes, edges);
                break;
            case "TS":
                bytes.AddRange([(byte)TcpOptionKind.Timestamps, 10]);
                timestamp = bytes.Count;
                at.Expect("val");
                Add(bytes, at.Unsigned("a time stamp"));
                at.Expect("ecr");
                Add(bytes, at.Unsigned("a time stamp"));
                break;
            case "FO":
                ReadCookie(at, bytes, isExperimental: false);
                break;
            case "FOEXP":
                ReadCookie(at, bytes, isExperimental: true);
                break;
            case var word:
                throw at.Wrong($"the option '{word}' is not supported");
        }
    }

    private static void ReadSack(DrillCursor at, List<byte> bytes, List<int> edges)
    {
        var begin = bytes.Count;
        bytes.AddRange([(byte)TcpOptionKind.Sack, 0]);
        at.SkipBlanks();
        while (char.IsAsciiDigit(at.Current) && bytes.Count <= SegmentOptions.MaxLength)
        {
            edges.Add(bytes.Count);
            Add(bytes, at.Unsigned("a sequence number"));
            at.Expect(":");
            edges.Add(bytes.Count);
            Add(bytes, at.Unsigned("a sequence number"));
            at.SkipBlanks();
        }
        bytes[begin + 1] = (byte)(bytes.Count - begin);
    }

    private static void ReadCookie(DrillCursor at, List<byte> bytes, bool isExperimental)
    {
        at.SkipBlanks();
        var text = char.IsAsciiLetterOrDigit(at.Current) ? at.Meaning(at.Word()) : "";
        var isHex = text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
        // One that is too long for a cookie may well arrive.
        if (!isHex || text.Length > 2 * SegmentOptions.MaxLength)
            throw at.Wrong(
                $"a cookie is written in hexadecimal digits (or a name that is given a meaning with --define), not '{text}'"
            );
        var cookie = Convert.FromHexString(text);
        if (isExperimental)
            bytes.AddRange([(byte)TcpOptionKind.Experimental, (byte)(4 + cookie.Length), 0xF9, 0x89]);
        else
            bytes.AddRange([(byte)TcpOptionKind.FastOpen, (byte)(2 + cookie.Length)]);
        bytes.AddRange(cookie);
    }

    private static void Add(List<byte> bytes, uint value) =>
        bytes.AddRange([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    private static DrillIcmp ReadIcmp(DrillCursor at)
    {
        var kind = at.Word();
        string? code = null;
        uint? mtu = null;
        at.SkipBlanks();
        if (char.IsAsciiLetter(at.Current) && !at.IsAt("mtu"))
            code = at.Word();
        if (at.TakeWord("mtu"))
            mtu = at.Unsigned("an MTU");
        DrillPayload? quoted = null;
        if (at.Take("["))
        {
            quoted = at.TakeWord("udp") ? ReadUdp(at, null) : ReadQuotedSegment(at);
            at.Expect("]");
        }
        return IcmpKinds.IsKnown(kind, code)
            ? new(kind, code, mtu, quoted)
            : throw at.Wrong($"the ICMP message '{kind}{(code is null ? "" : " ")}{code}' is not supported");
    }

    /// <summary><c>[1:1001(1000)]</c>, or with flags before it.</summary>
    private static DrillTcp ReadQuotedSegment(DrillCursor at)
    {
        at.SkipBlanks();
        var flags = char.IsAsciiDigit(at.Current) ? TcpFlags.Ack : ReadFlags(at);
        var (start, length) = ReadRange(at, flags);
        return new(null, flags, start, length, null, null, 0, DrillTcpOptions.None);
    }
}
