namespace Twocan.Stack.Tests;

/// <summary>Data in both directions: segments, windows, acknowledgements, holes.</summary>
public class TcpDataTests
{
    [Fact]
    public void What_is_written_goes_out_in_segments_of_the_peers_size() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 2500
                +0    > . 1:1001(1000) ack 1
                +0    > . 1001:2001(1000) ack 1
                +0    > P. 2001:2501(500) ack 1
                """
        );

    [Fact]
    public void Ten_segments_go_out_at_first_and_one_more_than_is_acknowledged_thereafter() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    cwnd 10000
                +0    write 20000
                +0    > . 1:1001(1000) ack 1
                +0    > . 1001:2001(1000) ack 1
                +0    > . 2001:3001(1000) ack 1
                +0    > . 3001:4001(1000) ack 1
                +0    > . 4001:5001(1000) ack 1
                +0    > . 5001:6001(1000) ack 1
                +0    > . 6001:7001(1000) ack 1
                +0    > . 7001:8001(1000) ack 1
                +0    > . 8001:9001(1000) ack 1
                +0    > . 9001:10001(1000) ack 1
                +.1   < . 1:1(0) ack 1001
                +0    cwnd 11000
                +0    > . 10001:11001(1000) ack 1
                +0    > . 11001:12001(1000) ack 1
                """
        );

    [Fact]
    public void No_more_is_sent_than_the_peers_window_takes() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 2000 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    write 5000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 2000
            +0    > . 2001:3001(1000) ack 1
            """
        );

    [Fact]
    public void An_old_segment_does_not_take_the_window_back() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 1000 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    < P. 1:101(100) ack 1 win 3000
            +0    < . 1:1(0) ack 1 win 500      // was sent before the last one
            +0    > . 1:1(0) ack 101
            +0    read 100
            +0    write 3000
            +0    > . 1:1001(1000) ack 101
            +0    > . 1001:2001(1000) ack 101
            +0    > P. 2001:3001(1000) ack 101
            """
        );

    [Fact]
    public void A_write_takes_no_more_than_the_send_buffer_holds() =>
        Timeline.Run(
            "--sndbuf=3000\n"
                + Timeline.Connected
                + """
                +0    write 5000 = 3000
                +0    > . 1:1001(1000) ack 1
                +0    > . 1001:2001(1000) ack 1
                +0    > P. 2001:3001(1000) ack 1
                +0    write 100 = 0
                +.1   < . 1:1(0) ack 2001
                +0    write 5000 = 2000
                +0    > . 3001:4001(1000) ack 1
                +0    > P. 4001:5001(1000) ack 1
                """
        );

    [Fact]
    public void One_small_segment_is_acknowledged_after_40_ms() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < P. 1:101(100) ack 1
                +.04  > . 1:1(0) ack 101
                """
        );

    [Fact]
    public void Every_second_full_segment_is_acknowledged_at_once() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < . 1:1461(1460) ack 1
                +.01  < . 1461:2921(1460) ack 1
                +0    > . 1:1(0) ack 2921
                +.01  < . 2921:4381(1460) ack 1
                +.01  < . 4381:5841(1460) ack 1
                +0    > . 1:1(0) ack 5841
                """
        );

    [Fact]
    public void An_acknowledgement_rides_with_data() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < P. 1:101(100) ack 1
                +.01  write 50
                +0    > P. 1:51(50) ack 101
                +.1   nothing                    // none is owed any more
                """
        );

    [Fact]
    public void Nagle_keeps_a_small_segment_back_while_another_is_on_its_way() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 10
                +0    > P. 1:11(10) ack 1
                +.01  write 10
                +.01  write 10
                +.08  < . 1:1(0) ack 11
                +0    > P. 11:31(20) ack 1
                """
        );

    [Fact]
    public void A_full_segment_does_not_wait_for_Nagle() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 10
                +0    > P. 1:11(10) ack 1
                +.01  write 1500
                +0    > . 11:1011(1000) ack 1
                +.09  < . 1:1(0) ack 1011
                +0    > P. 1011:1511(500) ack 1
                """
        );

    [Fact]
    public void NoDelay_sends_small_segments_at_once() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    nodelay
                +0    write 10
                +0    > P. 1:11(10) ack 1
                +.01  write 10
                +0    > P. 11:21(10) ack 1
                """
        );

    [Fact]
    public void A_segment_behind_a_hole_is_answered_at_once_and_kept() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < . 1001:2001(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    read 100 = 0
                +.01  < . 1:1001(1000) ack 1
                +0    > . 1:1(0) ack 2001
                +0    read 5000 = 2000
                """
        );

    [Fact]
    public void Each_segment_behind_a_hole_gets_a_duplicate_acknowledgement_of_its_own() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < . 1001:2001(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 2001:3001(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 3001:4001(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 1:1001(1000) ack 1
                +0    > . 1:1(0) ack 4001
                +0    read 9999 = 4000
                +0    > . 1:1(0) ack 4001 win 65535
                """
        );

    [Fact]
    public void Two_holes_are_filled_in_any_order() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < . 4001:5001(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 2001:3001(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 1:1001(1000) ack 1
                +0    > . 1:1(0) ack 1001
                +0    < . 3001:4001(1000) ack 1
                +0    > . 1:1(0) ack 1001
                +0    < . 1001:2001(1000) ack 1
                +0    > . 1:1(0) ack 5001
                +0    read 9999 = 5000
                +0    > . 1:1(0) ack 5001 win 65535
                """
        );

    [Fact]
    public void Overlapping_segments_give_each_octet_once() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < . 501:1501(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 1001:2001(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 1:801(800) ack 1
                +0    > . 1:1(0) ack 2001
                +0    < . 1501:2501(1000) ack 1
                +.04  > . 1:1(0) ack 2501
                +0    read 9999 = 2500
                """
        );

    [Fact]
    public void Data_that_was_taken_before_is_acknowledged_at_once_again() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < . 1:1001(1000) ack 1
                +.04  > . 1:1(0) ack 1001
                +.1   < . 1:1001(1000) ack 1
                +0    > . 1:1(0) ack 1001
                +0    read 9999 = 1000
                """
        );

    [Fact]
    public void The_window_closes_as_the_buffer_fills_and_opens_as_the_program_reads() =>
        Timeline.Run(
            "--rcvbuf=4000\n--mss=1000\n"
                + Timeline.Connected
                + """
                +1    < . 1:1001(1000) ack 1
                +0    < . 1001:2001(1000) ack 1
                +0    > . 1:1(0) ack 2001 win 2000
                +0    < . 2001:3001(1000) ack 1
                +0    < P. 3001:4001(1000) ack 1
                +0    > . 1:1(0) ack 4001 win 0
                +1    read 500                   // too little to be worth telling
                +1    read 1500
                +0    > . 1:1(0) ack 4001 win 2000
                """
        );

    [Fact]
    public void What_lies_beyond_the_window_is_cut_off() =>
        Timeline.Run(
            "--rcvbuf=1000\n"
                + Timeline.Connected
                + """
                +1    < . 1:1501(1500) ack 1
                +.04  > . 1:1(0) ack 1001 win 0
                +0    read 9999 = 1000
                +0    > . 1:1(0) ack 1001 win 1000
                """
        );

    [Fact]
    public void A_probe_of_our_closed_window_is_answered_and_its_ACK_counts() =>
        Timeline.Run(
            "--rcvbuf=1000\n"
                + Timeline.Connected
                + """
                +0    write 10
                +0    > P. 1:11(10) ack 1
                +.1   < P. 1:1001(1000) ack 1
                +.04  > . 11:11(0) ack 1001 win 0
                +.04  < . 1001:1002(1) ack 11
                +0    > . 11:11(0) ack 1001 win 0
                +5    nothing                    // the ACK in it stopped our timer
                +0    read 9999 = 1000
                +0    > . 11:11(0) ack 1001 win 1000
                """
        );

    [Fact]
    public void A_closed_window_is_probed_with_one_octet_at_growing_pauses() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 1000 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    write 3000
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 0
            +0    rto 300
            +.3   > . 1001:1002(1) ack 1
            +.1   < . 1:1(0) ack 1001 win 0
            +.5   > . 1001:1002(1) ack 1
            +.1   < . 1:1(0) ack 1001 win 0
            +1.1  > . 1001:1002(1) ack 1
            +.1   < . 1:1(0) ack 1001 win 3000
            +0    > . 1001:2001(1000) ack 1
            +0    > P. 2001:3001(1000) ack 1
            """
        );

    [Fact]
    public void A_probe_that_is_taken_is_not_sent_twice() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 1000 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    write 2000
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 0
            +.3   > . 1001:1002(1) ack 1
            +.1   < . 1:1(0) ack 1002 win 2000
            +0    > P. 1002:2001(999) ack 1
            """
        );

    [Fact]
    public void A_peer_that_answers_no_probe_is_given_up() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 0 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    write 1
            +.3   > P. 1:2(1) ack 1
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
            +60   error TimedOut
            +0    rest
            """
        );

    [Fact]
    public void A_window_of_crumbs_is_not_filled_until_it_has_stayed_so_for_a_while() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 2000 <mss 1000>
            +0    > . 1:1(0) ack 1
            +0    write 3000
            +0    > . 1:1001(1000) ack 1
            +0    > . 1001:2001(1000) ack 1
            +.1   < . 1:1(0) ack 2001 win 100
            +.3   > . 2001:2101(100) ack 1
            """
        );

    [Fact]
    public void An_ACK_of_what_was_never_sent_is_challenged_and_thrown_away() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < P. 1:101(100) ack 5000
                +0    > . 1:1(0) ack 1
                +0    read 100 = 0
                """
        );

    [Fact]
    public void A_segment_from_outside_the_window_is_answered_with_what_we_expect() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < . 90001:90101(100) ack 1
                +0    > . 1:1(0) ack 1
                +0    read 100 = 0
                """
        );

    [Fact]
    public void A_segment_without_ACK_is_thrown_away() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +1    < P 1:101(100)
                +.1   read 100 = 0
                """
        );

    [Fact]
    public void A_path_that_takes_less_gets_smaller_segments_at_once() =>
        Timeline.Run(
            Timeline.Connected
                + """
                +0    write 2000
                +0    > . 1:1001(1000) ack 1
                +0    > P. 1001:2001(1000) ack 1
                +.01  toobig 500 1
                +0    > . 1:501(500) ack 1
                +0    > . 501:1001(500) ack 1
                +0    > . 1001:1501(500) ack 1
                +0    > P. 1501:2001(500) ack 1
                """
        );
}
