using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// A direction of a full-duplex cable: a queue, a transmitter that has the line for itself, and the bits that are under way.
/// <para>
/// Theory of operation. A frame that finds the transmitter idle leaves at once; else it waits in the queue, or is dropped
/// when that is full. It arrives as long as its bits take, preamble included, and the delay later; the transmitter is
/// busy for the gap after it too. What is under way stands in order of arrival (only a fault lets a frame overtake), with
/// one timer for the first of it; a second timer runs only while something waits. So a frame costs one event of the loop,
/// two when it had to wait.
/// </para>
/// </summary>
internal sealed class PrivateLine : CableDirection
{
    private readonly LoopTimer _transmitTimer;
    private readonly QueueDiscipline _queue;
    private Instant _lineFree;

    public PrivateLine(World world, Cable cable, Node from, Node to)
        : base(world, cable, from, to)
    {
        _transmitTimer = Loop.CreateTimer(OnTransmitDone);
        _queue = cable.Settings.Queue.Make(cable.Settings.LongestFrame, Luck);
    }

    public override int Waiting => _queue.Count;

    public override int MostWaiting => _queue.Most;

    public override long Marks => _queue.Marks;

    internal override void Transmit(PacketBuffer frame)
    {
        if (frame.Length > Cable.Settings.LongestFrame && frame.SegmentSize == 0)
            Drop(frame, LossReason.TooLong);
        else if (_queue.Count == 0 && _lineFree <= Loop.Now)
            Begin(frame);
        else
            Wait(frame);
    }

    internal override void LoseAllWaiting()
    {
        while (_queue.TryTakeAny(out var frame))
            Drop(frame, LossReason.HostDown);
        _transmitTimer.Cancel();
    }

    private void Wait(PacketBuffer frame)
    {
        if (!_queue.TryEnqueue(frame, Loop.Now))
            Drop(frame, LossReason.QueueFull);
        DropUnwanted();
        if (!_transmitTimer.IsSet)
            _transmitTimer.Set(_lineFree);
    }

    private void OnTransmitDone()
    {
        if (_queue.TryDequeue(Loop.Now, out var frame))
            Begin(frame);
        DropUnwanted();
        if (_queue.Count > 0)
            _transmitTimer.Set(_lineFree);
    }

    private void DropUnwanted()
    {
        while (_queue.TryTakeDropped(out var frame, out var why))
            Drop(frame, why);
    }

    /// <summary>The frame's first bit leaves now.</summary>
    private void Begin(PacketBuffer frame)
    {
        FramesSent++;
        BytesSent += frame.Length;
        if (Sender is not null)
            frame.Cause = Sender.Tell(
                new FrameSent(Cable.Name, From.Name, To.Name, PacketChecks.WholeCopy(frame)),
                frame.Cause
            );
        var lineTime = Condition.Rate.TimeFor(Preamble + frame.Length + InterFrameGap);
        _lineFree = Loop.Now + lineTime;
        var fate = Draw(frame.Length);
        if (Condition.IsCut)
        {
            Lose(frame, LossReason.Cut);
            return;
        }
        // A repeater hands each bit on as it comes; everyone else waits for the last.
        var handedOver =
            To is Hub ? Loop.Now + Hub.RepeaterDelay : Loop.Now + Condition.Rate.TimeFor(Preamble + frame.Length);
        var arrival = handedOver + Condition.Delay;
        if (IsImpaired)
            FlyStruck(frame, fate, arrival, lineTime);
        else
            Fly(frame, fate, arrival);
    }
}
