namespace Twocan.Worlds.Tests;

/// <summary>What a script that does not hold is told, in packetdrill's words.</summary>
public class DrillVerdictTests
{
    private const string Connected = """
        0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0  bind(3, ..., ...) = 0
        +0  listen(3, 1) = 0
        +0  < S 0:0(0) win 60000 <mss 1000>
        +0  > S. 0:0(0) ack 1 <mss 1460>
        +.1 < . 1:1(0) ack 1 win 60000
        +0  accept(3, ..., ...) = 4

        """;

    [Theory]
    [InlineData("+0 > . 1:1(0) ack 1", "error handling packet: Timed out waiting for packet")]
    [InlineData("+0 read(4, ..., 10) = 5", "runtime error in read call: the call blocks")]
    [InlineData(
        "+0 recv(4, ..., 10, MSG_DONTWAIT) = 0",
        "runtime error in recv call: Expected result 0 but got -1 with errno 11 (Resource temporarily unavailable)"
    )]
    [InlineData(
        "+0 recv(4, ..., 10, MSG_DONTWAIT) = -1 ECONNRESET (Connection reset by peer)",
        "runtime error in recv call: Expected errno 104 (Connection reset by peer) but got 11 (Resource temporarily unavailable)"
    )]
    [InlineData("+0 write(4, ..., 10) = 9", "runtime error in write call: Expected result 9 but got 10")]
    [InlineData(
        "+0 %{ assert tcpi_snd_cwnd == 11, tcpi_snd_cwnd }%",
        "AssertionError: assert tcpi_snd_cwnd == 11, tcpi_snd_cwnd: 10"
    )]
    [InlineData(
        "+0 getsockopt(4, IPPROTO_TCP, TCP_NODELAY, [1], [4]) = 0",
        "runtime error in getsockopt call: Expected argument 4 to be 1 but got 0"
    )]
    public void A_line_that_does_not_hold_is_told_with_what_came_instead(string line, string error)
    {
        var report = DrillRunner.Run("x.pkt", Connected + line);
        Assert.Equal((8, error, false), (report.Line, report.Error, report.IsWrong));
    }

    [Theory]
    [InlineData("> P. 1:101(100) ack 2", "live packet field tcp_ack_seq: expected: 2 (0x2) vs actual: 1 (0x1)")]
    [InlineData("> . 1:101(100) ack 1", "live packet field tcp_psh: expected: 0 (0x0) vs actual: 1 (0x1)")]
    [InlineData("> P. 2:102(100) ack 1", "live packet field tcp_seq: expected: 2 (0x2) vs actual: 1 (0x1)")]
    [InlineData(
        "> P. 1:91(90) ack 1",
        "live packet field tcp_payload_length: expected: 90 (0x5a) vs actual: 100 (0x64)"
    )]
    [InlineData(
        "> P. 1:101(100) ack 1 win 9",
        "live packet field tcp_window: expected: 9 (0x9) vs actual: 64240 (0xfaf0)"
    )]
    [InlineData(
        "> P. 1:101(100) ack 1 <nop,nop,nop,nop>",
        "live packet field tcp_data_offset: expected: 6 (0x6) vs actual: 5 (0x5)"
    )]
    [InlineData("> [ce] P. 1:101(100) ack 1", "live packet field ip_ecn: expected: 3 (0x3) vs actual: 0 (0x0)")]
    [InlineData("> udp (100)", "Timed out waiting for packet")]
    public void A_packet_is_compared_field_by_field(string packet, string error)
    {
        var report = DrillRunner.Run("x.pkt", $"{Connected}+0 write(4, ..., 100) = 100\n+0 {packet}");
        Assert.Equal(9, report.Line);
        Assert.StartsWith($"error handling packet: {error}", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packet_that_comes_at_another_time_is_told_with_both_times()
    {
        var report = DrillRunner.Run("x.pkt", $"{Connected}+0 write(4, ..., 100) = 100\n+.01 > P. 1:101(100) ack 1");
        Assert.StartsWith(
            "error handling packet: timing error: expected outbound packet at 0.110000 sec but happened at 0.100000 sec; tolerance 0.004000 sec",
            report.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_call_that_returns_at_another_time_is_told_with_both_times()
    {
        var report = DrillRunner.Run(
            "x.pkt",
            $"{Connected}+0...0.2 read(4, ..., 100) = 10\n+.1 < P. 1:11(10) ack 1 win 100\n+0 > . 1:1(0) ack 11"
        );
        Assert.Equal(8, report.Line);
        Assert.StartsWith(
            "timing error: expected system call return at 0.300000 sec but happened at 0.200000 sec",
            report.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_packet_that_no_line_expects_fails_the_script()
    {
        var report = DrillRunner.Run(
            "x.pkt",
            $"{Connected}+0 write(4, ..., 100) = 100\n+.1 < . 1:1(0) ack 101 win 60000"
        );
        Assert.StartsWith("unexpected packet: at 0.100000 sec", report.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wider_tolerance_is_kept_to()
    {
        var script = $"{Connected}+0 write(4, ..., 100) = 100\n+.01 > P. 1:101(100) ack 1";
        Assert.Null(DrillRunner.Run("x.pkt", "--tolerance_usecs=10000\n" + script).Error);
    }

    [Theory]
    [InlineData("0 frobnicate(3) = 0", 1, "the call frobnicate is not supported")]
    [InlineData("`reboot`", 1, "the shell command 'reboot' is not supported here")]
    [InlineData("`sysctl -q net.ipv4.tcp_frobnication=1`", 1, "setting tcp_frobnication is not supported here")]
    [InlineData("\n--no_such=1", 2, "the option --no_such is not supported")]
    [InlineData("--ip_version=ipv5", 1, "--ip_version is ipv4 or ipv6, not 'ipv5'")]
    [InlineData("0 < Q 0:0(0)", 1, "expected flags (of F, S, R, P, '.', U, E, W) before 'Q'")]
    [InlineData("0 < S 0:1(0)", 1, "0:1 is not 0 octets (SYN is not counted)")]
    [InlineData(
        "// one\n0 < S 0:0(0) win 1 <mss 1460,nop>",
        2,
        "the options take 5 octets: they have to fill words of 4 (with nop or eol), and no more than 40"
    )]
    [InlineData("0 socket(..., SOCK_FISH, IPPROTO_TCP) = 3", 1, "the constant 'SOCK_FISH' is not known here")]
    [InlineData("0 close(3) = -1 EFISH", 1, "there is no error 'EFISH'")]
    [InlineData("soon close(3) = 0", 1, "expected a time before 'soon'")]
    [InlineData(
        "0 < S 0:0(0) win 1 <...>\n%{ frob() }%",
        2,
        "of Python assert, print and assignments are supported, not 'frob()'"
    )]
    public void A_script_that_cannot_be_run_says_why_and_where(string script, int line, string error)
    {
        var report = DrillRunner.Run("x.pkt", script);
        Assert.Equal((line, error, true), (report.Line, report.Error, report.IsWrong));
    }
}
