using System.Runtime.Versioning;
using System.Text.Json;

namespace Twocan.Cli.Tests;

/// <summary>
/// Verbs on the operating system's own network: over its loopback, and in a namespace whose only way out is a world of ours, so
/// that the same program runs on the kernel's sockets at one end and answers from our stack at the other.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class OnHostTests
{
    private const string EverybodyMayPing = "echo 0 2147483647 > /proc/sys/net/ipv4/ping_group_range; ";

    private static string Twocan => $"dotnet {Path.Combine(AppContext.BaseDirectory, "twocan.dll")}";

    private static string InANamespace(string script)
    {
        Kernel.SkipUnlessHere();
        var call = Call.Twocan("attach", "--netns", Kernel.NewNamespace(), "--json", "--", "bash", "-c", script);
        Assert.True(call.ExitCode == 0, call.Out + call.Error);
        return JsonDocument.Parse(call.Out.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("output").GetString()!;
    }

    [Theory]
    [InlineData("")]
    [InlineData(EverybodyMayPing)]
    public void Ping_works_by_a_raw_socket_and_by_a_ping_socket(string before)
    {
        var said = InANamespace($"{before}{Twocan} ping --on-host -c 2 -i 0.01 www.lab.cyber.co.kr");
        Assert.Contains("64 bytes from 192.0.2.226: icmp_seq=2 ttl=59", said, StringComparison.Ordinal);
        Assert.Contains("2 packets transmitted, 2 received, 0% packet loss", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(EverybodyMayPing)]
    public void An_error_about_an_echo_request_is_told_with_who_said_it(string before)
    {
        var said = InANamespace($"{before}{Twocan} ping --on-host -c 1 -t 2 192.0.2.226 || true");
        Assert.Contains("From 203.0.113.1 icmp_seq=1", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-I")]
    public void Traceroute_finds_the_same_routers_on_the_kernels_sockets(string option)
    {
        var said = InANamespace($"{EverybodyMayPing}{Twocan} traceroute --on-host -q 1 {option} 192.0.2.226 --json");
        var hops = JsonDocument.Parse(said).RootElement.GetProperty("hops").EnumerateArray();
        Assert.Equal(
            ["10.11.12.1", "203.0.113.1", "198.18.0.1", "198.18.0.6", "198.18.82.2", "192.0.2.226"],
            hops.Select(hop => hop.GetProperty("probes")[0].GetProperty("from").GetString())
        );
    }

    [Fact]
    public void Dig_asks_the_name_server_of_the_machines_settings()
    {
        var said = InANamespace($"{Twocan} dig --on-host cyber.co.kr MX");
        Assert.Contains("mail.cyber.co.kr.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Arp_route_and_ifconfig_show_the_kernels_tables()
    {
        var said = InANamespace(
            $"ip neigh add 10.11.12.99 lladdr 02:00:00:00:00:63 dev twocan0; {Twocan} arp --on-host --json; {Twocan} route --on-host --json; {Twocan} route get 192.0.2.226 --on-host --json; {Twocan} ifconfig --on-host --json"
        );
        var answers = said.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Contains(
            answers[0].GetProperty("neighbours").EnumerateArray(),
            one =>
                one.GetProperty("address").GetString() == "10.11.12.99"
                && one.GetProperty("mac").GetString() == "02:00:00:00:00:63"
                && one.GetProperty("adapter").GetString() == "twocan0"
        );
        Assert.Equal(
            [("0.0.0.0/0", "10.11.12.1"), ("10.11.12.0/24", null)],
            answers[1]
                .GetProperty("routes")
                .EnumerateArray()
                .Select(route =>
                    (route.GetProperty("destination").GetString(), route.GetProperty("gateway").GetString())
                )
                .Where(route => !route.Item1!.Contains(':', StringComparison.Ordinal))
        );
        Assert.Equal("10.11.12.1", answers[2].GetProperty("route").GetProperty("gateway").GetString());
        var adapter = answers[3].GetProperty("adapters").EnumerateArray().Last();
        Assert.Equal(
            ("twocan0", true, 1500),
            (
                adapter.GetProperty("name").GetString(),
                adapter.GetProperty("up").GetBoolean(),
                adapter.GetProperty("mtu").GetInt32()
            )
        );
        Assert.Equal("10.11.12.254/24", adapter.GetProperty("addresses")[0].GetString());
    }

    [Fact]
    public void Capture_shows_what_crosses_an_adapter_and_writes_it_down()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Kernel.NewNamespace()}.pcapng");
        try
        {
            Kernel.SkipUnlessHere("ping");
            var said = InANamespace(
                // Without IPv6's announcements the first four are two of ARP and two of ICMP.
                "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; ping -q -i 0.2 10.11.12.1 >/dev/null & "
                    + $"{Twocan} capture twocan0 --on-host -c 4 --for 20 --capture {file}; kill %1"
            );
            Assert.Contains("Echo request", said, StringComparison.Ordinal);
            Assert.Contains("4 frames on this machine", said, StringComparison.Ordinal);
            Assert.EndsWith(
                "4 frames on 1 interface\n",
                Call.Twocan("capture", "--read", file).Out,
                StringComparison.Ordinal
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Who_may_not_is_told_who_may()
    {
        Kernel.SkipUnlessHere("setpriv");
        var said = InANamespace(
            $"setpriv --bounding-set=-all --inh-caps=-all --reuid 65534 --regid 65534 --clear-groups {Twocan} ping --on-host -c 1 10.11.12.1 2>&1; "
                + $"setpriv --bounding-set=-all --inh-caps=-all --reuid 65534 --regid 65534 --clear-groups {Twocan} capture --on-host 2>&1; true"
        );
        string[] lines = said.TrimEnd().Split('\n');
        Assert.Contains("be root (CAP_NET_RAW)", lines[1], StringComparison.Ordinal);
        Assert.Contains("needs CAP_NET_RAW", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }
}
