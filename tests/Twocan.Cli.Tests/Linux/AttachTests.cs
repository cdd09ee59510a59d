using System.Diagnostics;
using System.Runtime.Versioning;

namespace Twocan.Cli.Tests;

/// <summary>Programs of the operating system's, in a world.</summary>
[SupportedOSPlatform("linux")]
public sealed class AttachTests
{
    private static string InTheWorld(string script, params string[] options)
    {
        var netns = Kernel.NewNamespace();
        var call = Call.Twocan(["attach", "--netns", netns, "--json", .. options, "--", "bash", "-c", script]);
        Assert.True(call.ExitCode == 0, call.Out + call.Error);
        Assert.False(Sockets.NetworkNamespace.Exists(netns));
        Assert.False(Directory.Exists($"/etc/netns/{netns}"));
        var last = System.Text.Json.JsonDocument.Parse(call.Out.TrimEnd().Split('\n')[^1]).RootElement;
        return last.GetProperty("output").GetString()!;
    }

    [Fact]
    public void Linux_pings_small_and_in_fragments()
    {
        Kernel.SkipUnlessHere("ping");
        var said = InTheWorld("ping -c 3 -i 0.05 10.11.12.1; ping -c 1 -s 8000 www.lab.cyber.co.kr");
        Assert.Contains("3 packets transmitted, 3 received, 0% packet loss", said, StringComparison.Ordinal);
        Assert.Contains("8008 bytes from www.lab.cyber.co.kr (192.0.2.226)", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Linux_finds_the_routers_on_the_way()
    {
        Kernel.SkipUnlessHere("traceroute");
        var said = InTheWorld("traceroute -n -q 1 192.0.2.226");
        string[] way = ["10.11.12.1", "203.0.113.1", "198.18.0.1", "198.18.0.6", "198.18.82.2", "192.0.2.226"];
        Assert.Equal(way, said.TrimEnd().Split('\n')[1..].Select(line => line.Trim().Split("  ")[1]));
    }

    [Fact]
    public void Dig_asks_our_resolver_and_our_root_server()
    {
        Kernel.SkipUnlessHere("dig");
        var said = InTheWorld(
            "dig +short cyber.co.kr MX; dig +norecurse +noall +authority @198.41.0.4 www.cyber.co.kr"
        );
        Assert.StartsWith("10 mail.cyber.co.kr.\n", said, StringComparison.Ordinal);
        Assert.Matches(@"kr\.\s+172800\s+IN\s+NS\s+ns\.kr\.", said);
    }

    [Fact]
    public void Linux_makes_its_ipv6_address_of_what_our_router_advertises_and_gets_a_page_with_it()
    {
        Kernel.SkipUnlessHere("curl", "ip");
        // The kernel asks for routers when the adapter comes up, and tries its address for a second.
        var said = InTheWorld(
            """
            for i in $(seq 100); do ip -6 address show scope global -tentative | grep -q inet6 && break; sleep 0.1; done
            ip -6 -o address show scope global | grep -o '2001:db8:10:11:[^ ]*/64'
            curl -6 -s --max-time 30 -w ' %{remote_ip}' -o /dev/null http://www.lab.cyber.co.kr/sample1.htm
            """,
            "--link",
            "home-switch"
        );
        Assert.StartsWith("2001:db8:10:11:", said, StringComparison.Ordinal);
        Assert.EndsWith(" 2001:db8:cb:2::226", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--fault", "loss 10%", "--cable", "100 Mbit/s, 1 ms")]
    public void Curl_gets_a_picture_through_the_whole_world(params string[] options)
    {
        Kernel.SkipUnlessHere("curl");
        Assert.Equal(
            "6419\n",
            InTheWorld("curl -s --max-time 30 http://www.lab.cyber.co.kr/gazou.jpg | wc -c", options)
        );
    }

    [Fact]
    public void Linux_learns_our_MAC_address_and_we_refuse_what_nobody_serves()
    {
        Kernel.SkipUnlessHere("curl");
        var said = InTheWorld("curl -s http://10.11.12.1:81/; echo $?; ip neigh show 10.11.12.1");
        Assert.StartsWith("7\n", said, StringComparison.Ordinal); // CURLE_COULDNT_CONNECT
        Assert.Contains("lladdr 02:00:00:00:01:01", said, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_crash_the_next_one_takes_away_what_was_left()
    {
        Kernel.SkipUnlessHere("true");
        var netns = Kernel.NewNamespace();
        using (var process = Start("attach", "--netns", netns))
        {
            Assert.StartsWith("twocan0", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
            process.Kill();
            process.WaitForExit();
        }
        Assert.True(Sockets.NetworkNamespace.Exists(netns));
        InTheWorld("true");
        Assert.False(Sockets.NetworkNamespace.Exists(netns));
        Assert.False(Directory.Exists($"/etc/netns/{netns}"));
    }

    [Fact]
    public void Control_C_ends_it_and_leaves_nothing()
    {
        Kernel.SkipUnlessHere("kill");
        var netns = Kernel.NewNamespace();
        using var process = Start("attach", "--netns", netns);
        Assert.StartsWith("twocan0", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        while (!process.StandardOutput.ReadLine()!.StartsWith("Ctrl-C", StringComparison.Ordinal)) { }
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();
        Assert.Contains("is gone again", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.False(Sockets.NetworkNamespace.Exists(netns));
    }

    [Theory]
    [InlineData("there is no 'nobody' in this world", "--link", "nobody")]
    [InlineData("ns.kr is not plugged into a switch or a hub", "--link", "ns.kr")]
    [InlineData("'10.0.0.1' is not an address with its subnet", "--address", "10.0.0.1")]
    [InlineData("--cable:", "--cable", "very fast")]
    public void What_cannot_be_joined_is_said_in_one_line(string expected, params string[] options)
    {
        Kernel.SkipUnlessHere();
        var netns = Kernel.NewNamespace();
        var call = Call.Twocan(["attach", "--netns", netns, .. options, "--", "true"]);
        Assert.Equal((2, ""), (call.ExitCode, call.Out));
        Assert.Contains(expected, call.Error, StringComparison.Ordinal);
        Assert.Single(call.Error.TrimEnd().Split('\n'));
        Assert.False(Sockets.NetworkNamespace.Exists(netns));
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "twocan.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
