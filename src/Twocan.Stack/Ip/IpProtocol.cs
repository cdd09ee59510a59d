namespace Twocan.Stack;

/// <summary>The protocol field of an IPv4 header and the next-header field of IPv6.</summary>
public enum IpProtocol : byte
{
    /// <summary>An extension header of IPv6 for everybody on the way; in IPv4 the number means nothing.</summary>
    HopByHop = 0,
    Icmp = 1,
    Tcp = 6,
    Udp = 17,

    // Extension headers of IPv6 (RFC 8200 §4).
    Routing = 43,
    Fragment = 44,
    IcmpV6 = 58,

    /// <summary>Nothing follows (RFC 8200 §4.7).</summary>
    NoNextHeader = 59,
    DestinationOptions = 60,
}
