using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Compares a packet that we sent with the line that expects it, field by field, in packetdrill's order and words.</summary>
internal sealed class DrillMatch(DrillSettings settings)
{
    /// <summary>
    /// One line may stand for several segments in a row: packetdrill looks at the packets of a kernel before they are cut
    /// to segments. Null when all of it is as the line says.
    /// </summary>
    public string? Compare(DrillPacket line, IReadOnlyList<LivePacket> live, DrillConversation conversation) =>
        CompareIp(line.Ip, live[0])
        ?? line.Payload switch
        {
            DrillTcp tcp => CompareTcp(tcp, live, conversation),
            DrillUdp udp => CompareUdp(udp, live[0]),
            DrillIcmp icmp => CompareIcmp(icmp, live[0]),
            _ => null,
        };

    private static string? CompareIp(in DrillIp expected, LivePacket live) =>
        Field("ip_ecn", expected.Ecn, (uint)(live.TypeOfService & 3))
        ?? Field("ip_tos", expected.TypeOfService, live.TypeOfService)
        ?? Field("ip_ttl", expected.TimeToLive, live.TimeToLive);

    private static string? CompareUdp(DrillUdp expected, LivePacket live) =>
        live.Protocol != IpProtocol.Udp
            ? Field("ip_protocol", (uint)IpProtocol.Udp, (uint)live.Protocol)
            : Field("udp_len", (uint)(UdpHeader.Size + expected.Length), (uint)live.Transport.Length);

    private static string? CompareIcmp(DrillIcmp expected, LivePacket live)
    {
        var isV4 = live.Local.Address.IsV4;
        if (live.Protocol is not (IpProtocol.Icmp or IpProtocol.IcmpV6))
            return Field("ip_protocol", (uint)(isV4 ? IpProtocol.Icmp : IpProtocol.IcmpV6), (uint)live.Protocol);
        IcmpKinds.TryFind(expected.Kind, expected.Code, !isV4, out var type, out var code);
        return Field("icmp_type", type, live.Transport[0]) ?? Field("icmp_code", code, live.Transport[1]);
    }

    private string? CompareTcp(DrillTcp expected, IReadOnlyList<LivePacket> live, DrillConversation conversation)
    {
        var last = live[^1];
        if (last.Protocol != IpProtocol.Tcp || !TcpHeader.TryRead(last.Transport, out var header))
            return Field("ip_protocol", (uint)IpProtocol.Tcp, (uint)last.Protocol);
        TcpHeader.TryRead(live[0].Transport, out var first);
        if (first.Flags.Has(TcpFlags.Syn) && expected.Flags.Has(TcpFlags.Syn))
            conversation.OnOurSyn(expected.Start, first.Sequence.Value);
        // A reset for what belongs to nobody may have a number that is none of ours.
        var isSyn = header.Flags.Has(TcpFlags.Syn);
        var isStranger = header.Flags.Has(TcpFlags.Rst) && (!conversation.IsNumbered || header.Sequence.Value == 0);
        var sequence = first.Sequence.Value - (isStranger ? 0 : conversation.Offset(isSyn));
        return Field("tcp_data_offset", expected.Options?.Bytes.Length / 4 + 5, header.Length / 4)
            ?? CompareFlags(expected.Flags, header.Flags, isOfSeveral: live.Count > 1)
            ?? Field("tcp_seq", expected.Start, sequence)
            ?? (
                header.Flags.Has(TcpFlags.Ack)
                    ? Field(
                        "tcp_ack_seq",
                        expected.Acknowledgement,
                        header.Acknowledgement.Value - conversation.TheirOffset(isSyn)
                    )
                    : null
            )
            ?? Field("tcp_payload_length", (uint)expected.Length, (uint)live.Sum(DataLength))
            ?? Field("tcp_window", expected.Window, header.Window)
            ?? Field("tcp_urg_ptr", expected.Urgent, header.UrgentPointer)
            ?? CompareOptions(
                expected.Options,
                header.Options,
                last.Transport[TcpHeader.MinLength..header.Length],
                conversation
            );
    }

    public static int DataLength(LivePacket live) =>
        TcpHeader.TryRead(live.Transport, out var header) ? live.Transport.Length - header.Length : 0;

    /// <summary>Does the second begin where the first ended, and is it the same otherwise, as far as one line could say it?</summary>
    public static bool Follows(LivePacket before, LivePacket next) =>
        TcpHeader.TryRead(before.Transport, out var first)
        && TcpHeader.TryRead(next.Transport, out var second)
        && second.Sequence == first.Sequence + DataLength(before)
        && second.Acknowledgement == first.Acknowledgement
        && !first.Flags.Has(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Rst);

    /// <param name="isOfSeveral">The line stands for more than one segment: Linux pushes each packet that is cut into such.</param>
    private static string? CompareFlags(TcpFlags expected, TcpFlags actual, bool isOfSeveral)
    {
        if (isOfSeveral && expected.Has(TcpFlags.Psh))
            actual |= TcpFlags.Psh;
        foreach (
            var (name, flag) in ((string, TcpFlags)[])
                [
                    ("tcp_fin", TcpFlags.Fin),
                    ("tcp_syn", TcpFlags.Syn),
                    ("tcp_rst", TcpFlags.Rst),
                    ("tcp_psh", TcpFlags.Psh),
                    ("tcp_ack", TcpFlags.Ack),
                    ("tcp_urg", TcpFlags.Urg),
                    ("tcp_ece", TcpFlags.Ece),
                    ("tcp_cwr", TcpFlags.Cwr),
                ]
        )
        {
            if (Field(name, expected.Has(flag) ? 1 : 0, actual.Has(flag) ? 1 : 0) is { } wrong)
                return wrong;
        }
        return null;
    }

    private string? CompareOptions(
        DrillTcpOptions? expected,
        TcpOptions options,
        ReadOnlySpan<byte> live,
        DrillConversation conversation
    )
    {
        if (expected is null)
        {
            var all = SegmentOptions.Read(options);
            if (all.HasTimestamps)
                conversation.OnOurTimestamp(all.TimestampValue, all.TimestampValue);
            return null;
        }
        var actual = live.ToArray();
        foreach (var edge in expected.SackAt)
        {
            if (edge + 4 > actual.Length)
                break;
            var number = BinaryPrimitives.ReadUInt32BigEndian(actual.AsSpan(edge));
            BinaryPrimitives.WriteUInt32BigEndian(actual.AsSpan(edge), number - conversation.TheirOffset());
        }
        var at = expected.TimestampAt;
        if (at >= 0 && at + 8 <= actual.Length && actual[at - 2] == (byte)TcpOptionKind.Timestamps)
        {
            // Ours is what our clock shows; which value the script gives to it is remembered for the peer's echoes.
            var script = BinaryPrimitives.ReadUInt32BigEndian(expected.Bytes.AsSpan(at));
            var shown = BinaryPrimitives.ReadUInt32BigEndian(actual.AsSpan(at));
            if (CompareTimestamp(script, shown, conversation) is { } wrong)
                return wrong;
            conversation.OnOurTimestamp(script, shown);
            BinaryPrimitives.WriteUInt32BigEndian(actual.AsSpan(at), script);
        }
        return actual.AsSpan().SequenceEqual(expected.Bytes)
            ? null
            : $"bad outbound TCP options: expected: <{Show(expected.Bytes)}> vs actual: <{Show(actual)}>";
    }

    private string? CompareTimestamp(uint script, uint shown, DrillConversation conversation)
    {
        if (settings.TimestampTick <= Duration.Zero || conversation.FirstTimestamp is not { } first)
            return null;
        var expected = first.Live + (script - first.Script);
        var off = settings.TimestampTick * Math.Abs((long)(int)(shown - expected));
        return off <= settings.Tolerance
            ? null
            : $"bad outbound TCP timestamp value: expected: {script} vs actual: {shown - first.Live + first.Script}";
    }

    private static string? Field(string name, long? expected, long actual) =>
        expected is not { } wanted || wanted == actual
            ? null
            : $"live packet field {name}: expected: {wanted} (0x{wanted:x}) vs actual: {actual} (0x{actual:x})";

    public static string Show(ReadOnlySpan<byte> options)
    {
        var words = new List<string>();
        while (!options.IsEmpty)
        {
            if (options[0] <= 1)
            {
                words.Add(options[0] == 0 ? "eol" : "nop");
                options = options[1..];
                continue;
            }
            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
                break;
            words.Add(Show((TcpOptionKind)options[0], options[2..options[1]]));
            options = options[options[1]..];
        }
        return string.Join(',', words);
    }

    private static string Show(TcpOptionKind kind, ReadOnlySpan<byte> data) =>
        (kind, data.Length) switch
        {
            (TcpOptionKind.MaximumSegmentSize, 2) => $"mss {BinaryPrimitives.ReadUInt16BigEndian(data)}",
            (TcpOptionKind.WindowScale, 1) => $"wscale {data[0]}",
            (TcpOptionKind.SackPermitted, 0) => "sackOK",
            (TcpOptionKind.Timestamps, 8) =>
                $"TS val {BinaryPrimitives.ReadUInt32BigEndian(data)} ecr {BinaryPrimitives.ReadUInt32BigEndian(data[4..])}",
            (TcpOptionKind.Sack, _) => $"sack{ShowBlocks(data)}",
            (TcpOptionKind.FastOpen, _) => $"FO {Convert.ToHexStringLower(data)}".TrimEnd(),
            (TcpOptionKind.Experimental, >= 2) when data is [0xF9, 0x89, ..] =>
                $"FOEXP {Convert.ToHexStringLower(data[2..])}".TrimEnd(),
            _ => $"option {(int)kind} of {data.Length + 2} octets",
        };

    private static string ShowBlocks(ReadOnlySpan<byte> data)
    {
        var blocks = "";
        for (; data.Length >= 8; data = data[8..])
            blocks +=
                $" {BinaryPrimitives.ReadUInt32BigEndian(data)}:{BinaryPrimitives.ReadUInt32BigEndian(data[4..])}";
        return blocks;
    }
}
