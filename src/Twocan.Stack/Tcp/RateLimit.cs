using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// At most so many within a span, for answers that a stranger can provoke (RFC 5961 §7). Each connection has one of its own.
/// One that all connections of a host share varies with <paramref name="random"/>: who could count on a number that is
/// always the same could use it to find out about the others' connections.
/// </summary>
public sealed class RateLimit(int count, Duration span, RandomSource? random = null)
{
    private Instant _until;
    private int _left;

    public bool Allows(Instant now)
    {
        if (now >= _until)
        {
            _until = now + span;
            _left = random is null ? count : count / 2 + random.Next(count);
        }
        return _left-- > 0;
    }
}
