using Twocan.Core;

namespace Twocan.Core.Tests;

public class AddressExplanationTests
{
    [Theory]
    [InlineData(
        "10.11.12.13/24",
        "10.11.12.0",
        "10.11.12.1",
        "10.11.12.254",
        "10.11.12.255",
        256,
        254,
        AddressRole.Host
    )]
    [InlineData(
        "10.11.12.0/24",
        "10.11.12.0",
        "10.11.12.1",
        "10.11.12.254",
        "10.11.12.255",
        256,
        254,
        AddressRole.Network
    )]
    [InlineData(
        "10.11.12.255/24",
        "10.11.12.0",
        "10.11.12.1",
        "10.11.12.254",
        "10.11.12.255",
        256,
        254,
        AddressRole.Broadcast
    )]
    [InlineData(
        "192.168.1.77/27",
        "192.168.1.64",
        "192.168.1.65",
        "192.168.1.94",
        "192.168.1.95",
        32,
        30,
        AddressRole.Host
    )]
    [InlineData("192.0.2.4/31", "192.0.2.4", "192.0.2.4", "192.0.2.5", null, 2, 2, AddressRole.Host)]
    [InlineData("192.0.2.4/32", "192.0.2.4", "192.0.2.4", "192.0.2.4", null, 1, 1, AddressRole.Host)]
    [InlineData(
        "0.0.0.0/0",
        "0.0.0.0",
        "0.0.0.1",
        "255.255.255.254",
        "255.255.255.255",
        4294967296,
        4294967294,
        AddressRole.Network
    )]
    [InlineData("2001:db8::5/126", "2001:db8::4", "2001:db8::4", "2001:db8::7", null, 4, 4, AddressRole.Host)]
    public void An_address_and_its_mask_say_the_whole_subnet(
        string text,
        string network,
        string first,
        string last,
        string? broadcast,
        long addresses,
        long hosts,
        AddressRole role
    )
    {
        Assert.True(AddressExplanation.TryParse(text, out var it, out _));
        Assert.Equal(network, it.Subnet.Network.ToString());
        Assert.Equal((first, last), (it.FirstHost.ToString(), it.LastHost.ToString()));
        Assert.Equal(broadcast, it.Broadcast?.ToString());
        Assert.Equal(((UInt128)addresses, (UInt128)hosts), (it.AddressCount, it.HostCount));
        Assert.Equal(role, it.Role);
    }

    [Theory]
    [InlineData("0.0.0.0", AddressKind.Unspecified)]
    [InlineData("9.255.255.255", AddressKind.Public)]
    [InlineData("10.0.0.0", AddressKind.Private)]
    [InlineData("10.255.255.255", AddressKind.Private)]
    [InlineData("100.64.0.1", AddressKind.Shared)]
    [InlineData("100.128.0.0", AddressKind.Public)]
    [InlineData("127.0.0.1", AddressKind.Loopback)]
    [InlineData("169.254.1.1", AddressKind.LinkLocal)]
    [InlineData("172.15.255.255", AddressKind.Public)]
    [InlineData("172.31.255.255", AddressKind.Private)]
    [InlineData("192.0.2.226", AddressKind.Documentation)]
    [InlineData("192.168.0.1", AddressKind.Private)]
    [InlineData("198.19.0.1", AddressKind.Benchmarking)]
    [InlineData("224.0.0.1", AddressKind.Multicast)]
    [InlineData("240.0.0.1", AddressKind.Reserved)]
    [InlineData("255.255.255.255", AddressKind.Broadcast)]
    [InlineData("::", AddressKind.Unspecified)]
    [InlineData("::1", AddressKind.Loopback)]
    [InlineData("fe80::1", AddressKind.LinkLocal)]
    [InlineData("fd00::1", AddressKind.Private)]
    [InlineData("ff02::1", AddressKind.Multicast)]
    [InlineData("2001:db8::1", AddressKind.Documentation)]
    [InlineData("2a00:1450::1", AddressKind.Public)]
    [InlineData("4000::1", AddressKind.Reserved)]
    public void An_address_has_the_kind_of_the_narrowest_block_around_it(string text, AddressKind kind) =>
        Assert.Equal(kind, AddressBlock.Of(IpAddress.Parse(text)).Kind);

    [Theory]
    [InlineData("9.1.1.1", 'A', 8)]
    [InlineData("172.16.0.1", 'B', 16)]
    [InlineData("192.168.0.1", 'C', 24)]
    [InlineData("224.0.0.1", 'D', 32)]
    [InlineData("255.255.255.255", 'E', 32)]
    public void Without_a_mask_the_class_of_old_decides_and_it_says_so(string text, char letter, int length)
    {
        Assert.True(AddressExplanation.TryParse(text, out var it, out _));
        Assert.Equal((letter, length, false), (it.Class!.Value, it.PrefixLength, it.MaskGiven));
    }
}
