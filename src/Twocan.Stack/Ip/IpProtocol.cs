namespace Twocan.Stack;

/// <summary>The protocol field of an IPv4 header and the next-header field of IPv6.</summary>
public enum IpProtocol : byte
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
    IcmpV6 = 58,
}
