using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Packets and calls as scripts write them, for traces and complaints.</summary>
internal static class DrillWords
{
    public static string Of(DrillPacket packet) =>
        packet.Payload switch
        {
            DrillTcp tcp => Segment(
                tcp.Flags,
                tcp.Start,
                tcp.Length,
                tcp.Acknowledgement,
                tcp.Window,
                tcp.Options is { } options ? DrillMatch.Show(options.Bytes) : "..."
            ),
            DrillUdp udp => $"udp ({udp.Length})",
            DrillIcmp icmp => $"icmp {icmp.Kind} {icmp.Code}".TrimEnd(),
            _ => "",
        };

    public static string Of(DrillCall call) =>
        $"{call.Name}(…) = {call.Result?.ToString() ?? "..."}{(call.Error is null ? "" : " ")}{call.Error}";

    public static string Of(LivePacket live, DrillConversation conversation)
    {
        if (live.Protocol == IpProtocol.Udp)
            return $"udp ({live.Transport.Length - UdpHeader.Size})";
        if (live.Protocol != IpProtocol.Tcp || !TcpHeader.TryRead(live.Transport, out var header))
            return $"icmp type {live.Transport[0]} code {live.Transport[1]}";
        var isSyn = header.Flags.Has(TcpFlags.Syn);
        return Segment(
            header.Flags,
            header.Sequence.Value - conversation.Offset(isSyn),
            live.Transport.Length - header.Length,
            header.Flags.Has(TcpFlags.Ack) ? header.Acknowledgement.Value - conversation.TheirOffset(isSyn) : null,
            header.Window,
            DrillMatch.Show(live.Transport[TcpHeader.MinLength..header.Length])
        );
    }

    private static string Segment(TcpFlags flags, uint start, int length, uint? ack, ushort? window, string options)
    {
        var letters = "";
        foreach (
            var (letter, flag) in ((char, TcpFlags)[])
                [
                    ('F', TcpFlags.Fin),
                    ('S', TcpFlags.Syn),
                    ('R', TcpFlags.Rst),
                    ('P', TcpFlags.Psh),
                    ('.', TcpFlags.Ack),
                    ('U', TcpFlags.Urg),
                    ('E', TcpFlags.Ece),
                    ('W', TcpFlags.Cwr),
                ]
        )
        {
            if (flags.Has(flag))
                letters += letter;
        }
        var text = $"{(letters.Length > 0 ? letters : "-")} {start}:{start + (uint)length}({length})";
        if (ack is not null)
            text += $" ack {ack}";
        if (window is not null)
            text += $" win {window}";
        return options.Length > 0 ? $"{text} <{options}>" : text;
    }
}
