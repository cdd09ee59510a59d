using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What tells which fragments belong together: in IPv4 also the protocol (RFC 791 §2.3), in IPv6 not (RFC 8200 §4.5).</summary>
internal readonly record struct FragmentKey(
    IpAddress Source,
    IpAddress Destination,
    IpProtocol Protocol,
    uint Identification
);

/// <summary>Where a fragment belongs, in the words of both families.</summary>
/// <param name="HeaderLength">What stands before the piece.</param>
/// <param name="KeptLength">How much of that the whole will have in front of it: an IPv6 fragment header goes.</param>
internal readonly record struct FragmentPlace(
    FragmentKey Key,
    int HeaderLength,
    int KeptLength,
    int Start,
    int End,
    bool IsLast
)
{
    /// <summary>RFC 3128: the first fragment of a segment holds its header up to the options.</summary>
    private const int LeastOfTcp = TcpHeader.MinLength;

    /// <summary>How long the whole may be, beside what is kept of the headers.</summary>
    public int MostPayload =>
        Key.Source.IsV4
            ? Ipv4Header.MaxPacketLength - KeptLength
            : Ipv6Header.MaxPayloadLength - (KeptLength - Ipv6Header.Length);

    /// <summary>False unless it is a fragment that an honest sender could have made.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out FragmentPlace place, out DropReason reason)
    {
        if (packet[0] >> 4 == 4)
            return TryReadV4(packet, out place, out reason);
        place = default;
        reason = DropReason.BadFragment;
        if (!HeaderChain.TryRead(packet, out var chain, out _) || !chain.IsFragment)
            return false;
        if (FlawOf(packet, chain) is not null)
            return false;
        place = Of(packet, chain);
        return true;
    }

    /// <summary>RFC 8200 §4.5: what a fragment of IPv6 must not be, and where its sender is shown that it is.</summary>
    public static HeaderProblem? FlawOf(ReadOnlySpan<byte> packet, in HeaderChain chain)
    {
        const int payloadLengthAt = 4;
        const int offsetAt = 2;
        var place = Of(packet, chain);
        var length = place.End - place.Start;
        if (!place.IsLast && length % 8 != 0)
            return new(DropReason.BadFragment, Icmpv6Code.ErroneousField, payloadLengthAt);
        if (place.End > place.MostPayload)
            return new(DropReason.BadFragment, Icmpv6Code.ErroneousField, chain.FragmentAt + offsetAt);
        // Nobody cuts off nothing; such pieces only cost memory.
        return length == 0 ? new(DropReason.BadFragment, null, 0) : null;
    }

    private static FragmentPlace Of(ReadOnlySpan<byte> packet, in HeaderChain chain)
    {
        Ipv6Header.TryRead(packet, out var header);
        FragmentHeader.TryRead(packet[chain.FragmentAt..], out var fragment);
        var headers = chain.FragmentAt + FragmentHeader.Length;
        return new(
            new(header.Source, header.Destination, IpProtocol.Fragment, fragment.Identification),
            headers,
            chain.FragmentAt,
            fragment.FragmentOffset,
            fragment.FragmentOffset + packet.Length - headers,
            !fragment.MoreFragments
        );
    }

    private static bool TryReadV4(ReadOnlySpan<byte> packet, out FragmentPlace place, out DropReason reason)
    {
        Ipv4Header.TryRead(packet, out var header);
        var length = header.TotalLength - header.Length;
        place = new(
            new(header.Source, header.Destination, header.Protocol, header.Identification),
            header.Length,
            header.Length,
            header.FragmentOffset,
            header.FragmentOffset + length,
            !header.MoreFragments
        );
        reason = DropReason.BadFragment;
        if (length == 0 || (header.MoreFragments && length % 8 != 0) || place.End > place.MostPayload)
            return false;
        reason = DropReason.TinyFragment;
        return header.Protocol != IpProtocol.Tcp
            || (header.FragmentOffset == 0 ? length >= LeastOfTcp : header.FragmentOffset >= LeastOfTcp);
    }

    /// <summary>Makes the headers of the first fragment those of the whole, which has its payload behind them already.</summary>
    public void WriteWhole(Span<byte> whole, ReadOnlySpan<byte> firstFragment)
    {
        if (Key.Source.IsV4)
        {
            Ipv4Header.WriteFragment(whole, 0, more: false);
            return;
        }
        Ipv6Header.WritePayloadLength(whole, whole.Length - Ipv6Header.Length);
        var walk = new Ipv6Extensions(firstFragment);
        while (walk.NextAt != KeptLength && walk.MoveNext()) { }
        whole[walk.NamedAt] = firstFragment[KeptLength];
    }

    /// <summary>Who reads a fragment's event knows its packet by this.</summary>
    public static uint IdentificationOf(ReadOnlySpan<byte> packet)
    {
        if (packet[0] >> 4 == 4)
            return BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        return TryRead(packet, out var place, out _) ? place.Key.Identification : 0;
    }
}
