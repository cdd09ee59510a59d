using System.ComponentModel;
using System.Runtime.Versioning;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>An adapter of this machine, and what has crossed it.</summary>
public sealed record HostLink(
    int Index,
    string Name,
    MacAddress? Mac,
    int Mtu,
    bool IsUp,
    long FramesSent,
    long BytesSent,
    long FramesReceived,
    long BytesReceived
)
{
    public bool IsLoopback { get; init; }
}

public sealed record HostAddress(int Link, InterfaceAddress Address);

/// <param name="Gateway">Null for what is on the link.</param>
public sealed record HostRoute(Subnet Subnet, IpAddress? Gateway, int Link, IpAddress? Source, int Metric);

/// <param name="Mac">Null for who is being asked for, or has not answered.</param>
public sealed record HostNeighbour(IpAddress Address, MacAddress? Mac, int Link, string State, Duration Heard);

/// <summary>The Linux kernel's own tables, of the network namespace that the caller is in: read, and never written.</summary>
[SupportedOSPlatform("linux")]
public static class HostTables
{
    private const ushort GetLink = 18;
    private const ushort GetAddress = 22;
    private const ushort GetRoute = 26;
    private const ushort GetNeighbour = 30;
    private const int LinkInfo = 16; // struct ifinfomsg
    private const int AddressInfo = 8; // struct ifaddrmsg
    private const int RouteInfo = 12; // struct rtmsg
    private const int NeighbourInfo = 12; // struct ndmsg

    /// <summary>Clock ticks of a second as user space counts them (USER_HZ).</summary>
    private const int TicksPerSecond = 100;

    public static IReadOnlyList<HostLink> Links()
    {
        var links = new List<HostLink>();
        Read(
            new(GetLink, Netlink.Request | Netlink.Dump, new byte[LinkInfo]),
            (in answer) =>
            {
                var flags = BitConverter.ToUInt32(answer.Body[8..]);
                var counters = answer.Attribute(LinkInfo, 23); // IFLA_STATS64: packets in and out, bytes in and out
                long Count(ReadOnlySpan<byte> all, int at) =>
                    all.Length >= 8 * at + 8 ? BitConverter.ToInt64(all[(8 * at)..]) : 0;
                links.Add(
                    new(
                        BitConverter.ToInt32(answer.Body[4..]),
                        answer.Text(LinkInfo, 3),
                        answer.Mac(LinkInfo, 1),
                        answer.Number(LinkInfo, 4),
                        (flags & 1) != 0,
                        Count(counters, 1),
                        Count(counters, 3),
                        Count(counters, 0),
                        Count(counters, 2)
                    )
                    {
                        IsLoopback = (flags & 8) != 0,
                    }
                );
            }
        );
        return links;
    }

    public static IReadOnlyList<HostAddress> Addresses()
    {
        var addresses = new List<HostAddress>();
        Read(
            new(GetAddress, Netlink.Request | Netlink.Dump, new byte[AddressInfo]),
            (in answer) =>
            {
                // On a point-to-point link the plain address is the peer's, and the local one is mine.
                if ((answer.Address(AddressInfo, 2) ?? answer.Address(AddressInfo, 1)) is { } address)
                    addresses.Add(new(BitConverter.ToInt32(answer.Body[4..]), new(address, answer.Body[1])));
            }
        );
        return addresses;
    }

    /// <summary>The main table: what is for this machine itself stands in another.</summary>
    public static IReadOnlyList<HostRoute> Routes()
    {
        const int main = 254;
        var routes = new List<HostRoute>();
        Read(
            new(GetRoute, Netlink.Request | Netlink.Dump, new byte[RouteInfo]),
            (in answer) =>
            {
                if (answer.Number(RouteInfo, 15) == main && RouteOf(answer) is { } route)
                    routes.Add(route);
            }
        );
        return routes;
    }

    /// <summary>What the kernel would do with a packet to this address; null when it would refuse it.</summary>
    public static HostRoute? RouteTo(IpAddress address)
    {
        HostRoute? found = null;
        var request = new NetlinkRequest(
            GetRoute,
            Netlink.Request,
            [Family(address), (byte)address.BitLength, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        ).With(1, address);
        try
        {
            Read(request, (in answer) => found = RouteOf(answer));
        }
        catch (Win32Exception)
        {
            return null;
        }
        return found;
    }

    public static IReadOnlyList<HostNeighbour> Neighbours()
    {
        const int noArp = 0x40;
        var neighbours = new List<HostNeighbour>();
        Read(
            new(GetNeighbour, Netlink.Request | Netlink.Dump, new byte[NeighbourInfo]),
            (in answer) =>
            {
                var state = BitConverter.ToUInt16(answer.Body[8..]);
                if (state == noArp || answer.Address(NeighbourInfo, 1) is not { } address)
                    return;
                var times = answer.Attribute(NeighbourInfo, 3); // NDA_CACHEINFO: ticks since it was confirmed
                var ticks = times.Length >= 4 ? BitConverter.ToUInt32(times) : 0;
                neighbours.Add(
                    new(
                        address,
                        answer.Mac(NeighbourInfo, 2),
                        BitConverter.ToInt32(answer.Body[4..]),
                        NameOf(state),
                        Duration.FromSeconds((double)ticks / TicksPerSecond)
                    )
                );
            }
        );
        return neighbours;
    }

    internal static byte Family(IpAddress address) => (byte)(address.IsV4 ? 2 : 10); // AF_INET, AF_INET6

    private static HostRoute? RouteOf(in NetlinkAnswer answer)
    {
        const int unicast = 1;
        const int local = 2;
        if (answer.Body[0] is not (2 or 10) || answer.Body[7] is not (unicast or local))
            return null;
        var any = answer.Body[0] == 2 ? IpAddress.Any : IpAddress.Any6;
        return new(
            new(answer.Address(RouteInfo, 1) ?? any, answer.Body[1]),
            answer.Address(RouteInfo, 5),
            answer.Number(RouteInfo, 4),
            answer.Address(RouteInfo, 7),
            answer.Number(RouteInfo, 6)
        );
    }

    private static string NameOf(int state) =>
        state switch
        {
            0x01 => "incomplete",
            0x02 => "reachable",
            0x04 => "stale",
            0x08 => "delay",
            0x10 => "probing",
            0x20 => "failed",
            0x80 => "permanent",
            _ => "none",
        };

    private static void Read(NetlinkRequest request, Netlink.Reader read)
    {
        using var netlink = new Netlink();
        netlink.Ask(request, "the kernel's tables", read);
    }
}
