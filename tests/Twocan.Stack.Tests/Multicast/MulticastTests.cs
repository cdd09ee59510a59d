using Twocan.Core;

namespace Twocan.Stack.Tests;

public sealed class MulticastTests
{
    [Theory]
    [InlineData("2001:db8::12:3456", "ff02::1:ff12:3456", "33:33:ff:12:34:56")]
    [InlineData("fe80::aabb:ccff:fedd:eeff", "ff02::1:ffdd:eeff", "33:33:ff:dd:ee:ff")]
    public void An_address_has_its_solicited_node_group_and_that_its_Ethernet_address(
        string address,
        string group,
        string mac
    )
    {
        var solicited = MulticastGroups.SolicitedNode(IpAddress.Parse(address));
        Assert.Equal(IpAddress.Parse(group), solicited);
        Assert.True(MulticastGroups.IsSolicitedNode(solicited));
        Assert.Equal(MacAddress.Parse(mac), MulticastGroups.MacOf(solicited));
    }

    [Fact]
    public void An_IPv4_group_keeps_23_bits_of_itself_in_its_Ethernet_address() =>
        Assert.Equal(MacAddress.Parse("01:00:5e:00:00:fb"), MulticastGroups.MacOf(IpAddress.Parse("224.128.0.251")));

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        var pool = new PacketPool();
        var packet = pool.Rent();
        var groups = new[] { MulticastGroups.AllRouters, IpAddress.Parse("ff02::1:ff00:1") };
        MldReport.Begin(packet, groups.Length);
        foreach (var group in groups)
            MldReport.Append(packet, MldRecordType.ToExclude, group);
        Assert.True(MldReport.TryRead(packet.Span, out var report));
        foreach (var group in groups)
        {
            Assert.True(report.MoveNext());
            Assert.Equal((MldRecordType.ToExclude, group), (report.Type, report.Group));
        }
        Assert.False(report.MoveNext());
        Assert.Equal(0, report.Left);
    }

    [Theory]
    [InlineData("82000000" + "03e80000" + "00000000000000000000000000000000", 1, 1000)]
    [InlineData("82000000" + "27100000" + "00000000000000000000000000000000" + "027d0000", 2, 10000)]
    [InlineData("82000000" + "9fff0000" + "00000000000000000000000000000000" + "027d0000", 2, 8191 << 4)]
    public void A_query_says_its_version_by_its_length_and_how_long_one_may_wait(string hex, int version, int delay)
    {
        Assert.True(MldQuery.TryRead(Convert.FromHexString(hex), out var query));
        Assert.Equal(
            (version, Duration.FromMilliseconds(delay), true),
            (query.Version, query.MaximumResponseDelay, query.IsGeneral)
        );
    }
}
