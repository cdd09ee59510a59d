using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// How large the receive buffer should be (Dynamic Right-Sizing, Fisk and Feng 2001): the program takes so much in one round
/// trip, so the sender must be allowed twice as much, or its window could not double in the next.
/// </summary>
public struct ReceiveTuning
{
    private const int SlackSegments = 16;
    private Instant _roundEnds = Instant.Never;
    private Duration _echoRtt;
    private long _read;
    private int _most;

    public ReceiveTuning() { }

    /// <summary>A segment with data echoes what we sent so long ago. Only the least in a round is a round trip: the peer may have had nothing to send.</summary>
    public void OnEcho(Duration age) => _echoRtt = _echoRtt == Duration.Zero ? age : Duration.Min(_echoRtt, age);

    /// <summary>The program has taken <paramref name="octets"/>: answers how large the buffer should be by now.</summary>
    public int OnRead(int octets, int limit, int most, int segmentSize, Duration rtt, Instant now)
    {
        if (limit >= most)
            return limit;
        _read += octets;
        if (_roundEnds == Instant.Never)
            _roundEnds = now + rtt;
        if (now < _roundEnds)
            return limit;
        if (_read > _most)
        {
            _most = (int)Math.Min(_read, most);
            limit = (int)Math.Clamp(2L * _most + SlackSegments * segmentSize, limit, most);
        }
        _read = 0;
        _roundEnds = now + Duration.Max(rtt, _echoRtt);
        _echoRtt = Duration.Zero;
        return limit;
    }
}
