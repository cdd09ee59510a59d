using System.Security.Cryptography;
using System.Text;

namespace Twocan.Worlds.Tests;

/// <summary>The worlds that ship beside cyber.</summary>
public sealed class ReadyWorldTests
{
    [Theory]
    [InlineData("bus.yaml")]
    [InlineData("campus.yaml")]
    [InlineData("satellite.yaml")]
    [InlineData("star.yaml")]
    [InlineData("two-cans.yaml")]
    public async Task Two_runs_with_one_seed_put_the_same_bytes_on_every_cable(string file)
    {
        var first = await RunAsync(file, seed: 3);
        Assert.Equal(first, await RunAsync(file, seed: 3));
        Assert.NotEqual(first.Bytes, (await RunAsync(file, seed: 4)).Bytes);
        Assert.True(first.Answers > 0);
    }

    [Fact]
    public async Task Everybody_in_the_star_hears_everybody() =>
        Assert.Equal(10 * 5, (await RunAsync("star.yaml", seed: 1)).Answers);

    [Fact]
    public async Task Everybody_on_the_bus_hears_everybody() =>
        Assert.Equal(10 * 4, (await RunAsync("bus.yaml", seed: 1)).Answers);

    [Theory]
    [InlineData("two-cans.yaml")]
    [InlineData("bus.yaml")]
    public async Task All_who_speak_at_once_collide_draw_and_are_heard_in_the_end(string file)
    {
        using var world = WorldFile.Load(
            Path.Combine(CyberTests.Worlds, file),
            CyberTests.NoServices,
            new() { Journal = true }
        );
        var answers = 0;
        foreach (var host in world.Hosts)
        {
            var other = world.Hosts[(world.Hosts.ToList().IndexOf(host) + 1) % world.Hosts.Count];
            world.Loop.Start(
                host.Name,
                async () =>
                {
                    for (var i = 0; i < 5; i++)
                    {
                        if (await CyberTests.Ping(host, other.Address!.Value))
                            answers++;
                    }
                }
            );
        }
        Assert.True(world.Settle());
        Assert.Equal(5 * world.Hosts.Count, answers);
        Assert.All(world.Hosts, host => Assert.True(host.Ends[0].Station!.Collisions > 0, host.Name));
        Assert.All(world.Hosts, host => Assert.Equal(0, host.Ends[0].Station!.LateCollisions));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    /// <summary>The first host pings each of the others ten times.</summary>
    private static async Task<(string Bytes, int Answers)> RunAsync(string file, ulong seed)
    {
        using var world = WorldFile.Load(
            Path.Combine(CyberTests.Worlds, file),
            CyberTests.NoServices,
            new() { Seed = seed, Journal = true }
        );
        var answers = 0;
        await world.RunAsync(async () =>
        {
            var (from, others) = (
                world.Hosts.First(host => host is not Router),
                world.Hosts.Where(host => host is not Router)
            );
            foreach (var to in others.Where(host => host != from))
            {
                for (var i = 0; i < 10; i++)
                    answers += await CyberTests.Ping(from, to.Address!.Value) ? 1 : 0;
            }
        });
        world.Settle();
        var all = new StringBuilder();
        foreach (var entry in world.Journal!.Entries)
        {
            if (entry.What is FrameSent frame)
                all.AppendLine(
                    $"{entry.At.Nanoseconds} {frame.Link} {frame.From} {Convert.ToHexString(frame.Bytes.Span)}"
                );
        }
        return (Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString()))), answers);
    }
}
