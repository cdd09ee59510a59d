namespace Twocan.Stack;

/// <summary>
/// The extension headers of an IPv6 packet one after the other (RFC 8200 §4), as they stand there: what they mean, and
/// whether they may stand there, is <see cref="HeaderChain"/>'s to judge.
/// </summary>
public ref struct Ipv6Extensions
{
    private readonly ReadOnlySpan<byte> _packet;

    /// <param name="packet">From the IPv6 header on; it may be cut off.</param>
    public Ipv6Extensions(ReadOnlySpan<byte> packet)
    {
        _packet = packet;
        (Next, NextAt, NamedAt) = (
            (IpProtocol)packet[Ipv6Header.NextHeaderAt],
            Ipv6Header.Length,
            Ipv6Header.NextHeaderAt
        );
    }

    /// <summary>Which header <see cref="Current"/> is.</summary>
    public IpProtocol Type { get; private set; }

    /// <summary>The extension header, from its own next-header field on.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Where in the packet it begins.</summary>
    public int Offset { get; private set; }

    /// <summary>What stands behind it: behind the last one, what the packet carries.</summary>
    public IpProtocol Next { get; private set; }

    /// <summary>Where in the packet that begins.</summary>
    public int NextAt { get; private set; }

    /// <summary>Where in the packet <see cref="Next"/> was read: what a 'parameter problem' points to when nobody knows it.</summary>
    public int NamedAt { get; private set; }

    /// <summary>The walk has ended early: the next header is cut off, or says that it is longer than the packet.</summary>
    public bool IsBroken { get; private set; }

    public static bool IsExtension(IpProtocol protocol) =>
        protocol is IpProtocol.HopByHop or IpProtocol.Routing or IpProtocol.Fragment or IpProtocol.DestinationOptions;

    public bool MoveNext()
    {
        if (!IsExtension(Next))
            return false;
        var rest = _packet[Math.Min(NextAt, _packet.Length)..];
        // The fragment header's second byte is reserved, and its length always 8.
        var length =
            rest.Length < FragmentHeader.Length ? int.MaxValue
            : Next == IpProtocol.Fragment ? FragmentHeader.Length
            : (rest[1] + 1) * 8;
        if (length > rest.Length)
        {
            IsBroken = true;
            return false;
        }
        (Type, Offset) = (Next, NextAt);
        Current = rest[..length];
        (Next, NextAt, NamedAt) = ((IpProtocol)rest[0], Offset + length, Offset);
        return true;
    }
}

/// <summary>Options in a hop-by-hop or destination options header (RFC 8200 §4.2), padding left out.</summary>
public ref struct Ipv6Options
{
    private const byte Pad1 = 0;
    private const byte PadN = 1;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _next;

    /// <param name="header">The whole extension header.</param>
    public Ipv6Options(ReadOnlySpan<byte> header)
    {
        _bytes = header;
        _next = 2;
    }

    public readonly Ipv6Option Type => (Ipv6Option)_bytes[Offset];

    /// <summary>Where in the extension header the option begins.</summary>
    public int Offset { get; private set; }

    public readonly ReadOnlySpan<byte> Data => _bytes.Slice(Offset + 2, _bytes[Offset + 1]);

    /// <summary>The walk has ended early, at an option that is longer than its header.</summary>
    public bool IsBroken { get; private set; }

    public bool MoveNext()
    {
        while (_next < _bytes.Length)
        {
            Offset = _next;
            if (_bytes[_next] == Pad1)
            {
                _next++;
                continue;
            }
            if (_next + 1 >= _bytes.Length || _next + 2 + _bytes[_next + 1] > _bytes.Length)
            {
                IsBroken = true;
                return false;
            }
            _next += 2 + _bytes[_next + 1];
            if (_bytes[Offset] != PadN)
                return true;
        }
        return false;
    }
}

public enum Ipv6Option : byte
{
    /// <summary>RFC 2711: routers, look into this one. Multicast listener reports have it.</summary>
    RouterAlert = 0x05,

    /// <summary>RFC 2675.</summary>
    JumboPayload = 0xC2,
}
