using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// The round trip as the end sees it that only receives (Fisk and Feng 2001): by time stamps, how long ago we had sent what a
/// segment with data echoes; without them, how long it takes until a whole window has come, since the sender has to wait a
/// round trip for the next. Either may be too long, where the peer had nothing to send, and never too short.
/// </summary>
public struct ReceiverRtt
{
    private const int Gain = 8;
    private SequenceNumber _end;
    private Instant _since = Instant.Never;

    public ReceiverRtt() { }

    /// <summary>Zero while nothing was measured.</summary>
    public Duration Value { get; private set; }

    public void OnEcho(Duration age) => Value = Value == Duration.Zero ? age : Value + (age - Value) / Gain;

    /// <summary>Data has come in its turn, up to <paramref name="next"/>, and the peer may send so much more.</summary>
    public void OnData(SequenceNumber next, int window, Instant now)
    {
        if (_since != Instant.Never)
        {
            if (next < _end)
                return;
            Value = Value == Duration.Zero ? now - _since : Duration.Min(Value, now - _since);
        }
        (_end, _since) = (next + window, now);
    }
}
