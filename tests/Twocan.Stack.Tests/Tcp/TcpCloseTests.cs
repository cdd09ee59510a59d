namespace Twocan.Stack.Tests;

/// <summary>FIN, TIME-WAIT and RST.</summary>
public class TcpCloseTests
{
    [Fact]
    public void The_end_that_closes_first_goes_through_FIN_WAIT_and_TIME_WAIT() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    close
                +0    > F. 1:1(0) ack 1
                +0    state FinWait1
                +.1   < . 1:1(0) ack 2
                +0    state FinWait2
                +.1   < F. 1:1(0) ack 2
                +0    > . 2:2(0) ack 2
                +0    state TimeWait
                +59   state TimeWait
                +1    state Closed
                +0    error Success
                +0    rest
                """
        );

    [Fact]
    public void The_end_that_closes_last_goes_through_CLOSE_WAIT_and_LAST_ACK() =>
        Timeline.Run(
            Timeline.Accepted
                + """
                +1    < F. 1:1(0) ack 1
                +0    > . 1:1(0) ack 2
                +0    state CloseWait
                +0    end
                +1    close
                +0    > F. 1:1(0) ack 2
                +0    state LastAck
                +.1   < . 2:2(0) ack 2
                +0    state Closed
                +0    error Success
                +0    rest
                """
        );

    [Fact]
    public void FIN_rides_with_the_last_data() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 500
                +0    > P. 1:501(500) ack 1
                +0    write 500                  // Nagle keeps it back, until nothing more will come
                +0    close
                +0    > FP. 501:1001(500) ack 1
                +.1   < . 1:1(0) ack 1002
                +0    state FinWait2
                """
        );

    [Fact]
    public void FIN_and_ACK_of_the_peers_data_are_one_segment() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +.1   < FP. 1:101(100) ack 1
                +0    > . 1:1(0) ack 102
                +0    state CloseWait
                +0    read 100
                +0    end
                +0    close
                +0    > F. 1:1(0) ack 102
                """
        );

    [Fact]
    public void Both_ends_may_close_at_once() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    close
                +0    > F. 1:1(0) ack 1
                +.1   < F. 1:1(0) ack 1
                +0    > . 2:2(0) ack 2
                +0    state Closing
                +.1   < . 2:2(0) ack 2
                +0    state TimeWait
                +60   state Closed
                """
        );

    [Fact]
    public void FIN_with_the_ACK_of_ours_goes_straight_to_TIME_WAIT() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    close
                +0    > F. 1:1(0) ack 1
                +.1   < F. 1:1(0) ack 2
                +0    > . 2:2(0) ack 2
                +0    state TimeWait
                """
        );

    [Fact]
    public void After_a_half_close_the_peer_may_go_on_sending() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    shutdown
                +0    > F. 1:1(0) ack 1
                +.1   < . 1:1(0) ack 2
                +0    state FinWait2
                +200  < P. 1:101(100) ack 2
                +.04  > . 2:2(0) ack 101
                +0    read 100
                +1    < F. 101:101(0) ack 2
                +0    > . 2:2(0) ack 102
                +0    end
                +0    state TimeWait
                """
        );

    [Fact]
    public void After_the_peers_FIN_we_may_go_on_sending() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < F. 1:1(0) ack 1
                +0    > . 1:1(0) ack 2
                +0    write 100
                +0    > P. 1:101(100) ack 2
                +.1   < . 2:2(0) ack 101
                +0    state CloseWait
                """
        );

    [Fact]
    public void A_lost_FIN_is_sent_again() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    close
                +0    > F. 1:1(0) ack 1
                +.3   > F. 1:1(0) ack 1
                +.6   > F. 1:1(0) ack 1
                +.1   < . 1:1(0) ack 2
                +0    state FinWait2
                """
        );

    [Fact]
    public void A_FIN_that_comes_early_waits_for_the_data_before_it() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < FP. 101:201(100) ack 1
                +0    > . 1:1(0) ack 1
                +0    > . 1:1(0) ack 1
                +0    state Established
                +.1   < . 1:101(100) ack 1
                +0    > . 1:1(0) ack 202
                +0    state CloseWait
                +0    read 999 = 200
                +0    end
                """
        );

    [Fact]
    public void TIME_WAIT_acknowledges_the_FIN_again_and_begins_anew() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    close
                +0    > F. 1:1(0) ack 1
                +.1   < F. 1:1(0) ack 2
                +0    > . 2:2(0) ack 2
                +40   < F. 1:1(0) ack 2
                +0    > . 2:2(0) ack 2
                +59   state TimeWait
                +1    state Closed
                """
        );

    [Fact]
    public void FIN_WAIT_2_that_no_program_holds_ends_after_a_minute() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    close
                +0    > F. 1:1(0) ack 1
                +.1   < . 1:1(0) ack 2
                +60   state Closed
                +0    rest
                """
        );

    [Fact]
    public void A_FIN_waits_for_a_window_like_any_octet() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 100 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    write 100
            +0    > P. 1:101(100) ack 1
            +0    close
            +.1   < . 1:1(0) ack 101 win 0
            +.3   > F. 101:101(0) ack 1
            +.1   < . 1:1(0) ack 101 win 50
            +0    > F. 101:101(0) ack 1
            +.1   < . 1:1(0) ack 102 win 50
            +0    state FinWait2
            """
        );

    [Fact]
    public void A_bare_FIN_is_taken_though_the_window_is_closed() =>
        Timeline.Run(
            "--rcvbuf=1000\n"
                + Timeline.Connected
                + """
                +1    < P. 1:1001(1000) ack 1
                +.04  > . 1:1(0) ack 1001 win 0
                +.1   < F. 1001:1001(0) ack 1
                +0    > . 1:1(0) ack 1002
                +0    state CloseWait
                +0    read 1000
                +0    end
                """
        );

    [Fact]
    public void Closing_with_unread_data_resets() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < P. 1:101(100) ack 1
                +0    close
                +0    > R. 1:1(0) ack 101
                +0    state Closed
                +0    rest
                """
        );

    [Fact]
    public void Data_that_comes_after_close_is_reset() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    close
                +0    > F. 1:1(0) ack 1
                +.1   < P. 1:101(100) ack 2
                +0    > R 2:2(0)
                +0    state Closed
                """
        );

    [Fact]
    public void An_abort_resets() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 100
                +0    > P. 1:101(100) ack 1
                +0    abort
                +0    > R. 101:101(0) ack 1
                +0    state Closed
                +0    rest
                """
        );

    [Fact]
    public void RST_with_the_next_number_ends_the_connection() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < R. 1:1(0) ack 1
                +0    state Closed
                +0    error ConnectionReset
                +0    rest
                """
        );

    [Fact]
    public void RST_elsewhere_in_the_window_is_challenged() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < R 500:500(0)
                +0    > . 1:1(0) ack 1
                +0    state Established
                """
        );

    [Fact]
    public void RST_outside_the_window_means_nothing() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < R 90000:90000(0)
                +.1   state Established
                """
        );

    [Fact]
    public void SYN_in_the_window_is_challenged() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < S 500:500(0)
                +0    > . 1:1(0) ack 1
                +0    state Established
                """
        );

    [Fact]
    public void Ten_challenges_in_five_seconds_are_enough() =>
        Timeline.Run(
            Timeline.Connected
                + string.Concat(Enumerable.Repeat("+0 < R 500:500(0)\n+0 > . 1:1(0) ack 1\n", 10))
                + """
                +0    < R 500:500(0)
                +1    nothing
                +5    < R 500:500(0)
                +0    > . 1:1(0) ack 1
                """
        );

    [Theory]
    [InlineData("FinWait1", "")]
    [InlineData("FinWait2", "+0 < . 1:1(0) ack 2\n")]
    public void RST_while_closing_ends_at_once(string state, string before) =>
        Timeline.Run(
            Timeline.Connected
                + "+0 close\n+0 > F. 1:1(0) ack 1\n"
                + before
                + $"""
                +0    state {state}
                +.1   < R. 1:1(0) ack 2
                +0    state Closed
                +0    rest
                """
        );

    [Fact]
    public void RST_in_CLOSE_WAIT_is_told_to_the_program() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < F. 1:1(0) ack 1
                +0    > . 1:1(0) ack 2
                +.1   < R 2:2(0)
                +0    error ConnectionReset
                """
        );

    [Fact]
    public void RST_in_TIME_WAIT_and_LAST_ACK_just_ends_it() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < F. 1:1(0) ack 1
                +0    > . 1:1(0) ack 2
                +0    close
                +0    > F. 1:1(0) ack 2
                +.1   < R 2:2(0)
                +0    state Closed
                +0    error Success
                """
        );
}
