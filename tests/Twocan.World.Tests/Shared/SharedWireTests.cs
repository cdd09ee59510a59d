using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Stack;
using static Twocan.Worlds.Tests.CableTests;

namespace Twocan.Worlds.Tests;

/// <summary>Half duplex: a cable, a hub and a bus on which one speaks at a time.</summary>
public sealed class SharedWireTests
{
    [Fact]
    public void One_who_speaks_alone_is_heard_after_his_bits_and_the_delay()
    {
        using var world = TwoCans();
        Send(world, "a", "b");
        world.Settle();
        // 64 bytes and the preamble: 57.6 µs at 10 Mbit/s; then 1 µs of wire. A frame counts when its last bit has left.
        Assert.Equal([57_600L], Times<FrameSent>(world));
        Assert.Equal([58_600L], Times<FrameArrived>(world));
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void Two_who_speak_at_once_both_hear_the_collision_back_off_and_are_both_heard_in_the_end()
    {
        using var world = TwoCans();
        Send(world, "a", "b");
        Send(world, "b", "a");
        world.Settle();
        Assert.Equal(["a", "b"], Hosts<CollisionDetected>(world)[..2].Order());
        // Each hears the other after the microsecond that the signal takes; the preamble and the jam are sent to the end.
        Assert.Equal([1_000L, 1_000L], Times<CollisionDetected>(world)[..2]);
        Assert.Equal([9_600L, 9_600L], Times<BackedOff>(world)[..2]);
        Assert.Equal(["a", "b"], Events<FrameArrived>(world).Select(frame => frame.To).Order());
        foreach (var station in Stations(world))
        {
            Assert.Equal(1, station.SingleCollisions + station.MultipleCollisions);
            Assert.Equal(0, station.LateCollisions);
        }
        Assert.Equal(0, world.Loop.Packets.Outstanding);
        Assert.Equal(0, world.Loop.TimerCount);
    }

    [Fact]
    public void Who_hears_somebody_waits_until_he_is_done()
    {
        using var world = TwoCans();
        Send(world, "a", "b", 1000);
        world.RunFor(Duration.FromMicroseconds(100));
        Send(world, "b", "a");
        world.Settle();
        Assert.Equal([100_000L], Times<FrameDeferred>(world));
        // a's last bit leaves after 1,008 bytes; b hears its end a microsecond later, and leaves the gap.
        Assert.Equal([0L, 806_400L + 1_000 + 9_600], Times<FrameBegun>(world));
        Assert.Empty(Events<CollisionDetected>(world));
        Assert.Equal(1, world.Find("b")!.Ends[0].Station!.Deferred);
    }

    [Fact]
    public void Who_is_farther_hears_the_collision_later()
    {
        using var world = new World(journal: true);
        var bus = world.Bus("coax", "10 Mbit/s, 2 km");
        world.Link(world.Host("a"), bus, "at 0 m");
        world.Link(world.Host("b"), bus, "at 100 m");
        world.Link(world.Host("c"), bus, "at 2 km");
        Send(world, "a", "c");
        world.RunFor(Duration.FromMicroseconds(8));
        Send(world, "c", "a");
        world.Settle();
        // a's signal is at c after 10 µs, c's at b after 8 + 9.5 µs and at a after 8 + 10 µs.
        var heard = world.Journal!.Entries.Where(entry => entry.What is CollisionDetected).Take(2).ToList();
        Assert.Equal(["c", "a"], heard.Select(entry => entry.Host));
        Assert.Equal([10_000L, 18_000L], heard.Select(entry => entry.At.Nanoseconds));
        // b speaks not at all, and hears what is left of the two.
        Assert.Equal("b", Hosts<FragmentHeard>(world)[0]);
        Assert.Equal(["a", "b", "b", "c"], Ends(world));
    }

    [Fact]
    public void A_fragment_has_a_wrong_check_sequence_and_the_adapter_counts_it()
    {
        using var world = Bus(3);
        Send(world, "h0", "h1");
        Send(world, "h1", "h0");
        world.Settle();
        var fragments = Events<FragmentHeard>(world).Count(_ => true);
        Assert.True(fragments > 0);
        var third = world.Host("h2");
        Assert.Equal(fragments, third.Stack.Counters.Dropped(DropReason.CollisionFragment));
        Assert.Equal(world.Find("h2")!.Ends[0].Station!.JamsHeard, fragments);
        // Both frames came to it in the end, and were not for it.
        Assert.Equal(2, third.Stack.Counters.Dropped(DropReason.NotForMe));
    }

    [Fact]
    public void On_a_wire_that_is_too_long_a_collision_comes_late()
    {
        using var world = TwoCans("10 Mbit/s, 8 km, half duplex");
        Send(world, "a", "b", 1000);
        world.RunFor(Duration.FromMicroseconds(30));
        Send(world, "b", "a", 1000);
        world.Settle();
        Assert.InRange(world.Find("a")!.Ends[0].Station!.LateCollisions, 1, 16);
        Assert.True(Events<CollisionDetected>(world).Exists(collision => collision.Late));
        Assert.Equal(2, Events<FrameArrived>(world).Count);
    }

    [Fact]
    public void On_a_wire_that_is_too_long_short_frames_are_lost_and_nobody_knows()
    {
        using var world = new World(journal: true);
        var bus = world.Bus("coax", "10 Mbit/s, 20 km");
        world.Link(world.Host("a"), bus, "at 0 m");
        world.Link(world.Host("m"), bus, "at 10 km");
        world.Link(world.Host("b"), bus, "at 20 km");
        Send(world, "a", "m");
        Send(world, "b", "m");
        world.Settle();
        Assert.Empty(Events<CollisionDetected>(world));
        Assert.Equal(
            ["m", "m"],
            Events<FrameLost>(world).Where(lost => lost.Why == LossReason.Collision).Select(lost => lost.To)
        );
        // The signals have run through each other: at the ends each is whole.
        Assert.Contains(Events<FrameArrived>(world), frame => frame is { From: "coax", To: "a" });
        Assert.Equal(
            1,
            world.Host("m").Stack.Counters.Dropped(DropReason.FrameCheckFailed)
                + world.Host("m").Stack.Counters.Dropped(DropReason.CollisionFragment)
        );
    }

    [Fact]
    public void A_hub_is_one_wire_and_all_its_cables_hear_everything()
    {
        using var world = Hub(3);
        Send(world, "h0", "h1");
        Send(world, "h1", "h0");
        world.Settle();
        Assert.True(((Hub)world.Find("hub")!).Collisions > 0);
        Assert.True(Events<CollisionInHub>(world).Count > 0);
        Assert.Equal(["h0", "h1", "h2", "h2"], Ends(world));
        Assert.Equal(
            world.Host("h2").Ends[0].Station!.JamsHeard,
            world.Host("h2").Stack.Counters.Dropped(DropReason.CollisionFragment)
        );
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void Hubs_that_are_plugged_into_each_other_are_still_one_wire()
    {
        using var world = new World(journal: true);
        world.Link(world.Host("a"), world.Hub("left"), "10 Mbit/s, half duplex");
        world.Link(world.Host("b"), world.Hub("right"), "10 Mbit/s, half duplex");
        world.Link(world.Hub("left"), world.Hub("right"), "10 Mbit/s, half duplex");
        Send(world, "a", "b");
        Send(world, "b", "a");
        world.Settle();
        Assert.Equal(["a", "b"], Hosts<CollisionDetected>(world)[..2].Order());
        // 2.5 µs for three cables of 1 µs less the one that each signal has yet to go, and two hubs of half a microsecond.
        Assert.Equal([4_000L, 4_000L], Times<CollisionDetected>(world)[..2]);
        Assert.Equal(["a", "b"], Ends(world).Where(to => to is "a" or "b"));
    }

    [Fact]
    public void A_switch_ends_the_wire_its_ports_are_stations_of_their_own()
    {
        using var world = new World(journal: true);
        foreach (var name in (string[])["a", "b"])
            world.Link(world.Host(name), world.Switch("s"), "10 Mbit/s, half duplex");
        Send(world, "a", "b");
        Send(world, "b", "a");
        world.Settle();
        Assert.DoesNotContain(Times<CollisionDetected>(world), at => at < 57_600);
        Assert.Contains(Events<FrameArrived>(world), frame => frame.To == "a");
        Assert.Contains(Events<FrameArrived>(world), frame => frame.To == "b");
    }

    [Fact]
    public void After_sixteen_collisions_a_frame_is_given_up()
    {
        using var world = TwoCans("10 Mbit/s, 1 µs, half duplex, queue 2000");
        // b does not hear a, and has much to say: whenever a has waited for its turn, b begins too.
        world.Fault("cut a->b");
        for (var i = 0; i < 1500; i++)
            Send(world, "b", "a", 1000);
        Send(world, "a", "b");
        world.Settle();
        Assert.Equal(1, world.Find("a")!.Ends[0].Station!.ExcessiveCollisions);
        Assert.Equal(LossReason.ExcessiveCollisions, Events<FrameLost>(world).Single(lost => lost.From == "a").Why);
        Assert.Equal(16, Hosts<FrameBegun>(world).Count(host => host == "a"));
        Assert.Equal(1, world.Cables[0].AToB.FramesDropped);
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public void Why_a_frame_was_sent_is_told_through_its_collisions()
    {
        using var world = TwoCans();
        Send(world, "a", "b");
        Send(world, "b", "a");
        world.Settle();
        var sent = world.Journal!.Entries.First(entry => entry.What is FrameSent);
        Assert.Equal(
            ["FrameSent", "FrameBegun", "BackedOff", "CollisionDetected", "FrameBegun"],
            world.Journal.Causes(sent.Id).Select(entry => entry.What.GetType().Name)
        );
    }

    [Theory]
    [InlineData("10 Mbit/s", "10 Gbit/s, half duplex", "half duplex ends at 1 Gbit/s")]
    [InlineData("10 Mbit/s, half duplex", "10 Mbit/s", "hub is half duplex, by a--hub")]
    [InlineData("10 Mbit/s", "10 Mbit/s, half duplex", "hub is full duplex, by a--hub")]
    [InlineData("10 Mbit/s, half duplex", "100 Mbit/s, half duplex", "at 10 Mbit/s by a--hub")]
    [InlineData("10 Mbit/s", "10 Mbit/s, at 5 m", "'at' is for a link to a bus")]
    public void What_does_not_fit_together_is_not_plugged_together(string first, string second, string says)
    {
        using var world = new World();
        world.Link(world.Host("a"), world.Hub("hub"), first);
        var link = Assert.ThrowsAny<Exception>(() => world.Link(world.Host("b"), world.Hub("hub"), second));
        Assert.Contains(says, link.Message);
    }

    [Theory]
    [InlineData("100 Mbit/s", "a link to a bus has none of its own")]
    [InlineData("mtu 900", "a link to a bus has none of its own")]
    [InlineData("full duplex", "a bus is half duplex")]
    [InlineData("at 501 m", "501 m is beyond the end of coax, which is 500 m long")]
    public void A_link_to_a_bus_says_only_what_is_its_own(string stub, string says)
    {
        using var world = new World();
        var error = Assert.Throws<ArgumentException>(() => world.Link(world.Host("a"), world.Bus("coax"), stub));
        Assert.Contains(says, error.Message);
    }

    [Fact]
    public void Who_does_not_say_where_he_taps_the_bus_takes_the_next_mark()
    {
        using var world = new World();
        foreach (var name in (string[])["a", "b", "c"])
            world.Link(world.Host(name), world.Bus("coax"), name == "b" ? "at 100 m" : "");
        Assert.Equal(
            ["at 0 m", "at 100 m", "at 105 m"],
            world.Cables.Select(cable => cable.Settings.ToString().Split(", ")[^1])
        );
    }

    internal static World TwoCans(string settings = "10 Mbit/s, 1 µs, half duplex", ulong seed = 1) =>
        TwoHosts(settings, seed);

    internal static World Bus(
        int stations,
        ulong seed = 1,
        string settings = "10 Mbit/s, 500 m",
        Func<int, string>? stub = null
    )
    {
        var world = new World(seed, journal: true);
        for (var i = 0; i < stations; i++)
            world.Link(world.Host($"h{i}", $"10.0.0.{i + 1}/24"), world.Bus("coax", settings), stub?.Invoke(i) ?? "");
        return world;
    }

    internal static World Hub(int stations, ulong seed = 1)
    {
        var world = new World(seed, journal: true);
        for (var i = 0; i < stations; i++)
            world.Link(world.Host($"h{i}", $"10.0.0.{i + 1}/24"), world.Hub("hub"), "10 Mbit/s, half duplex");
        return world;
    }

    internal static void Send(World world, string from, string to, int length = 64)
    {
        var frame = Frame(world, length);
        world.Host(to).Adapters[0].Mac.Write(frame.Span);
        world.Host(from).Adapters[0].Mac.Write(frame.Span[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame.Span[12..], 0x88B5);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.Span[^4..], Crc32.Of(frame.Span[..^4]));
        world.Find(from)!.Ends[0].Transmit(frame);
    }

    private static IEnumerable<Station> Stations(World world) => world.Hosts.Select(host => host.Ends[0].Station!);

    /// <summary>The hosts at which frames have arrived, in the order of their names.</summary>
    private static IEnumerable<string> Ends(World world) =>
        Events<FrameArrived>(world).Where(frame => world.Find(frame.To) is Host).Select(frame => frame.To).Order();

    private static List<string> Hosts<T>(World world)
        where T : struct, IJournalEvent =>
        [.. world.Journal!.Entries.Where(entry => entry.What is T).Select(entry => entry.Host)];
}
