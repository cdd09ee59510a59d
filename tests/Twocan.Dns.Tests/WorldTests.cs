using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns.Tests;

/// <summary>Stub, recursive server and name servers on hosts of a world, every byte over cables.</summary>
public sealed class WorldTests
{
    private const string Www = "www.cyber.kr";

    [Fact]
    public void A_name_is_resolved_through_its_own_root_and_a_second_one_asks_only_the_last_server()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            Assert.Equal("192.0.2.226", await net.Ask(Www));
            Assert.Equal([".", "kr.", "cyber.kr."], net.Events<QuerySent>(net.Resolver).Select(query => query.Zone));
            Assert.Equal(
                ["a.root", "ns.kr", "ns.cyber.kr"],
                net.Events<QuerySent>(net.Resolver).Select(query => query.ServerName)
            );
            Assert.Equal("192.0.2.227", await net.Ask("mail.cyber.kr"));
            Assert.Equal("cyber.kr.", net.Events<QuerySent>(net.Resolver).Skip(3).Single().Zone);
            Assert.Equal("192.0.2.226", await net.Ask("FTP.cyber.kr."));
        });
        Assert.Equal(
            [AnswerKind.Referral, AnswerKind.Referral, AnswerKind.Answer],
            net.Events<ResponseReceived>(net.Resolver).Take(3).Select(response => response.Kind)
        );
    }

    [Fact]
    public void A_program_that_asks_twice_is_answered_by_its_own_host()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            await net.Ask(Www);
            var began = net.World.Loop.Now;
            Assert.Equal("192.0.2.226", await net.Ask(Www));
            Assert.Equal(began, net.World.Loop.Now);
        });
        Assert.Single(net.Events<QuerySent>(net.Pc));
        Assert.Equal([false, true], net.Events<LookupEnded>(net.Pc).Select(ended => ended.FromCache));
    }

    [Fact]
    public void A_program_calls_gethostbyname_and_has_addresses_or_h_errno()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            var network = net.Pc.Network;
            var found = await network.GetHostByNameAsync(Www);
            Assert.Equal((HostError.None, "192.0.2.226"), (found.Error, Assert.Single(found.Addresses).ToString()));
            Assert.Equal("HOST_NOT_FOUND", (await network.GetHostByNameAsync("nobody.cyber.kr")).ErrorName);
            Assert.Equal("NO_DATA", (await network.GetHostByNameAsync(Www, IpFamily.V6)).ErrorName);
            Assert.Equal("NO_DATA", (await network.GetHostByNameAsync("192.0.2.1", IpFamily.V6)).ErrorName);
            using var down = net.World.Fault("crash ns.isp");
            Assert.Equal("TRY_AGAIN", (await network.GetHostByNameAsync("mail.cyber.kr")).ErrorName);
        });
        Assert.Contains(
            net.Events<SocketReturned>(net.Pc),
            call => call.Say(Language.English) == $"gethostbyname(\"{Www}\") = 192.0.2.226"
        );
        Assert.Contains(
            net.Events<SocketReturned>(net.Pc),
            call => call.Result == "NULL, h_errno = HOST_NOT_FOUND" && call.Call == "gethostbyname"
        );
    }

    [Fact]
    public void Every_event_climbs_to_the_click()
    {
        using var net = new SmallInternet();
        EventId click = default;
        net.Run(async () =>
        {
            click = net.Pc.Network.Journal!.Tell(new LookupBegan("click", ""));
            var answer = await net.Stub.ResolveAsync(Www, click);
            Assert.Contains(net.World.Journal!.Causes(answer.Because), entry => entry.What is QueryAnswered);
            Assert.Equal(click, net.World.Journal.Causes(answer.Because).Last().Id);
        });
        var journal = net.World.Journal!;
        foreach (
            var entry in journal.Entries.Where(entry => entry.Id.Value > click.Value && entry.What.Layer == Layer.Dns)
        )
            Assert.Equal(click, journal.Causes(entry.Id).Last().Id);
        // The root's answer was asked for by ns.isp, which was asked by pc.
        var atRoot = journal.Entries.First(entry => entry is { Host: "root", What: QueryAnswered });
        Assert.Equal(
            ["root", "ns.isp", "pc"],
            journal
                .Causes(atRoot.Id)
                .Where(entry => entry.What.Layer == Layer.Dns)
                .Select(entry => entry.Host)
                .Distinct()
        );
        var ended = journal.Entries.First(entry => entry is { Host: "ns.isp", What: LookupEnded });
        Assert.Equal(
            [".", "kr.", "cyber.kr."],
            journal
                .Causes(ended.Id)
                .Reverse()
                .Select(entry => entry.What)
                .OfType<QuerySent>()
                .Where(q => q.Zone.Length > 0)
                .Select(q => q.Zone)
        );
    }

    [Theory]
    [InlineData("nobody.cyber.kr", "HostNotFound: nobody.cyber.kr: this name does not exist (NXDOMAIN)")]
    [InlineData("cyber.kr", "NoData: cyber.kr: this name exists, but has no IPv4 address")]
    [InlineData("a..b", "HostNotFound: a..b: this is not a domain name")]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("any.localhost.", "127.0.0.1")]
    public void A_name_has_an_address_or_a_reason_that_it_has_none(string name, string expected)
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            Assert.Equal(expected, await net.Ask(name));
            // And again, now from what is remembered.
            Assert.Equal(expected, await net.Ask(name));
        });
        Assert.True(net.Events<QuerySent>(net.Pc).Count() <= 1);
    }

    [Fact]
    public void A_server_that_keeps_silent_is_named()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            using var cut = net.World.Fault("cut ns.isp--switch");
            Assert.Equal("TryAgain: www.cyber.kr: no answer from 10.0.0.53 after 10 tries", await net.Ask(Www));
        });
        Assert.Equal(10, net.Events<QueryTimedOut>(net.Pc).Count());
    }

    [Fact]
    public void A_second_server_helps_when_the_first_keeps_silent_or_cannot()
    {
        using var net = new SmallInternet();
        // Nobody at .99; nobody listens on pc's own port 53; then the right one.
        net.Pc.Stack.NameServers =
        [
            IpAddress.Parse("10.0.0.99"),
            IpAddress.Parse("10.0.0.3"),
            IpAddress.Parse("10.0.0.53"),
        ];
        net.Run(async () => Assert.Equal("10.0.0.2", await net.Ask("ns.kr")));
    }

    [Fact]
    public void A_server_that_refuses_is_named_with_what_it_said()
    {
        using var net = new SmallInternet();
        net.Pc.Stack.NameServers = [IpAddress.Parse("10.0.0.3")];
        net.Run(async () =>
            Assert.Equal("TryAgain: www.other.org: 10.0.0.3 said REFUSED", await net.Ask("www.other.org"))
        );
    }

    [Fact]
    public void Where_nobody_listens_the_stub_knows_at_once()
    {
        using var net = new SmallInternet();
        net.Pc.Stack.NameServers = [IpAddress.Parse("10.0.0.14")];
        var other = net.World.Host("other", "10.0.0.14/24");
        net.World.Link(other, net.World.Switch("switch"), "100 Mbit/s, 5 ms");
        net.Run(async () =>
        {
            Assert.Equal("TryAgain: www.cyber.kr: 10.0.0.14 said ConnectionRefused", await net.Ask(Www));
            Assert.True(net.World.Loop.Now < Instant.Zero + Duration.FromSeconds(1));
        });
    }

    [Fact]
    public void A_host_without_a_name_server_says_so()
    {
        using var net = new SmallInternet();
        net.Pc.Stack.NameServers = [];
        net.Run(async () => Assert.Equal("TryAgain: www.cyber.kr: this host knows no name server", await net.Ask(Www)));
    }

    [Fact]
    public void When_a_zones_server_is_cut_off_the_reason_reaches_who_asked()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            using var cut = net.World.Fault("cut ns.cyber--switch");
            Assert.Equal("TryAgain: www.cyber.kr: 10.0.0.53 said SERVFAIL", await net.Ask(Www));
        });
        var ended = net.Events<LookupEnded>(net.Resolver).First();
        Assert.StartsWith(
            "no server of cyber.kr. answered: ns.cyber.kr (10.0.0.3) ",
            ended.Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_cable_that_loses_a_fifth_is_no_obstacle()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            using var net = new SmallInternet(seed);
            using var loss = net.World.Fault("loss 20% pc--switch");
            net.Run(async () => Assert.Equal("192.0.2.226", await net.Ask(Www)));
        }
    }

    [Fact]
    public void Dig_asks_one_server_and_shows_what_it_says()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            var server = new Endpoint(IpAddress.Parse("10.0.0.3"), Port.Domain);
            var name = DomainName.Parse("cyber.kr");
            var exchange = await DnsClient.QueryAsync(net.Pc.Network, server, name, RecordType.MX);
            Assert.Equal("NOERROR aa | 10 mail.cyber.kr. | | 192.0.2.227", Zones.Say(exchange.Response));
            Assert.False(exchange.OverTcp);
            // Two cables there, two back, and ARP before.
            Assert.True(exchange.Time >= Duration.FromMilliseconds(20));
            Assert.Contains(";; SERVER: 10.0.0.3:53 (UDP)", exchange.ToString(), StringComparison.Ordinal);
            var silent = new Endpoint(IpAddress.Parse("10.0.0.99"), Port.Domain);
            var failure = await Assert.ThrowsAsync<NameResolutionException>(() =>
                DnsClient.QueryAsync(net.Pc.Network, silent, name, RecordType.MX)
            );
            Assert.Contains("10.0.0.99:53", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void What_does_not_fit_into_a_datagram_comes_over_tcp()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            var server = new Endpoint(IpAddress.Parse("10.0.0.3"), Port.Domain);
            var exchange = await DnsClient.QueryAsync(
                net.Pc.Network,
                server,
                DomainName.Parse("many.cyber.kr"),
                RecordType.A
            );
            Assert.True(exchange.OverTcp);
            Assert.Equal(60, exchange.Response.Answers.Count);
            // From stub to recursive server and from there to the zone's server: TCP both times.
            Assert.Equal(60, (await net.Stub.ResolveAsync("many.cyber.kr")).Addresses.Count);
        });
    }

    [Fact]
    public void Several_who_ask_at_once_share_the_walk()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            var stubs = Enumerable.Range(0, 5).Select(_ => new StubResolver(net.Pc.Network).ResolveAsync(Www).AsTask());
            foreach (var answer in await Task.WhenAll(stubs))
                Assert.Equal("192.0.2.226", answer.Addresses.Single().ToString());
        });
        Assert.Equal(3, net.Events<QuerySent>(net.Resolver).Count());
        Assert.Equal(5, net.Events<QueryAnswered>(net.Resolver).Count());
    }

    [Fact]
    public void Nonsense_on_port_53_is_answered_or_dropped_and_the_server_goes_on()
    {
        using var net = new SmallInternet();
        net.Run(async () =>
        {
            using var socket = net.Pc.Network.OpenDatagram();
            var random = new RandomSource(3);
            var buffer = new byte[512];
            foreach (var server in (string[])["10.0.0.3", "10.0.0.53"])
            {
                var to = new Endpoint(IpAddress.Parse(server), Port.Domain);
                for (var i = 0; i < 100; i++)
                {
                    random.Fill(buffer);
                    await socket.SendToAsync(buffer.AsMemory(0, random.Next(512)), to);
                }
                // A header that promises a question which is not there.
                await socket.SendToAsync(new byte[] { 0xAB, 0xCD, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, to);
                while (true)
                {
                    var received = await socket.ReceiveFromAsync(buffer);
                    Assert.True(DnsMessage.TryRead(buffer.AsSpan(0, received.Length), out var message));
                    Assert.True(message.IsResponse);
                    if (message.Id == 0xABCD)
                    {
                        Assert.Equal(Rcode.FormatError, message.Rcode);
                        break;
                    }
                }
            }
            Assert.Equal("192.0.2.226", await net.Ask(Www));
        });
    }

    [Fact]
    public void One_seed_gives_one_journal()
    {
        static List<string> Journal(ulong seed)
        {
            using var net = new SmallInternet(seed);
            using var loss = net.World.Fault("loss 20% ns.isp--switch");
            net.Run(async () => await net.Ask(Www));
            return [.. net.World.Journal!.Entries.Select(entry => entry.ToString())];
        }
        Assert.Equal(Journal(5), Journal(5));
        Assert.NotEqual(Journal(5), Journal(6));
    }
}
