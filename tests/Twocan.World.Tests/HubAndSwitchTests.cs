using System.Buffers.Binary;
using Twocan.Core;
using static Twocan.Worlds.Tests.CableTests;

namespace Twocan.Worlds.Tests;

public sealed class HubAndSwitchTests
{
    private static readonly MacAddress One = new(0x02_00_00_00_00_01);
    private static readonly MacAddress Two = new(0x02_00_00_00_00_02);

    [Fact]
    public void A_hub_repeats_to_all_others_bit_by_bit()
    {
        using var world = Star(w => w.Hub("middle"), "100 Mbit/s, 1 µs");
        Send(world, "a", Two, One);
        world.Settle();
        // 1 µs there, half a microsecond in the hub, then 79.04 µs of bits and 1 µs: not the bits twice.
        Assert.Equal([1_500L, 81_540L, 81_540L], Times<FrameArrived>(world));
        Assert.Equal(["middle", "b", "c"], Events<FrameArrived>(world).Select(frame => frame.To));
        Assert.Equal(new HubRepeated("a--middle", 2), Assert.Single(Events<HubRepeated>(world)));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_switch_takes_the_frame_whole_before_it_passes_it_on()
    {
        using var world = Star(w => w.Switch("middle"), "100 Mbit/s, 1 µs");
        Send(world, "a", Two, One);
        world.Settle();
        Assert.Equal([80_040L, 160_080L, 160_080L], Times<FrameArrived>(world));
    }

    [Fact]
    public void A_switch_floods_what_it_does_not_know_and_learns_from_the_answer()
    {
        using var world = Star(w => w.Switch("middle"));
        Send(world, "a", Two, One);
        world.Settle();
        Send(world, "b", One, Two);
        world.Settle();
        Send(world, "a", Two, One);
        world.Settle();
        Assert.Equal(
            [
                new(Two, Known: false, "a--middle", "b--middle, c--middle"),
                new(One, Known: true, "b--middle", "a--middle"),
                new SwitchForwarded(Two, Known: true, "a--middle", "b--middle"),
            ],
            Events<SwitchForwarded>(world)
        );
        Assert.Equal([One, Two], Events<SwitchLearned>(world).Select(learned => learned.Address));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_broadcast_goes_to_everybody_however_much_the_switch_knows()
    {
        using var world = Star(w => w.Switch("middle"));
        Send(world, "b", One, Two);
        Send(world, "a", MacAddress.Broadcast, One);
        world.Settle();
        Assert.Contains("c", Events<FrameArrived>(world).Select(frame => frame.To));
        Assert.False(Events<SwitchForwarded>(world)[^1].Known);
    }

    [Fact]
    public void A_switch_keeps_to_itself_what_both_ends_have_heard_already()
    {
        using var world = Star(w => w.Switch("middle"));
        Send(world, "a", Two, One);
        Send(world, "a", One, Two);
        world.Settle();
        var before = Events<FrameArrived>(world).Count;
        Send(world, "a", Two, One);
        world.Settle();
        Assert.Equal(before + 1, Events<FrameArrived>(world).Count);
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_switch_forgets_who_is_not_heard_of_again()
    {
        using var world = Star(w => w.Switch("middle"));
        var middle = (Switch)world.Find("middle")!;
        Send(world, "b", One, Two);
        world.Settle();
        Assert.Equal("b--middle", Assert.Single(middle.Table).Cable);
        world.RunFor(Duration.FromSeconds(299));
        Assert.Single(middle.Table);
        world.RunFor(Duration.FromSeconds(2));
        Assert.Empty(middle.Table);
        Send(world, "a", Two, One);
        world.Settle();
        Assert.False(Events<SwitchForwarded>(world)[^1].Known);
    }

    [Fact]
    public void A_switch_follows_an_address_that_moves()
    {
        using var world = Star(w => w.Switch("middle"));
        Send(world, "b", One, Two);
        world.Settle();
        Send(world, "c", One, Two);
        world.Settle();
        Assert.Equal("c--middle", ((Switch)world.Find("middle")!).Table.Single(line => line.Address == Two).Cable);
        Assert.Equal(["b--middle", "c--middle"], Events<SwitchLearned>(world).Select(learned => learned.Port));
    }

    [Fact]
    public void A_switch_that_is_full_floods_and_grows_no_more()
    {
        using var world = Star(w => w.Switch("middle"), "queue 10000");
        for (var i = 0; i < Switch.UsualCapacity + 100; i++)
            Send(world, "a", Two, new MacAddress(0x02_00_00_01_00_00 + (ulong)i), 64);
        world.Settle();
        Assert.Equal(Switch.UsualCapacity, ((Switch)world.Find("middle")!).Table.Count);
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_frame_too_short_for_its_addresses_ends_at_the_switch()
    {
        using var world = Star(w => w.Switch("middle"));
        world.Find("a")!.Ends[0].Transmit(Frame(world, 11));
        world.Settle();
        Assert.Single(Events<FrameArrived>(world));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void A_circle_of_hubs_and_switches_is_refused()
    {
        using var world = new World();
        var (a, b, c) = (world.Hub("a"), world.Switch("b"), world.Switch("c"));
        world.Link(a, b);
        world.Link(b, c);
        Assert.Contains("circle", Assert.Throws<ArgumentException>(() => world.Link(c, a)).Message);
    }

    private static World Star(Func<World, Node> middle, string settings = "100 Mbit/s, 1 µs")
    {
        var world = new World(journal: true);
        var center = middle(world);
        foreach (var name in new[] { "a", "b", "c" })
            world.Link(world.Host(name), center, settings);
        return world;
    }

    private static void Send(World world, string from, MacAddress to, MacAddress source, int length = 980)
    {
        var frame = Frame(world, length);
        to.Write(frame.Span);
        source.Write(frame.Span[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame.Span[12..], 0x88B5);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Span[^4..], Crc32.Of(frame.Span[..^4]));
        world.Find(from)!.Ends[0].Transmit(frame);
    }
}
