using System.Text.Json;

namespace Twocan.Cli.Tests;

public sealed class ToolTests
{
    [Fact]
    public void What_is_piped_in_comes_back_from_an_echo_server()
    {
        var call = Call.Twocan(["nc", "www.lab.cyber.co.kr", "echo"], [], "안녕하세요\n");
        Assert.Equal((0, "안녕하세요\n", ""), (call.ExitCode, call.Out, call.Error));
    }

    [Fact]
    public void A_connection_that_is_refused_is_told_in_a_line()
    {
        var call = Call.Twocan("nc", "www.lab.cyber.co.kr", "81");
        Assert.Equal(
            (1, "", "twocan: www.lab.cyber.co.kr 192.0.2.226:81: Connection refused\n"),
            (call.ExitCode, call.Out, call.Error)
        );
        Assert.Equal(1, Call.Twocan("nc", "-z", "www.lab.cyber.co.kr", "81").ExitCode);
    }

    [Theory]
    [InlineData("nc", "-l", "80")]
    [InlineData("nc", "80")]
    [InlineData("nc", "www", "1-2")]
    [InlineData("nc", "www", "1", "--send", @"\q")]
    [InlineData("nc", "-l", "-z", "80")]
    [InlineData("scan", "8.8.8.8", "--on-host")]
    [InlineData("scan", "127.0.0.1", "--on-host", "-sS")]
    [InlineData("scan", "www", "-p", "0")]
    [InlineData("serve", "echo")]
    [InlineData("serve", "ekko", "--on-host")]
    [InlineData("finger", "hong")]
    public void Wrong_usage_is_told_in_a_line_and_nothing_is_sent(params string[] words)
    {
        var call = Call.Twocan(words);
        Assert.Equal((2, ""), (call.ExitCode, call.Out));
        Assert.Single(call.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void In_a_shell_one_serves_and_another_speaks_with_it()
    {
        var call = Call.Shell(
            """
            @pc2 nc -l 7000 --send 'who is there?\n' &
            nc 10.11.12.14 7000 --send 'it is me\n'
            """
        );
        Assert.Equal("", call.Error);
        Assert.Contains("it is me\n", call.Out, StringComparison.Ordinal);
        Assert.Contains("who is there?\n", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_text_is_told_in_base64()
    {
        var json = Call.Twocan("nc", "www.lab.cyber.co.kr", "echo", "--send", @"\xff\x00", "--json").Json;
        Assert.Equal("/wA=", json.GetProperty("base64").GetString());
        Assert.Equal(2, json.GetProperty("received").GetInt64());
    }

    [Fact]
    public void The_same_programs_speak_with_each_other_on_this_machine()
    {
        using var server = Call.Start(["serve", "echo", "--on-host", "--listen", "127.0.0.1:0", "--for", "60"]);
        var listen = server.StandardOutput.ReadLine()!.Split(' ')[^1];
        var port = listen[(listen.IndexOf(':') + 1)..];
        var call = Call.Twocan(["nc", "127.0.0.1", port, "--on-host"], [], "hello\n");
        server.Kill();
        Assert.Equal((0, "hello\n", ""), (call.ExitCode, call.Out, call.Error));
    }

    [Fact]
    public void Netstat_tells_what_a_socket_knows_and_what_it_waits_for()
    {
        var sockets = Call.Twocan("netstat", "--after", "http://www.lab.cyber.co.kr/", "--json")
            .Json.GetProperty("sockets");
        var socket = Assert.Single(sockets.EnumerateArray(), one => one.GetProperty("protocol").GetString() == "tcp");
        Assert.Equal("192.0.2.226:80", socket.GetProperty("remote").GetString());
        Assert.NotEqual(JsonValueKind.Null, socket.GetProperty("state").ValueKind);
        var info = socket.GetProperty("info");
        Assert.InRange(info.GetProperty("rtt_us").GetDouble(), 100_000, 101_000);
        Assert.Equal(1448, info.GetProperty("mss").GetInt32());
    }

    [Fact]
    public void Netstat_says_which_program_a_socket_belongs_to()
    {
        var server = Call.Twocan("netstat", "-a", "--host", "ns.isp", "--json").Json.GetProperty("sockets");
        Assert.All(
            server.EnumerateArray(),
            one => Assert.Equal("recursive name server", one.GetProperty("program").GetString())
        );
        var client = Call.Twocan("netstat", "-t", "--after", "http://www.lab.cyber.co.kr/", "--json");
        Assert.Equal("browser", client.Json.GetProperty("sockets")[0].GetProperty("program").GetString());
    }

    [Theory]
    [InlineData("ping --wrong www.lab.cyber.co.kr", "knows no option '--wrong'")]
    [InlineData("ping -R www.lab.cyber.co.kr", "has no '-R': a packet has room to record nine routers")]
    [InlineData("traceroute --max-hop 3 10.11.12.1", "Did you mean '--max-hops'?")]
    [InlineData("nettop", "say what happens, such as --while")]
    public void An_option_that_there_is_not_is_what_gets_the_blame(string line, string complaint)
    {
        var call = Call.Twocan(line.Split(' '));
        Assert.Equal(2, call.ExitCode);
        Assert.Contains(complaint, call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Netstat_watches_a_connection_from_its_first_state_to_its_last()
    {
        var call = Call.Twocan("netstat", "--watch", "http://www.lab.cyber.co.kr/", "--json");
        var states = call
            .Out.TrimEnd('\n')
            .Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("to").GetString());
        Assert.Equal(["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED"], states);
    }

    [Fact]
    public void Nettop_counts_every_octet_of_a_conversation_once()
    {
        var call = Call.Twocan("nettop", "--while", "http://www.lab.cyber.co.kr/gazou.jpg", "--json");
        var rows = call
            .Out.TrimEnd('\n')
            .Split('\n')
            .SelectMany(line => JsonDocument.Parse(line).RootElement.GetProperty("conversations").EnumerateArray())
            .Where(row => row.GetProperty("protocol").GetString() == "tcp")
            .ToList();
        Assert.InRange(rows[^1].GetProperty("bytes_in").GetInt64(), 6_419, 7_000);
        Assert.Contains(rows, row => row.GetProperty("in_bit_s").GetDouble() > 0);
    }
}
