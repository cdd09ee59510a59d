namespace Twocan.Cli.Tests;

public class TableVerbTests
{
    [Fact]
    public void The_arp_cache_of_a_new_world_is_empty_and_says_how_to_fill_it()
    {
        var call = Call.Twocan("arp");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("--after 'ping www.lab.cyber.co.kr'", call.Out, StringComparison.Ordinal);
        Assert.Empty(Call.Twocan("arp", "--json").Json.GetProperty("neighbours").EnumerateArray());
    }

    [Fact]
    public void After_a_ping_the_arp_cache_knows_the_router_and_not_the_far_host()
    {
        var json = Call.Twocan("arp", "--after", "ping -c 1 www.lab.cyber.co.kr", "--json").Json;
        var errand = json.GetProperty("after")[0];
        Assert.True(errand.GetProperty("done").GetBoolean());
        Assert.Equal("1 of 1 requests answered", errand.GetProperty("outcome").GetString());
        var neighbour = Assert.Single(json.GetProperty("neighbours").EnumerateArray());
        Assert.Equal("10.11.12.1", neighbour.GetProperty("address").GetString());
        Assert.Equal("home-router", neighbour.GetProperty("name").GetString());
        Assert.Equal("reachable", neighbour.GetProperty("state").GetString());
        Assert.Equal("eth0", neighbour.GetProperty("adapter").GetString());
    }

    [Fact]
    public void What_happens_first_may_be_done_by_another_host()
    {
        var call = Call.Twocan(
            "arp",
            "--host",
            "home-router",
            "--after",
            "@pc http://www.lab.cyber.co.kr/",
            "--after",
            "@pc2 ping -c 1 10.11.12.2"
        );
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("pc: @pc http://www.lab.cyber.co.kr/: it came whole", call.Out, StringComparison.Ordinal);
        Assert.Contains("10.11.12.13", call.Out, StringComparison.Ordinal);
        Assert.Contains("203.0.113.1", call.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'sing' cannot be done", "sing")]
    [InlineData("ping -c takes a number from 1 to", "ping -c many pc2")]
    [InlineData("there is no host 'pcc' in this world; did you mean 'pc'?", "@pcc ping pc2")]
    [InlineData("https is not spoken yet", "https://www.lab.cyber.co.kr/")]
    public void What_cannot_be_done_first_is_told_with_what_can(string expected, string what)
    {
        var call = Call.Twocan("arp", "--after", what);
        Assert.Equal((2, ""), (call.ExitCode, call.Out));
        Assert.Contains(expected, call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_router_shows_the_routes_that_the_world_found()
    {
        var json = Call.Twocan("route", "-4", "--host", "home-router", "--json").Json;
        var routes = json.GetProperty("routes").EnumerateArray().ToList();
        Assert.Equal("203.0.113.0/30", routes[0].GetProperty("destination").GetString());
        Assert.Null(routes[0].GetProperty("gateway").GetString());
        Assert.Equal("0.0.0.0/0", routes[^1].GetProperty("destination").GetString());
        Assert.Equal("isp", routes[^1].GetProperty("gateway_name").GetString());
        var call = Call.Twocan("route", "--host", "home-router");
        Assert.Contains("isp (203.0.113.1)", call.Out, StringComparison.Ordinal);
        Assert.Contains("isp (2001:db8:10::1)", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_the_routes_that_match_the_longest_prefix_wins_and_says_so()
    {
        var call = Call.Twocan("route", "get", "10.11.12.14");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("10.11.12.14 is on the link: straight to it by eth0", call.Out, StringComparison.Ordinal);
        Assert.Contains("wins: 24 bits match", call.Out, StringComparison.Ordinal);
        Assert.Contains("loses: only 0 bits match", call.Out, StringComparison.Ordinal);

        var far = Call.Twocan("route", "get", "www.lab.cyber.co.kr", "--json").Json;
        Assert.Equal("192.0.2.226", far.GetProperty("address").GetString());
        Assert.Equal("home-router", far.GetProperty("next_hop_name").GetString());
        Assert.Equal("0.0.0.0/0", far.GetProperty("wins").GetProperty("destination").GetString());

        var mine = Call.Twocan("route", "get", "10.11.12.13", "--json").Json;
        Assert.True(mine.GetProperty("local").GetBoolean());
    }

    [Fact]
    public void An_address_to_which_no_route_leads_ends_with_1()
    {
        var call = Call.Twocan("route", "get", "192.168.7.7", "--host", "backbone");
        Assert.Equal(1, call.ExitCode);
        Assert.Contains("no route of backbone leads there", call.Out, StringComparison.Ordinal);
        Assert.Equal(2, Call.Twocan("route", "give", "10.0.0.1").ExitCode);
    }

    [Fact]
    public void Ifconfig_shows_each_adapter_with_its_cable_and_addresses()
    {
        var adapters = Call.Twocan("ifconfig", "--host", "home-router", "--json")
            .Json.GetProperty("adapters")
            .EnumerateArray()
            .ToList();
        Assert.Equal(["eth0", "eth1"], adapters.Select(adapter => adapter.GetProperty("name").GetString()));
        Assert.Equal(
            ["10.11.12.1/24", "203.0.113.2/30"],
            adapters.Select(adapter => adapter.GetProperty("addresses")[0].GetString())
        );
        Assert.All(adapters, adapter => Assert.Equal(1500, adapter.GetProperty("mtu").GetInt32()));
        Assert.Equal("home-router--isp", adapters[1].GetProperty("cable").GetString());
    }

    [Fact]
    public void Counters_tell_what_was_thrown_away_and_why()
    {
        // On a hub, everybody hears what is meant for others.
        var call = Call.Twocan("ifconfig", "-s", "--host", "pc2", "--after", "@pc ping -c 3 10.11.12.2");
        Assert.Equal((0, ""), (call.ExitCode, call.Error));
        Assert.Contains("the frame is for another adapter", call.Out, StringComparison.Ordinal);

        var json = Call.Twocan("ifconfig", "-s", "--after", "ping -c 3 10.11.12.1", "--json").Json;
        var counters = json.GetProperty("counters");
        Assert.Equal(3, counters.GetProperty("packets_sent").GetInt64());
        Assert.Equal(3, counters.GetProperty("icmp_messages_received").GetInt64());
        Assert.Equal(0, counters.GetProperty("dropped").GetProperty("frame_check_failed").GetInt64());
    }

    [Fact]
    public void After_a_ping_the_router_knows_whom_it_hides_behind_which_port()
    {
        var json = Call.Twocan("nat", "--after", "ping -c 1 www.lab.cyber.co.kr", "--json").Json;
        Assert.Equal(
            ("home-router", "203.0.113.2"),
            (json.GetProperty("host").GetString(), json.GetProperty("outside").GetString())
        );
        var sessions = json.GetProperty("sessions").EnumerateArray().ToList();
        Assert.Equal(["icmp", "udp"], sessions.Select(session => session.GetProperty("protocol").GetString()));
        Assert.Equal("pc", sessions[0].GetProperty("inside_name").GetString());
        Assert.Equal("www.lab.cyber.co.kr", sessions[0].GetProperty("remote_name").GetString());
        Assert.Equal(2, json.GetProperty("counters").GetProperty("opened").GetInt64());
    }

    [Fact]
    public void A_table_that_is_not_there_is_told_with_those_that_are()
    {
        Assert.Contains(
            "pc translates no addresses; home-router does",
            Call.Twocan("nat", "pc").Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no router of this world translates",
            Call.Twocan("nat", "--world", "star").Error,
            StringComparison.Ordinal
        );
        Assert.Contains("home-hub is a hub", Call.Twocan("switch", "home-hub").Error, StringComparison.Ordinal);
        Assert.Contains(
            "did you mean 'home-switch'?",
            Call.Twocan("switch", "home-swtich").Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_switch_knows_behind_which_port_it_has_heard_whom()
    {
        var json = Call.Twocan("switch", "home-switch", "--after", "ping -c 1 10.11.12.1", "--json").Json;
        var table = json.GetProperty("switches")[0].GetProperty("table").EnumerateArray().ToList();
        Assert.Equal(["home-router", "pc"], table.Select(entry => entry.GetProperty("host").GetString()));
        Assert.Equal("home-hub--home-switch", table[1].GetProperty("cable").GetString());
        Assert.Contains("The table is empty.", Call.Twocan("switch", "home-switch").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_journal_is_followed_on_one_host_or_everywhere_and_layer_by_layer()
    {
        var mine = Call.Twocan("journal", "--while", "ping -c 1 10.11.12.1").Out;
        Assert.Contains(
            "pc                    ICMP      tells 10.11.12.1 by ICMP: echo request",
            mine,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("home-router  ", mine, StringComparison.Ordinal);
        var lines = Call.Twocan(
                "journal",
                "--everywhere",
                "--layer",
                "arp",
                "--while",
                "ping -c 1 10.11.12.1",
                "--json"
            )
            .Out.TrimEnd()
            .Split('\n');
        Assert.All(lines, line => Assert.Contains("\"layer\":\"arp\"", line, StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("home-router", StringComparison.Ordinal));
        Assert.Contains(
            "--layer is one of wire, ",
            Call.Twocan("journal", "--layer", "3", "--while", "ping pc2").Error,
            StringComparison.Ordinal
        );
    }
}
