using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds.Tests;

/// <summary>A queue that would have to drop packets marks them, and nobody has to send anything twice (RFC 3168).</summary>
public sealed class EcnTests
{
    private const int Length = 4_000_000;

    [Theory]
    [InlineData("codel", Cubic.NameOf)]
    [InlineData("codel", Reno.NameOf)]
    [InlineData("fq-codel", Cubic.NameOf)]
    [InlineData("fq-codel", Reno.NameOf)]
    public async Task A_sender_slows_down_by_marks_alone_and_nothing_is_lost(string queue, string congestion)
    {
        var transfer = await TransferAsync(queue, congestion, EcnUse.Ask);

        Assert.True(transfer.Marks > 0);
        Assert.Equal((0, 0), (transfer.Dropped, transfer.Retransmissions));
        // Told once for each mark, and never again once the sender has said that it knows.
        Assert.True(transfer.MarkedSegments > 0);
        Assert.InRange(transfer.Reductions, 1, (int)transfer.Marks);
        Assert.True(
            transfer.AfterReduction < transfer.BeforeReduction,
            $"the window was {transfer.BeforeReduction}, and then {transfer.AfterReduction}"
        );
        Assert.Equal(transfer.Reductions, transfer.Confirmed);
    }

    [Theory]
    [InlineData("codel", EcnUse.Off)]
    [InlineData("fq-codel", EcnUse.Off)]
    [InlineData("codel", EcnUse.Accept)] // nobody has asked
    public async Task Where_nobody_has_asked_for_marks_the_same_queue_drops(string queue, EcnUse use)
    {
        var transfer = await TransferAsync(queue, Cubic.NameOf, use);

        Assert.Equal((0, 0), (transfer.Marks, transfer.MarkedSegments));
        Assert.True(transfer.Dropped > 0);
        Assert.True(transfer.Retransmissions >= transfer.Dropped);
    }

    [Fact]
    public async Task Marks_cost_a_flow_less_time_than_losses()
    {
        var marked = await TransferAsync("codel", Reno.NameOf, EcnUse.Ask);
        var dropped = await TransferAsync("codel", Reno.NameOf, EcnUse.Off);
        Assert.True(marked.Took <= dropped.Took, $"{marked.Took} with marks, {dropped.Took} with losses");
    }

    private static async Task<Transfer> TransferAsync(string queue, string congestion, EcnUse use)
    {
        await using var world = new World(seed: 3, journal: true);
        var (pc, www) = (world.Host("pc", "10.0.0.1/24"), world.Host("www", "10.0.0.2/24"));
        var cable = world.Link(pc, www, $"20 Mbit/s, 10 ms, queue {queue}");
        foreach (var host in (Host[])[pc, www])
            host.Stack.Tcp.Settings = host.Stack.Tcp.Settings with { Ecn = use, CongestionControl = congestion };
        var transfer = new Transfer();
        using var watch = world.Journal!.Subscribe(entry => transfer.Hear(entry, pc));
        await world.RunAsync(async () =>
        {
            await using var listener = www.Network.Listen(new Port(9));
            await using var sender = await pc.Network.ConnectAsync(new(IpAddress.Parse("10.0.0.2"), 9));
            await using var receiver = await listener.AcceptAsync();
            world.Loop.Start(
                "sender",
                async () =>
                {
                    await sender.WriteAsync(new byte[Length]);
                    sender.ShutdownWrite();
                }
            );
            var (buffer, received) = (new byte[65_536], 0);
            while (await receiver.ReadAsync(buffer) is > 0 and var count)
                received += count;
            Assert.Equal(Length, received);
            var info = pc.Stack.Tcp.Connections.Single().Info!.Value;
            Assert.Equal(use == EcnUse.Ask, info.IsEcnOn);
            (transfer.Retransmissions, transfer.MarkedSegments) = (info.Retransmissions, info.SegmentsMarked);
        });
        transfer.Marks = cable.AToB.Marks;
        transfer.Dropped = cable.AToB.FramesDropped;
        transfer.Took = world.Loop.Now - Instant.Zero;
        return transfer;
    }

    private sealed class Transfer
    {
        private bool _isEchoing;

        public long Marks { get; set; }

        public long Dropped { get; set; }

        public int Retransmissions { get; set; }

        public long MarkedSegments { get; set; }

        public Duration Took { get; set; }

        /// <summary>How often the receiver began to echo a mark, and the sender said that it had heard.</summary>
        public int Reductions { get; private set; }

        public int Confirmed { get; private set; }

        public int BeforeReduction { get; private set; }

        public int AfterReduction { get; private set; }

        public void Hear(JournalEntry entry, Host sender)
        {
            // The flags of a SYN ask, and answer.
            if (entry.Host != sender.Name)
                return;
            if (entry.What is SegmentReceived { Flags: var heard } && !IsSyn(heard))
            {
                var isEchoing = heard.Contains("ECE", StringComparison.Ordinal);
                if (isEchoing && !_isEchoing && Reductions++ == 0)
                    BeforeReduction = Window(sender);
                else if (Reductions == 1 && isEchoing)
                    AfterReduction = Window(sender);
                _isEchoing = isEchoing;
            }
            else if (entry.What is SegmentSent { Flags: var said } && !IsSyn(said))
            {
                Confirmed += said.Contains("CWR", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        private static bool IsSyn(string flags) => flags.Contains("SYN", StringComparison.Ordinal);

        private static int Window(Host host) => host.Stack.Tcp.Connections.Single().Info!.Value.CongestionWindow;
    }
}
