using Twocan.Core.Tests;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>Worlds that ship beside cyber, and worlds that nobody has written: their names, their pages, their bytes.</summary>
public sealed class GeneratedWorldTests
{
    [Theory]
    [InlineData("internet:12", 12)]
    [InlineData("internet:60", 60)]
    [InlineData("internet:200:20:7", 200)]
    [InlineData("internet:90:1:3", 90)]
    public void It_has_no_mistake_and_as_many_hosts_as_were_asked_for(string name, int hosts)
    {
        using var world = WorldLibrary.Load(name);
        Assert.Equal(hosts, world.Hosts.Count(host => host is not Router));
    }

    [Fact]
    public void The_file_that_is_written_is_the_world_that_is_asked_for()
    {
        Assert.True(InternetPlan.TryParse("internet:60:3:9", out var plan, out _));
        using var read = WorldFile.Read(plan.Write(), "x.yaml", WorldServices.Catalog);
        using var made = World.Generate(hosts: 60, subnets: 3, seed: 9);
        Assert.Equal(read.Hosts.Select(AsText), made.Hosts.Select(AsText));
        Assert.Equal(read.Cables.Select(cable => cable.ToString()), made.Cables.Select(cable => cable.ToString()));
        Assert.NotEqual(plan.Write(), (plan with { Seed = 10 }).Write());
        Assert.Equal(plan.Write(), new InternetPlan(60, 3, 9).Write());
    }

    [Theory]
    [InlineData("internet:")]
    [InlineData("internet:many")]
    [InlineData("internet:1000:40:7:1")]
    [InlineData("internet:5")]
    [InlineData("internet:100:99")]
    [InlineData("internet:1000000")]
    public void What_cannot_be_made_up_is_told(string name) => Assert.Single(WorldLibrary.Check(name));

    [Fact]
    public async Task Every_name_is_its_hosts()
    {
        await using var world = WorldLibrary.Load("internet:60:4");
        var wrong = new List<string>();
        await world.RunAsync(async () =>
        {
            var resolver = new StubResolver(world.Host("pc").Network);
            foreach (var host in world.Hosts.Where(host => host is not Router && host.Name != "pc"))
            {
                if ((await resolver.ResolveAsync(host.Name)).Addresses[0] != host.Address)
                    wrong.Add(host.Name);
            }
        });
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Every_web_server_has_a_page_with_a_picture()
    {
        await using var world = WorldLibrary.Load("internet:60:4");
        foreach (var host in world.Hosts.Where(host => host.Name.StartsWith("www.", StringComparison.Ordinal)))
        {
            foreach (var path in new[] { "/", "/sign.svg" })
                Assert.Equal(200, await Get(world, $"http://{host.Name}{path}"));
        }
        Assert.True(world.Settle());
        Assert.True(world.Loop is { TimerCount: 0, Packets.Outstanding: 0 });
    }

    [Fact]
    public async Task No_single_cut_of_the_backbone_parts_it()
    {
        await using var world = WorldLibrary.Load("internet:200:20");
        var trunks = world.Cables.Where(cable => cable.A.Name.EndsWith(".core", StringComparison.Ordinal));
        foreach (var trunk in trunks.Where(cable => cable.B.Name.EndsWith(".core", StringComparison.Ordinal)))
        {
            var reached = new HashSet<Node> { trunk.A };
            var next = new Queue<Node>(reached);
            while (next.TryDequeue(out var node))
            {
                foreach (var end in node.Ends.Where(end => end.Cable != trunk && reached.Add(end.Peer)))
                    next.Enqueue(end.Peer);
            }
            Assert.Equal(world.Nodes.Count, reached.Count);
        }
    }

    [Theory]
    [InlineData("campus", "http://www.campus.kr/")]
    [InlineData("campus", "http://www.elsewhere.org/")]
    [InlineData("internet:60:4", "")]
    public async Task Wireshark_finds_nothing_wrong_on_any_cable(string name, string url)
    {
        await using var world = WorldLibrary.Load(name, new() { Journal = true });
        using var file = new MemoryStream();
        using (new Capture(world, file))
        {
            var www = world.Hosts.First(host => host.Name.StartsWith("www.", StringComparison.Ordinal)).Name;
            Assert.Equal(200, await Get(world, url.Length > 0 ? url : $"http://{www}/"));
            world.Settle();
        }
        const string Bad =
            "_ws.malformed or ip.checksum.status==0 or tcp.checksum.status==0 or udp.checksum.status==0 or eth.fcs.status==0";
        string[] checking =
        [
            "-o",
            "ip.check_checksum:TRUE",
            "-o",
            "tcp.check_checksum:TRUE",
            "-o",
            "udp.check_checksum:TRUE",
            "-o",
            "eth.check_fcs:TRUE",
        ];
        Assert.Empty(Tshark.Read(file.ToArray(), [.. checking, "-Y", Bad]));
        Assert.NotEmpty(Tshark.Read(file.ToArray(), "-Y", "http.response"));
    }

    private static string AsText(Host host) =>
        $"{host.Name} {string.Join(' ', host.Addresses)} {string.Join(' ', host.Gateways)} {string.Join(' ', host.Network.NameServers)}";

    private static Task<int> Get(World world, string url) =>
        world.RunAsync(async () =>
        {
            var pc = world.Host("pc").Network;
            using var client = new WebClient(pc, new StubResolver(pc));
            using var response = await client.GetAsync(Url.Parse(url));
            await response.ReadAllAsync();
            return response.Status;
        });
}
