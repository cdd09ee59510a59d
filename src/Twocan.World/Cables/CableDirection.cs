using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// One way of a cable: a queue, a transmitter, and the bits that are under way.
/// <para>
/// Theory of operation. A frame that finds the transmitter idle leaves at once; else it waits in the queue, or is dropped
/// when that is full. It arrives as long as its bits take, preamble included, and the delay later; the transmitter is
/// busy for the gap after it too. What is under way stands in order of arrival (only a fault lets a frame overtake), with
/// one timer for the first of it; a second timer runs only while something waits. So a frame costs one event of the loop,
/// two when it had to wait.
/// </para>
/// <para>
/// Faults come in two kinds: some change what the direction is like for everybody (<see cref="Condition"/>), others strike
/// single frames by luck (<see cref="Impairment"/>). A frame's fate is settled as it leaves.
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
    private readonly FramesUnderWay _underWay = new();
    private readonly List<Fault> _faults = [];
    private readonly List<(Fault? Of, Impairment What)> _impairments = [];
    private Condition _condition;
    private long _waitingBytes;
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
        _condition = Condition.Of(cable.Settings, _faults);
        if (cable.Settings.Jitter > Duration.Zero)
            _impairments.Add(
                (null, new(new(FaultKind.Jitter) { Time = cable.Settings.Jitter }, _random.Fork("own jitter")))
            );
    }

    public Cable Cable => _cable;

    public Node From { get; }

    public Node To { get; }

    /// <summary>Frames whose first bit has left.</summary>
    public long FramesSent { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>Frames that were delivered, damaged ones and second copies too.</summary>
    public long FramesArrived { get; private set; }

    /// <summary>Frames that the cable lost by its own loss or by a fault, after they had left.</summary>
    public long FramesLost { get; private set; }

    /// <summary>Frames that found the queue full, or were too long for the cable, or were still in a machine that crashed.</summary>
    public long FramesDropped { get; private set; }

    /// <summary>Frames in which a fault has flipped a bit.</summary>
    public long FramesDamaged { get; private set; }

    /// <summary>Frames that a fault let arrive twice.</summary>
    public long FramesDoubled { get; private set; }

    /// <summary>Frames that a fault held back, for others to overtake.</summary>
    public long FramesHeldBack { get; private set; }

    /// <summary>Frames that wait for the transmitter now.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The most that ever waited.</summary>
    public int MostWaiting { get; private set; }

    /// <summary>Frames that have left and not yet arrived.</summary>
    public int UnderWay => _underWay.Count;

    /// <summary>Nothing gets through this way.</summary>
    public bool IsCut => _condition.IsCut;

    /// <summary>The faults that it suffers now, oldest first.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    /// <summary>Who gets the frames at the far end; null while that machine is dead.</summary>
    internal IFrameReceiver? Receiver { get; set; }

    internal void Transmit(PacketBuffer frame)
    {
        if (frame.Length > _cable.Settings.Mtu + FrameOverhead)
            Drop(frame, LossReason.TooLong);
        else if (_waiting.Count == 0 && _lineFree <= _loop.Now)
            Begin(frame);
        else if (_waiting.Count >= _cable.Settings.Queue || _waitingBytes + frame.Length > _cable.Settings.QueueBytes)
            Drop(frame, LossReason.QueueFull);
        else
            Wait(frame);
    }

    internal void Suffer(Fault fault)
    {
        _faults.Add(fault);
        var what = fault.What;
        _condition = Condition.Of(_cable.Settings, _faults);
        if (Impairment.IsOne(what.Kind))
        {
            var number = _impairments.Count(one => one.Of is not null && one.What.What.Kind == what.Kind);
            _impairments.Add((fault, new(what, _random.Fork($"{what.Kind} {number}"))));
        }
        if (what.Kind == FaultKind.Cut)
            LoseAllUnderWay();
    }

    internal void Recover(Fault fault)
    {
        _faults.Remove(fault);
        _impairments.RemoveAll(one => one.Of == fault);
        _condition = Condition.Of(_cable.Settings, _faults);
    }

    /// <summary>The machine at the near end is dead, and its queue with it. What is on the cable goes on.</summary>
    internal void LoseAllWaiting()
    {
        while (_waiting.TryDequeue(out var frame))
            Drop(frame, LossReason.HostDown);
        _waitingBytes = 0;
        _transmitTimer.Cancel();
    }

    /// <summary>The cable is cut: what is on its way never arrives.</summary>
    private void LoseAllUnderWay()
    {
        while (_underWay.TryTake(out var flying))
            Lose(flying.Frame, flying.IsLost ? LossReason.Loss : LossReason.Cut);
        _arrivalTimer.Cancel();
    }

    private void Wait(PacketBuffer frame)
    {
        _waiting.Enqueue(frame);
        _waitingBytes += frame.Length;
        MostWaiting = Math.Max(MostWaiting, _waiting.Count);
        if (_waiting.Count == 1)
            _transmitTimer.Set(_lineFree);
    }

    private void OnTransmitDone()
    {
        var frame = _waiting.Dequeue();
        _waitingBytes -= frame.Length;
        Begin(frame);
        if (_waiting.Count > 0)
            _transmitTimer.Set(_lineFree);
    }

    /// <summary>The frame's first bit leaves now.</summary>
    private void Begin(PacketBuffer frame)
    {
        FramesSent++;
        BytesSent += frame.Length;
        if (_sender is not null)
            frame.Cause = _sender.Tell(
                new FrameSent(_cable.Name, From.Name, To.Name, frame.Span.ToArray()),
                frame.Cause
            );
        var lineTime = _condition.Rate.TimeFor(Preamble + frame.Length + InterFrameGap);
        _lineFree = _loop.Now + lineTime;
        var fate = Draw(frame.Length);
        if (_condition.IsCut)
            Lose(frame, LossReason.Cut);
        else if (_impairments.Count == 0)
            Fly(frame, fate);
        else
            FlyStruck(frame, fate, lineTime);
    }

    private Fate Draw(int length)
    {
        // Drawn for every frame: the n-th frame of a cable meets the same fate whether a fault began before or after it.
        var fate = new Fate { IsLost = _random.Chance(_condition.Loss) };
        foreach (var (_, impairment) in _impairments)
            impairment.Strike(ref fate, length);
        return fate;
    }

    private void FlyStruck(PacketBuffer frame, in Fate fate, Duration lineTime)
    {
        var second = fate is { IsDoubled: true, IsLost: false } ? frame.Copy() : null;
        if (fate is { FlippedBit: >= 0, IsLost: false })
            Damage(frame, fate.FlippedBit);
        Fly(frame, fate);
        if (second is null)
            return;
        FramesDoubled++;
        _sender?.Tell(new FrameDoubled(_cable.Name, From.Name, To.Name), second.Cause);
        // The copy comes right behind, as if it had been sent again at once.
        Fly(second, fate with { Jitter = fate.Jitter + lineTime });
    }

    /// <summary>The frame is on its way; when it arrives is certain from now on.</summary>
    private void Fly(PacketBuffer frame, in Fate fate)
    {
        // A repeater hands each bit on as it comes; everyone else waits for the last.
        var handedOver =
            To is Hub ? _loop.Now + Hub.RepeaterDelay : _loop.Now + _condition.Rate.TimeFor(Preamble + frame.Length);
        var arrival = handedOver + _condition.Delay + fate.Jitter;
        if (fate.HeldBack > Duration.Zero)
        {
            FramesHeldBack++;
            _underWay.AddHeldBack(new(frame, arrival + fate.HeldBack, fate.IsLost));
            _sender?.Tell(new FrameHeldBack(_cable.Name, From.Name, To.Name, fate.HeldBack), frame.Cause);
        }
        else
        {
            _lastArrival = Instant.Max(_lastArrival, arrival);
            _underWay.Add(new(frame, _lastArrival, fate.IsLost));
        }
        var due = _underWay.Due;
        if (_arrivalTimer.Due != due)
            _arrivalTimer.Set(due);
    }

    private void Damage(PacketBuffer frame, int bit)
    {
        frame.Span[bit / 8] ^= (byte)(0x80 >> bit % 8);
        FramesDamaged++;
        _sender?.Tell(new FrameDamaged(_cable.Name, From.Name, To.Name, bit), frame.Cause);
    }

    private void OnArrival()
    {
        while (_underWay.TryTake(_loop.Now, out var flying))
        {
            if (flying.IsLost)
                Lose(flying.Frame, LossReason.Loss);
            else
                Deliver(flying.Frame);
        }
        _arrivalTimer.Set(_underWay.Due);
    }

    private void Deliver(PacketBuffer frame)
    {
        if (Receiver is not { } receiver)
        {
            Lose(frame, LossReason.HostDown);
            return;
        }
        FramesArrived++;
        if (_receiver is not null)
            frame.Cause = _receiver.Tell(new FrameArrived(_cable.Name, From.Name, To.Name, frame.Length), frame.Cause);
        receiver.Receive(frame);
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
}
