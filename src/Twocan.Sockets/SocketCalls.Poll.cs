using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// poll(2) over many descriptors. Each socket names the signal that will be set when it may have become ready; who polls
/// follows all of them, looks once more, and sleeps. Nothing is kept between two calls, so a call costs by the number of its
/// descriptors, as it does in C.
/// </summary>
public sealed partial class SocketCalls
{
    /// <summary>So many calls in a row may find something at once before the others on the loop have their turn.</summary>
    private const int PollsPerTurn = 16;

    private int _pollsInARow;

    public async ValueTask<int> PollAsync(
        Memory<PollDescriptor> descriptors,
        Duration? timeout = null,
        CancellationToken stop = default
    )
    {
        stop.ThrowIfCancellationRequested();
        if (++_pollsInARow == PollsPerTurn)
        {
            _pollsInARow = 0;
            await loop.YieldAsync();
        }
        var count = Look(descriptors.Span);
        return count > 0 || timeout <= Duration.Zero ? count : await WaitForAnyAsync(descriptors, timeout, stop);
    }

    private async ValueTask<int> WaitForAnyAsync(
        Memory<PollDescriptor> descriptors,
        Duration? timeout,
        CancellationToken stop
    )
    {
        var any = new Signal(loop, owner, $"one of {descriptors.Length} descriptors");
        var leaders = new List<Signal>(descriptors.Length);
        var end = timeout is { } time ? loop.Now + time : Instant.Never;
        var timer = end == Instant.Never ? null : loop.CreateTimer(any.Set);
        timer?.Set(end);
        _pollsInARow = 0;
        try
        {
            while (true)
            {
                Follow(descriptors.Span, any, leaders);
                var count = Look(descriptors.Span);
                if (count > 0 || loop.Now >= end)
                    return count;
                await any.WaitAsync(stop);
                Leave(any, leaders);
            }
        }
        finally
        {
            Leave(any, leaders);
            timer?.Cancel();
        }
    }

    private int Look(Span<PollDescriptor> descriptors)
    {
        var count = 0;
        foreach (ref var one in descriptors)
        {
            one.Found =
                one.Descriptor < 0 ? PollEvents.None
                : !TryFind(one.Descriptor, out var socket) ? PollEvents.Invalid
                : socket.Poll() & (one.Wanted | PollEvents.Error | PollEvents.HangUp);
            if (one.Found != PollEvents.None)
                count++;
        }
        return count;
    }

    private void Follow(ReadOnlySpan<PollDescriptor> descriptors, Signal any, List<Signal> leaders)
    {
        foreach (var one in descriptors)
        {
            if (!TryFind(one.Descriptor, out var socket))
                continue;
            var leader = socket.Changed(one.Wanted);
            leader.Lead(any);
            leaders.Add(leader);
        }
    }

    private static void Leave(Signal any, List<Signal> leaders)
    {
        foreach (var leader in leaders)
            leader.LeadNoMore(any);
        leaders.Clear();
    }
}
