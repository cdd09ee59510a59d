using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>NAPT on a router in a small internet: what programs on both sides notice.</summary>
public sealed class NatTests
{
    private static readonly byte[] Hello = "hello"u8.ToArray();

    [Fact]
    public void A_datagram_and_its_answer_pass_and_the_world_sees_the_router()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
            using var client = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            await client.SendToAsync(Hello, new(NatNet.FarAddress, 53));
            var from = await net.HearAsync(server);
            Assert.Equal(NatNet.End("203.0.113.1:5000"), from);
            await server.SendToAsync(Hello, from);
            Assert.Equal(new Endpoint(NatNet.FarAddress, 53), await net.HearAsync(client));
            var row = Assert.Single(net.Nat.Rows);
            Assert.Equal(NatNet.End("192.168.1.2:5000"), row.Inside);
            Assert.Equal((1, 1), (net.Nat.Napt.Counters.TranslatedOut, net.Nat.Napt.Counters.TranslatedIn));
        });
    }

    [Fact]
    public void A_datagram_in_fragments_is_made_whole_to_be_translated_and_cut_again()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
            using var client = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            await client.SendToAsync(new byte[4000], new(NatNet.FarAddress, 53));
            var buffer = new byte[5000];
            var received = await server.ReceiveFromAsync(buffer);
            Assert.Equal((4000, NatNet.End("203.0.113.1:5000")), (received.Length, received.From));
            await server.SendToAsync(buffer.AsMemory(0, 4000), received.From);
            Assert.Equal(4000, (await client.ReceiveFromAsync(buffer)).Length);
        });
        Assert.Equal(
            (6, 6, 2),
            (
                net.Home.Counters.FragmentsReceived,
                net.Home.Counters.FragmentsSent,
                net.Home.Counters.DatagramsReassembled
            )
        );
    }

    [Fact]
    public void Two_hosts_with_the_same_port_each_get_their_own_answer()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
            using var a = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            using var b = net.B.OpenDatagram(new(IpAddress.Any, 5000));
            await a.SendToAsync("a"u8.ToArray(), new(NatNet.FarAddress, 53));
            await b.SendToAsync("b"u8.ToArray(), new(NatNet.FarAddress, 53));
            var buffer = new byte[10];
            for (var i = 0; i < 2; i++)
            {
                var received = await server.ReceiveFromAsync(buffer);
                await server.SendToAsync(buffer.AsMemory(0, received.Length), received.From);
            }
            await a.ReceiveFromAsync(buffer);
            Assert.Equal((byte)'a', buffer[0]);
            await b.ReceiveFromAsync(buffer);
            Assert.Equal((byte)'b', buffer[0]);
        });
    }

    [Fact]
    public void A_connection_passes_from_its_handshake_to_its_end()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            await using var listener = net.Far.Listen(new Port(80));
            await using var client = await net.A.ConnectAsync(new(NatNet.FarAddress, 80));
            await using var server = await listener.AcceptAsync();
            Assert.Equal(NatNet.HomeAddress, server.RemoteEndpoint.Address);
            Assert.Equal(client.LocalEndpoint.Port, server.RemoteEndpoint.Port);
            await TalkAsync(client, server, 100_000);
            Assert.Equal(NatState.Established, Assert.Single(net.Nat.Rows).State);
            client.ShutdownWrite();
            Assert.Equal(0, await server.ReadAsync(new byte[10]));
            server.ShutdownWrite();
            Assert.Equal(0, await client.ReadAsync(new byte[10]));
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.Equal(NatState.Closing, Assert.Single(net.Nat.Rows).State);
        });
        net.Run(() => net.Loop.DelayAsync(Duration.FromSeconds(240)).AsTask());
        Assert.Empty(net.Nat.Rows);
    }

    [Fact]
    public void A_ping_passes_and_so_do_the_errors_about_one()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            var (received, message) = await net.PingAsync(net.A, NatNet.FarAddress);
            Assert.Equal((NatNet.FarAddress, 0), (received.From.Address, (int)message[0]));
            (received, message) = await net.PingAsync(net.A, NatNet.FarAddress, timeToLive: 1);
            Assert.Equal(("192.168.1.1", 11), ($"{received.From.Address}", (int)message[0]));
            (received, message) = await net.PingAsync(net.A, NatNet.FarAddress, timeToLive: 2);
            Assert.Equal(("203.0.113.254", 11), ($"{received.From.Address}", (int)message[0]));
            (received, message) = await net.PingAsync(net.B, IpAddress.Parse("198.51.100.77"));
            Assert.Equal(("203.0.113.254", 3), ($"{received.From.Address}", (int)message[0]));
            (received, message) = await net.PingAsync(net.B, IpAddress.Parse("203.0.113.77"));
            Assert.Equal(("192.168.1.1", 3), ($"{received.From.Address}", (int)message[0]));
        });
    }

    [Fact]
    public void A_closed_port_out_there_refuses_the_right_socket()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            using var bystander = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            await bystander.ConnectAsync(new(NatNet.FarAddress, 53));
            using var client = net.B.OpenDatagram(new(IpAddress.Any, 5000));
            await client.ConnectAsync(new(NatNet.FarAddress, 53));
            using (var server = net.Far.OpenDatagram(new(IpAddress.Any, 53)))
                await bystander.SendToAsync(Hello, default);
            await client.SendToAsync(Hello, default);
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            var refused = await Assert.ThrowsAnyAsync<SocketException>(async () => await net.HearAsync(client));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
            refused = await Assert.ThrowsAnyAsync<SocketException>(async () =>
                await net.A.ConnectAsync(new(NatNet.FarAddress, 81))
            );
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        });
    }

    [Fact]
    public void What_nobody_has_asked_for_goes_no_further_and_is_counted()
    {
        var net = new NatNet(journaled: true);
        net.Run(async () =>
        {
            using var inside = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            using var stranger = net.Other.OpenDatagram();
            await stranger.SendToAsync(Hello, new(NatNet.HomeAddress, 5000));
            await inside.SendToAsync(Hello, new(NatNet.FarAddress, 53));
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            await stranger.SendToAsync(Hello, new(NatNet.HomeAddress, 5000));
            await Assert.ThrowsAnyAsync<SocketException>(async () =>
            {
                using var stop = net.Within(300);
                await net.Other.ConnectAsync(new(NatNet.HomeAddress, 5000), stop: stop.Token);
            });
        });
        Assert.True(net.Home.Counters.Dropped(DropReason.UnsolicitedInbound) >= 3);
        Assert.Contains(
            net.Journal!.Entries,
            entry => entry is { Host: "home", What: Dropped { Reason: DropReason.UnsolicitedInbound } }
        );
    }

    [Fact]
    public void Who_knows_an_inside_address_cannot_use_it_and_who_claims_one_is_not_believed()
    {
        var net = new NatNet();
        net.Core.Ip.AddRoute(Subnet.Parse("192.168.1.0/24"), NatNet.HomeAddress);
        net.Run(async () =>
        {
            using var inside = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            using var home = net.Home.OpenDatagram(new(IpAddress.Any, 99));
            using var stranger = net.Far.OpenDatagram();
            await stranger.SendToAsync(Hello, NatNet.End("192.168.1.2:5000"));
            await stranger.SendToAsync(Hello, NatNet.End("192.168.1.1:99"));
            await net.HearNothingAsync(inside);
            await net.HearNothingAsync(home);
            Assert.Equal(2, net.Home.Counters.Dropped(DropReason.UnsolicitedInbound));
        });
        // From outside as if from inside, and from inside as if from the world.
        Receive(net, net.Outside, TestPacket.Udp("192.168.1.3:1", "203.0.113.1:5000"));
        Receive(net, net.Home.Adapters[0], TestPacket.Udp("198.51.100.3:1", "198.51.100.2:5000"));
        Assert.Equal(2, net.Home.Counters.Dropped(DropReason.BadSource));
        Assert.Empty(net.Nat.Rows);
    }

    [Fact]
    public void The_routers_own_sockets_on_that_address_work_and_no_mapping_takes_their_ports()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            var (_, message) = await net.PingAsync(net.Far, NatNet.HomeAddress);
            Assert.Equal(0, message[0]);
            (_, message) = await net.PingAsync(net.Home, NatNet.FarAddress);
            Assert.Equal(0, message[0]);
            using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
            using var own = net.Home.OpenDatagram(new(IpAddress.Any, 5000));
            using var inside = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            await inside.SendToAsync(Hello, new(NatNet.FarAddress, 53));
            Assert.NotEqual(5000, (await net.HearAsync(server)).Port.Number);
            await own.SendToAsync(Hello, new(NatNet.FarAddress, 53));
            await server.SendToAsync(Hello, await net.HearAsync(server));
            await net.HearAsync(own);
            await net.HearNothingAsync(inside);
            await using var listener = net.Home.Listen(new Port(80));
            await using var client = await net.Far.ConnectAsync(new(NatNet.HomeAddress, 80));
            await using var accepted = await listener.AcceptAsync();
            await TalkAsync(client, accepted, 1000);
            await using var neighbour = await net.A.ConnectAsync(new(NatNet.HomeAddress, 80));
            await using var too = await listener.AcceptAsync();
            await TalkAsync(neighbour, too, 1000);
        });
    }

    [Fact]
    public void A_listener_of_the_router_hears_strangers_and_neighbours_on_a_port_that_an_inside_host_got_first()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
            using var inside = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            await inside.SendToAsync(Hello, new(NatNet.FarAddress, 53));
            var mapped = await net.HearAsync(server);
            using var own = net.Home.OpenDatagram(new(IpAddress.Any, 5000));
            using var stranger = net.Other.OpenDatagram();
            await stranger.SendToAsync(Hello, mapped);
            Assert.Equal(NatNet.OtherAddress, (await net.HearAsync(own)).Address);
            using var neighbour = net.B.OpenDatagram();
            await neighbour.SendToAsync(Hello, mapped);
            Assert.Equal("192.168.1.3", $"{(await net.HearAsync(own)).Address}");
            await server.SendToAsync(Hello, mapped);
            await net.HearAsync(inside);
        });
    }

    [Fact]
    public void The_routers_own_ephemeral_ports_are_none_that_a_mapping_has()
    {
        var net = new NatNet(settings: new() { Capacity = 20_000 });
        for (var port = EphemeralPorts.First; port < ushort.MaxValue; port++)
            Receive(net, net.Home.Adapters[0], TestPacket.Udp($"192.168.1.2:{port}", "198.51.100.2:53"));
        net.Run(() =>
        {
            using var own = net.Home.OpenDatagram(new(IpAddress.Any, Port.Any));
            Assert.Equal(ushort.MaxValue, own.LocalEndpoint.Port.Number);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_forwarded_port_leads_to_a_server_inside_also_from_inside()
    {
        var net = new NatNet();
        net.Nat.Napt.Add(new(IpProtocol.Tcp, new(8080), NatNet.End("192.168.1.3:80")));
        net.Run(async () =>
        {
            await using var listener = net.B.Listen(new Port(80));
            await using var client = await net.Far.ConnectAsync(new(NatNet.HomeAddress, 8080));
            await using var server = await listener.AcceptAsync();
            Assert.Equal(NatNet.FarAddress, server.RemoteEndpoint.Address);
            await TalkAsync(client, server, 10_000);
            await using var neighbour = await net.A.ConnectAsync(new(NatNet.HomeAddress, 8080));
            await using var hairpinned = await listener.AcceptAsync();
            Assert.Equal(NatNet.HomeAddress, hairpinned.RemoteEndpoint.Address);
            await TalkAsync(neighbour, hairpinned, 10_000);
        });
    }

    [Fact]
    public void Two_inside_hosts_meet_at_their_outside_ends_and_an_error_finds_back()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            using var a = net.A.OpenDatagram(new(IpAddress.Any, 5000));
            var b = net.B.OpenDatagram(new(IpAddress.Any, 6000));
            await a.ConnectAsync(NatNet.End("203.0.113.1:6000"));
            using (var far = net.Far.OpenDatagram(new(IpAddress.Any, 53)))
                await b.SendToAsync(Hello, new(NatNet.FarAddress, 53));
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            // B has not yet talked to A's outside end, so the filter holds A's first word back.
            await a.SendToAsync(Hello, default);
            await net.HearNothingAsync(b);
            await b.SendToAsync(Hello, NatNet.End("203.0.113.1:5000"));
            Assert.Equal(NatNet.End("203.0.113.1:6000"), await net.HearAsync(a));
            await a.SendToAsync(Hello, default);
            Assert.Equal(NatNet.End("203.0.113.1:5000"), await net.HearAsync(b));
            b.Dispose();
            await a.SendToAsync(Hello, default);
            var refused = await Assert.ThrowsAnyAsync<SocketException>(async () => await net.HearAsync(a));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        });
    }

    [Fact]
    public void A_dead_server_behind_a_forward_is_told_of_without_its_inside_address()
    {
        var net = new NatNet();
        net.Nat.Napt.Add(new(IpProtocol.Udp, new(9), NatNet.End("192.168.1.77:9")));
        net.Nat.Napt.Add(new(IpProtocol.Udp, new(10), NatNet.End("192.168.1.3:10")));
        net.Run(async () =>
        {
            using var client = net.Far.OpenDatagram();
            await client.ConnectAsync(new(NatNet.HomeAddress, 9));
            await client.SendToAsync(Hello, default);
            var refused = await Assert.ThrowsAnyAsync<SocketException>(async () => await net.HearAsync(client, 10));
            Assert.Equal(SocketError.HostUnreachable, refused.SocketErrorCode);
            using var other = net.Far.OpenDatagram();
            await other.ConnectAsync(new(NatNet.HomeAddress, 10));
            await other.SendToAsync(Hello, default);
            refused = await Assert.ThrowsAnyAsync<SocketException>(async () => await net.HearAsync(other, 10));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        });
        AssertNoInsideAddress(net.Wan);
    }

    [Fact]
    public void No_inside_address_is_ever_seen_outside_and_every_checksum_is_right()
    {
        var net = new NatNet();
        net.Run(async () =>
        {
            await net.PingAsync(net.A, NatNet.FarAddress);
            await net.PingAsync(net.A, NatNet.FarAddress, timeToLive: 2);
            await using var listener = net.Far.Listen(new Port(80));
            await using var client = await net.B.ConnectAsync(new(NatNet.FarAddress, 80));
            await using var server = await listener.AcceptAsync();
            await TalkAsync(client, server, 20_000);
        });
        AssertNoInsideAddress(net.Wan);
        foreach (var frame in net.Lan.Frames.Concat(net.Wan.Frames).Where(IsIpv4))
        {
            Ipv4Header.TryRead(frame.AsSpan(14..^4), out var header);
            TestPacket.AssertRight(frame[14..(14 + header.TotalLength)]);
        }
    }

    [Fact]
    public void A_full_table_refuses_and_the_journal_says_so()
    {
        var net = new NatNet(journaled: true, new() { Capacity = 1 });
        net.Run(async () =>
        {
            await using var listener = net.Far.Listen(new Port(80));
            await using var client = await net.A.ConnectAsync(new(NatNet.FarAddress, 80));
            using var late = net.B.OpenDatagram();
            await late.SendToAsync(Hello, new(NatNet.FarAddress, 53));
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
        Assert.Equal(1, net.Home.Counters.Dropped(DropReason.TranslationTableFull));
        Assert.Contains(net.Journal!.Entries, entry => entry.What.Say(Language.Korean).Contains("NAT 표가 가득"));
    }

    [Fact]
    public void The_row_that_decided_stands_between_a_packets_arrival_and_its_forwarding()
    {
        var net = new NatNet(journaled: true);
        net.Run(async () => await net.PingAsync(net.A, NatNet.FarAddress));
        var translated = net.Journal!.Entries.Where(entry => entry.What is AddressTranslated).ToList();
        Assert.Equal(2, translated.Count);
        var (there, back) = ((AddressTranslated)translated[0].What, (AddressTranslated)translated[1].What);
        Assert.Equal((NatDirection.Outbound, true), (there.Direction, there.IsNew));
        Assert.Equal((NatDirection.Inbound, false), (back.Direction, back.IsNew));
        Assert.All(
            translated,
            entry =>
            {
                var next = net.Journal.Entries.First(other => other.Because == entry.Id);
                Assert.IsType<PacketForwarded>(next.What);
                Assert.Equal("home", entry.Host);
                Assert.False(entry.Because.IsNone);
                Assert.Contains("192.168.1.2", entry.What.Say(Language.Korean));
            }
        );
        var id = there.Inside.Port;
        Assert.Equal(
            $"NAT table, a new row: ICMP 192.168.1.2 (identifier {id}) ↔ 203.0.113.1 (identifier {id}) with 198.51.100.2; the source becomes 203.0.113.1",
            there.Say(Language.English)
        );
        // From the answer that the program gets, the causes lead through both rows to its question.
        var delivered = net.Journal.Entries.Last(entry => entry is { Host: "a", What: PacketDelivered });
        Assert.Equal(2, net.Journal.Causes(delivered.Id).Count(entry => entry.What is AddressTranslated));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        Assert.Equal(Run(7), Run(7));

        static IEnumerable<string> Run(ulong seed)
        {
            var net = new NatNet(seed: seed);
            net.Run(async () =>
            {
                using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
                for (var i = 0; i < 20; i++)
                {
                    using var a = net.A.OpenDatagram(new(IpAddress.Any, 5000));
                    using var b = net.B.OpenDatagram(new(IpAddress.Any, 5000));
                    await a.SendToAsync(Hello, new(NatNet.FarAddress, 53));
                    await b.SendToAsync(Hello, new(NatNet.FarAddress, 53));
                    await net.HearAsync(server);
                    await server.SendToAsync(Hello, await net.HearAsync(server));
                    await net.Loop.DelayAsync(Duration.FromSeconds(301));
                }
            });
            return [.. net.Wan.Frames.Select(Convert.ToHexString)];
        }
    }

    [Fact]
    public void A_translated_datagram_allocates_nothing_once_all_is_warm()
    {
        var net = new NatNet();
        (net.Lan.Keeps, net.Wan.Keeps, net.Net.Keeps) = (false, false, false);
        var least = long.MaxValue;
        net.Run(async () =>
        {
            var (server, client) = (net.Far.Calls, net.A.Calls);
            var (listening, asking) = (server.Socket(SocketKind.Datagram), client.Socket(SocketKind.Datagram));
            server.Bind(listening, new(IpAddress.Any, 53));
            var (data, buffer) = (new byte[1000], new byte[2000]);
            var before = 0L;
            for (var i = 1; i <= 4000; i++)
            {
                if (i % 400 == 1)
                    before = GC.GetAllocatedBytesForCurrentThread();
                await client.SendToAsync(asking, data, new(NatNet.FarAddress, 53));
                var received = await server.ReceiveFromAsync(listening, buffer);
                await server.SendToAsync(listening, buffer.AsMemory(0, received.Length), received.From);
                await client.ReceiveFromAsync(asking, buffer);
                if (i % 400 == 0)
                    least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            client.Close(asking);
            server.Close(listening);
        });
        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_mutated_packet_throws_or_keeps_a_buffer(ulong seed)
    {
        var net = new NatNet(seed: seed, settings: new() { Capacity = 64 });
        (net.Lan.Keeps, net.Wan.Keeps, net.Net.Keeps) = (false, false, false);
        net.Nat.Napt.Add(new(IpProtocol.Tcp, new(8080), NatNet.End("192.168.1.3:80")));
        var random = new RandomSource(seed);
        net.Run(async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var isOutside = random.Chance(0.5);
                var packet = Random(random, isOutside);
                for (var flips = random.Next(3); flips > 0; flips--)
                    packet[random.Next(20, packet.Length)] ^= (byte)(1 << random.Next(8));
                Receive(net, isOutside ? net.Outside : net.Home.Adapters[0], packet);
                if (i % 64 == 0)
                    await net.Loop.DelayAsync(Duration.FromMilliseconds(random.Next(500)));
                Assert.InRange(net.Nat.Rows.Count, 0, 64);
            }
            await net.Loop.DelayAsync(Duration.FromSeconds(1300));
            await net.PingAsync(net.A, NatNet.FarAddress);
        });
        Assert.True(net.Nat.Napt.Counters.TranslatedIn > 1000, $"{net.Nat.Napt.Counters.TranslatedIn}");
        Assert.True(net.Nat.Napt.Counters.TranslatedOut > 1000, $"{net.Nat.Napt.Counters.TranslatedOut}");
    }

    private static byte[] Random(RandomSource random, bool isOutside)
    {
        var inside = random.Chance(0.5) ? "192.168.1.2" : "192.168.1.3";
        var remote = random.Chance(0.1) ? "203.0.113.1" : "198.51.100.2";
        var (from, to) = isOutside ? ("198.51.100.2", "203.0.113.1") : (inside, remote);
        var (here, there) = (random.Next(5000, 5004), random.Next(53, 55));
        var (sent, received) = isOutside ? (there, random.Chance(0.2) ? 8080 : here) : (here, there);
        return random.Next(5) switch
        {
            0 => TestPacket.Udp($"{from}:{sent}", $"{to}:{received}"),
            1 => TestPacket.Tcp($"{from}:{sent}", $"{to}:{received}", (TcpFlags)random.Next(64)),
            2 => TestPacket.Echo(from, to, isOutside ? IcmpType.EchoReply : IcmpType.EchoRequest, (ushort)here),
            3 => TestPacket.Error(
                from,
                to,
                IcmpType.TimeExceeded,
                TestPacket.Udp($"{to}:{received}", $"{from}:{sent}")
            ),
            _ => TestPacket.Error(
                from,
                to,
                IcmpType.TimeExceeded,
                TestPacket.Echo(to, from, IcmpType.EchoRequest, 5000)
            ),
        };
    }

    /// <summary>The frame as it would come from the adapter's cable.</summary>
    private static void Receive(NatNet net, Adapter adapter, byte[] packet)
    {
        var frame = net.Loop.Packets.Rent();
        EthernetHeader.Write(
            frame.Append(EthernetHeader.Length),
            adapter.Mac,
            new MacAddress(0x020000000099),
            EtherType.Ipv4
        );
        frame.Append(packet);
        frame.Append(Math.Max(0, EthernetHeader.MinFrameLength - frame.Length)).Clear();
        var check = Crc32.Of(frame.Span);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(frame.Append(4), check);
        adapter.Receive(frame);
    }

    private static bool IsIpv4(byte[] frame) => frame[12] == 8 && frame[13] == 0;

    private static void AssertNoInsideAddress(Wire wire)
    {
        byte[] inside = [192, 168, 1];
        Assert.DoesNotContain(wire.Frames, frame => IsIpv4(frame) && frame.AsSpan(14..^4).IndexOf(inside) >= 0);
    }

    private static async Task TalkAsync(Stream a, Stream b, int length)
    {
        var (sent, received) = (new byte[length], new byte[length]);
        new RandomSource(1).Fill(sent);
        foreach (var (from, to) in new[] { (a, b), (b, a) })
        {
            var writing = from.WriteAsync(sent);
            await to.ReadExactlyAsync(received);
            await writing;
            Assert.Equal(sent, received);
        }
    }
}
