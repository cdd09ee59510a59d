using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>First in, first out; what finds the queue full is dropped.</summary>
public sealed class TailDrop(int frames, long? bytes) : QueueDiscipline
{
    private readonly Queue<PacketBuffer> _frames = new();

    public override bool TryEnqueue(PacketBuffer frame, Instant now)
    {
        if (Count >= frames || Bytes + frame.Length > bytes)
            return false;
        _frames.Enqueue(frame);
        CountIn(frame);
        return true;
    }

    public override bool TryDequeue(Instant now, [NotNullWhen(true)] out PacketBuffer? frame) => TryTakeAny(out frame);

    public override bool TryTakeAny([NotNullWhen(true)] out PacketBuffer? frame)
    {
        if (!_frames.TryDequeue(out frame))
            return false;
        CountOut(frame);
        return true;
    }
}
