using System.Globalization;

namespace Twocan.Bench;

/// <summary>One path, and who is on it.</summary>
/// <param name="Control">The congestion control of all flows.</param>
/// <param name="Loss">In each direction, in percent.</param>
/// <param name="RoundTrip">In milliseconds, when nobody waits.</param>
/// <param name="Buffer">What the bottleneck's queue holds, in round trips at full rate.</param>
internal sealed record GridCell(string Control, double Loss, double RoundTrip, double Buffer, int Flows)
{
    public const double BitsPerSecond = 20e6;

    /// <summary>Of a full segment with time stamps, and of the frame that carries it with what goes before and after it.</summary>
    public const int SegmentOctets = 1448;

    public const int FrameOctets = 1538;

    /// <summary>A shorter queue could not hold the segments that belong to one acknowledgement.</summary>
    private const int LeastQueue = 10;

    /// <summary>In frames of full length.</summary>
    public double Pipe => BitsPerSecond / 8 * RoundTrip / 1e3 / FrameOctets;

    public int Queue => Math.Max((int)Math.Round(Pipe * Buffer), LeastQueue);

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Control}, loss {Loss} %, {RoundTrip} ms, queue {Buffer}, {Flows} {(Flows == 1 ? "flow" : "flows")}"
        );
}

/// <param name="Rate">Of all flows together, in bits of data a second.</param>
/// <param name="Jain">Jain's index of fairness: 1 when all flows get the same, 1/n when one gets everything.</param>
internal readonly record struct GridResult(GridCell Cell, double Rate, double Jain)
{
    public double Model => GridModel.Of(Cell);
}
