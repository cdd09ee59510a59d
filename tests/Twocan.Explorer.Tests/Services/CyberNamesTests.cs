using System.Net.Sockets;
using Twocan.Core;
using Twocan.Dns;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>The names of the world that ships, looked up through its own name servers from the root down.</summary>
public sealed class CyberNamesTests
{
    [Theory]
    [InlineData("www.lab.cyber.co.kr", "192.0.2.226")]
    [InlineData("web.lab.cyber.co.kr", "192.0.2.226")]
    [InlineData("www.cyber.co.kr", "192.0.2.229")]
    [InlineData("mail.cyber.co.kr", "192.0.2.227")]
    [InlineData("ftp.cyber.co.kr", "192.0.2.228")]
    [InlineData("ns.cyber.co.kr", "192.0.2.194")]
    [InlineData("www.lab.glasscom.com", "198.51.100.34")]
    [InlineData("a.root-servers.net", "198.41.0.4")]
    [InlineData("ns.kr", "198.19.82.53")]
    public async Task A_name_has_the_address_that_its_zone_says(string name, string address)
    {
        await using var world = WorldLibrary.Load();
        Assert.Equal([IpAddress.Parse(address)], await Resolve(world, name));
    }

    [Fact]
    public async Task Every_name_that_is_a_hosts_has_that_hosts_address()
    {
        await using var world = WorldLibrary.Load();
        foreach (
            var host in world.Hosts.Where(host =>
                host.Name.Split('.').Length > 1 && host.Name is not ("proxy.home" or "ns.isp")
            )
        )
            Assert.Equal([host.Address!.Value], await Resolve(world, host.Name));
    }

    [Fact]
    public async Task The_first_name_is_asked_of_each_level_and_a_second_of_the_last_alone()
    {
        await using var world = WorldLibrary.Load(options: new() { Journal = true });
        await Resolve(world, "www.lab.cyber.co.kr");
        Assert.Equal([".", "kr.", "co.kr.", "cyber.co.kr."], ZonesAsked(world));
        await Resolve(world, "www.cyber.co.kr");
        Assert.Equal([".", "kr.", "co.kr.", "cyber.co.kr.", "cyber.co.kr."], ZonesAsked(world));
    }

    [Fact]
    public async Task A_name_that_nobody_has_does_not_exist()
    {
        await using var world = WorldLibrary.Load();
        var error = await Assert.ThrowsAsync<NameResolutionException>(() => Resolve(world, "www.nowhere.co.kr"));
        Assert.Equal(SocketError.HostNotFound, error.SocketErrorCode);
    }

    [Fact]
    public async Task Addresses_of_the_cyber_company_have_names()
    {
        await using var world = WorldLibrary.Load();
        var exchange = await world.RunAsync(() =>
            DnsClient.QueryAsync(
                world.Host("pc").Network,
                new(IpAddress.Parse("203.0.113.53"), Port.Domain),
                DomainName.Parse("226.2.0.192.in-addr.arpa"),
                RecordType.PTR
            )
        );
        Assert.Contains("www.lab.cyber.co.kr.", exchange.Response.ToString());
    }

    [Fact]
    public async Task The_world_comes_to_rest_and_owns_no_buffer_then()
    {
        await using var world = WorldLibrary.Load();
        await Resolve(world, "www.lab.glasscom.com");
        Assert.True(world.Settle());
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    private static Task<IReadOnlyList<IpAddress>> Resolve(World world, string name) =>
        world.RunAsync(async () => (await new StubResolver(world.Host("pc").Network).ResolveAsync(name)).Addresses);

    private static List<string> ZonesAsked(World world) =>
        [
            .. world
                .Journal!.Entries.Where(entry => entry.Host == "ns.isp")
                .Select(entry => entry.What)
                .OfType<QuerySent>()
                .Select(query => query.Zone),
        ];
}
