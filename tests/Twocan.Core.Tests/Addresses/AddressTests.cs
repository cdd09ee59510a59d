namespace Twocan.Core.Tests;

public class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.11.12.13")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("2001:db8::1:2")]
    [InlineData("fe80::ff:fe00:1")]
    public void An_address_reads_what_it_writes(string text)
    {
        var address = IpAddress.Parse(text);
        Assert.Equal(text, address.ToString());
        var bytes = new byte[address.ByteLength];
        address.Write(bytes);
        Assert.Equal(address, IpAddress.Read(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1")]
    [InlineData("10.1.2.3.4")]
    [InlineData("10.1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("10..2.3")]
    [InlineData("256.0.0.1")]
    [InlineData("012.0.0.1")]
    [InlineData("00.0.0.1")]
    [InlineData("0x10.0.0.1")]
    [InlineData("10.0.0.-1")]
    [InlineData(" 10.0.0.1")]
    [InlineData("10.0.0.1 ")]
    [InlineData("１0.0.0.1")]
    [InlineData("3232235521")]
    [InlineData("www.lab.cyber.co.kr")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("2001:db8::12345")]
    [InlineData("2001:db8::1/64")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("::0x1")]
    [InlineData("::1 ")]
    public void What_is_not_an_address_is_refused(string text)
    {
        Assert.False(IpAddress.TryParse(text, out var address));
        Assert.Equal(default, address);
        Assert.Throws<FormatException>(() => IpAddress.Parse(text));
    }

    [Fact]
    public void Random_text_never_throws()
    {
        const string letters = "0123456789abcdef.:[]/%xg -";
        var random = new RandomSource(1);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Create(
                random.Next(24),
                random,
                static (span, random) =>
                {
                    foreach (ref var letter in span)
                        letter = letters[random.Next(letters.Length)];
                }
            );
            if (IpAddress.TryParse(text, out var address))
                Assert.Equal(address, IpAddress.Parse(address.ToString()));
            if (Subnet.TryParse(text, out var subnet))
                Assert.Equal(subnet, Subnet.Parse(subnet.ToString()));
            if (Endpoint.TryParse(text, out var endpoint))
                Assert.True(Endpoint.TryParse(endpoint.ToString(), out var again) && again == endpoint);
            if (MacAddress.TryParse(text, out var mac))
                Assert.Equal(mac, MacAddress.Parse(mac.ToString()));
        }
    }

    [Fact]
    public void One_kind_of_address_knows_its_family()
    {
        var (four, six) = (IpAddress.Parse("10.11.12.13"), IpAddress.Parse("2001:db8::1"));
        Assert.Equal((IpFamily.V4, 32, 4), (four.Family, four.BitLength, four.ByteLength));
        Assert.Equal((IpFamily.V6, 128, 16), (six.Family, six.BitLength, six.ByteLength));
        Assert.Equal(0x0A0B0C0Du, four.AsV4);
        Assert.Equal(four, IpAddress.Parse("::ffff:10.11.12.13"));
        Assert.NotEqual(IpAddress.Any, IpAddress.Any6);
        Assert.True(IpAddress.Any.IsAny && IpAddress.Any6.IsAny);
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.9.9", true)]
    [InlineData("192.169.0.1", false)]
    [InlineData("192.0.2.226", false)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", false)]
    public void Private_addresses_are_those_of_RFC_1918_and_4193(string text, bool isPrivate) =>
        Assert.Equal(isPrivate, IpAddress.Parse(text).IsPrivate);

    [Fact]
    public void Special_addresses_are_known()
    {
        Assert.True(IpAddress.Parse("127.3.2.1").IsLoopback);
        Assert.True(IpAddress.Loopback6.IsLoopback);
        Assert.True(IpAddress.Parse("224.0.0.1").IsMulticast);
        Assert.False(IpAddress.Parse("240.0.0.1").IsMulticast);
        Assert.True(IpAddress.Parse("ff02::1").IsMulticast);
        Assert.True(IpAddress.Parse("169.254.1.1").IsLinkLocal);
        Assert.True(IpAddress.Parse("fe80::1").IsLinkLocal);
        Assert.True(IpAddress.Broadcast.IsLimitedBroadcast);
    }

    [Fact]
    public void Addresses_sort_as_numbers_with_IPv4_in_its_mapped_place()
    {
        string[] sorted = ["::", "::1", "9.255.0.0", "10.0.0.2", "10.0.0.10", "2001:db8::"];
        Assert.Equal(sorted, sorted.Reverse().Select(IpAddress.Parse).Order().Select(a => a.ToString()));
    }

    [Theory]
    [InlineData("10.11.12.13/24", "10.11.12.0/24", "10.11.12.255", "255.255.255.0", true)]
    [InlineData("10.11.12.13/255.255.255.0", "10.11.12.0/24", "10.11.12.255", "255.255.255.0", true)]
    [InlineData("10.11.12.13/0", "0.0.0.0/0", "255.255.255.255", "0.0.0.0", true)]
    [InlineData("10.11.12.13/30", "10.11.12.12/30", "10.11.12.15", "255.255.255.252", true)]
    [InlineData("10.11.12.13/31", "10.11.12.12/31", "10.11.12.13", "255.255.255.254", false)]
    [InlineData("10.11.12.13/32", "10.11.12.13/32", "10.11.12.13", "255.255.255.255", false)]
    [InlineData(
        "2001:db8:1:2::3/64",
        "2001:db8:1:2::/64",
        "2001:db8:1:2:ffff:ffff:ffff:ffff",
        "ffff:ffff:ffff:ffff::",
        false
    )]
    [InlineData("2001:db8::3/128", "2001:db8::3/128", "2001:db8::3", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false)]
    [InlineData("2001:db8::3/0", "::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::", false)]
    public void A_subnet_knows_its_ends_and_mask(
        string text,
        string network,
        string last,
        string mask,
        bool hasBroadcast
    )
    {
        var subnet = Subnet.Parse(text);
        Assert.Equal(network, subnet.ToString());
        Assert.Equal(last, subnet.Last.ToString());
        Assert.Equal(mask, subnet.Mask.ToString());
        Assert.Equal(hasBroadcast, subnet.HasBroadcast);
        Assert.Equal(hasBroadcast, subnet.IsBroadcast(subnet.Last));
        Assert.True(subnet.Contains(subnet.Network) && subnet.Contains(subnet.Last));
    }

    [Fact]
    public void A_subnet_contains_its_own_family_and_prefix_only()
    {
        var subnet = Subnet.Parse("10.11.12.0/24");
        Assert.True(subnet.Contains(IpAddress.Parse("10.11.12.200")));
        Assert.False(subnet.Contains(IpAddress.Parse("10.11.13.0")));
        Assert.False(subnet.Contains(IpAddress.Parse("10.11.11.255")));
        Assert.False(Subnet.AllV4.Contains(IpAddress.Parse("2001:db8::1")));
        Assert.False(Subnet.Parse("::/0").Contains(IpAddress.Parse("10.0.0.1")));
    }

    [Theory]
    [InlineData("10.11.12.13")]
    [InlineData("10.11.12.13/")]
    [InlineData("10.11.12.13/33")]
    [InlineData("10.11.12.13/-1")]
    [InlineData("10.11.12.13/+8")]
    [InlineData("10.11.12.13/255.0.255.0")]
    [InlineData("10.11.12.13/99999999999")]
    [InlineData("2001:db8::/129")]
    [InlineData("2001:db8::/255.255.0.0")]
    [InlineData("/24")]
    [InlineData("")]
    public void What_is_not_a_subnet_is_refused(string text)
    {
        Assert.False(Subnet.TryParse(text, out _));
        Assert.False(InterfaceAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Subnet.Parse(text));
    }

    [Fact]
    public void An_adapter_s_address_keeps_its_host_number()
    {
        var address = InterfaceAddress.Parse("10.11.12.13/24");
        Assert.Equal("10.11.12.13/24", address.ToString());
        Assert.Equal("10.11.12.0/24", address.Subnet.ToString());
    }

    [Theory]
    [InlineData("10.11.12.13:80")]
    [InlineData("10.11.12.13:0")]
    [InlineData("[2001:db8::1]:65535")]
    public void An_endpoint_reads_what_it_writes(string text)
    {
        Assert.True(Endpoint.TryParse(text, out var endpoint));
        Assert.Equal(text, endpoint.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("10.11.12.13")]
    [InlineData("10.11.12.13:")]
    [InlineData("10.11.12.13:65536")]
    [InlineData("10.11.12.13:-1")]
    [InlineData("10.11.12.13:http")]
    [InlineData("2001:db8::1:80")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[10.11.12.13]:80")]
    [InlineData("[]:80")]
    [InlineData("[:80")]
    public void What_is_not_an_endpoint_is_refused(string? text) => Assert.False(Endpoint.TryParse(text, out _));

    [Theory]
    [InlineData("02:00:0a:0b:0c:0d", "02:00:0a:0b:0c:0d")]
    [InlineData("AA-BB-CC-DD-EE-FF", "aa:bb:cc:dd:ee:ff")]
    public void A_MAC_address_reads_colons_and_hyphens(string text, string said)
    {
        var address = MacAddress.Parse(text);
        Assert.Equal(said, address.ToString());
        var bytes = new byte[6];
        address.Write(bytes);
        Assert.Equal(address, MacAddress.Read(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02:00:0a:0b:0c")]
    [InlineData("02:00:0a:0b:0c:0g")]
    [InlineData("02:00:0a:0b:0c:0d:0e")]
    [InlineData("02:00-0a:0b-0c:0d")]
    [InlineData("0200.0a0b.0c0d")]
    [InlineData("02000a0b0c0d")]
    [InlineData("02:00:0a:0b:0c: d")]
    public void What_is_not_a_MAC_address_is_refused(string text)
    {
        Assert.False(MacAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => MacAddress.Parse(text));
    }

    [Fact]
    public void The_two_low_bits_of_the_first_byte_mean_group_and_local()
    {
        Assert.True(MacAddress.Broadcast is { IsBroadcast: true, IsMulticast: true });
        Assert.True(MacAddress.Parse("01:00:5e:00:00:01") is { IsMulticast: true, IsLocallyAdministered: false });
        Assert.True(MacAddress.Parse("02:00:0a:0b:0c:0d") is { IsMulticast: false, IsLocallyAdministered: true });
    }
}
