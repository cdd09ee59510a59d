using Twocan.Stack;

namespace Twocan.Bench;

/// <summary>
/// What the algorithms' own models allow on a path: for Reno the response function of Padhye and others (1998), which is that of
/// Mathis and others (1997) with timeouts; for CUBIC RFC 9438 §5.1; for both, where nothing is lost but by the queue, the
/// mean of the saw-tooth; for BBR what the link has left.
/// </summary>
internal static class GridModel
{
    /// <summary>Every second segment is acknowledged.</summary>
    private const double PerAcknowledgement = 2;

    /// <summary>RTO at its least, above the round trip.</summary>
    private const double RtoMargin = 0.2;

    /// <summary>Bits of data a second, of all flows together.</summary>
    public static double Of(GridCell cell)
    {
        var loss = cell.Loss / 100;
        // What is lost takes its place on the link all the same.
        var link = GridCell.BitsPerSecond * GridCell.SegmentOctets / GridCell.FrameOctets * (1 - loss);
        if (cell.Control == Bbr.NameOf)
            return link;
        if (loss == 0)
            return link * SawTooth(cell);
        var rtt = (cell.RoundTrip / 1e3) + (GridCell.FrameOctets * 8 / GridCell.BitsPerSecond);
        var segments = Padhye(rtt, loss);
        if (cell.Control == Cubic.NameOf)
            segments = Math.Max(segments, Math.Min(CubicResponse(rtt, loss), Padhye(rtt, loss, beyondTimeouts: true)));
        return Math.Min(segments * GridCell.SegmentOctets * 8 * cell.Flows, link);
    }

    /// <summary>Mathis and others (1997), with every second segment acknowledged.</summary>
    public static double Mathis(double rtt, double loss) => Math.Sqrt(1.5 / PerAcknowledgement / loss) / rtt;

    /// <summary>Segments a second: equation 30 of Padhye, Firoiu, Towsley, Kurose (1998).</summary>
    private static double Padhye(double rtt, double loss, bool beyondTimeouts = false)
    {
        var timeout = Math.Min(1, 3 * Math.Sqrt(3 * PerAcknowledgement * loss / 8)) * loss * (1 + (32 * loss * loss));
        return 1 / ((beyondTimeouts ? 0 : 1 / Mathis(rtt, loss)) + ((rtt + RtoMargin) * timeout));
    }

    /// <summary>RFC 9438 §5.1, equation 5: segments a second where the cubic function is above Reno's line.</summary>
    private static double CubicResponse(double rtt, double loss) =>
        1.054 * Math.Pow(rtt, 0.75) / Math.Pow(loss, 0.75) / rtt;

    /// <summary>
    /// The share of the link that one flow uses whose window falls to β of pipe and queue each time the queue is full, and then
    /// grows by as much each round trip (CUBIC's growth is concave there: it uses more).
    /// </summary>
    private static double SawTooth(GridCell cell)
    {
        var most = (cell.Pipe + cell.Queue) / cell.Pipe;
        var least = most * (cell.Control == Cubic.NameOf ? 0.7 : 0.5);
        if (least >= 1)
            return 1;
        var (sent, time) = ((1 - (least * least)) / 2, 1 - least);
        var beyond = ((most * most) - 1) / 2;
        return (sent + beyond) / (time + beyond);
    }
}
