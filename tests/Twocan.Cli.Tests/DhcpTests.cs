namespace Twocan.Cli.Tests;

public sealed class DhcpTests
{
    [Fact]
    public void A_host_with_an_address_puts_it_aside_and_four_messages_bring_another()
    {
        var json = Call.Twocan("dhcp", "--host", "pc2", "--json").Json;
        Assert.Equal("10.11.12.14/24", json.GetProperty("put_aside")[0].GetString());
        Assert.Equal(
            ["DISCOVER", "OFFER", "REQUEST", "ACK"],
            json.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("type").GetString())
        );
        Assert.Equal("10.11.12.100/24", json.GetProperty("lease").GetProperty("address").GetString());
        Assert.Equal("203.0.113.53", json.GetProperty("lease").GetProperty("name_servers")[0].GetString());
    }

    [Fact]
    public void Where_nobody_lends_addresses_the_answer_is_no()
    {
        var call = Call.Twocan("dhcp", "--host", "mail.cyber.co.kr");
        Assert.Equal((1, ""), (call.ExitCode, call.Error));
        Assert.Contains("nobody on its link lends any", call.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Ifconfig_tells_who_has_lent_an_address()
    {
        var call = Call.Twocan("ifconfig", "--world", "home", "--host", "phone");
        Assert.Contains("lent by home-router (192.168.0.1)", call.Out, StringComparison.Ordinal);
        var lease = Call.Twocan("ifconfig", "--world", "home", "--host", "phone", "--json")
            .Json.GetProperty("adapters")[0]
            .GetProperty("lease");
        Assert.Equal("home", lease.GetProperty("domain").GetString());
    }
}
