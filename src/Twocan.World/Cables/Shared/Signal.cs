using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>A frame's bytes for as long as somebody needs them: its sender, who may have to send them again, and every line that they are on.</summary>
internal sealed class HeldFrame(PacketBuffer buffer)
{
    private int _holders = 1;

    public PacketBuffer Buffer => buffer;

    public void Hold() => _holders++;

    public void Release()
    {
        if (--_holders == 0)
            buffer.Dispose();
    }
}

/// <summary>One attempt of a station to send a frame: what runs over the wire from there to everybody.</summary>
internal sealed class Signal(HeldFrame frame, EventId cause)
{
    public HeldFrame Frame => frame;

    /// <summary>The event that says that it began.</summary>
    public EventId Cause => cause;

    /// <summary>It ended with a jam (or because its machine died), and carries no whole frame.</summary>
    public bool IsAborted { get; set; }
}

/// <summary>
/// A signal as one line carries it. Every line has a wave of its own that knows the one before, so that what has befallen
/// the signal on its way holds for all who hear it farther on, and for nobody else.
/// </summary>
internal sealed class Wave(Signal signal, Wave? before)
{
    private bool _isSpoilt;

    public Signal Signal => signal;

    /// <summary>When its first bit entered the line.</summary>
    public required Instant Entered { get; init; }

    /// <summary>When that bit reaches the far end.</summary>
    public required Instant Reaches { get; init; }

    /// <summary>When its last bit reaches the far end; never while it has not left.</summary>
    public Instant Ends { get; set; } = Instant.Never;

    public bool HasReached { get; set; }

    /// <summary>Why the frame is on its way, as the line on which it stands would say.</summary>
    public EventId Cause { get; set; } = signal.Cause;

    /// <summary>What happens to the frame on this line and has happened before.</summary>
    public Fate Fate { get; set; } = new();

    /// <summary>The frame's bytes where a bit was flipped on this line or before; else they are the signal's.</summary>
    public byte[]? Damaged { get; set; }

    public ReadOnlySpan<byte> Bytes => Damaged ?? signal.Frame.Buffer.Span;

    /// <summary>No whole frame can be read from it any more: it is cut short, or met another in a repeater.</summary>
    public bool IsSpoilt => _isSpoilt || signal.IsAborted || before is { IsSpoilt: true };

    /// <summary>Its last bit has entered the line, and it was a whole frame.</summary>
    public bool WasSent { get; set; }

    /// <summary>It was a frame when it left, and the line or one before has lost it: there is a signal still, which says nothing.</summary>
    public bool IsLost { get; set; }

    /// <summary>It met another signal in the hub at the end of the line.</summary>
    public bool HasCollided { get; private set; }

    public void Spoil() => _isSpoilt = true;

    public void Collide() => _isSpoilt = HasCollided = true;
}
