using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Worlds;

/// <summary>poll: what several descriptors are ready for.</summary>
internal sealed partial class DrillCalls
{
    private readonly Twocan.Core.Signal _somethingHappened = new(stack.Loop, stack.Name, "a descriptor to be ready");

    /// <summary>To be told after each step of the loop: those who poll look again.</summary>
    public void Look()
    {
        LookAtSets();
        _somethingHappened.Set();
    }

    private async ValueTask<DrillOutcome> PollAsync(DrillArguments call)
    {
        var asked = call.Structures(0);
        var timeout = call.Number(2);
        var end = timeout < 0 ? Instant.Never : stack.Loop.Now + Duration.FromMilliseconds(timeout);
        var timer = stack.Loop.CreateTimer(Look);
        if (end != Instant.Never)
            timer.Set(end);
        while (true)
        {
            var ready = Ready(call, asked);
            var count = ready.Count(events => events != PollEvents.None);
            if (count == 0 && stack.Loop.Now < end)
            {
                await _somethingHappened.WaitAsync();
                continue;
            }
            timer.Cancel();
            for (var i = 0; i < asked.Count; i++)
                call.Check(asked[i]["revents"], (long)ready[i], "revents");
            return new(count);
        }
    }

    private List<PollEvents> Ready(DrillArguments call, IReadOnlyList<DrillStructure> asked)
    {
        var ready = new List<PollEvents>();
        foreach (var one in asked)
        {
            var wanted = (PollEvents)call.NumberOf(one["events"]) | PollEvents.Error | PollEvents.HangUp;
            ready.Add(_calls.Poll(Find(call, call.NumberOf(one["fd"])).Live) & wanted);
        }
        return ready;
    }
}
