using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// One way of a cable: a queue, a transmitter, and the bits that are under way.
/// <para>
/// Theory of operation. A frame that finds the transmitter idle leaves at once; else it waits in the queue, or is dropped
/// when that is full. It arrives as long as its bits take, preamble included, and the delay later; the transmitter is
/// busy for the gap after it too. What is under way stands in a ring in order of arrival (a cable never reorders), with one timer for the first
/// of it; a second timer runs only while something waits. So a frame costs one event of the loop, two when it had to wait.
/// </para>
/// </summary>
public sealed class CableDirection
{
    /// <summary>Preamble and start delimiter: they travel before the frame, so its last bit is so much later there.</summary>
    public const int Preamble = 8;

    /// <summary>What a transmitter is silent after a frame (IEEE 802.3 §4.4.2: 96 bits). Nobody waits for it but the next frame.</summary>
    public const int InterFrameGap = 12;

    /// <summary>Ethernet's header and frame check sequence: what a frame is longer than its packet.</summary>
    private const int FrameOverhead = 18;

    private readonly EventLoop _loop;
    private readonly Cable _cable;
    private readonly RandomSource _random;
    private readonly HostJournal? _sender;
    private readonly HostJournal? _receiver;
    private readonly LoopTimer _transmitTimer;
    private readonly LoopTimer _arrivalTimer;
    private readonly Queue<PacketBuffer> _waiting = new();
    private readonly Queue<Flying> _flying = new();
    private Instant _lineFree;
    private Instant _lastArrival;

    internal CableDirection(World world, Cable cable, Node from, Node to)
    {
        _loop = world.Loop;
        _cable = cable;
        From = from;
        To = to;
        // By name and direction: what another cable draws changes nothing here.
        _random = world.Random.Fork($"cable {cable.Name} from {from.Name}");
        _sender = world.Journal?.For(from.Name);
        _receiver = world.Journal?.For(to.Name);
        _transmitTimer = _loop.CreateTimer(OnTransmitDone);
        _arrivalTimer = _loop.CreateTimer(OnArrival);
    }

    public Node From { get; }

    public Node To { get; }

    /// <summary>Frames whose first bit has left.</summary>
    public long FramesSent { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>Frames that were delivered.</summary>
    public long FramesArrived { get; private set; }

    /// <summary>Frames that the cable lost by its own loss or by a fault, after they had left.</summary>
    public long FramesLost { get; private set; }

    /// <summary>Frames that found the queue full, or were too long for the cable.</summary>
    public long FramesDropped { get; private set; }

    /// <summary>Frames that wait for the transmitter now.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The most that ever waited.</summary>
    public int MostWaiting { get; private set; }

    /// <summary>Frames that have left and not yet arrived.</summary>
    public int UnderWay => _flying.Count;

    /// <summary>Who gets the frames at the far end.</summary>
    internal IFrameReceiver Receiver { get; set; } = null!;

    internal void Transmit(PacketBuffer frame)
    {
        if (frame.Length > _cable.Now.Mtu + FrameOverhead)
            Drop(frame, LossReason.TooLong);
        else if (_waiting.Count == 0 && _lineFree <= _loop.Now)
            Begin(frame);
        else if (_waiting.Count >= _cable.Now.Queue)
            Drop(frame, LossReason.QueueFull);
        else
            Wait(frame);
    }

    /// <summary>The cable is cut: what is on its way never arrives.</summary>
    internal void LoseAllUnderWay()
    {
        while (_flying.TryDequeue(out var flying))
            Lose(flying.Frame, flying.IsLost ? LossReason.Loss : LossReason.Cut);
        _arrivalTimer.Cancel();
    }

    private void Wait(PacketBuffer frame)
    {
        _waiting.Enqueue(frame);
        MostWaiting = Math.Max(MostWaiting, _waiting.Count);
        if (_waiting.Count == 1)
            _transmitTimer.Set(_lineFree);
    }

    private void OnTransmitDone()
    {
        Begin(_waiting.Dequeue());
        if (_waiting.Count > 0)
            _transmitTimer.Set(_lineFree);
    }

    /// <summary>The frame's first bit leaves now.</summary>
    private void Begin(PacketBuffer frame)
    {
        var state = _cable.Now;
        FramesSent++;
        BytesSent += frame.Length;
        if (_sender is not null)
            frame.Cause = _sender.Tell(
                new FrameSent(_cable.Name, From.Name, To.Name, frame.Span.ToArray()),
                frame.Cause
            );
        var lastBit = _loop.Now + state.Rate.TimeFor(Preamble + frame.Length);
        _lineFree = _loop.Now + state.Rate.TimeFor(Preamble + frame.Length + InterFrameGap);
        // Drawn for every frame: the n-th frame of a cable meets the same fate whether a fault began before or after it.
        var isLost = _random.Chance(state.Loss);
        if (_cable.IsCut)
        {
            Lose(frame, LossReason.Cut);
            return;
        }
        // A repeater hands each bit on as it comes; everyone else waits for the last.
        var handedOver = To is Hub ? _loop.Now + Hub.RepeaterDelay : lastBit;
        _lastArrival = Instant.Max(_lastArrival, handedOver + state.Delay);
        _flying.Enqueue(new(frame, _lastArrival, isLost));
        if (_flying.Count == 1)
            _arrivalTimer.Set(_lastArrival);
    }

    private void OnArrival()
    {
        while (_flying.TryPeek(out var flying) && flying.Arrival <= _loop.Now)
        {
            _flying.Dequeue();
            if (flying.IsLost)
                Lose(flying.Frame, LossReason.Loss);
            else
                Deliver(flying.Frame);
        }
        if (_flying.TryPeek(out var next))
            _arrivalTimer.Set(next.Arrival);
    }

    private void Deliver(PacketBuffer frame)
    {
        FramesArrived++;
        if (_receiver is not null)
            frame.Cause = _receiver.Tell(new FrameArrived(_cable.Name, From.Name, To.Name, frame.Length), frame.Cause);
        Receiver.Receive(frame);
    }

    private void Lose(PacketBuffer frame, LossReason why)
    {
        FramesLost++;
        TellLost(frame, why);
    }

    private void Drop(PacketBuffer frame, LossReason why)
    {
        FramesDropped++;
        TellLost(frame, why);
    }

    private void TellLost(PacketBuffer frame, LossReason why)
    {
        _sender?.Tell(new FrameLost(_cable.Name, From.Name, To.Name, why), frame.Cause);
        frame.Dispose();
    }

    private readonly record struct Flying(PacketBuffer Frame, Instant Arrival, bool IsLost);
}
