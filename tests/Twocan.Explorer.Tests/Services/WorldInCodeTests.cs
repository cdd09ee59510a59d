using Twocan.Dns;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>The example of docs/worlds.md, as it stands there.</summary>
public sealed class WorldInCodeTests
{
    [Fact]
    public async Task A_page_survives_a_cut_of_two_seconds()
    {
        await using var world = new World(seed: 7);
        var (pc, www) = (world.Host("pc"), world.Host("www", "192.0.2.80/24"));
        var gate = world.Router("gate");
        world.Lan(world.Switch("office"), "10.0.0.0/24", [gate, pc], "1 Gbit/s, 1 µs"); // gate is 10.0.0.1, pc 10.0.0.2
        world.Link(gate, www, "100 Mbit/s, 5 ms, loss 1 %", "192.0.2.1/24"); // www has its address already
        www.Run(new WebServer(new MemoryRoot(World.DefaultEpoch).Add("index.html", "<p>Hello!</p>")));

        using var cut = world.Fault("cut gate--www at 5ms for 2s");
        var page = await world.RunAsync(async () =>
        {
            using var client = new WebClient(pc.Network, new StubResolver(pc.Network));
            using var response = await client.GetAsync(Url.Parse("http://192.0.2.80/"));
            return await response.ReadAllAsync();
        });

        Assert.Equal("<p>Hello!</p>"u8, page);
        Assert.InRange(world.Loop.UtcNow - World.DefaultEpoch, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_document_shows_this_very_code()
    {
        var test = Lines("tests/Twocan.Explorer.Tests/Services/WorldInCodeTests.cs");
        var shown = Lines("docs/worlds.md")
            .SkipWhile(line => line != "```csharp")
            .Skip(1)
            .TakeWhile(line => line != "```");
        Assert.Equal(
            test.SkipWhile(line => !line.Contains("[Fact]", StringComparison.Ordinal))
                .TakeWhile(line => line != "    }")
                .Append("    }")
                .Select(line => line.Length > 4 ? line[4..] : line),
            shown
        );
    }

    private static string[] Lines(string path)
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Twocan.slnx")))
            at = at.Parent ?? throw new DirectoryNotFoundException($"no repository above {AppContext.BaseDirectory}");
        return File.ReadAllText(Path.Combine(at.FullName, path)).Split('\n');
    }
}
