using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// One way of a cable: what is counted of it, the faults that it suffers, and the far end to which it delivers. How frames
/// get onto it is another matter: with full duplex a transmitter has the direction for itself (<see cref="PrivateLine"/>),
/// with half duplex all who are on the wire take turns (<see cref="SharedLine"/>).
/// <para>
/// Faults come in two kinds: some change what the direction is like for everybody (<see cref="Worlds.Condition"/>), others
/// strike single frames by luck (<see cref="Impairment"/>). A frame's fate is settled as it leaves.
/// </para>
/// </summary>
public abstract class CableDirection
{
    /// <summary>Preamble and start delimiter: they travel before the frame, so its last bit is so much later there.</summary>
    public const int Preamble = 8;

    /// <summary>What a transmitter is silent after a frame (IEEE 802.3 §4.4.2: 96 bits). Nobody waits for it but the next frame.</summary>
    public const int InterFrameGap = 12;

    private readonly HostJournal? _receiver;
    private readonly LoopTimer _arrivalTimer;
    private readonly FramesUnderWay _underWay = new();
    private readonly List<Fault> _faults = [];
    private readonly List<(Fault? Of, Impairment What)> _impairments = [];
    private Condition _condition;
    private Instant _lastArrival;

    private protected CableDirection(World world, Cable cable, Node from, Node to)
    {
        Loop = world.Loop;
        Cable = cable;
        From = from;
        To = to;
        // By name and direction: what another cable draws changes nothing here.
        Luck = world.Random.Fork($"cable {cable.Name} from {from.Name}");
        Sender = world.Journal?.For(from.Name);
        _receiver = world.Journal?.For(to.Name);
        _arrivalTimer = Loop.CreateTimer(OnArrival);
        _condition = Condition.Of(cable.Settings, _faults);
        if (cable.Settings.Jitter > Duration.Zero)
            _impairments.Add(
                (null, new(new(FaultKind.Jitter) { Time = cable.Settings.Jitter }, Luck.Fork("own jitter")))
            );
    }

    public Cable Cable { get; }

    public Node From { get; }

    public Node To { get; }

    /// <summary>Frames that left: whole ones, where several speak on one wire and some only try.</summary>
    public long FramesSent { get; private protected set; }

    public long BytesSent { get; private protected set; }

    /// <summary>Frames that were delivered, damaged ones and second copies too.</summary>
    public long FramesArrived { get; private protected set; }

    /// <summary>Frames that the cable lost by its own loss or by a fault, after they had left.</summary>
    public long FramesLost { get; private set; }

    /// <summary>Frames that the queue threw away, or that were too long for the cable, or still in a machine that crashed.</summary>
    public long FramesDropped { get; private set; }

    /// <summary>Frames in which a fault has flipped a bit.</summary>
    public long FramesDamaged { get; private protected set; }

    /// <summary>Frames that a fault let arrive twice.</summary>
    public long FramesDoubled { get; private set; }

    /// <summary>Frames that a fault held back, for others to overtake.</summary>
    public long FramesHeldBack { get; private set; }

    /// <summary>Frames that wait for the transmitter now.</summary>
    public abstract int Waiting { get; }

    /// <summary>The most that ever waited.</summary>
    public abstract int MostWaiting { get; }

    /// <summary>Frames that the queue has let through with the mark 'congestion experienced' (RFC 3168) instead of dropping them.</summary>
    public abstract long Marks { get; }

    /// <summary>Frames that have left and not yet arrived.</summary>
    public virtual int UnderWay => _underWay.Count;

    /// <summary>Nothing gets through this way.</summary>
    public bool IsCut => _condition.IsCut;

    /// <summary>The faults that it suffers now, oldest first.</summary>
    public IReadOnlyList<Fault> Faults => _faults;

    /// <summary>Who gets the frames at the far end; null while that machine is dead.</summary>
    internal IFrameReceiver? Receiver { get; set; }

    internal ref readonly Condition Condition => ref _condition;

    private protected EventLoop Loop { get; }

    /// <summary>As the near end writes it.</summary>
    private protected HostJournal? Sender { get; }

    private protected RandomSource Luck { get; }

    private protected bool IsImpaired => _impairments.Count > 0;

    /// <summary>Takes a frame from the machine at the near end, and owns it from now on.</summary>
    internal abstract void Transmit(PacketBuffer frame);

    /// <summary>The machine at the near end is dead, and its queue with it. What is on the cable goes on.</summary>
    internal abstract void LoseAllWaiting();

    internal void Suffer(Fault fault)
    {
        _faults.Add(fault);
        var what = fault.What;
        if (Impairment.IsOne(what.Kind))
        {
            var number = _impairments.Count(one => one.Of is not null && one.What.What.Kind == what.Kind);
            _impairments.Add((fault, new(what, Luck.Fork($"{what.Kind} {number}"))));
        }
        ConditionChanged();
        if (what.Kind == FaultKind.Cut)
            LoseAllUnderWay();
    }

    internal void Recover(Fault fault)
    {
        _faults.Remove(fault);
        _impairments.RemoveAll(one => one.Of == fault);
        ConditionChanged();
    }

    private protected virtual void ConditionChanged() => _condition = Condition.Of(Cable.Settings, _faults);

    /// <summary>The cable is cut: what is on its way never arrives.</summary>
    private protected virtual void LoseAllUnderWay()
    {
        while (_underWay.TryTake(out var flying))
            Lose(flying.Frame, flying.IsLost ? LossReason.Loss : LossReason.Cut);
        _arrivalTimer.Cancel();
    }

    /// <summary>Drawn for every frame: the n-th frame of a cable meets the same fate whether a fault began before or after it.</summary>
    private protected Fate Draw(int length)
    {
        var fate = new Fate { IsLost = Luck.Chance(_condition.Loss) };
        foreach (var (_, impairment) in _impairments)
            impairment.Strike(ref fate, length);
        return fate;
    }

    /// <summary>The frame is on its way and will be there at <paramref name="arrival"/>, if nothing befalls it.</summary>
    private protected void Fly(PacketBuffer frame, in Fate fate, Instant arrival)
    {
        arrival += fate.Jitter;
        if (fate.HeldBack > Duration.Zero)
        {
            FramesHeldBack++;
            _underWay.AddHeldBack(new(frame, arrival + fate.HeldBack, fate.IsLost));
            Sender?.Tell(new FrameHeldBack(Cable.Name, From.Name, To.Name, fate.HeldBack), frame.Cause);
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

    /// <summary>The same under faults that strike single frames. A second copy comes so much later, as if it had been sent again at once.</summary>
    private protected void FlyStruck(PacketBuffer frame, in Fate fate, Instant arrival, Duration copyLater)
    {
        var second = fate is { IsDoubled: true, IsLost: false } ? frame.Copy() : null;
        if (fate is { FlippedBit: >= 0, IsLost: false })
        {
            // What was never checked could not be found to be damaged.
            PacketChecks.FinishFrame(frame);
            Damage(frame.Span, fate.FlippedBit, frame.Cause);
        }
        Fly(frame, fate, arrival);
        if (second is null)
            return;
        FramesDoubled++;
        Sender?.Tell(new FrameDoubled(Cable.Name, From.Name, To.Name), second.Cause);
        Fly(second, fate with { Jitter = fate.Jitter + copyLater }, arrival);
    }

    private protected void Damage(Span<byte> frame, int bit, EventId because)
    {
        frame[bit / 8] ^= (byte)(0x80 >> bit % 8);
        FramesDamaged++;
        Sender?.Tell(new FrameDamaged(Cable.Name, From.Name, To.Name, bit), because);
    }

    private void OnArrival()
    {
        while (_underWay.TryTake(Loop.Now, out var flying))
        {
            if (flying.IsLost)
                Lose(flying.Frame, LossReason.Loss);
            else
                Deliver(flying.Frame);
        }
        _arrivalTimer.Set(_underWay.Due);
    }

    private protected void Deliver(PacketBuffer frame)
    {
        if (Receiver is not { } receiver)
        {
            Lose(frame, LossReason.HostDown);
            return;
        }
        frame.Cause = CountArrival(frame.Length, frame.Cause);
        receiver.Receive(frame);
    }

    private protected EventId CountArrival(int length, EventId because)
    {
        FramesArrived++;
        return _receiver?.Tell(new FrameArrived(Cable.Name, From.Name, To.Name, length), because) ?? because;
    }

    private protected void Lose(PacketBuffer frame, LossReason why)
    {
        CountLost(why, frame.Cause);
        frame.Dispose();
    }

    /// <summary>It left and does not arrive.</summary>
    private protected void CountLost(LossReason why, EventId because)
    {
        FramesLost++;
        Sender?.Tell(new FrameLost(Cable.Name, From.Name, To.Name, why), because);
    }

    /// <summary>It does not even leave.</summary>
    internal void Drop(PacketBuffer frame, LossReason why)
    {
        CountDropped(why, frame.Cause);
        frame.Dispose();
    }

    internal void CountDropped(LossReason why, EventId because)
    {
        FramesDropped++;
        Sender?.Tell(new FrameLost(Cable.Name, From.Name, To.Name, why), because);
    }
}
