using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>A host whose way leads through a router that is not the nearest: RFC 1122 §3.2.2.2, RFC 1812 §5.2.7.2.</summary>
public sealed class RedirectTests
{
    private static readonly IpAddress Router = IpAddress.Parse("10.0.0.254");
    private static readonly IpAddress Near = IpAddress.Parse("10.0.0.253");
    private static readonly IpAddress Beyond = IpAddress.Parse("10.0.7.2");

    private readonly Net _net = new();
    private readonly ProtocolStack _near;
    private readonly ProtocolStack _beyond;

    /// <summary>Beyond a second router on the LAN there is one more subnet; the first router knows it, the pc does not.</summary>
    public RedirectTests()
    {
        var wire = new Wire(_net.Loop, "beyond");
        (_near, _beyond) = (_net.Host("near"), _net.Host("beyond"));
        _net.Lan.Plug(_near, "10.0.0.253/24");
        wire.Plug(_near, "10.0.7.1/24");
        wire.Plug(_beyond, "10.0.7.2/24");
        _near.Ip.Forwarding = true;
        _beyond.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse("10.0.7.1"));
        _net.Router.Ip.AddRoute(Subnet.Parse("10.0.7.0/24"), Near);
    }

    private IpAddress NextHop => _net.Pc.Ip.TryRoute(Beyond, out var route) ? route.NextHop : default;

    private void Ping() => _net.Run(async () => Assert.Equal(0, (await _net.PingAsync(_net.Pc, Beyond)).Message[0]));

    /// <summary>What a redirect about a packet of the pc looks like.</summary>
    private static byte[] Redirect(
        IpAddress from,
        IpAddress gateway,
        byte code = IcmpCode.ForHost,
        IpAddress? about = null,
        IpAddress? by = null
    ) =>
        Packets.Ip(
            from,
            Net.PcAddress,
            IpProtocol.Icmp,
            Packets.Error(
                IcmpType.Redirect,
                code,
                gateway.AsV4,
                Packets.Ip(by ?? Net.PcAddress, about ?? Beyond, IpProtocol.Icmp, Packets.Echo())
            )
        );

    [Fact]
    public void A_host_is_told_of_the_nearer_router_and_uses_it_from_then_on()
    {
        Assert.Equal(Router, NextHop);
        Ping();
        Assert.Equal(Near, NextHop);
        Assert.Equal(1, _net.Router.Counters.PacketsForwarded);
        var redirect = Packets.Icmp(_net.Lan).First(message => message[0] == 5);
        Assert.Equal("0501", Convert.ToHexString(redirect[..2]));
        Assert.Equal(Near, IpAddress.Read(redirect.AsSpan(4, 4)));
        Ping();
        Assert.Equal(1, _net.Router.Counters.PacketsForwarded);
        var entry = Assert.Single(_net.Pc.Ip.Redirects.Entries(_net.Loop.Now));
        Assert.Equal((Beyond, Near, Router), (entry.Destination, entry.Gateway, entry.From));
    }

    [Fact]
    public void The_packet_itself_is_forwarded_all_the_same()
    {
        Ping();
        Assert.Equal(1, _beyond.Counters.IcmpMessagesReceived);
    }

    [Fact]
    public void After_ten_minutes_the_word_is_forgotten()
    {
        Ping();
        _net.Loop.RunFor(RedirectCache.Lifetime);
        Assert.Equal(Router, NextHop);
    }

    [Fact]
    public void A_gateway_that_is_dead_is_forgotten_at_once()
    {
        Ping();
        // Nobody hears what goes to it, nor what it says.
        _net.Lan.Loses = frame =>
            EthernetHeader.TryRead(frame.Span, out var header)
            && (header.Destination == _near.Adapters[0].Mac || header.Source == _near.Adapters[0].Mac);
        _net.Loop.RunFor(Duration.FromSeconds(90));
        _net.Run(async () =>
        {
            for (var i = 0; i < 5 && NextHop == Near; i++)
            {
                // Whether it fails by an error or in silence: what matters is where the next one goes.
                try
                {
                    await _net.PingAsync(_net.Pc, Beyond);
                }
                catch (OperationCanceledException) { }
                await _net.Loop.DelayAsync(Duration.FromSeconds(90));
            }
        });
        Assert.Equal(Router, NextHop);
    }

    [Fact]
    public void A_host_that_does_not_listen_is_told_once_a_second()
    {
        var packet = Packets.Ip(Net.PcAddress, Beyond, IpProtocol.Udp, new byte[16]);
        for (var i = 0; i < 10; i++)
            _net.Inject(_net.Router, packet);
        _net.Loop.RunFor(Duration.FromSeconds(1));
        _net.Inject(_net.Router, packet);
        Assert.Equal(2, Packets.Icmp(_net.Lan).Count(message => message[0] == 5));
    }

    [Fact]
    public void Who_stands_in_another_subnet_is_not_told()
    {
        _net.Inject(_net.Router, Packets.Ip(IpAddress.Parse("10.9.9.9"), Beyond, IpProtocol.Udp, new byte[16]));
        Assert.Equal(0, _net.Router.Counters.IcmpMessagesSent);
    }

    public static TheoryData<string, string, byte, string, string, string> Lies =>
        new()
        {
            { "10.0.0.2", "10.0.0.253", 1, "10.0.7.2", "10.0.0.1", "from somebody who is not the router" },
            { "10.0.0.254", "10.0.9.2", 1, "10.0.7.2", "10.0.0.1", "to a router that is not on the link" },
            { "10.0.0.254", "10.0.0.1", 1, "10.0.7.2", "10.0.0.1", "to the host itself" },
            { "10.0.0.254", "10.0.0.255", 1, "10.0.7.2", "10.0.0.1", "to everybody" },
            { "10.0.0.254", "10.0.0.253", 1, "10.0.0.2", "10.0.0.1", "about a neighbour" },
            { "10.0.0.254", "10.0.0.253", 1, "10.0.7.2", "10.0.0.2", "about another host's packet" },
            { "10.0.0.254", "10.0.0.253", 4, "10.0.7.2", "10.0.0.1", "of a code that there is not" },
        };

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_redirect_that_does_not_fit_is_refused(
        string from,
        string gateway,
        byte code,
        string about,
        string by,
        string what
    )
    {
        _net.Inject(
            _net.Pc,
            Redirect(IpAddress.Parse(from), IpAddress.Parse(gateway), code, IpAddress.Parse(about), IpAddress.Parse(by))
        );
        Assert.True(_net.Pc.Counters.Dropped(DropReason.BadRedirect) == 1, what);
        Assert.Equal(0, _net.Pc.Ip.Redirects.Count);
    }

    [Fact]
    public void Only_the_router_that_is_asked_now_is_believed()
    {
        _net.Inject(_net.Pc, Redirect(Router, Near));
        Assert.Equal(Near, NextHop);
        _net.Inject(_net.Pc, Redirect(Router, Net.WwwAddress));
        Assert.Equal(Near, NextHop);
        _net.Inject(_net.Pc, Redirect(Near, Router));
        Assert.Equal(Router, NextHop);
    }

    [Fact]
    public void A_router_does_not_listen_to_redirects()
    {
        var message = Redirect(Near, Net.WwwAddress, about: Beyond, by: Router);
        Ipv4Header.Write(message, message.Length - 20, 1, 64, IpProtocol.Icmp, Near, Router);
        _net.Inject(_net.Router, message);
        Assert.Equal(0, _net.Router.Ip.Redirects.Count);
    }

    [Fact]
    public void The_cache_is_bounded()
    {
        _net.Loop.Run(async () =>
        {
            for (var i = 0; i < RedirectCache.Capacity + 50; i++)
            {
                var about = IpAddress.V4(0x0A010000 + (uint)i);
                var buffer = _net.Loop.Packets.Rent();
                buffer.Append(Redirect(Router, Near, about: about));
                _net.Pc.Ip.Receive(buffer, _net.Pc.Adapters[0], linkBroadcast: false);
            }
            await Task.CompletedTask;
        });
        Assert.Equal(RedirectCache.Capacity, _net.Pc.Ip.Redirects.Count);
    }
}
