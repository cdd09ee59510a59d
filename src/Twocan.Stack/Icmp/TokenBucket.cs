using Twocan.Core;

namespace Twocan.Stack;

/// <summary>So many in a burst, and so many a second in the long run.</summary>
public sealed class TokenBucket(int burst, int perSecond)
{
    private readonly Duration _interval = new(1_000_000_000L / perSecond);

    /// <summary>When the bucket would be full again if nothing more were taken.</summary>
    private Instant _fullAt;

    public bool TryTake(Instant now)
    {
        var from = Instant.Max(_fullAt, now);
        if (from - now > _interval * (burst - 1))
            return false;
        _fullAt = from + _interval;
        return true;
    }
}
