using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>What a ping socket sends and hears, in the numbers of ICMP or, to and from IPv6 addresses, of ICMPv6.</summary>
/// <param name="Sequence">Of the echo, or of the one that an error quotes.</param>
/// <param name="IsReply">Else an error.</param>
/// <param name="Mtu">With 'too big': the longest packet that the next link takes.</param>
internal readonly record struct EchoMessage(ushort Sequence, bool IsReply, byte Type, byte Code, ushort Mtu)
{
    /// <summary>The same for both families.</summary>
    public const int HeaderLength = IcmpHeader.Length;

    /// <summary>Makes a message whose data is in place a request; identifier and checksum are the stack's.</summary>
    public static void WriteRequest(Span<byte> message, IpAddress target, ushort sequence)
    {
        IcmpHeader.Write(message, IcmpType.EchoRequest, 0, 0, sequence);
        if (!target.IsV4)
            message[0] = (byte)Icmpv6Type.EchoRequest;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, IpAddress from, out EchoMessage message)
    {
        message = default;
        return from.IsV4 ? TryReadV4(bytes, ref message) : TryReadV6(bytes, ref message);
    }

    private static bool TryReadV4(ReadOnlySpan<byte> bytes, ref EchoMessage message)
    {
        if (!IcmpHeader.TryRead(bytes, out var header))
            return false;
        var isReply = header.Type == IcmpType.EchoReply;
        message = new(header.Sequence, isReply, (byte)header.Type, header.Code, header.Mtu);
        if (isReply)
            return true;
        // An error quotes the request that it is about, and with it the sequence number (RFC 792).
        if (
            !Ipv4Header.TryReadQuoted(header.Data, out var quoted)
            || !IcmpHeader.TryRead(header.Data[quoted.Length..], out var request)
        )
            return false;
        message = message with { Sequence = request.Sequence };
        return true;
    }

    private static bool TryReadV6(ReadOnlySpan<byte> bytes, ref EchoMessage message)
    {
        if (!Icmpv6Header.TryRead(bytes, out var header))
            return false;
        var isReply = header.Type == Icmpv6Type.EchoReply;
        message = new(
            header.Sequence,
            isReply,
            (byte)header.Type,
            header.Code,
            header.Type == Icmpv6Type.PacketTooBig ? (ushort)Math.Min(header.Mtu, ushort.MaxValue) : (ushort)0
        );
        if (isReply)
            return true;
        if (
            !HeaderChain.TryReadQuoted(header.Data, out _, out var offset)
            || offset > header.Data.Length
            || !Icmpv6Header.TryRead(header.Data[offset..], out var request)
        )
            return false;
        message = message with { Sequence = request.Sequence };
        return true;
    }
}
