using System.Net;
using System.Net.Sockets;

namespace Twocan.Core.Tests;

public class AddressTextTests
{
    [Theory]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")] // the first of equal runs
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")] // the longest run
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")] // one group alone is written out
    [InlineData("0:0:0:0:0:0:0:0001", "::1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    [InlineData("::ffff:10.11.12.13", "10.11.12.13")]
    public void An_IPv6_address_is_written_in_its_one_form(string text, string expected)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData("1:2:3:4::5:6:7:8")] // RFC 4291: one or more groups
    [InlineData("1::2::3")]
    [InlineData("1:::2")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.256")]
    [InlineData("::1.2.3.04")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1/64")]
    [InlineData(" ::1")]
    [InlineData("1.2.3.4.")]
    [InlineData("1..2.3")]
    [InlineData("1.2.3.٤")]
    public void What_is_no_address_is_refused(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Fact]
    public void Every_address_is_written_and_read_as_dotnet_does_it()
    {
        var random = new RandomSource(1);
        for (var round = 0; round < 50_000; round++)
        {
            var address = Some(random);
            var text = address.ToString();
            Assert.True(IpAddress.TryParse(text, out var again));
            Assert.Equal(address, again);
            var bytes = new byte[address.ByteLength];
            address.Write(bytes);
            var theirs = new IPAddress(bytes);
            Assert.Equal(theirs, IPAddress.Parse(text));
            // .NET writes an IPv4 address into some IPv6 ones that RFC 5952 does not ask for.
            if (!theirs.ToString().Contains('.') || address.IsV4)
                Assert.Equal(theirs.ToString(), text);
        }
    }

    [Fact]
    public void Whatever_the_text_it_is_an_address_to_us_only_where_it_is_one_to_dotnet()
    {
        var random = new RandomSource(2);
        var (agreed, read) = (0, 0);
        for (var round = 0; round < 200_000; round++)
        {
            var text = Some(random).ToString().ToCharArray();
            for (var hits = random.Next(0, 3); hits > 0; hits--)
                text[random.Next(text.Length)] = "0123456789abcdefABCDEF:::..%/ g"[random.Next(31)];
            if (!IpAddress.TryParse(text, out var address))
                continue;
            read++;
            Assert.True(IPAddress.TryParse(text, out var theirs), new string(text));
            var bits = theirs!.GetAddressBytes();
            Assert.Equal(IpAddress.Read(bits), address);
            agreed += theirs.AddressFamily == AddressFamily.InterNetworkV6 ? 1 : 0;
        }
        Assert.InRange(agreed, 50_000, read);
    }

    [Fact]
    public void Addresses_are_read_written_and_compared_without_allocating()
    {
        Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Work();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Work()
        {
            Span<char> text = stackalloc char[64];
            Span<byte> utf8 = stackalloc byte[IpAddress.MaxTextLength];
            foreach (var word in (ReadOnlySpan<string>)["10.11.12.13", "2001:db8::1:0:0:1", "::ffff:1.2.3.4"])
            {
                Assert.True(IpAddress.TryParse(word, out var address));
                Assert.True(address.TryFormat(text, out var length));
                Assert.True(address.TryFormat(utf8, out var same));
                Assert.True(length == same && address.CompareTo(IpAddress.Loopback) != 0);
                Assert.True(length == word.Length || address.IsV4);
                Assert.True(new Endpoint(address, 80).TryFormat(text, out length));
                Assert.True(Endpoint.TryParse(text[..length], out var endpoint) && endpoint.Address == address);
                Assert.True(new InterfaceAddress(address, 24).TryFormat(text, out length));
                Assert.True(InterfaceAddress.TryParse(text[..length], out var mine) && mine.Subnet.Contains(address));
                Assert.True(mine.Subnet.TryFormat(text, out length));
                Assert.True(Subnet.TryParse(text[..length], out var subnet) && subnet == mine.Subnet);
            }
            Assert.True(MacAddress.TryParse("02:00:0a:0b:0c:0d", out var mac) && mac.TryFormat(text, out _));
        }
    }

    [Fact]
    public void Where_there_is_no_room_nothing_is_written()
    {
        var address = IpAddress.Parse("2001:db8::1");
        Span<char> text = stackalloc char[11];
        Assert.False(address.TryFormat(text[..10], out var written));
        Assert.Equal(0, written);
        Assert.True(address.TryFormat(text, out written));
        Assert.Equal("2001:db8::1", text[..written].ToString());
        Assert.False(new Endpoint(address, 80).TryFormat(text, out _));
        Assert.False(MacAddress.Broadcast.TryFormat(text, out _));
    }

    /// <summary>Any address, often with zeros in it.</summary>
    private static IpAddress Some(RandomSource random)
    {
        if (random.Chance(0.2))
            return IpAddress.V4(random.NextUInt32());
        UInt128 bits = 0;
        for (var group = 0; group < 8; group++)
        {
            var value = random.NextUInt16();
            bits = bits << 16 | (uint)(random.Chance(0.5) ? 0 : value >> random.Next(16));
        }
        return new(bits);
    }
}
