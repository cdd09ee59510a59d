using System.Runtime.Versioning;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>An adapter of this machine that is being set up: what <c>ip link</c>, <c>ip address</c> and <c>ip route</c> do. Needs CAP_NET_ADMIN.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostAdapter
{
    private const ushort NewLink = 16;
    private const ushort NewAddress = 20;
    private const ushort NewRoute = 24;
    private const uint Up = 1;

    private readonly string _name;
    private readonly int _index;

    private HostAdapter(string name, int index) => (_name, _index) = (name, index);

    /// <summary>The adapter of that name in the caller's network namespace.</summary>
    public static HostAdapter? Find(string name) =>
        HostTables.Links().FirstOrDefault(link => link.Name == name) is { } link ? new(name, link.Index) : null;

    public void SwitchOn(int? mtu = null)
    {
        var info = new byte[16];
        BitConverter.TryWriteBytes(info.AsSpan(4), _index);
        BitConverter.TryWriteBytes(info.AsSpan(8), Up);
        BitConverter.TryWriteBytes(info.AsSpan(12), Up);
        var request = new NetlinkRequest(NewLink, Netlink.Request | Netlink.Acknowledge, info);
        if (mtu is { } longest)
            request.With(4, longest);
        Do(request, $"switch {_name} on");
    }

    public void Add(InterfaceAddress address)
    {
        const byte noDuplicateCheck = 2; // IFA_F_NODAD: usable at once
        var info = new byte[8];
        (info[0], info[1], info[2]) = (
            HostTables.Family(address.Address),
            (byte)address.PrefixLength,
            noDuplicateCheck
        );
        BitConverter.TryWriteBytes(info.AsSpan(4), _index);
        var request = new NetlinkRequest(NewAddress, Netlink.Request | Netlink.Acknowledge | Netlink.Create, info)
            .With(2, address.Address)
            .With(1, address.Address);
        if (address.Subnet.HasBroadcast)
            request.With(4, address.Subnet.Last);
        Do(request, $"give {_name} the address {address}");
    }

    /// <summary>Everything that no other route is for goes to <paramref name="gateway"/>.</summary>
    public void AddDefaultRoute(IpAddress gateway)
    {
        const byte main = 254;
        const byte bootTime = 3; // RTPROT_BOOT: entered by hand
        const byte unicast = 1;
        var info = new byte[12];
        (info[0], info[4], info[5], info[7]) = (HostTables.Family(gateway), main, bootTime, unicast);
        Do(
            new NetlinkRequest(NewRoute, Netlink.Request | Netlink.Acknowledge | Netlink.Create | Netlink.Replace, info)
                .With(5, gateway)
                .With(4, _index),
            $"enter the route by way of {gateway}"
        );
    }

    private static void Do(NetlinkRequest request, string what)
    {
        using var netlink = new Netlink();
        netlink.Ask(request, what);
    }
}
