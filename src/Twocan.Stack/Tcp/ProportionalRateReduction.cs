namespace Twocan.Stack;

/// <summary>
/// How much may be sent while the window shrinks (RFC 9937): in proportion to what is delivered, so that by the end of the
/// recovery just ssthresh is in flight, without a pause of half a round trip and without a burst. It falls below when more
/// is lost than that, and then climbs back as slow start does, but only on acknowledgements that bring good news.
/// </summary>
public struct ProportionalRateReduction
{
    private int _flightSize;
    private int _threshold;
    private long _delivered;
    private long _sent;

    /// <summary>cwnd for now.</summary>
    public int Window { get; private set; }

    public void Begin(int flightSize, int threshold)
    {
        (_flightSize, _threshold) = (Math.Max(flightSize, 1), threshold);
        (_delivered, _sent) = (0, 0);
        Window = flightSize;
    }

    /// <param name="isSafe">SND.UNA has moved and nothing new is lost.</param>
    public void OnDelivered(int octets, int pipe, bool isSafe, int segmentSize)
    {
        _delivered += octets;
        long room;
        if (pipe > _threshold)
        {
            room = (_delivered * _threshold + _flightSize - 1) / _flightSize - _sent;
        }
        else
        {
            // Conservative bound: one for one. Slow start's bound, on good news: one more than that.
            var limit = Math.Max(_delivered - _sent, octets) + (isSafe ? segmentSize : 0);
            room = Math.Min(_threshold - pipe, limit);
        }
        // The first segment goes at once, whatever the proportion says.
        room = Math.Max(room, _sent == 0 ? segmentSize : 0);
        Window = (int)Math.Clamp(pipe + room, 0, CongestionWindow.Max);
    }

    public void OnSent(int octets) => _sent += octets;
}
