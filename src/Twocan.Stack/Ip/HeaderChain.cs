using System.Buffers.Binary;

namespace Twocan.Stack;

/// <summary>What is wrong with the headers of an IPv6 packet, and what its sender is to be told (RFC 8200 §4).</summary>
/// <param name="Code">Of the ICMPv6 'parameter problem' to send; null when it is thrown away in silence.</param>
/// <param name="Pointer">The byte of the packet at which the problem was found.</param>
/// <param name="EvenToGroups">The sender is told although the packet was for a group.</param>
public readonly record struct HeaderProblem(DropReason Reason, byte? Code, int Pointer, bool EvenToGroups = false);

/// <summary>
/// The headers of an IPv6 packet, read from the first to what it carries, in the order in which they stand (RFC 8200 §4.1).
/// The walk has limits (RFC 8504 §5.3): nobody needs more than so many headers or options, and each costs time.
/// </summary>
/// <param name="Protocol">What the packet carries.</param>
/// <param name="Offset">Where in the packet that begins; of a later fragment, where its piece begins.</param>
/// <param name="NamedAt">Where in the packet <paramref name="Protocol"/> stands.</param>
/// <param name="FragmentAt">Where the fragment header stands; 0 when there is none.</param>
public readonly record struct HeaderChain(IpProtocol Protocol, int Offset, int NamedAt, int FragmentAt)
{
    public const int MaxHeaders = 8;
    public const int MaxOptions = 8;

    public bool IsFragment => FragmentAt > 0;

    /// <summary>
    /// Reads a whole packet as the host reads it that it is for. Behind the header of a later fragment nothing is read: that is
    /// a piece out of the middle.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out HeaderChain chain, out HeaderProblem problem)
    {
        problem = default;
        var (headers, fragmentAt) = (0, 0);
        var walk = new Ipv6Extensions(packet);
        while (walk.MoveNext())
        {
            if (++headers > MaxHeaders)
                problem = new(DropReason.BadExtensionHeader, null, walk.Offset);
            else if (walk.Type == IpProtocol.HopByHop && walk.Offset != Ipv6Header.Length)
                problem = new(DropReason.BadExtensionHeader, Icmpv6Code.UnknownNextHeader, NameOf(packet, walk.Offset));
            else if (walk.Type is IpProtocol.HopByHop or IpProtocol.DestinationOptions)
                CheckOptions(walk, out problem);
            else if (walk.Type == IpProtocol.Routing)
                CheckRouting(walk, out problem);
            else if (IsFragmentHeader(walk, ref fragmentAt, ref problem) && IsLater(walk.Current))
            {
                chain = new(walk.Next, walk.NextAt, walk.NamedAt, fragmentAt);
                return true;
            }
            if (problem != default)
            {
                chain = default;
                return false;
            }
        }
        chain = new(walk.Next, walk.NextAt, walk.NamedAt, fragmentAt);
        if (!walk.IsBroken && walk.NextAt <= packet.Length)
            return true;
        // RFC 7112 §5: a first fragment shows all headers, or nobody can judge the packet by it.
        problem =
            fragmentAt > 0
                ? new(DropReason.TinyFragment, Icmpv6Code.IncompleteHeaderChain, 0)
                : new(DropReason.BadExtensionHeader, Icmpv6Code.ErroneousField, Math.Min(walk.NextAt, packet.Length));
        return false;
    }

    /// <summary>What a packet that an ICMP error quotes carries, as far as that can be told: the end may be cut off.</summary>
    public static bool TryReadQuoted(ReadOnlySpan<byte> packet, out IpProtocol protocol, out int offset)
    {
        var walk = new Ipv6Extensions(packet);
        for (var headers = 0; headers < MaxHeaders && walk.MoveNext(); headers++)
        {
            if (walk.Type == IpProtocol.Fragment && IsLater(walk.Current))
                break;
        }
        (protocol, offset) = (walk.Next, walk.NextAt);
        return !walk.IsBroken
            && offset <= packet.Length
            && !Ipv6Extensions.IsExtension(protocol)
            && !(walk.Type == IpProtocol.Fragment && IsLater(walk.Current));
    }

    /// <summary>The two highest bits of an option that is not known say what becomes of the packet (§4.2).</summary>
    public static bool CheckOptions(in Ipv6Extensions at, out HeaderProblem problem)
    {
        problem = default;
        var options = new Ipv6Options(at.Current);
        var count = 0;
        while (options.MoveNext())
        {
            if (++count > MaxOptions)
                problem = new(DropReason.BadExtensionHeader, null, at.Offset + options.Offset);
            else if (options.Type == Ipv6Option.RouterAlert && at.Type == IpProtocol.HopByHop)
                continue;
            else
                problem = ((byte)options.Type >> 6) switch
                {
                    0 => default,
                    1 => new(DropReason.UnknownOption, null, at.Offset + options.Offset),
                    2 => new(DropReason.UnknownOption, Icmpv6Code.UnknownOption, at.Offset + options.Offset, true),
                    _ => new(DropReason.UnknownOption, Icmpv6Code.UnknownOption, at.Offset + options.Offset),
                };
            if (problem != default)
                return false;
        }
        if (!options.IsBroken)
            return true;
        problem = new(DropReason.BadExtensionHeader, Icmpv6Code.ErroneousField, at.Offset + options.Offset);
        return false;
    }

    /// <summary>
    /// No kind of routing header is known here, and type 0 least of all (RFC 5095): one that has nowhere left to go is
    /// passed over, any other refused (§4.4).
    /// </summary>
    private static void CheckRouting(in Ipv6Extensions at, out HeaderProblem problem)
    {
        const int typeAt = 2;
        const int segmentsLeftAt = 3;
        problem =
            at.Current[segmentsLeftAt] == 0
                ? default
                : new(DropReason.RoutingHeader, Icmpv6Code.ErroneousField, at.Offset + typeAt);
    }

    private static bool IsFragmentHeader(in Ipv6Extensions at, ref int fragmentAt, ref HeaderProblem problem)
    {
        // A fragment of a fragment is nothing that a sender makes.
        if (fragmentAt > 0)
            problem = new(DropReason.BadFragment, null, at.Offset);
        else
            fragmentAt = at.Offset;
        return problem == default;
    }

    private static bool IsLater(ReadOnlySpan<byte> fragmentHeader) =>
        BinaryPrimitives.ReadUInt16BigEndian(fragmentHeader[2..]) >= 8;

    /// <summary>Where the next-header field stands that names the header at <paramref name="offset"/>.</summary>
    private static int NameOf(ReadOnlySpan<byte> packet, int offset)
    {
        var walk = new Ipv6Extensions(packet);
        while (walk.NextAt != offset && walk.MoveNext()) { }
        return walk.NamedAt;
    }
}
