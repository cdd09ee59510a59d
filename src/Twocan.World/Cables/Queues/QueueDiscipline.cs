using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// Decides which of the frames that wait for a transmitter goes next, and which goes never. It is told what comes, asked
/// for what leaves, and then asked for what it wants to be rid of; time comes in with each question.
/// </summary>
public abstract class QueueDiscipline
{
    /// <summary>Frames that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The most that ever waited.</summary>
    public int Most { get; private set; }

    /// <summary>Frames that were told to slow down instead of being dropped: 'congestion experienced' (RFC 3168).</summary>
    public long Marks { get; private protected set; }

    /// <summary>False when there is no room: the frame stays the caller's.</summary>
    public abstract bool TryEnqueue(PacketBuffer frame, Instant now);

    /// <summary>The frame that leaves now. It may be that none does although some waited: all were thrown away.</summary>
    public abstract bool TryDequeue(Instant now, [NotNullWhen(true)] out PacketBuffer? frame);

    /// <summary>What it has thrown away, until it says no.</summary>
    public virtual bool TryTakeDropped([NotNullWhen(true)] out PacketBuffer? frame, out LossReason why)
    {
        (frame, why) = (null, default);
        return false;
    }

    /// <summary>Whatever waits, in no order of merit: the machine has lost its power.</summary>
    public abstract bool TryTakeAny([NotNullWhen(true)] out PacketBuffer? frame);

    private protected void CountIn(PacketBuffer frame)
    {
        Bytes += frame.Length;
        Most = Math.Max(Most, ++Count);
    }

    private protected void CountOut(PacketBuffer frame)
    {
        Bytes -= frame.Length;
        Count--;
    }
}
