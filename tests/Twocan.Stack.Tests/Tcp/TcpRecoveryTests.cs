namespace Twocan.Stack.Tests;

/// <summary>Recovery with SACK: RFC 6675, RFC 6937, RFC 8985, RFC 5682, and what undoes it.</summary>
public class TcpRecoveryTests
{
    /// <summary>Ten of twenty segments are on their way; the peer knows SACK.</summary>
    private static readonly string TenSegments =
        Timeline.ConnectedWith("sackOK")
        + """
            +0    write 20000
            +0    > . 1:10001(10x1000) ack 1

            """;

    /// <summary>The same with time stamps of four digits that tell the millisecond.</summary>
    private static readonly string TenStamped =
        Timeline.ConnectedWith("sackOK,TS val 1000000 ecr 0")
        + """
            +0    write 20000
            +0    > . 1:9881(10x988) ack 1 <TS val 100 ecr 1000000>

            """;

    [Fact]
    public void Three_segments_above_a_hole_resend_it_and_nothing_else() =>
        Timeline.Run(
            TenSegments
                + """
                +.1   < . 1:1(0) ack 1 <sack 1001:2001>
                +0    > . 10001:11001(1000) ack 1
                +0    < . 1:1(0) ack 1 <sack 1001:3001>
                +0    > . 11001:12001(1000) ack 1
                +0    < . 1:1(0) ack 1 <sack 1001:4001>
                +0    > . 1:1001(1000) ack 1
                +0    ssthresh 5000
                +.1   < . 1:1(0) ack 12001
                +0    cwnd 5000                        // RFC 6937: a reduction ends at ssthresh
                +0    > . 12001:17001(5x1000) ack 1
                """
        );

    [Fact]
    public void Several_holes_are_filled_in_one_round_trip() =>
        Timeline.Run(
            "--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1 <sack 1001:2001>
                +0    < . 1:1(0) ack 1 <sack 3001:4001 1001:2001>
                +0    < . 1:1(0) ack 1 <sack 5001:6001 3001:4001 1001:2001>
                +0    > . 1:1001(1000) ack 1
                +0    < . 1:1(0) ack 1 <sack 5001:7001 3001:4001 1001:2001>
                +0    > . 2001:3001(1000) ack 1
                +0    < . 1:1(0) ack 1 <sack 5001:8001 3001:4001 1001:2001>
                +0    > . 4001:5001(1000) ack 1
                +.1   < . 1:1(0) ack 10001
                +0    > . 10001:15001(5x1000) ack 1
                """
        );

    [Fact]
    public void Without_RACK_three_that_lie_above_tell() =>
        Timeline.Run(
            "--rack=0\n--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1 <sack 1001:2001>
                +0    < . 1:1(0) ack 1 <sack 1001:3001>
                +.01  nothing
                +0    < . 1:1(0) ack 1 <sack 1001:4001>
                +0    > . 1:1001(1000) ack 1
                """
        );

    [Fact]
    public void A_network_that_has_reordered_is_given_a_quarter_of_a_round_trip() =>
        Timeline.Run(
            TenSegments
                + """
                +.1   < . 1:1(0) ack 1 <sack 1001:2001>
                +0    > . 10001:11001(1000) ack 1
                +0    < . 1:1(0) ack 2001              // it was only late
                +0    > . 11001:13001(2x1000) ack 1
                +0    < . 1:1(0) ack 2001 <sack 3001:4001>
                +0    > . 13001:14001(1000) ack 1
                +0    < . 1:1(0) ack 2001 <sack 3001:5001>
                +0    > . 14001:15001(1000) ack 1
                +0    < . 1:1(0) ack 2001 <sack 3001:6001>
                +0    > . 15001:16001(1000) ack 1
                +.025 > . 2001:3001(1000) ack 1
                """
        );

    [Fact]
    public void What_is_lost_when_resent_is_resent_again_once_something_later_arrives() =>
        Timeline.Run(
            "--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1 <sack 1001:4001>
                +0    > . 1:1001(1000) ack 1
                +0    < . 1:1(0) ack 1 <sack 1001:7001>
                +0    > . 10001:11001(1000) ack 1
                +.1   < . 1:1(0) ack 1 <sack 10001:11001 1001:7001>
                +0    > . 1:1001(1000) ack 1
                +0    > . 7001:10001(3x1000) ack 1
                +0    > . 11001:12001(1000) ack 1
                """
        );

    [Fact]
    public void After_two_round_trips_of_silence_the_last_segment_is_sent_again() =>
        Timeline.Run(
            Timeline.ConnectedWith("sackOK")
                + """
                +0    write 3000
                +0    > P. 1:3001(3x1000) ack 1
                +.2   > P. 2001:3001(1000) ack 1
                +.1   < . 1:1(0) ack 1 <sack 2001:3001>
                +0    > . 1:1001(1000) ack 1
                +0    ssthresh 2000
                """
        );

    [Fact]
    public void A_single_segment_is_given_the_time_of_a_delayed_acknowledgement() =>
        Timeline.Run(
            Timeline.ConnectedWith("sackOK")
                + """
                +0    write 1000
                +0    > P. 1:1001(1000) ack 1
                +.3   > P. 1:1001(1000) ack 1
                """
        );

    [Fact]
    public void New_data_is_the_better_probe() =>
        Timeline.Run(
            "--iw=2\n"
                + Timeline.ConnectedWith("sackOK")
                + """
                +0    write 3000
                +0    > . 1:2001(2x1000) ack 1
                +.2   > P. 2001:3001(1000) ack 1
                """
        );

    [Fact]
    public void A_probe_that_repairs_a_loss_by_itself_still_shrinks_the_window() =>
        Timeline.Run(
            Timeline.ConnectedWith("sackOK")
                + """
                +0    write 3000
                +0    > P. 1:3001(3x1000) ack 1
                +.1   < . 1:1(0) ack 2001
                +.3   > P. 2001:3001(1000) ack 1
                +.1   write 1000
                +0    > P. 3001:4001(1000) ack 1
                +0    < . 1:1(0) ack 3001
                +0    < . 1:1(0) ack 4001
                +0    ssthresh 2000
                """
        );

    [Fact]
    public void A_probe_that_came_twice_has_repaired_nothing() =>
        Timeline.Run(
            Timeline.ConnectedWith("sackOK")
                + """
                +0    write 3000
                +0    > P. 1:3001(3x1000) ack 1
                +.2   > P. 2001:3001(1000) ack 1
                +0    < . 1:1(0) ack 3001
                +.1   < . 1:1(0) ack 3001 <sack 2001:3001>
                +0    ssthresh 1073741824
                """
        );

    [Fact]
    public void A_timeout_that_was_needless_is_undone() =>
        Timeline.Run(
            "--tlp=0\n"
                + TenSegments
                + """
                +.3   > . 1:1001(1000) ack 1
                +0    cwnd 1000
                +.05  < . 1:1(0) ack 2001          // the first flight was only late
                +0    cwnd 10000
                +0    ssthresh 1073741824
                +0    > . 10001:12001(2x1000) ack 1
                """
        );

    [Fact]
    public void Without_SACK_two_acknowledgements_in_a_row_show_a_needless_timeout() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 20000
                +0    > . 1:10001(10x1000) ack 1
                +.3   > . 1:1001(1000) ack 1
                +.05  < . 1:1(0) ack 1001
                +0    cwnd 2000
                +0    > . 10001:12001(2x1000) ack 1
                +.01  < . 1:1(0) ack 2001
                +0    cwnd 10000
                """
        );

    [Fact]
    public void A_duplicate_after_a_timeout_shows_that_the_loss_was_real() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 20000
                +0    > . 1:10001(10x1000) ack 1
                +.3   > . 1:1001(1000) ack 1
                +.05  < . 1:1(0) ack 1001
                +0    > . 10001:12001(2x1000) ack 1
                +.05  < . 1:1(0) ack 1001
                +0    > . 1001:2001(1000) ack 1
                """
        );

    [Fact]
    public void An_echo_of_the_original_shows_that_a_fast_retransmit_was_needless() =>
        Timeline.Run(
            "--limited=0\n"
                + TenStamped
                + """
                +.1   < . 1:1(0) ack 1 <TS val 1000200 ecr 100,sack 989:3953>
                +0    > . 1:989(988) ack 1 <TS val 200 ecr 1000200>
                +0    ssthresh 4940
                +.01  < . 1:1(0) ack 3953 <TS val 1000210 ecr 100>
                +0    ssthresh 1073741824
                +0    > . 9881:13833(4x988) ack 1
                """
        );

    [Fact]
    public void A_DSACK_for_each_resent_segment_undoes_the_recovery() =>
        Timeline.Run(
            "--limited=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1 <sack 1001:4001>
                +0    > . 1:1001(1000) ack 1
                +0    < . 1:1(0) ack 4001
                +0    > . 10001:11001(1000) ack 1
                +.1   < . 1:1(0) ack 4001 <sack 1:1001>
                +0    ssthresh 1073741824
                +0    > . 11001:14001(3x1000) ack 1
                """
        );

    [Fact]
    public void A_peer_that_takes_back_what_it_has_told_is_sent_everything_again() =>
        Timeline.Run(
            "--tlp=0\n--frto=0\n"
                + TenSegments
                + """
                +.1   < . 1:1(0) ack 1001 <sack 2001:10001>
                +0    > . 1001:2001(1000) ack 1
                +0    > . 10001:13001(3x1000) ack 1
                +.05  < . 1:1(0) ack 2001
                +0    > . 13001:14001(1000) ack 1
                +.3   > . 2001:3001(1000) ack 1
                """
        );

    [Fact]
    public void After_a_silence_the_window_is_half_of_what_it_was_for_each_RTO() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 10000
                +0    > P. 1:10001(10x1000) ack 1
                +.1   < . 1:1(0) ack 10001
                +0    cwnd 11000
                +0    write 11000
                +0    > P. 10001:21001(11x1000) ack 1
                +.1   < . 1:1(0) ack 21001
                +0    cwnd 12000
                +5    write 1000
                +0    cwnd 10000
                +0    > P. 21001:22001(1000) ack 1
                """
        );
}
