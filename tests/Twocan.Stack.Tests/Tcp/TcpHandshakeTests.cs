namespace Twocan.Stack.Tests;

public class TcpHandshakeTests
{
    [Fact]
    public void A_connection_opens_with_three_segments() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0) win 65535 <mss 1460>
            +0    state SynSent
            +.1   < S. 0:0(0) ack 1 win 4000 <mss 1000>
            +0    > . 1:1(0) ack 1 win 65535
            +0    state Established
            """
        );

    [Fact]
    public void A_listener_answers_a_SYN_and_is_established_by_the_ACK() =>
        Timeline.Run(
            """
            0     listen
            +0    < S 0:0(0) win 4000 <mss 1000>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
            +0    state SynReceived
            +.1   < . 1:1(0) ack 1 win 4000
            +0    state Established
            """
        );

    [Fact]
    public void A_peer_that_names_no_MSS_gets_segments_of_536_octets() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 4000
            +0    > . 1:1(0) ack 1
            +0    write 600
            +0    > . 1:537(536) ack 1
            +0    > P. 537:601(64) ack 1
            """
        );

    [Fact]
    public void A_lost_SYN_is_sent_again_after_1_2_4_seconds_and_in_the_end_TimedOut() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            1     > S 0:0(0)
            3     > S 0:0(0)
            7     > S 0:0(0)
            15    > S 0:0(0)
            31    > S 0:0(0)
            63    > S 0:0(0)
            123   > S 0:0(0)
            183   state Closed
            +0    error TimedOut
            +0    rest
            """
        );

    [Fact]
    public void A_SYN_ACK_that_nobody_answers_is_sent_five_times_more_and_then_forgotten() =>
        Timeline.Run(
            """
            0     listen
            +0    < S 0:0(0) win 4000
            +0    > S. 0:0(0) ack 1
            1     > S. 0:0(0) ack 1
            3     > S. 0:0(0) ack 1
            7     > S. 0:0(0) ack 1
            15    > S. 0:0(0) ack 1
            31    > S. 0:0(0) ack 1
            63    state Closed
            +0    error Success
            +0    rest
            """
        );

    [Fact]
    public void The_SYN_of_a_peer_that_missed_our_answer_is_answered_again_at_once() =>
        Timeline.Run(
            """
            0     listen
            +0    < S 0:0(0) win 4000
            +0    > S. 0:0(0) ack 1
            +.5   < S 0:0(0) win 4000
            +0    > S. 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1 win 4000
            +0    state Established
            """
        );

    [Fact]
    public void A_lost_ACK_of_the_handshake_is_repeated_when_the_SYN_ACK_comes_again() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < S. 0:0(0) ack 1 win 60000 <mss 1000>
                +0    > . 1:1(0) ack 1
                +0    state Established
                """
        );

    [Fact]
    public void RST_in_SYN_SENT_refuses_the_connection() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < R. 0:0(0) ack 1
            +0    state Closed
            +0    error ConnectionRefused
            +0    rest
            """
        );

    [Fact]
    public void RST_in_SYN_SENT_without_or_with_a_wrong_ACK_means_nothing() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < R 0:0(0)
            +0    < R. 0:0(0) ack 7
            +0    state SynSent
            """
        );

    [Fact]
    public void An_ACK_of_what_was_never_sent_is_reset_in_SYN_SENT() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 77 win 4000
            +0    > R 77:77(0)
            +0    state SynSent
            +.1   < . 5:5(0) ack 0
            +0    > R 0:0(0)
            +0    state SynSent
            """
        );

    [Fact]
    public void An_old_duplicate_SYN_is_found_out_by_the_peers_reset() =>
        // RFC 9293 figure 9: the listener believes an old SYN, until its answer is refused.
        Timeline.Run(
            """
            0     listen
            +0    < S 900:900(0) win 4000
            +0    > S. 0:0(0) ack 901
            +.1   < R 901:901(0)
            +0    state Closed
            +0    error Success
            """
        );

    [Fact]
    public void A_wrong_ACK_in_SYN_RECEIVED_is_reset_and_changes_nothing() =>
        Timeline.Run(
            """
            0     listen
            +0    < S 0:0(0) win 4000
            +0    > S. 0:0(0) ack 1
            +.1   < . 1:1(0) ack 55
            +0    > R 55:55(0)
            +0    state SynReceived
            """
        );

    [Fact]
    public void Another_SYN_in_the_window_sends_a_listening_connection_back() =>
        Timeline.Run(
            """
            0     listen
            +0    < S 0:0(0) win 4000
            +0    > S. 0:0(0) ack 1
            +.1   < S 50:50(0) win 4000
            +0    state Closed
            """
        );

    [Fact]
    public void Both_ends_may_open_at_once() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S 0:0(0) win 4000 <mss 1000>
            +0    > S. 0:0(0) ack 1
            +0    state SynReceived
            +.1   < S. 0:0(0) ack 1 win 4000
            +0    state Established
            +0    write 10
            +0    > P. 1:11(10) ack 1
            """
        );

    [Fact]
    public void RST_while_both_open_at_once_refuses() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S 0:0(0) win 4000
            +0    > S. 0:0(0) ack 1
            +.1   < R. 1:1(0) ack 1
            +0    state Closed
            +0    error ConnectionRefused
            """
        );

    [Fact]
    public void Data_that_comes_with_the_handshakes_last_ACK_is_taken() =>
        Timeline.Run(
            """
            0     listen
            +0    < S 0:0(0) win 4000
            +0    > S. 0:0(0) ack 1
            +.1   < P. 1:101(100) ack 1 win 4000
            +0    state Established
            +0    read 100
            +.04  > . 1:1(0) ack 101
            """
        );

    [Fact]
    public void Closing_before_an_answer_just_forgets() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   close
            +0    state Closed
            +0    rest
            """
        );

    [Fact]
    public void An_ICMP_port_unreachable_ends_an_attempt_to_connect() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   icmp ConnectionRefused 0
            +0    state Closed
            +0    error ConnectionRefused
            """
        );

    [Theory]
    [InlineData("HostUnreachable")]
    [InlineData("NetworkUnreachable")]
    public void An_unreachable_host_ends_it_when_a_later_SYN_meets_the_same(string error) =>
        Timeline.Run(
            $"""
            0     connect
            +0    > S 0:0(0)
            +.1   icmp {error} 0
            +0    state SynSent
            1     > S 0:0(0)
            +.1   icmp {error} 0
            +0    state SynSent
            3     > S 0:0(0)
            +.1   icmp {error} 0
            +0    state Closed
            +0    error {error}
            """
        );

    [Fact]
    public void An_ICMP_error_about_what_we_never_sent_is_a_lie() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   icmp HostUnreachable 5000
            +0    state SynSent
            """
        );
}
