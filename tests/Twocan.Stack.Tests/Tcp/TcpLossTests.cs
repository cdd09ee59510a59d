namespace Twocan.Stack.Tests;

/// <summary>Timers and loss: RFC 6298, RFC 5681, RFC 6582.</summary>
public class TcpLossTests
{
    /// <summary>Ten of twenty segments are on their way; the peer knows no SACK.</summary>
    private const string TenSegments =
        Timeline.Connected
        + """
            +0    write 20000
            +0    > . 1:10001(10x1000) ack 1

            """;

    [Fact]
    public void The_first_round_trip_sets_SRTT_and_RTO() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    srtt 100
                +0    rto 300
                """
        );

    [Fact]
    public void Each_round_trip_moves_SRTT_by_an_eighth() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 100
                +0    > P. 1:101(100) ack 1
                +.18  < . 1:1(0) ack 101
                +0    srtt 110
                """
        );

    [Fact]
    public void An_unanswered_segment_is_sent_again_at_doubling_pauses() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 100
                +0    > P. 1:101(100) ack 1
                +.3   > P. 1:101(100) ack 1
                +.6   > P. 1:101(100) ack 1
                +1.2  > P. 1:101(100) ack 1
                +2.4  > P. 1:101(100) ack 1
                """
        );

    [Fact]
    public void A_resent_segment_is_not_timed_and_the_longer_RTO_stays() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 100
                +0    > P. 1:101(100) ack 1
                +.3   > P. 1:101(100) ack 1
                +.01  < . 1:1(0) ack 101        // Karn: of the first or of the second?
                +0    srtt 100
                +0    rto 600
                +0    write 100
                +0    > P. 101:201(100) ack 1
                +.1   < . 1:1(0) ack 201
                +0    srtt 100
                +0    rto 300
                """
        );

    [Fact]
    public void What_waited_at_the_peer_for_a_resent_segment_is_not_timed_either() =>
        Timeline.Run(
            "--frto=0\n"
                + Timeline.Connected
                + """
                +0    write 3000
                +0    > . 1:2001(2x1000) ack 1
                +0    > P. 2001:3001(1000) ack 1
                +.3   > . 1:1001(1000) ack 1
                +.1   < . 1:1(0) ack 3001     // the other two had come at once
                +0    srtt 100
                +0    rto 600
                """
        );

    [Fact]
    public void A_peer_that_never_answers_is_given_up_after_fifteen_times() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 100
                +0    > P. 1:101(100) ack 1
                +.3   > P. 1:101(100) ack 1
                +.6   > P. 1:101(100) ack 1
                +1.2  > P. 1:101(100) ack 1
                +2.4  > P. 1:101(100) ack 1
                +4.8  > P. 1:101(100) ack 1
                +9.6  > P. 1:101(100) ack 1
                +19.2 > P. 1:101(100) ack 1
                +38.4 > P. 1:101(100) ack 1
                +60   > P. 1:101(100) ack 1
                +60   > P. 1:101(100) ack 1
                +60   > P. 1:101(100) ack 1
                +60   > P. 1:101(100) ack 1
                +60   > P. 1:101(100) ack 1
                +60   > P. 1:101(100) ack 1
                +60   > P. 1:101(100) ack 1
                +60   state Closed
                +0    error TimedOut
                +0    rest
                """
        );

    [Fact]
    public void An_ICMP_error_in_the_meantime_becomes_the_reason_when_we_give_up() =>
        Timeline.Run(
            """
            0     listen
            +0    < S 0:0(0) win 60000 <mss 1000>
            +0    > S. 0:0(0) ack 1
            +.1   < . 1:1(0) ack 1
            +0    write 1
            +0    > P. 1:2(1) ack 1
            +.1   icmp HostUnreachable 1
            +0    state Established
            +.2   > P. 1:2(1) ack 1
            +.6   > P. 1:2(1) ack 1
            +1.2  > P. 1:2(1) ack 1
            +2.4  > P. 1:2(1) ack 1
            +4.8  > P. 1:2(1) ack 1
            +9.6  > P. 1:2(1) ack 1
            +19.2 > P. 1:2(1) ack 1
            +38.4 > P. 1:2(1) ack 1
            +60   > P. 1:2(1) ack 1
            +60   > P. 1:2(1) ack 1
            +60   > P. 1:2(1) ack 1
            +60   > P. 1:2(1) ack 1
            +60   > P. 1:2(1) ack 1
            +60   > P. 1:2(1) ack 1
            +60   > P. 1:2(1) ack 1
            +60   error HostUnreachable
            """
        );

    [Fact]
    public void An_acknowledgement_gives_the_rest_a_whole_RTO_again() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 2000
                +0    > . 1:1001(1000) ack 1
                +0    > P. 1001:2001(1000) ack 1
                +.1   < . 1:1(0) ack 1001
                +.3   > P. 1001:2001(1000) ack 1
                """
        );

    [Fact]
    public void After_a_timeout_one_segment_goes_and_then_slow_start() =>
        Timeline.Run(
            "--frto=0\n"
                + TenSegments
                + """
                +.3   > . 1:1001(1000) ack 1
                +0    cwnd 1000
                +0    ssthresh 5000
                +.1   < . 1:1(0) ack 1001
                +0    cwnd 2000
                +0    > . 1001:3001(2x1000) ack 1
                +.1   < . 1:1(0) ack 10001     // all the others had arrived
                +0    > . 10001:13001(3x1000) ack 1
                """
        );

    [Fact]
    public void What_was_sent_in_longer_segments_is_cut_where_the_window_has_room_for_a_shorter_one() =>
        Timeline.Run(
            """
            --frto=0
            --probing=1
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 60000 <mss 1460>
            +0    > . 1:1(0) ack 1
            +0    write 14600
            +0    > P. 1:14601(10x1460) ack 1
            +.3   > . 1:1461(1460) ack 1
            +.6   > . 1:1025(1024) ack 1      // the path may take no long ones
            +1.2  > . 1:513(512) ack 1
            +.1   < . 1:1(0) ack 1461
            +0    cwnd 1024
            +0    > . 1461:2485(2x512) ack 1  // one of 1,460 would never find room
            """
        );

    [Fact]
    public void A_segment_lost_twice_leaves_the_threshold_where_it_is() =>
        Timeline.Run(
            TenSegments
                + """
                +.3   > . 1:1001(1000) ack 1
                +.6   > . 1:1001(1000) ack 1
                +0    ssthresh 5000
                """
        );

    [Fact]
    public void A_lost_SYN_makes_the_first_flight_one_segment_and_RTO_three_seconds() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            1     > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 60000 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    rto 3000
            +0    write 3000
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001
            +0    > . 1001:2001(1000) ack 1
            +0    > P. 2001:3001(1000) ack 1
            """
        );

    [Fact]
    public void Two_duplicate_acks_resend_nothing_but_let_new_segments_out() =>
        Timeline.Run(
            TenSegments
                + """
                +.1   < . 1:1(0) ack 1
                +0    > . 10001:11001(1000) ack 1
                +0    < . 1:1(0) ack 1
                +0    > . 11001:12001(1000) ack 1
                +.05  nothing
                """
        );

    [Fact]
    public void Without_limited_transmit_two_duplicates_let_nothing_out() =>
        Timeline.Run(
            "--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +.05  nothing
                """
        );

    [Fact]
    public void Three_duplicate_acks_resend_the_first_missing_segment() =>
        Timeline.Run(
            "--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    > . 1:1001(1000) ack 1
                +0    ssthresh 5000
                +0    cwnd 7000                 // six of the others and this one
                """
        );

    [Fact]
    public void Duplicates_let_new_segments_out_as_soon_as_the_pipe_is_down_to_the_threshold() =>
        Timeline.Run(
            "--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    > . 1:1001(1000) ack 1
                +0    < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    > . 10001:11001(1000) ack 1
                +0    < . 1:1(0) ack 1
                +0    > . 11001:12001(1000) ack 1
                """
        );

    [Fact]
    public void A_full_acknowledgement_ends_the_recovery_without_a_burst() =>
        Timeline.Run(
            "--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    > . 1:1001(1000) ack 1
                +.1   < . 1:1(0) ack 10001
                +0    cwnd 2000                 // nothing is in flight
                +0    > . 10001:12001(2x1000) ack 1
                """
        );

    [Fact]
    public void A_partial_acknowledgement_resends_the_next_hole_at_once() =>
        Timeline.Run(
            "--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    < . 1:1(0) ack 1
                +0    > . 1:1001(1000) ack 1
                +.1   < . 1:1(0) ack 4001       // the fourth was lost, too
                +0    > . 4001:5001(1000) ack 1
                +.1   < . 1:1(0) ack 10001
                +0    > . 10001:12001(2x1000) ack 1
                """
        );

    [Fact]
    public void Duplicates_of_a_flight_that_timed_out_begin_no_second_recovery() =>
        Timeline.Run(
            "--frto=0\n"
                + TenSegments
                + """
                +.3   > . 1:1001(1000) ack 1
                +.1   < . 1:1(0) ack 2001
                +0    > . 2001:4001(2x1000) ack 1
                +.1   < . 1:1(0) ack 2001
                +0    > . 4001:5001(1000) ack 1
                +0    < . 1:1(0) ack 2001
                +0    > . 5001:6001(1000) ack 1
                +0    < . 1:1(0) ack 2001
                +0    > . 6001:7001(1000) ack 1
                +0    cwnd 2000
                +.05  nothing
                """
        );

    [Fact]
    public void A_window_update_is_no_duplicate() =>
        Timeline.Run(
            TenSegments
                + """
                +.1   < . 1:1(0) ack 1 win 50000
                +0    < . 1:1(0) ack 1 win 51000
                +0    < . 1:1(0) ack 1 win 52000
                +0    < . 1:1(0) ack 1 win 53000
                +.1   nothing
                """
        );

    [Fact]
    public void Congestion_avoidance_adds_one_segment_a_round_trip() =>
        Timeline.Run(
            TenSegments
                + """
                +.3   > . 1:1001(1000) ack 1
                +.1   < . 1:1(0) ack 10001
                +0    cwnd 2000
                +0    > . 10001:11001(1000) ack 1
                +0    > . 11001:12001(1000) ack 1
                +.1   < . 1:1(0) ack 12001
                +0    cwnd 3000
                +0    > . 12001:13001(1000) ack 1
                +0    > . 13001:14001(1000) ack 1
                +0    > . 14001:15001(1000) ack 1
                +.1   < . 1:1(0) ack 15001
                +0    cwnd 4000
                +0    > . 15001:16001(1000) ack 1
                +0    > . 16001:17001(1000) ack 1
                +0    > . 17001:18001(1000) ack 1
                +0    > . 18001:19001(1000) ack 1
                +.1   < . 1:1(0) ack 19001
                +0    cwnd 5000                 // ssthresh: from here on slowly
                +0    > P. 19001:20001(1000) ack 1
                +0    write 9000
                +0    > . 20001:21001(1000) ack 1
                +0    > . 21001:22001(1000) ack 1
                +0    > . 22001:23001(1000) ack 1
                +0    > . 23001:24001(1000) ack 1
                +.1   < . 1:1(0) ack 22001
                +0    cwnd 5000
                +0    > . 24001:25001(1000) ack 1
                +0    > . 25001:26001(1000) ack 1
                +0    > . 26001:27001(1000) ack 1
                +.01  < . 1:1(0) ack 24001
                +0    cwnd 6000
                +0    > . 27001:28001(1000) ack 1
                +0    > P. 28001:29001(1000) ack 1
                """
        );
}
