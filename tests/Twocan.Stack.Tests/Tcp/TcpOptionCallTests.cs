namespace Twocan.Stack.Tests;

/// <summary>What a program sets: cork, keep-alive, user time-out; and buffers that grow by themselves.</summary>
public class TcpOptionCallTests
{
    [Fact]
    public void A_cork_keeps_back_what_does_not_fill_a_segment() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    cork 1
                +0    write 1500
                +0    > . 1:1001(1000) ack 1
                +.05  < . 1:1(0) ack 1001
                +.05  write 100
                +0    cork 0
                +0    > P. 1001:1601(600) ack 1
                """
        );

    [Fact]
    public void What_is_corked_goes_after_an_RTO_even_so() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    cork 1
                +0    write 100
                +.3   > P. 1:101(100) ack 1
                """
        );

    [Fact]
    public void A_silent_peer_is_asked_whether_it_is_still_there() =>
        Timeline.Run(
            "--keepalive=60\n"
                + Timeline.Connected
                + """
                +60   > . 0:0(0) ack 1
                +.1   < . 1:1(0) ack 1
                +60   > . 0:0(0) ack 1
                +10   > . 0:0(0) ack 1
                +10   > . 0:0(0) ack 1
                +10   state Closed
                +0    error TimedOut
                +0    rest
                """
        );

    [Fact]
    public void Data_that_stays_unacknowledged_too_long_for_the_program_ends_the_connection() =>
        Timeline.Run(
            "--usertimeout=2\n"
                + Timeline.Connected
                + """
                +0    write 100
                +0    > P. 1:101(100) ack 1
                +.3   > P. 1:101(100) ack 1
                +.6   > P. 1:101(100) ack 1
                +1.1  state Closed
                +0    error TimedOut
                +0    rest
                """
        );

    [Fact]
    public void A_closed_window_counts_as_unacknowledged_for_the_user_time_out() =>
        Timeline.Run(
            """
            --usertimeout=2
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 0 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    write 1
            +.3   > P. 1:2(1) ack 1
            +.1   < . 1:1(0) ack 1 win 0
            +.5   > P. 1:2(1) ack 1
            +.1   < . 1:1(0) ack 1 win 0
            +1    state Closed
            +0    error TimedOut
            """
        );

    [Fact]
    public void The_receive_buffer_grows_to_twice_of_what_the_program_takes_in_a_round_trip() =>
        Timeline.Run(
            "--rcvbuf=20000\n--rcvmax=6291456\n"
                + Timeline.ConnectedWith("nop,wscale 7")
                + """
                +1    < . 1:10001(10000) ack 1
                +0    read 10000
                +0    > . 1:1(0) ack 10001
                +.04  < . 10001:20001(10000) ack 1
                +0    read 10000
                +0    > . 1:1(0) ack 20001
                +.06  < . 20001:25001(5000) ack 1
                +0    read 5000
                +0    rcvbuf 73360              // 2 * 25,000 + 16 * 1,460
                +0    > . 1:1(0) ack 25001 win 574
                """
        );

    [Fact]
    public void The_send_buffer_grows_with_the_congestion_window() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    sndbuf 65536
                +0    write 65536
                +0    > . 1:10001(10x1000) ack 1
                +.1   < . 1:1(0) ack 10001
                +0    > . 10001:21001(11x1000) ack 1
                +0    sndbuf 65536
                """
        );
}
