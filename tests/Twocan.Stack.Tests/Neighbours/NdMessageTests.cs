using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class NdMessageTests
{
    private static readonly IpAddress Target = IpAddress.Parse("fe80::2");
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:02");
    private readonly PacketPool _pool = new();

    private byte[] Written(Action<PacketBuffer> write)
    {
        using var packet = _pool.Rent();
        write(packet);
        return packet.Span.ToArray();
    }

    [Fact]
    public void A_solicitation_is_read_as_it_was_written()
    {
        var message = Written(into => NdMessage.WriteNeighbourSolicitation(into, Target, Mac));
        Assert.True(NeighbourSolicitation.TryRead(message, out var read));
        Assert.Equal(Target, read.Target);
        Assert.True(NdOptions.TryFindMac(read.Options, NdOptionType.SourceLinkLayerAddress, out var mac));
        Assert.Equal(Mac, mac);
        message = Written(into => NdMessage.WriteNeighbourSolicitation(into, Target, null));
        Assert.Equal(24, message.Length);
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    public void An_advertisement_is_read_as_it_was_written(bool isRouter, bool isSolicited, bool overrides)
    {
        var message = Written(into =>
            NdMessage.WriteNeighbourAdvertisement(into, Target, Mac, isRouter, isSolicited, overrides)
        );
        Assert.True(NeighbourAdvertisement.TryRead(message, out var read));
        Assert.Equal((isRouter, isSolicited, overrides), (read.IsRouter, read.IsSolicited, read.Overrides));
        Assert.True(NdOptions.TryFindMac(read.Options, NdOptionType.TargetLinkLayerAddress, out var mac));
        Assert.Equal(Mac, mac);
    }

    [Fact]
    public void A_router_advertisement_carries_its_options()
    {
        var prefix = new PrefixInformation(Subnet.Parse("2001:db8:1::/64"), true, true, 2592000, 604800);
        var servers = new[] { IpAddress.Parse("2001:db8::53"), IpAddress.Parse("2001:db8::54") };
        var message = Written(into =>
        {
            NdMessage.WriteRouterAdvertisement(into, 64, 1800, 30000, 1000);
            NdMessage.AppendMac(into, NdOptionType.SourceLinkLayerAddress, Mac);
            NdMessage.AppendMtu(into, 1400);
            prefix.Write(into.Append(PrefixInformation.Length));
            NdMessage.AppendNameServers(into, servers, 600);
        });
        Assert.True(RouterAdvertisement.TryRead(message, out var read));
        Assert.Equal(
            (64, 1800, 30000u, 1000u, false, false),
            (
                read.CurHopLimit,
                read.RouterLifetime,
                read.ReachableTime,
                read.RetransTimer,
                read.IsManaged,
                read.HasOtherConfiguration
            )
        );
        var options = new NdOptions(read.Options);
        Assert.True(options.MoveNext() && options.TryReadMac(out var mac) && mac == Mac);
        Assert.True(options.MoveNext() && options.TryReadMtu(out var mtu) && mtu == 1400);
        Assert.True(options.MoveNext() && PrefixInformation.TryRead(options.Current, out var readPrefix));
        Assert.True(PrefixInformation.TryRead(options.Current, out readPrefix));
        Assert.Equal(prefix, readPrefix);
        Assert.True(options.MoveNext() && RecursiveDnsServers.TryRead(options.Current, out _));
        RecursiveDnsServers.TryRead(options.Current, out var readServers);
        Assert.Equal((2, 600u), (readServers.Count, readServers.Lifetime));
        Assert.Equal(servers[1], readServers[1]);
        Assert.False(options.MoveNext());
    }

    [Fact]
    public void A_redirect_quotes_as_much_as_fits()
    {
        var router = IpAddress.Parse("fe80::9");
        var destination = IpAddress.Parse("2001:db8::77");
        var message = Written(into => NdMessage.WriteRedirect(into, router, destination, Mac, new byte[1500]));
        Assert.InRange(message.Length, 1200, Ipv6Header.LeastMtu - Ipv6Header.Length);
        Assert.True(NdRedirect.TryRead(message, out var read));
        Assert.Equal((router, destination), (read.Target, read.Destination));
        message = Written(into => NdMessage.WriteRedirect(into, Target with { High = 1 }, destination, Mac, []));
        Assert.False(NdRedirect.TryRead(message, out _));
    }

    [Fact]
    public void An_option_of_no_length_makes_the_message_none()
    {
        var message = Written(into => NdMessage.WriteNeighbourSolicitation(into, Target, Mac));
        message[25] = 0;
        Assert.False(NeighbourSolicitation.TryRead(message, out _));
        message[25] = 2;
        Assert.False(NeighbourSolicitation.TryRead(message, out _));
    }

    [Fact]
    public void Nobody_is_asked_for_a_group_or_for_an_IPv4_address()
    {
        foreach (var target in new[] { MulticastGroups.AllNodes, IpAddress.Any6 })
        {
            var message = Written(into => NdMessage.WriteNeighbourSolicitation(into, target, Mac));
            Assert.False(NeighbourSolicitation.TryRead(message, out _));
        }
        var mapped = Written(into => NdMessage.WriteNeighbourSolicitation(into, new(0, 0xFFFF_0A00_0001), null));
        Assert.False(NeighbourSolicitation.TryRead([.. mapped, .. new byte[16]], out _));
    }

    [Fact]
    public void Any_bytes_are_read_without_an_exception()
    {
        var random = new RandomSource(9);
        var pool = new PacketPool();
        for (var i = 0; i < 100_000; i++)
        {
            var message = new byte[random.Next(0, 120)];
            random.Fill(message);
            if (message.Length > 2)
                (message[0], message[1]) = ((byte)random.Next(128, 145), 0);
            for (var at = 8 * random.Next(1, 6); at + 1 < message.Length; at += 8)
                (message[at], message[at + 1]) = ((byte)random.Next(1, 27), (byte)random.Next(5));
            if (RouterAdvertisement.TryRead(message, out var advertisement))
            {
                var options = new NdOptions(advertisement.Options);
                while (options.MoveNext())
                {
                    options.TryReadMac(out _);
                    options.TryReadMtu(out _);
                    PrefixInformation.TryRead(options.Current, out _);
                    if (RecursiveDnsServers.TryRead(options.Current, out var servers))
                        _ = servers[servers.Count - 1];
                }
            }
            RouterSolicitation.TryRead(message, out _);
            NeighbourSolicitation.TryRead(message, out _);
            NeighbourAdvertisement.TryRead(message, out _);
            NdRedirect.TryRead(message, out _);
            MldQuery.TryRead(message, out _);
            if (MldReport.TryRead(message, out var report))
            {
                while (report.MoveNext()) { }
            }
        }
        Assert.Equal(0, pool.Outstanding);
    }
}
