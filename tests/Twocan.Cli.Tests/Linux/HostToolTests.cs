using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Twocan.Cli.Tests;

/// <summary>The tables of this machine's own kernel, as the tools show them.</summary>
public sealed class HostToolTests
{
    private static void SkipElsewhere() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs the Linux kernel's tables");

    [Fact]
    public void Netstat_finds_a_listener_of_this_machine_and_who_holds_it()
    {
        SkipElsewhere();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(17);
        var call = Call.Twocan("netstat", "--on-host", "-l", "-t", "-p", "--json");
        var mine = Assert.Single(
            call.Json.GetProperty("sockets").EnumerateArray(),
            one => one.GetProperty("local").GetString() == listener.LocalEndpoint.ToString()
        );
        Assert.Equal(
            ("tcp", "LISTEN", 17, Environment.ProcessId),
            (
                mine.GetProperty("protocol").GetString(),
                mine.GetProperty("state").GetString(),
                mine.GetProperty("send_queue").GetInt32(),
                mine.GetProperty("pid").GetInt32()
            )
        );
    }

    [Fact]
    public void Netstat_shows_both_ends_of_a_connection_and_what_the_kernel_knows_of_it()
    {
        SkipElsewhere();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient(new IPEndPoint(IPAddress.Loopback, 0));
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using var server = listener.AcceptTcpClient();
        client.GetStream().Write(new byte[1000]);
        var here = client.Client.LocalEndPoint!.ToString();
        var sockets = Call.Twocan("netstat", "--on-host", "-t", "--json").Json.GetProperty("sockets");
        var mine = Assert.Single(sockets.EnumerateArray(), one => one.GetProperty("local").GetString() == here);
        Assert.Equal("ESTABLISHED", mine.GetProperty("state").GetString());
        Assert.Equal(1000, mine.GetProperty("info").GetProperty("bytes_acknowledged").GetInt64() / 1000 * 1000);
        Assert.Contains(
            sockets.EnumerateArray(),
            one => one.GetProperty("remote").GetString() == here && one.GetProperty("receive_queue").GetInt32() == 1000
        );
    }

    [Fact]
    public void Nettop_looks_again_and_again_for_so_long()
    {
        SkipElsewhere();
        var call = Call.Twocan("nettop", "--on-host", "--for", "0.2", "--interval", "0.05", "--json");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        var looks = call
            .Out.TrimEnd('\n')
            .Split('\n')
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("at_us").GetDouble())
            .ToList();
        Assert.True(looks.Count >= 2);
        Assert.True(looks[^1] >= 200_000);
    }

    [Fact]
    public void Route_shows_one_family_alone_where_that_is_asked_for()
    {
        SkipElsewhere();
        var call = Call.Twocan("route", "--on-host", "-4", "--json");
        Assert.All(
            call.Json.GetProperty("routes").EnumerateArray(),
            route => Assert.DoesNotContain(':', route.GetProperty("destination").GetString()!)
        );
    }
}
