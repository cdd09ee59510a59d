namespace Twocan.Cli.Tests;

public class IpExplainTests
{
    [Fact]
    public void The_picture_shows_where_the_mask_cuts()
    {
        var lines = Call.Twocan("ip", "explain", "10.11.12.13/20").Out.Split('\n');
        Assert.Equal("  address         10.11.12.13    00001010 00001011 0000│1100 00001101", lines[2]);
        Assert.Equal("  mask            255.255.240.0  11111111 11111111 1111│0000 00000000", lines[3]);
        Assert.Equal("  network         10.11.0.0      00001010 00001011 0000│0000 00000000", lines[4]);
        Assert.Equal("  broadcast       10.11.15.255   00001010 00001011 0000│1111 11111111", lines[5]);
    }

    [Fact]
    public void Json_says_every_number_of_the_subnet()
    {
        var json = Call.Twocan("ip", "explain", "10.11.12.13/255.255.255.0", "--json").Json;
        Assert.Equal("10.11.12.13", json.GetProperty("address").GetString());
        Assert.Equal(24, json.GetProperty("prefix_length").GetInt32());
        Assert.Equal("255.255.255.0", json.GetProperty("mask").GetString());
        Assert.Equal("10.11.12.0", json.GetProperty("network").GetString());
        Assert.Equal(13, json.GetProperty("host_number").GetInt32());
        Assert.Equal("10.11.12.1", json.GetProperty("first_host").GetString());
        Assert.Equal("10.11.12.254", json.GetProperty("last_host").GetString());
        Assert.Equal("10.11.12.255", json.GetProperty("broadcast").GetString());
        Assert.Equal(256, json.GetProperty("addresses").GetInt32());
        Assert.Equal(254, json.GetProperty("hosts").GetInt32());
        Assert.Equal("private", json.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("10.0.0.1/255.0.255.0", "is not a mask")]
    [InlineData("10.0.0.1/33", "is not a mask")]
    [InlineData("10.0.0/8", "is not an IP address")]
    [InlineData("2001:db8::/129", "is not a prefix length")]
    public void A_wrong_address_is_told_what_would_be_right(string text, string expected)
    {
        var call = Call.Twocan("ip", "explain", text);
        Assert.Equal(2, call.ExitCode);
        Assert.Contains(expected, call.Error, StringComparison.Ordinal);
    }
}
