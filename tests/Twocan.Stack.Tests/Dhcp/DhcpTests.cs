using Twocan.Core;
using Twocan.Core.Tests;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>A host without an address and a router that lends some, on a wire.</summary>
public sealed class DhcpTests
{
    private static readonly IpAddress First = IpAddress.Parse("10.0.0.100");
    private static readonly IpAddress Router = IpAddress.Parse("10.0.0.254");

    private readonly Net _net = new(journaled: true);
    private readonly ProtocolStack _bare;
    private readonly DhcpClientProgram _client = new();
    private readonly DhcpServerProgram _server = new(
        1,
        new(InterfaceAddress.Parse("10.0.0.254/24"), First, IpAddress.Parse("10.0.0.110"))
        {
            Routers = [Router],
            NameServers = [Net.FarAddress],
            Domain = "home",
            Mtu = 1400,
        }
    );

    public DhcpTests()
    {
        _bare = _net.Host("bare");
        _net.Lan.Plug(_bare, address: null);
    }

    /// <summary>Runs both for as long as the test takes, and then gives everything back.</summary>
    private void Run(Func<Task> test)
    {
        using var stop = new CancellationTokenSource();
        _net.Run(async () =>
        {
            _net.Loop.Start("server", () => _server.RunAsync(_net.Router, stop.Token));
            _net.Loop.Start("client", () => _client.RunAsync(_bare, stop.Token));
            await test();
            End(stop);
            await _net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
    }

    /// <summary>Here and now: CancelAsync would leave the loop.</summary>
    private static void End(CancellationTokenSource stop) => stop.Cancel();

    private async Task BoundAsync(double seconds = 5)
    {
        await _net.Loop.DelayAsync(Duration.FromSeconds(seconds));
        Assert.Equal(DhcpClientState.Bound, _client.Client!.State);
    }

    private List<string> Said =>
        [
            .. _net.Journal!.Entries.Where(e => e.What is DhcpSent)
                .Select(e => ((DhcpSent)e.What).Message.Type.ToString()),
        ];

    [Fact]
    public void A_host_that_knows_nothing_gets_an_address_a_router_and_a_name_server_and_reaches_the_world()
    {
        Run(async () =>
        {
            await BoundAsync();
            Assert.Equal([InterfaceAddress.Parse("10.0.0.100/24")], _bare.Adapters[0].Addresses);
            Assert.Equal([Net.FarAddress], _bare.NameServers);
            Assert.Equal(1400, _bare.Adapters[0].Mtu);
            Assert.True(_bare.Ip.TryRoute(Net.FarAddress, out var route));
            Assert.Equal((Router, First), (route.NextHop, route.Source));
            await _net.PingAsync(_bare, Net.FarAddress);
        });
        Assert.Equal(["Discover", "Offer", "Request", "Ack"], Said);
        Assert.All(_net.Lan.Frames, Reference.AssertSound);
    }

    [Fact]
    public void Who_gives_its_address_back_tells_the_server_and_has_none()
    {
        Run(async () =>
        {
            await BoundAsync();
            _client.Release(_net.Loop.Now);
            await _net.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.Equal(DhcpBindingState.Free, Assert.Single(_server.Server.Leases.Bindings).State);
            Assert.Empty(_bare.Adapters[0].Addresses);
            Assert.Null(_client.Lease);
        });
        Assert.Equal(["Discover", "Offer", "Request", "Ack", "Release"], Said);
    }

    [Fact]
    public void The_four_messages_follow_from_each_other_across_hosts()
    {
        Run(() => BoundAsync());
        var configured = _net.Journal!.Entries.Single(entry => entry.What is DhcpConfigured);
        var story = _net
            .Journal.Causes(configured.Id)
            .Where(entry => entry.What is DhcpSent)
            .Select(entry => $"{entry.Host} {((DhcpSent)entry.What).Message.Type}");
        Assert.Equal(["router Ack", "bare Request", "router Offer", "bare Discover"], story);
    }

    [Fact]
    public void An_address_that_somebody_has_is_not_offered()
    {
        var squatter = _net.Host("squatter");
        _net.Lan.Plug(squatter, "10.0.0.100/24");
        Run(async () =>
        {
            await BoundAsync(10);
            Assert.Equal("10.0.0.101/24", _bare.Adapters[0].Addresses[0].ToString());
        });
    }

    [Fact]
    public void An_address_that_is_taken_in_between_is_declined()
    {
        var squatter = _net.Host("squatter");
        _net.Lan.Loses = frame =>
        {
            // It comes just after the server has looked.
            if (squatter.Adapters.Count == 0 && Said.Contains("Ack"))
                _net.Lan.Plug(squatter, "10.0.0.100/24");
            return false;
        };
        Run(async () =>
        {
            await BoundAsync(30);
            Assert.Equal("10.0.0.101/24", _bare.Adapters[0].Addresses[0].ToString());
        });
        Assert.Contains("Decline", Said);
        Assert.Equal(DhcpBindingState.Taken, _server.Server.Leases.Bindings[0].State);
    }

    [Fact]
    public void Lost_messages_are_said_again()
    {
        var random = new RandomSource(9);
        _net.Lan.Loses = _ => random.Chance(0.3);
        Run(() => BoundAsync(300));
    }

    [Fact]
    public void A_lease_is_renewed_and_ends_when_the_server_is_gone()
    {
        Run(async () =>
        {
            await BoundAsync(2000);
            Assert.Equal(["Discover", "Offer", "Request", "Ack", "Request", "Ack"], Said);
            _net.Lan.Loses = _ => true;
            await _net.Loop.DelayAsync(Duration.FromSeconds(3700));
            Assert.Empty(_bare.Adapters[0].Addresses);
            Assert.Empty(_bare.NameServers);
            Assert.False(_bare.Ip.TryRoute(Net.FarAddress, out _));
            Assert.Single(_net.Journal!.Entries, entry => entry.What is DhcpLost);
        });
    }

    [Fact]
    public void Everything_said_is_said_in_both_languages()
    {
        Run(() => BoundAsync());
        foreach (var entry in _net.Journal!.Entries.Where(entry => entry.What.Layer == Layer.Dhcp))
        {
            Assert.NotEmpty(entry.What.Say(Language.English));
            Assert.NotEqual(entry.What.Say(Language.English), entry.What.Say(Language.Korean));
        }
    }

    [Fact]
    public void Hostile_answers_leave_a_client_that_still_gets_its_address()
    {
        using var stop = new CancellationTokenSource();
        var random = new RandomSource(4);
        _net.Loop.Start(
            "rogue",
            async () =>
            {
                using var socket = _net.Www.OpenDatagram(new(IpAddress.Any, 67));
                socket.SetOption(SocketOption.Broadcast, 1);
                var buffer = new byte[2048];
                while (!stop.IsCancellationRequested)
                {
                    var received = await socket.ReceiveFromAsync(buffer, stop.Token);
                    for (var i = 0; i < 50; i++)
                    {
                        var bytes = buffer[..received.Length];
                        bytes[0] = 2;
                        for (var flips = random.Next(1, 8); flips > 0; flips--)
                            bytes[random.Next(236, bytes.Length)] = (byte)random.Next(256);
                        await socket.SendToAsync(bytes, new(IpAddress.Broadcast, 68), stop: stop.Token);
                    }
                }
            }
        );
        Run(async () =>
        {
            await BoundAsync(120);
            End(stop);
        });
    }

    [Fact]
    public void Wireshark_reads_every_message_as_it_was_meant()
    {
        Run(() => BoundAsync());
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, leaveOpen: true))
        {
            var lan = writer.AddInterface("lan");
            for (var i = 0; i < _net.Lan.Frames.Count; i++)
                writer.Write(lan, DateTimeOffset.UnixEpoch, _net.Lan.Times[i], _net.Lan.Frames[i]);
        }
        Assert.Equal("", Tshark.Read(file.ToArray(), ["-Y", "_ws.malformed || _ws.expert.severity >= 0x600000"]));
        string[] fields =
        [
            "dhcp.option.dhcp",
            "dhcp.ip.your",
            "dhcp.option.ip_address_lease_time",
            "dhcp.option.domain_name_server",
            "dhcp.option.domain_name",
            "dhcp.option.interface_mtu",
            "dhcp.option.hostname",
        ];
        var lines = Tshark
            .Read(file.ToArray(), ["-Y", "dhcp", "-T", "fields", .. fields.SelectMany(field => new[] { "-e", field })])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [
                "1\t0.0.0.0\t\t\t\t\tbare",
                "2\t10.0.0.100\t3600\t10.0.9.2\thome\t1400\t",
                "3\t0.0.0.0\t\t\t\t\tbare",
                "5\t10.0.0.100\t3600\t10.0.9.2\thome\t1400\t",
            ],
            lines
        );
    }
}
