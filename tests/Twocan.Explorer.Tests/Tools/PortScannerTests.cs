using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public sealed class PortScannerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_closed_and_filtered_ports_are_told_apart(bool halfOpen)
    {
        using var world = Pair();
        Port[] ports = [new(7), new(8)];
        var settings = new ScanSettings { HalfOpen = halfOpen };
        var answers = await ScanAsync(world, "10.0.0.2", ports, settings);
        Assert.Equal([PortState.Open, PortState.Closed], answers.Select(answer => answer.State));
        Assert.Equal(["syn-ack", "reset"], answers.Select(answer => answer.Why));
        using var cut = world.Fault("cut pc--www");
        answers = await ScanAsync(world, "10.0.0.2", ports, settings);
        Assert.All(answers, answer => Assert.Equal((PortState.Filtered, "no answer"), (answer.State, answer.Why)));
    }

    [Fact]
    public async Task A_scan_with_syns_leaves_no_connection_on_either_side()
    {
        using var world = Pair();
        await ScanAsync(world, "10.0.0.2", [new(7)], new() { HalfOpen = true });
        world.Settle();
        Assert.Empty(world.Host("pc").Stack.Tcp.Connections);
        Assert.Empty(world.Host("www").Stack.Tcp.Connections);
    }

    [Fact]
    public async Task Two_scans_at_once_do_not_take_each_others_answers()
    {
        using var world = Pair();
        var network = world.Host("pc").Network;
        var target = IpAddress.Parse("10.0.0.2");
        var states = new List<PortState>();
        await world.RunAsync(async () =>
        {
            var settings = new ScanSettings { HalfOpen = true };
            world.Loop.Start("the other", () => LookAsync(new(network, target, settings), [new(8), new(9)]));
            await LookAsync(new(network, target, settings), [new(7)]);
            await world.Loop.DelayAsync(Duration.FromSeconds(2));
        });
        Assert.Equal([PortState.Open, PortState.Closed, PortState.Closed], states.Order());

        async Task LookAsync(PortScanner scanner, IReadOnlyList<Port> ports) =>
            states.AddRange((await scanner.ScanAsync(ports)).Select(one => one.State));
    }

    [Fact]
    public async Task A_datagram_that_nobody_refuses_may_have_been_taken()
    {
        using var world = Pair();
        var answers = await ScanAsync(world, "10.0.0.2", [new(7), new(8)], new() { Datagrams = true });
        Assert.Equal(
            [(PortState.Open, "an answer"), (PortState.Closed, "port unreachable")],
            answers.Select(answer => (answer.State, answer.Why))
        );
    }

    [Theory]
    [InlineData("80", "80")]
    [InlineData("http,20-22, 80", "80 20 21 22")]
    [InlineData("http-proxy", "3128")]
    [InlineData("0", null)]
    [InlineData("22-20", null)]
    [InlineData("65536", null)]
    [InlineData("", null)]
    public void Ports_are_read_as_people_write_them(string text, string? ports)
    {
        Assert.Equal(ports is not null, PortList.TryParse(text, out var read, out _));
        if (ports is not null)
            Assert.Equal(ports, string.Join(' ', read!));
    }

    private static World Pair()
    {
        var world = new World(seed: 1);
        var www = world.Host("www", "10.0.0.2/24");
        world.Link(world.Host("pc", "10.0.0.1/24"), www, "1 Gbit/s, 1 ms");
        www.Run(new SmallServer(EchoService.Service));
        return world;
    }

    private static Task<IReadOnlyList<PortAnswer>> ScanAsync(
        World world,
        string target,
        IReadOnlyList<Port> ports,
        ScanSettings settings
    ) =>
        world.RunAsync(() =>
            new PortScanner(world.Host("pc").Network, IpAddress.Parse(target), settings).ScanAsync(ports)
        );
}
