using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// At most so many within a span, for answers that a stranger can provoke (RFC 5961 §7). Each connection has its own: one that all
/// share can be used to find out about the others.
/// </summary>
public sealed class RateLimit(int count, Duration span)
{
    private Instant _until;
    private int _left;

    public bool Allows(Instant now)
    {
        if (now >= _until)
        {
            _until = now + span;
            _left = count;
        }
        return _left-- > 0;
    }
}
