using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>Explicit Congestion Notification: RFC 3168 §6.1.</summary>
public class TcpEcnTests
{
    private const string Agreed = """
        --ecn=2
        0     connect
        +0    > SEW 0:0(0)
        +.1   < SE. 0:0(0) ack 1 win 60000 <mss 1000>
        +0    > . 1:1(0) ack 1

        """;

    [Fact]
    public void A_listener_accepts_who_asks() =>
        Timeline.Run(
            """
            0     listen
            +0    < SEW 0:0(0) win 4000
            +0    > SE. 0:0(0) ack 1
            """
        );

    [Fact]
    public void A_listener_that_has_it_off_does_not() =>
        Timeline.Run(
            """
            --ecn=0
            0     listen
            +0    < SEW 0:0(0) win 4000
            +0    > S. 0:0(0) ack 1
            """
        );

    [Fact]
    public void A_SYN_that_gets_lost_asks_no_more() =>
        Timeline.Run(
            """
            --ecn=2
            0     connect
            +0    > SEW 0:0(0)
            1     > S 0:0(0)
            """
        );

    [Fact]
    public void A_mark_is_echoed_until_the_sender_says_that_it_has_slowed_down() =>
        Timeline.Run(
            Agreed
                + """
                +0    mark
                +1    < . 1:1001(1000) ack 1
                +.04  > E. 1:1(0) ack 1001
                +0    < . 1001:2001(1000) ack 1
                +.04  > E. 1:1(0) ack 2001
                +0    < W. 2001:3001(1000) ack 1
                +.04  > . 1:1(0) ack 3001
                """
        );

    [Fact]
    public void An_echo_halves_the_window_once_a_round_trip_and_is_confirmed() =>
        Timeline.Run(
            Agreed
                + """
                +0    write 20000
                +0    > . 1:10001(10x1000) ack 1
                +.1   < E. 1:1(0) ack 2001
                +0    ssthresh 5000
                +0    > W. 10001:11001(1000) ack 1
                +0    < E. 1:1(0) ack 4001
                +0    ssthresh 5000
                +0    > . 11001:12001(1000) ack 1
                """
        );

    [Fact]
    public void What_is_echoed_until_our_CWR_can_have_arrived_shrinks_nothing_again() =>
        Timeline.Run(
            Agreed
                + """
                +0    write 20000
                +0    > . 1:10001(10x1000) ack 1
                +.1   < E. 1:1(0) ack 2001
                +0    > W. 10001:11001(1000) ack 1
                +.05  < E. 1:1(0) ack 10001     // all that was sent before, and not yet what says CWR
                +0    ssthresh 5000
                +0    > . 11001:15001(4x1000) ack 1
                +.05  < . 1:1(0) ack 11001
                +0    ssthresh 5000
                +0    > . 15001:16001(1000) ack 1
                """
        );

    [Fact]
    public void Only_new_data_may_be_marked_on_its_way()
    {
        var net = new Net();
        net.Pc.Tcp.Settings = TcpSettings.Default with { Ecn = EcnUse.Ask };
        net.Run(async () =>
        {
            var acceptor = net.Www.Tcp.Listen(new(IpAddress.Any, Port.Http), 1);
            var socket = net.Pc.Tcp.CreateSocket();
            await socket.ConnectAsync(new(Net.WwwAddress, Port.Http), default);
            var peer = await acceptor.AcceptAsync();
            await socket.WriteAsync(new byte[500], default);
            await peer.ReadAsync(new byte[500]);
            socket.Close(default);
            peer.Close(default);
            acceptor.Close();
        });
        var packets = net.Lan.Frames.Where(frame => frame[12] == 8 && frame[13] == 0 && frame[23] == 6).ToList();
        var capable = Assert.Single(packets, frame => (frame[15] & 3) == 2);
        Assert.Equal(500, (capable[16] << 8 | capable[17]) - 20 - 32);
    }
}
