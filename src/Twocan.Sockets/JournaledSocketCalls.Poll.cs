using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>poll: of one descriptor, or of many.</summary>
public sealed partial class JournaledSocketCalls
{
    public PollEvents Poll(int descriptor) => calls.Poll(descriptor);

    public async ValueTask<PollEvents> PollAsync(int descriptor, PollEvents wanted, CancellationToken stop = default)
    {
        var call = _log.Begin("poll", descriptor, $"{descriptor}, {wanted}", default);
        try
        {
            var found = await calls.PollAsync(descriptor, wanted, stop);
            _log.End(call, found.ToString());
            return found;
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    public async ValueTask<int> PollAsync(
        Memory<PollDescriptor> descriptors,
        Duration? timeout = null,
        CancellationToken stop = default
    )
    {
        var time = timeout is { } some ? $"{some}" : "∞";
        var call = _log.Begin("poll", -1, $"[{Words(descriptors.Span, one => one.Wanted)}], {time}", default);
        try
        {
            var count = await calls.PollAsync(descriptors, timeout, stop);
            var found = Words(descriptors.Span, one => one.Found);
            _log.End(call, count == 0 ? "0" : $"{count} [{found}]");
            return count;
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    /// <summary>3 In, 4 In, Out: those of which something is said, and not all of a thousand.</summary>
    private static string Words(ReadOnlySpan<PollDescriptor> descriptors, Func<PollDescriptor, PollEvents> which)
    {
        const int Most = 8;
        var (said, left) = (new List<string>(), 0);
        foreach (var one in descriptors)
        {
            var events = which(one);
            if (events == PollEvents.None)
                continue;
            if (said.Count < Most)
                said.Add($"{one.Descriptor} {events.ToString().Replace(", ", "|", StringComparison.Ordinal)}");
            else
                left++;
        }
        return string.Join(", ", said) + (left > 0 ? $", {left} more" : "");
    }
}
