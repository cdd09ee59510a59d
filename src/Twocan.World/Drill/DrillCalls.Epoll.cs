using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Worlds;

/// <summary>
/// epoll: a set of descriptors that is asked for what is ready. Level-triggered it says so each time; edge-triggered
/// (EPOLLET) once for each thing that happens: a descriptor becomes ready, or more data arrives. With EPOLLONESHOT it says
/// so once, until it is asked anew.
/// </summary>
internal sealed partial class DrillCalls
{
    private const long EdgeTriggered = 1L << 31;
    private const long OneShot = 1L << 30;

    private readonly Dictionary<int, List<Watch>> _sets = [];

    /// <summary>One descriptor of a set.</summary>
    private sealed class Watch
    {
        public required int Name { get; init; }

        public required Open Open { get; init; }

        public long Events { get; set; }

        public bool IsArmed { get; set; } = true;

        /// <summary>What has happened and was not told yet.</summary>
        public bool HasNews { get; set; } = true;

        public PollEvents Ready { get; set; }

        public long Arrived { get; set; }

        /// <summary>What epoll_ctl names besides the events: ptr, fd, u32 or u64.</summary>
        public long Data { get; set; }
    }

    private DrillOutcome CreateSet(DrillArguments call)
    {
        var name = (int)(call.Expected is >= 0 and <= int.MaxValue ? call.Expected.Value : 1000 + _sets.Count);
        _sets[name] = [];
        return new(name);
    }

    private DrillOutcome ChangeSet(DrillArguments call)
    {
        var watches = SetOf(call);
        var open = Find(call, call.Number(2));
        var watch = watches.Find(one => ReferenceEquals(one.Open, open));
        switch (call.Number(1))
        {
            case Constants.EpollAdd when watch is null:
                watch = new() { Name = (int)call.Number(2), Open = open };
                watches.Add(watch);
                break;
            case Constants.EpollAdd:
                return DrillOutcome.Failed(Errors.NumberOf("EEXIST"));
            case Constants.EpollModify or Constants.EpollDelete when watch is null:
                return DrillOutcome.Failed(Errors.NumberOf("ENOENT"));
            case Constants.EpollDelete:
                watches.Remove(watch!);
                return new(0);
            case Constants.EpollModify:
                break;
            default:
                return DrillOutcome.Failed(Errors.NumberOf("EINVAL"));
        }
        var asked = call.Structure(3);
        watch!.Events = call.NumberOf(asked["events"]);
        watch.Data = DataOf(call, asked) ?? 0;
        (watch.IsArmed, watch.HasNews) = (true, true);
        return new(0);
    }

    private async ValueTask<DrillOutcome> WaitForSetAsync(DrillArguments call)
    {
        var watches = SetOf(call);
        var most = (int)Math.Clamp(call.Number(2), 1, 1024);
        var timeout = call.Number(3);
        var end = timeout < 0 ? Instant.Never : stack.Loop.Now + Duration.FromMilliseconds(timeout);
        var timer = stack.Loop.CreateTimer(Look);
        if (end != Instant.Never)
            timer.Set(end);
        while (true)
        {
            LookAt(watches);
            var told = watches.FindAll(IsToBeTold);
            if (told.Count == 0 && stack.Loop.Now < end)
            {
                await _somethingHappened.WaitAsync();
                continue;
            }
            timer.Cancel();
            if (told.Count > most)
                told.RemoveRange(most, told.Count - most);
            CheckEvents(call, told);
            return new(told.Count);
        }
    }

    private List<Watch> SetOf(DrillArguments call) =>
        _sets.TryGetValue((int)Math.Clamp(call.Number(0), -1, int.MaxValue), out var watches)
            ? watches
            : throw new SocketException((int)SocketError.InvalidArgument);

    /// <summary>An edge shows only to who has seen what was before it.</summary>
    private void LookAtSets()
    {
        foreach (var watches in _sets.Values)
            LookAt(watches);
    }

    private void LookAt(List<Watch> watches)
    {
        watches.RemoveAll(watch => !_open.ContainsValue(watch.Open));
        foreach (var watch in watches)
        {
            var ready = _calls.Poll(watch.Open.Live);
            var arrived = InfoOf(watch.Open.Live)?.Counts.BytesReceived ?? 0;
            watch.HasNews |= (ready & ~watch.Ready) != PollEvents.None || arrived > watch.Arrived;
            (watch.Ready, watch.Arrived) = (ready, arrived);
        }
    }

    private static bool IsToBeTold(Watch watch) =>
        watch.IsArmed && ToTell(watch) != 0 && (watch.HasNews || (watch.Events & EdgeTriggered) == 0);

    private static long ToTell(Watch watch) =>
        (long)watch.Ready & (watch.Events | (long)(PollEvents.Error | PollEvents.HangUp));

    private static void CheckEvents(DrillArguments call, List<Watch> told)
    {
        var expected = call.StructuresOrOne(1);
        for (var i = 0; i < told.Count; i++)
        {
            var watch = told[i];
            watch.HasNews = false;
            watch.IsArmed = (watch.Events & OneShot) == 0;
            if (i >= expected.Count)
                continue;
            call.Check(expected[i]["events"], ToTell(watch), "events");
            if (DataOf(call, expected[i]) is { } data && data != watch.Data)
                call.Check(new DrillNumber(data), watch.Data, "the data of the event");
        }
    }

    private static long? DataOf(DrillArguments call, DrillStructure structure) =>
        (structure["fd"] ?? structure["ptr"] ?? structure["u32"] ?? structure["u64"]) is { } value
        && value is not DrillEllipsis
            ? call.NumberOf(value)
            : null;
}
