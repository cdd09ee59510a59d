using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>The machine alone, told packets by scripted time.</summary>
public sealed class NaptTests
{
    private const string A = "192.168.1.2";
    private const string B = "192.168.1.3";
    private const string Home = "203.0.113.1";
    private const string Far = "198.51.100.2";
    private const string Other = "198.51.100.3";

    private readonly HashSet<(IpProtocol, int)> _own = [];
    private Napt _nat;
    private Instant _now;

    public NaptTests() => _nat = Make(NatSettings.Default);

    private Napt Make(NatSettings settings) =>
        new(settings, new RandomSource(1), (protocol, port) => _own.Contains((protocol, port.Number)))
        {
            Outside = IpAddress.Parse(Home),
        };

    private void Wait(double seconds) => _now += Duration.FromSeconds(seconds);

    private string Out(byte[] packet)
    {
        var refused = _nat.Outbound(packet, _now, out _);
        TestPacket.AssertRight(packet);
        return refused?.ToString() ?? TestPacket.Ends(packet);
    }

    private string In(byte[] packet)
    {
        var refused = _nat.Inbound(packet, _now, out _);
        TestPacket.AssertRight(packet);
        return refused?.ToString() ?? TestPacket.Ends(packet);
    }

    private static byte[] Udp(string from, string to) => TestPacket.Udp(from, to);

    private static byte[] Tcp(string from, string to, TcpFlags flags) => TestPacket.Tcp(from, to, flags);

    [Fact]
    public void An_endpoint_keeps_its_port_and_its_one_mapping_whomever_it_talks_to()
    {
        Assert.Equal($"{Home}:5000 > {Far}:53", Out(Udp($"{A}:5000", $"{Far}:53")));
        Assert.Equal($"{Home}:5000 > {Other}:99", Out(Udp($"{A}:5000", $"{Other}:99")));
        Assert.Equal($"{Far}:53 > {A}:5000", In(Udp($"{Far}:53", $"{Home}:5000")));
        Assert.Equal($"{Other}:99 > {A}:5000", In(Udp($"{Other}:99", $"{Home}:5000")));
        Assert.Equal(2, _nat.Rows(_now).Count);
    }

    [Fact]
    public void The_same_port_of_two_hosts_becomes_two()
    {
        Out(Udp($"{A}:5000", $"{Far}:53"));
        var second = Out(Udp($"{B}:5000", $"{Far}:53"));
        Assert.DoesNotContain(":5000 ", second);
        var port = second[..second.IndexOf(' ')];
        Assert.Equal($"{Far}:53 > {B}:5000", In(Udp($"{Far}:53", port)));
        Assert.Equal($"{Far}:53 > {A}:5000", In(Udp($"{Far}:53", $"{Home}:5000")));
    }

    [Theory]
    [InlineData(500, 1, 1023)]
    [InlineData(5000, 1024, 65535)]
    public void A_port_that_is_taken_stays_on_its_side_of_1024(int port, int least, int most)
    {
        _own.Add((IpProtocol.Udp, port));
        var mapped = Endpoint.TryParse(Out(Udp($"{A}:{port}", $"{Far}:53")).Split(' ')[0], out var end) ? end : default;
        Assert.NotEqual(port, mapped.Port.Number);
        Assert.InRange(mapped.Port.Number, least, most);
    }

    [Fact]
    public void Only_the_very_endpoint_that_was_talked_to_gets_in()
    {
        Out(Udp($"{A}:5000", $"{Far}:53"));
        Assert.Equal("UnsolicitedInbound", In(Udp($"{Far}:54", $"{Home}:5000")));
        Assert.Equal("UnsolicitedInbound", In(Udp($"{Other}:53", $"{Home}:5000")));
        Assert.Equal("UnsolicitedInbound", In(Udp($"{Far}:53", $"{Home}:5001")));
        Assert.Equal("UnsolicitedInbound", In(Udp($"{Far}:53", $"{Other}:5000")));
    }

    [Fact]
    public void With_endpoint_independent_filtering_everybody_gets_in_through_a_mapping()
    {
        _nat = Make(new() { Filtering = NatFiltering.EndpointIndependent });
        Out(Udp($"{A}:5000", $"{Far}:53"));
        Assert.Equal($"{Other}:7 > {A}:5000", In(Udp($"{Other}:7", $"{Home}:5000")));
        Assert.Equal("UnsolicitedInbound", In(Udp($"{Other}:7", $"{Home}:5001")));
    }

    [Fact]
    public void UDP_is_forgotten_after_five_minutes_without_a_word_from_inside()
    {
        Out(Udp($"{A}:5000", $"{Far}:53"));
        Wait(299);
        Assert.Equal($"{Far}:53 > {A}:5000", In(Udp($"{Far}:53", $"{Home}:5000")));
        Wait(1);
        Assert.Equal("UnsolicitedInbound", In(Udp($"{Far}:53", $"{Home}:5000")));
        Assert.Equal((1, 1), (_nat.Counters.Opened, _nat.Counters.Expired));
        Assert.Empty(_nat.Rows(_now));
    }

    [Fact]
    public void What_the_inside_says_keeps_a_mapping_alive()
    {
        for (var i = 0; i < 5; i++)
        {
            Out(Udp($"{A}:5000", $"{Far}:53"));
            Wait(290);
        }
        Assert.Equal($"{Far}:53 > {A}:5000", In(Udp($"{Far}:53", $"{Home}:5000")));
    }

    [Fact]
    public void An_established_connection_may_be_silent_for_two_hours()
    {
        Open();
        Assert.Equal(NatState.Established, Assert.Single(_nat.Rows(_now)).State);
        Wait(7439);
        Assert.Equal($"{Far}:80 > {A}:4000", In(Tcp($"{Far}:80", $"{Home}:4000", TcpFlags.Ack)));
        Wait(7439);
        Assert.Equal($"{Home}:4000 > {Far}:80", Out(Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Ack)));
        Wait(7440);
        Assert.Empty(_nat.Rows(_now));
    }

    [Fact]
    public void A_connection_that_is_not_answered_is_forgotten_after_four_minutes()
    {
        Out(Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Syn));
        Assert.Equal(NatState.Opening, Assert.Single(_nat.Rows(_now)).State);
        Wait(240);
        Assert.Equal("UnsolicitedInbound", In(Tcp($"{Far}:80", $"{Home}:4000", TcpFlags.Syn | TcpFlags.Ack)));
    }

    [Fact]
    public void A_connection_is_closing_when_both_ends_have_said_so()
    {
        Open();
        Out(Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Fin | TcpFlags.Ack));
        In(Tcp($"{Far}:80", $"{Home}:4000", TcpFlags.Ack));
        Assert.Equal(NatState.Established, Assert.Single(_nat.Rows(_now)).State);
        In(Tcp($"{Far}:80", $"{Home}:4000", TcpFlags.Fin | TcpFlags.Ack));
        Out(Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Ack));
        Assert.Equal(NatState.Closing, Assert.Single(_nat.Rows(_now)).State);
        Wait(240);
        Assert.Empty(_nat.Rows(_now));
    }

    [Fact]
    public void A_port_pair_used_again_after_a_close_is_a_new_connection()
    {
        Open();
        Out(Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Fin | TcpFlags.Ack));
        In(Tcp($"{Far}:80", $"{Home}:4000", TcpFlags.Fin | TcpFlags.Ack));
        Open();
        Assert.Equal(NatState.Established, Assert.Single(_nat.Rows(_now)).State);
    }

    [Fact]
    public void A_reset_shortens_a_connections_time_and_the_inside_may_revive_it()
    {
        Open();
        In(Tcp($"{Far}:80", $"{Home}:4000", TcpFlags.Rst));
        var row = Assert.Single(_nat.Rows(_now));
        Assert.Equal((NatState.Reset, _now + Duration.FromSeconds(240)), (row.State, row.Expires));
        In(Tcp($"{Far}:80", $"{Home}:4000", TcpFlags.Ack));
        Assert.Equal(NatState.Reset, Assert.Single(_nat.Rows(_now)).State);
        Out(Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Ack));
        Assert.Equal(NatState.Established, Assert.Single(_nat.Rows(_now)).State);
    }

    [Fact]
    public void A_connection_from_before_a_restart_goes_on_and_a_lone_reset_makes_no_row()
    {
        Assert.Equal("NoTranslation", Out(Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Rst)));
        Assert.Equal($"{Home}:4000 > {Far}:80", Out(Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Ack)));
        Assert.Equal($"{Far}:80 > {A}:4000", In(Tcp($"{Far}:80", $"{Home}:4000", TcpFlags.Ack)));
        Assert.Equal(NatState.Established, Assert.Single(_nat.Rows(_now)).State);
    }

    [Fact]
    public void An_echo_is_known_by_its_identifier_for_a_minute()
    {
        Assert.Equal($"{Home}:77 > {Far}:0", Out(TestPacket.Echo(A, Far, IcmpType.EchoRequest, 77)));
        Assert.NotEqual($"{Home}:77 > {Far}:0", Out(TestPacket.Echo(B, Far, IcmpType.EchoRequest, 77)));
        Assert.Equal($"{Far}:0 > {A}:77", In(TestPacket.Echo(Far, Home, IcmpType.EchoReply, 77)));
        Assert.Equal("UnsolicitedInbound", In(TestPacket.Echo(Other, Home, IcmpType.EchoReply, 77)));
        Assert.Equal("UnsolicitedInbound", In(TestPacket.Echo(Far, Home, IcmpType.EchoRequest, 77)));
        Assert.Equal("NoTranslation", Out(TestPacket.Echo(A, Far, IcmpType.EchoReply, 77)));
        Wait(60);
        Assert.Equal("UnsolicitedInbound", In(TestPacket.Echo(Far, Home, IcmpType.EchoReply, 77)));
    }

    [Fact]
    public void A_checksum_of_zero_stays_zero_and_none_becomes_zero()
    {
        var bare = Udp($"{A}:5000", $"{Far}:53");
        (bare[26], bare[27]) = (0, 0);
        Assert.Null(_nat.Outbound(bare, _now, out _));
        Assert.Equal((0, 0), (bare[26], bare[27]));
        for (var data = 0; data <= ushort.MaxValue; data++)
        {
            var packet = TestPacket.Udp($"{A}:5000", $"{Far}:53", [(byte)(data >> 8), (byte)data]);
            Assert.Null(_nat.Outbound(packet, _now, out _));
            Assert.False(packet[26] == 0 && packet[27] == 0);
        }
    }

    [Fact]
    public void What_was_damaged_stays_damaged()
    {
        var packet = Udp($"{A}:5000", $"{Far}:53");
        packet[^1] ^= 1;
        Assert.Null(_nat.Outbound(packet, _now, out _));
        UdpHeader.TryRead(packet.AsSpan(20), out var header);
        Assert.False(header.HasRightChecksum(IpAddress.Parse(Home), IpAddress.Parse(Far)));
    }

    [Theory]
    [InlineData(IpProtocol.Udp, 28)]
    [InlineData(IpProtocol.Udp, 100)]
    [InlineData(IpProtocol.Tcp, 28)]
    [InlineData(IpProtocol.Tcp, 100)]
    [InlineData(IpProtocol.Icmp, 100)]
    public void An_error_goes_to_whoever_sent_what_it_quotes_and_quotes_it_as_sent(IpProtocol protocol, int most)
    {
        var packet = protocol switch
        {
            IpProtocol.Udp => Udp($"{B}:5000", $"{Far}:53"),
            IpProtocol.Tcp => Tcp($"{B}:5000", $"{Far}:53", TcpFlags.Syn),
            _ => TestPacket.Echo(B, Far, IcmpType.EchoRequest, 5000),
        };
        var sent = packet.ToArray();
        _own.Add((protocol, 5000));
        Out(packet);
        var error = TestPacket.Error(Other, Home, IcmpType.TimeExceeded, packet[..Math.Min(most, packet.Length)]);
        Assert.Equal($"{Other}:0 > {B}:0", In(error));
        Assert.Equal(sent[..Math.Min(most, sent.Length)], error[28..]);
    }

    [Fact]
    public void An_error_from_inside_speaks_of_the_outside_address()
    {
        Out(Udp($"{A}:5000", $"{Far}:53"));
        var answer = Udp($"{Far}:53", $"{Home}:5000");
        var arrived = answer.ToArray();
        In(arrived);
        var error = TestPacket.Error(A, Far, IcmpType.DestinationUnreachable, arrived);
        Assert.Equal($"{Home}:0 > {Far}:0", Out(error));
        Assert.Equal(answer, error[28..]);
    }

    [Fact]
    public void An_error_about_nothing_that_was_sent_is_unsolicited()
    {
        Out(Udp($"{A}:5000", $"{Far}:53"));
        foreach (
            var about in new[]
            {
                Udp($"{Home}:5001", $"{Far}:53"),
                Udp($"{Home}:5000", $"{Other}:53"),
                Udp($"{A}:5000", $"{Far}:53"),
            }
        )
            Assert.Equal("UnsolicitedInbound", In(TestPacket.Error(Far, Home, IcmpType.DestinationUnreachable, about)));
        var damaged = Udp($"{Home}:5000", $"{Far}:53");
        damaged[8]++;
        Assert.Equal("BadIcmp", In(TestPacket.Error(Far, Home, IcmpType.DestinationUnreachable, damaged)));
        Assert.Equal(
            "NoTranslation",
            Out(TestPacket.Error(A, Far, IcmpType.DestinationUnreachable, Udp($"{Far}:1", $"{A}:2")))
        );
    }

    [Fact]
    public void A_forward_lets_everybody_in_and_its_answers_out_by_the_same_port()
    {
        Assert.True(PortForward.TryParse("tcp 8080 -> 192.168.1.3:80", out var forward));
        _nat.Add(forward);
        Assert.Equal($"{Far}:4000 > {B}:80", In(Tcp($"{Far}:4000", $"{Home}:8080", TcpFlags.Syn)));
        Assert.Equal($"{Home}:8080 > {Far}:4000", Out(Tcp($"{B}:80", $"{Far}:4000", TcpFlags.Syn | TcpFlags.Ack)));
        Assert.Equal("UnsolicitedInbound", In(Udp($"{Far}:4000", $"{Home}:8080")));
        Wait(100_000);
        Assert.Empty(_nat.Rows(_now));
        Assert.Equal($"{Other}:4000 > {B}:80", In(Tcp($"{Other}:4000", $"{Home}:8080", TcpFlags.Syn)));
        Assert.Equal($"{Home}:8081 > {Far}:1", Out(Tcp($"{A}:8081", $"{Far}:1", TcpFlags.Syn)));
        Assert.DoesNotContain(":8080", Out(Tcp($"{A}:8080", $"{Far}:1", TcpFlags.Syn)));
    }

    [Fact]
    public void A_forward_takes_over_what_traffic_has_mapped_and_clashes_with_other_forwards()
    {
        Out(Udp($"{A}:5000", $"{Far}:53"));
        Out(Udp($"{B}:6000", $"{Far}:53"));
        _nat.Add(new(IpProtocol.Udp, new(5000), NatNet.End($"{B}:6000")));
        Assert.Equal($"{Far}:53 > {B}:6000", In(Udp($"{Far}:53", $"{Home}:5000")));
        Assert.Single(_nat.Rows(_now));
        Assert.Throws<ArgumentException>(() => _nat.Add(new(IpProtocol.Udp, new(5000), NatNet.End($"{A}:1"))));
        Assert.Throws<ArgumentException>(() => _nat.Add(new(IpProtocol.Udp, new(5001), NatNet.End($"{B}:6000"))));
        Assert.Single(_nat.Forwards);
    }

    [Theory]
    [InlineData("tcp 80 > 10.0.0.1:80")]
    [InlineData("icmp 80 -> 10.0.0.1:80")]
    [InlineData("tcp 0 -> 10.0.0.1:80")]
    [InlineData("tcp 65536 -> 10.0.0.1:80")]
    [InlineData("tcp 80 -> 10.0.0.1")]
    [InlineData("tcp 80 -> 10.0.0.1:0")]
    [InlineData("tcp 80 -> [::1]:80")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_forward_is_not_read_as_one(string? text) => Assert.False(PortForward.TryParse(text, out _));

    [Fact]
    public void A_forward_reads_as_it_is_written() =>
        Assert.Equal(
            "udp 53 -> 10.0.0.1:5353",
            PortForward.TryParse("udp 53 -> 10.0.0.1:5353", out var forward) ? $"{forward}" : ""
        );

    [Fact]
    public void In_a_full_table_the_unfinished_and_long_silent_give_way_and_connections_never()
    {
        _nat = Make(new() { Capacity = 3 });
        Out(Udp($"{A}:1001", $"{Far}:53"));
        Open();
        Out(Tcp($"{A}:4001", $"{Far}:80", TcpFlags.Syn));
        Out(Udp($"{A}:1002", $"{Far}:53"));
        Assert.Equal(["Tcp 4000", "Udp 1001", "Udp 1002"], Ports());
        Out(Udp($"{A}:1001", $"{Far}:53"));
        Out(Udp($"{A}:1003", $"{Far}:53"));
        Assert.Equal(["Tcp 4000", "Udp 1001", "Udp 1003"], Ports());
        Open("4002");
        Open("4003");
        Assert.Equal(["Tcp 4000", "Tcp 4002", "Tcp 4003"], Ports());
        Assert.Equal("TranslationTableFull", Out(Udp($"{A}:1001", $"{Far}:53")));
        Assert.Equal((4, 1), (_nat.Counters.Evicted, _nat.Counters.Refused));
    }

    [Fact]
    public void A_mapping_whose_only_session_gives_way_to_its_next_is_made_anew()
    {
        _nat = Make(new() { Capacity = 1 });
        Out(Udp($"{A}:1001", $"{Far}:53"));
        Assert.Equal($"{Home}:1001 > {Other}:53", Out(Udp($"{A}:1001", $"{Other}:53")));
        Assert.Equal($"{Other}:53 > {A}:1001", In(Udp($"{Other}:53", $"{Home}:1001")));
        Assert.Equal("UnsolicitedInbound", In(Udp($"{Far}:53", $"{Home}:1001")));
    }

    [Fact]
    public void A_flood_leaves_the_table_bounded()
    {
        var random = new RandomSource(3);
        _nat = Make(new() { Capacity = 100 });
        for (var i = 0; i < 20_000; i++)
        {
            var (host, port) = (random.Next(2) == 0 ? A : B, random.Next(1, 65536));
            if (random.Chance(0.5))
                Out(Udp($"{host}:{port}", $"{Far}:{random.Next(1, 50)}"));
            else
                Out(Tcp($"{host}:{port}", $"{Far}:80", (TcpFlags)random.Next(64)));
            Wait(random.NextDouble());
            Assert.InRange(_nat.Rows(_now).Count, 0, 100);
        }
    }

    [Fact]
    public void Another_outside_address_forgets_all_but_the_forwards()
    {
        Assert.True(PortForward.TryParse($"tcp 8080 -> {B}:80", out var forward));
        _nat.Add(forward);
        Out(Udp($"{A}:5000", $"{Far}:53"));
        _nat.Outside = IpAddress.Parse("203.0.113.9");
        Assert.Empty(_nat.Rows(_now));
        Assert.Equal($"{Far}:4 > {B}:80", In(Tcp($"{Far}:4", "203.0.113.9:8080", TcpFlags.Syn)));
    }

    [Fact]
    public void Any_bytes_are_translated_or_refused()
    {
        var random = new RandomSource(9);
        byte[][] seeds =
        [
            Udp($"{A}:5000", $"{Far}:53"),
            Tcp($"{A}:4000", $"{Far}:80", TcpFlags.Syn),
            TestPacket.Echo(A, Far, IcmpType.EchoRequest, 7),
            TestPacket.Error(Far, Home, IcmpType.TimeExceeded, Udp($"{Home}:5000", $"{Far}:53")),
            TestPacket.Error(Far, Home, IcmpType.TimeExceeded, Tcp($"{Home}:4000", $"{Far}:80", TcpFlags.Syn)),
            TestPacket.Error(A, Far, IcmpType.TimeExceeded, Udp($"{Far}:53", $"{A}:5000")),
        ];
        for (var i = 0; i < 200_000; i++)
        {
            var packet = seeds[random.Next(seeds.Length)].ToArray();
            for (var flips = random.Next(4); flips > 0; flips--)
                packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
            if (random.Chance(0.2))
                packet = packet[..random.Next(packet.Length + 1)];
            _ = random.Next(4) switch
            {
                0 => _nat.Outbound(packet, _now, out _),
                1 => _nat.Inbound(packet, _now, out _),
                2 => _nat.IsHairpin(packet, _now) ? null : DropReason.NoTranslation,
                _ => Undo(packet),
            };
        }

        DropReason? Undo(byte[] packet)
        {
            _nat.Undo(packet);
            return null;
        }
    }

    [Fact]
    public void Undo_makes_a_packet_what_it_was()
    {
        var sent = Udp($"{A}:5000", $"{Far}:53");
        _own.Add((IpProtocol.Udp, 5000));
        var packet = sent.ToArray();
        Out(packet);
        var answer = TestPacket.Udp(TestPacket.Ends(packet).Split(" > ")[1], TestPacket.Ends(packet).Split(" > ")[0]);
        _nat.Undo(packet);
        Assert.Equal(sent, packet);
        packet = answer.ToArray();
        In(packet);
        _nat.Undo(packet);
        Assert.Equal(answer, packet);
    }

    private void Open(string port = "4000")
    {
        Out(Tcp($"{A}:{port}", $"{Far}:80", TcpFlags.Syn));
        In(Tcp($"{Far}:80", $"{Home}:{port}", TcpFlags.Syn | TcpFlags.Ack));
        Out(Tcp($"{A}:{port}", $"{Far}:80", TcpFlags.Ack));
    }

    private IEnumerable<string> Ports() => _nat.Rows(_now).Select(row => $"{row.Protocol} {row.Outside.Port}");
}
