using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>Window scale, time stamps and PAWS (RFC 7323), SACK (RFC 2018), D-SACK (RFC 2883), and how they are agreed upon.</summary>
public class TcpOptionTests
{
    private const string WithSack = "sackOK";
    private const string WithAll = "sackOK,TS val 1000000 ecr 0,nop,wscale 2";

    [Fact]
    public void Our_SYN_offers_all_options() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0) win 65535 <mss 1460,sackOK,TS val 0 ecr 0,nop,wscale 7>
            """
        );

    [Fact]
    public void What_is_switched_off_is_not_offered() =>
        Timeline.Run(
            """
            --sack=0
            --ts=0
            --wscale=0
            0     connect
            +0    > S 0:0(0) win 65535 <mss 1460>
            +0    < S. 0:0(0) ack 1 win 5000 <mss 1000,sackOK,TS val 7 ecr 0,nop,wscale 7>
            +0    > . 1:1(0) ack 1 <>
            +0    < . 1001:2001(1000) ack 1 win 5000
            +0    > . 1:1(0) ack 1 <>
            +0    write 1000
            +0    > P. 1:1001(1000) ack 1
            """
        );

    [Fact]
    public void We_answer_only_with_options_that_the_peer_has_offered() =>
        Timeline.Run(
            """
            0     listen
            +0    < S 0:0(0) win 4000 <mss 1000>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460>
            +0    < . 1:1(0) ack 1 win 4000
            +0    write 10
            +0    > P. 1:11(10) ack 1 win 65535 <>
            """
        );

    [Fact]
    public void Each_offered_option_is_agreed_upon() =>
        Timeline.Run(
            """
            0     listen
            +.5   < S 0:0(0) win 4000 <mss 1000,sackOK,TS val 77 ecr 0,nop,wscale 3>
            +0    > S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 500 ecr 77,nop,wscale 7>
            +.1   < . 1:1(0) ack 1 win 500 <TS val 78 ecr 500>
            +0    write 3000
            +0    > . 1:989(988) ack 1 win 512 <TS val 600 ecr 78>
            +0    > . 989:1977(988) ack 1
            +0    > . 1977:2965(988) ack 1
            +0    > P. 2965:3001(36) ack 1
            """
        );

    [Fact]
    public void The_layout_is_the_one_that_Linux_writes()
    {
        var options = new SegmentOptions
        {
            MaximumSegmentSize = 1460,
            SackPermitted = true,
            HasTimestamps = true,
            TimestampValue = 1,
            TimestampEcho = 2,
            WindowScale = 7,
        };
        Assert.Equal("020405b40402080a000000010000000201030307", Hex(options));
        options.HasTimestamps = false;
        Assert.Equal("020405b40101040201030307", Hex(options));
        var blocks = default(SackBlocks);
        blocks.Add(new(new(3), new(5)));
        Assert.Equal(
            "0101080a00000001000000020101050a0000000300000005",
            Hex(
                new()
                {
                    HasTimestamps = true,
                    TimestampValue = 1,
                    TimestampEcho = 2,
                    Sack = blocks,
                }
            )
        );

        static string Hex(in SegmentOptions options)
        {
            var bytes = new byte[options.Length];
            options.Write(bytes);
            return Convert.ToHexStringLower(bytes);
        }
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var random = new RandomSource(4);
        for (var round = 0; round < 20_000; round++)
        {
            var options = new SegmentOptions
            {
                MaximumSegmentSize = random.Chance(0.5) ? random.Next(65_536) : 0,
                WindowScale = random.Chance(0.5) ? (byte)random.Next(15) : null,
                SackPermitted = random.Chance(0.5),
                HasTimestamps = random.Chance(0.5),
            };
            var blocks = default(SackBlocks);
            for (var i = Math.Min(random.Next(5), options.RoomForBlocks); i > 0; i--)
                blocks.Add(Block(new(random.NextUInt32()), random.Next(1, 99_999)));
            options.Sack = blocks;
            Assert.InRange(options.Length, 0, 40);
            var bytes = new byte[options.Length];
            options.Write(bytes);
            Assert.Equal(
                ScriptOptions.Show(options, default),
                ScriptOptions.Show(SegmentOptions.Read(new(bytes)), default)
            );
        }

        static SackBlock Block(SequenceNumber start, int length) => new(start, start + length);
    }

    [Fact]
    public void Windows_are_shifted_by_what_the_peer_said_but_not_in_its_SYN() =>
        Timeline.Run(
            """
            0     connect
            +0    > S 0:0(0)
            +.1   < S. 0:0(0) ack 1 win 1000 <mss 1000,nop,wscale 2>
            +0    > . 1:1(0) ack 1 win 512
            +0    write 5000
            +0    > . 1:1001(1000) ack 1
            +.1   < . 1:1(0) ack 1001 win 1000
            +0    > P. 1001:5001(4x1000) ack 1
            """
        );

    [Fact]
    public void A_window_that_is_not_a_multiple_of_the_unit_is_rounded_up_once() =>
        Timeline.Run(
            "--rcvbuf=10000\n--rcvmax=6291456\n"
                + Timeline.ConnectedWith("nop,wscale 0")
                + """
                +1    < . 1:3001(3000) ack 1
                +.04  > . 1:1(0) ack 3001 win 55     // 7,000 are left: 54.7 units
                +0    < . 3001:6001(3000) ack 1
                +.04  > . 1:1(0) ack 6001 win 32
                +0    < . 6001:9001(3000) ack 1
                +.04  > . 1:1(0) ack 9001 win 8
                +0    < . 9001:10025(1024) ack 1
                +.04  > . 1:1(0) ack 10025 win 0
                +0    read 99999 = 10024
                +0    > . 1:1(0) ack 10025 win 79
                """
        );

    [Fact]
    public void An_old_time_stamp_gives_a_duplicate_away_even_if_its_number_fits() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithAll)
                + """
                +1    < P. 1:101(100) ack 1 win 5000 <TS val 1000500 ecr 0>
                +.04  > . 1:1(0) ack 101
                +1    < P. 101:201(100) ack 1 win 5000 <TS val 1000499 ecr 0>
                +0    > . 1:1(0) ack 101
                +0    read 999 = 100
                """
        );

    [Fact]
    public void A_time_stamp_from_24_days_ago_says_nothing() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithAll)
                + """
                2160000 < P. 1:101(100) ack 1 win 5000 <TS val 999999 ecr 0>
                +.04  > . 1:1(0) ack 101
                +0    read 999 = 100
                """
        );

    [Fact]
    public void A_segment_without_the_time_stamp_that_was_agreed_upon_is_dropped() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithAll)
                + """
                +1    < P. 1:101(100) ack 1 win 5000 <none>
                +.1   read 100 = 0
                +0    < R 1:1(0) <none>
                +0    error ConnectionReset
                """
        );

    [Fact]
    public void The_first_of_the_segments_that_an_acknowledgement_answers_is_echoed() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithAll)
                + """
                +1    < . 1:1001(1000) ack 1 win 5000 <TS val 1000010 ecr 0>
                +.01  < . 1001:2001(1000) ack 1 win 5000 <TS val 1000020 ecr 0>
                +0    > . 1:1(0) ack 2001 <TS val 1110 ecr 1000010>
                +.01  < . 3001:4001(1000) ack 1 win 5000 <TS val 1000030 ecr 0>
                +0    > . 1:1(0) ack 2001 <TS val 1120 ecr 1000010>
                +.01  < . 2001:3001(1000) ack 1 win 5000 <TS val 1000040 ecr 0>
                +0    > . 1:1(0) ack 4001 <TS val 1130 ecr 1000040>
                """
        );

    [Fact]
    public void The_latest_stretch_is_told_first_then_the_ones_before_it() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithSack)
                + """
                +1    < . 1001:2001(1000) ack 1
                +0    > . 1:1(0) ack 1 <nop,nop,sack 1001:2001>
                +0    < . 5001:6001(1000) ack 1
                +0    > . 1:1(0) ack 1 <nop,nop,sack 5001:6001 1001:2001>
                +0    < . 3001:4001(1000) ack 1
                +0    > . 1:1(0) ack 1 <nop,nop,sack 3001:4001 5001:6001 1001:2001>
                +0    < . 2001:3001(1000) ack 1
                +0    > . 1:1(0) ack 1 <nop,nop,sack 1001:4001 5001:6001>
                +0    < . 1:1001(1000) ack 1
                +0    > . 1:1(0) ack 4001 <nop,nop,sack 5001:6001>
                +0    < . 4001:5001(1000) ack 1
                +0    > . 1:1(0) ack 6001 <>
                """
        );

    [Fact]
    public void No_more_than_four_stretches_are_told_and_three_beside_time_stamps() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithSack)
                + """
                +1    < . 1001:1101(100) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 2001:2101(100) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 3001:3101(100) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 4001:4101(100) ack 1
                +0    > . 1:1(0) ack 1
                +0    < . 5001:5101(100) ack 1
                +0    > . 1:1(0) ack 1 <sack 5001:5101 4001:4101 3001:3101 2001:2101>
                """
        );

    [Fact]
    public void Data_leaves_room_for_the_stretches() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithAll)
                + """
                +1    < . 1001:2001(1000) ack 1
                +0    > . 1:1(0) ack 1
                +0    write 2000
                +0    > . 1:977(976) ack 1 <sack 1001:2001>
                +0    > . 977:1953(976) ack 1 <sack 1001:2001>
                +0    > P. 1953:2001(48) ack 1 <sack 1001:2001>
                """
        );

    [Fact]
    public void What_came_twice_is_told_once() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithSack)
                + """
                +1    < . 1:1001(1000) ack 1
                +.04  > . 1:1(0) ack 1001
                +.1   < . 1:1001(1000) ack 1
                +0    > . 1:1(0) ack 1001 <sack 1:1001>
                +.1   < . 501:1501(1000) ack 1
                +.04  > . 1:1(0) ack 1501 <sack 501:1001>
                +.1   < . 1501:2501(1000) ack 1
                +.04  > . 1:1(0) ack 2501 <>
                """
        );

    [Fact]
    public void What_came_twice_behind_a_hole_is_told_before_the_stretch_that_it_lies_in() =>
        Timeline.Run(
            Timeline.ConnectedWith(WithSack)
                + """
                +1    < . 1001:3001(2000) ack 1
                +0    > . 1:1(0) ack 1 <sack 1001:3001>
                +.1   < . 2001:3001(1000) ack 1
                +0    > . 1:1(0) ack 1 <sack 2001:3001 1001:3001>
                """
        );

    [Fact]
    public void Without_DSACK_only_what_is_new_is_told() =>
        Timeline.Run(
            "--dsack=0\n"
                + Timeline.ConnectedWith(WithSack)
                + """
                +1    < . 1:1001(1000) ack 1
                +.04  > . 1:1(0) ack 1001
                +.1   < . 1:1001(1000) ack 1
                +0    > . 1:1(0) ack 1001 <>
                """
        );
}
