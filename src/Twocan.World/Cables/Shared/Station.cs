using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// A half-duplex port, an adapter's or a switch's: a queue, the machine that waits for its turn (<see cref="CsmaCd"/>), and
/// an ear. What it heard alone and whole is a frame; what it heard of frames that met is a fragment, which it hands on too,
/// and whose check sequence never fits.
/// </summary>
public sealed class Station : IListener
{
    private readonly EventLoop _loop;
    private readonly SharedLine _out;
    private readonly SharedLine _in;
    private readonly HostJournal? _journal;
    private readonly CsmaCd _machine;
    private readonly QueueDiscipline _queue;
    private readonly LoopTimer _timer;
    private readonly List<Wave> _heard = [];
    private HeldFrame? _frame;
    private Signal? _signal;
    private EventId _cause;
    private bool _toldDeferred;
    private Burst _burst;

    internal Station(World world, SharedLine outward, SharedLine inward)
    {
        (_loop, _out, _in) = (world.Loop, outward, inward);
        _journal = world.Journal?.For(outward.From.Name);
        var random = world.Random.Fork($"station {outward.From.Name} on {outward.Cable.Name}");
        _machine = new(random) { Timing = outward.Domain.Timing };
        _queue = outward.Cable.Settings.Queue.Make(outward.Cable.Settings.LongestFrame, random);
        _timer = _loop.CreateTimer(OnTimer);
        (outward.Speaker, inward.Listener) = (this, this);
    }

    /// <summary>Frames whose first attempt had to wait because somebody was speaking.</summary>
    public long Deferred { get; private set; }

    /// <summary>Frames that were sent after exactly one collision.</summary>
    public long SingleCollisions { get; private set; }

    /// <summary>Frames that were sent after more than one collision.</summary>
    public long MultipleCollisions { get; private set; }

    /// <summary>Collisions that came later than a slot: the wire is too long.</summary>
    public long LateCollisions { get; private set; }

    /// <summary>Frames that were given up after 16 attempts.</summary>
    public long ExcessiveCollisions { get; private set; }

    /// <summary>Collisions of what was sent here with something else.</summary>
    public long Collisions { get; private set; }

    /// <summary>Collisions of others that were heard here, their jams.</summary>
    public long JamsHeard { get; private set; }

    internal int Waiting => _queue.Count;

    internal int MostWaiting => _queue.Most;

    internal long Marks => _queue.Marks;

    private bool IsOn => _in.Receiver is not null;

    internal void Transmit(PacketBuffer frame)
    {
        if (!IsOn)
            _out.Drop(frame, LossReason.HostDown);
        else if (_machine.IsIdle && _queue.Count == 0)
            Offer(frame);
        else if (!_queue.TryEnqueue(frame, _loop.Now))
            _out.Drop(frame, LossReason.QueueFull);
        DropUnwanted();
        Pump();
    }

    void IListener.OnBegin(Wave wave, SharedLine line)
    {
        if (_heard.Count == 0)
        {
            _burst = new() { First = wave, Began = _loop.Now };
            wave.Signal.Frame.Hold();
        }
        else if (_burst.Met == Instant.Never)
            _burst.Met = _loop.Now;
        _heard.Add(wave);
        UseTimes();
        _burst.IsMine |= _machine.IsSending;
        if (_machine.OnCarrier(_loop.Now))
            TellCollision();
        if (_heard.Count == 1)
            TellDeferred();
        Pump();
    }

    void IListener.OnEnd(Wave wave, SharedLine line)
    {
        _heard.Remove(wave);
        if (wave.IsSpoilt && _burst.Met == Instant.Never)
            _burst.Met = _loop.Now;
        var isWhole = !wave.IsSpoilt && !wave.IsLost;
        if (isWhole && (_burst.Met != Instant.Never || _burst.IsMine))
            _in.Lose(wave, LossReason.Collision);
        if (_heard.Count > 0)
            return;
        UseTimes();
        _machine.OnSilence(_loop.Now);
        var burst = _burst;
        _burst = default;
        Take(burst, wave);
        burst.First!.Signal.Frame.Release();
        Pump();
    }

    /// <summary>The machine lost its power: whatever it said breaks off, and whatever waited is gone.</summary>
    internal void PowerOff()
    {
        if (_frame is not null)
        {
            if (_machine.IsSending)
                Silence();
            GiveUp(LossReason.HostDown);
        }
        _machine.Abort(_loop.Now);
        while (_queue.TryTakeAny(out var frame))
            _out.Drop(frame, LossReason.HostDown);
        _timer.Cancel();
    }

    private void OnTimer() => Pump();

    /// <summary>A fault may have made the wire slower or faster. What has begun ends as it began.</summary>
    private void UseTimes()
    {
        if (!_machine.IsSending)
            _machine.Timing = _out.Domain.Timing;
    }

    private void Pump()
    {
        if (!IsOn)
            return;
        while (true)
        {
            if (_machine.IsIdle && !TryOffer())
                break;
            UseTimes();
            var step = _machine.Next(_loop.Now);
            if (step == CsmaCdStep.Wait)
                break;
            Do(step);
        }
        _timer.Set(_machine.Due);
    }

    private bool TryOffer()
    {
        var found = _queue.TryDequeue(_loop.Now, out var frame);
        DropUnwanted();
        if (!found)
            return false;
        Offer(frame!);
        return true;
    }

    private void Offer(PacketBuffer frame)
    {
        (_frame, _cause, _toldDeferred) = (new(frame), frame.Cause, false);
        UseTimes();
        _machine.Offer(frame.Length, _loop.Now);
        TellDeferred();
    }

    private void Do(CsmaCdStep step)
    {
        switch (step)
        {
            case CsmaCdStep.Begin:
                Begin();
                break;
            case CsmaCdStep.Succeed:
                Succeed();
                break;
            case CsmaCdStep.BackOff:
                Silence();
                Tell(new BackedOff(_out.Cable.Name, _machine.Attempts, _machine.Slots, _machine.BackOff));
                break;
            default:
                Silence();
                if (_machine.Attempts == CsmaCd.MaxAttempts)
                    ExcessiveCollisions++;
                GiveUp(
                    _machine.Attempts == CsmaCd.MaxAttempts ? LossReason.ExcessiveCollisions : LossReason.LateCollision
                );
                break;
        }
    }

    private void Begin()
    {
        var frame = _frame!.Buffer;
        Tell(new FrameBegun(_out.Cable.Name, frame.Length, _machine.Attempts));
        _signal = new(_frame, _cause);
        _out.Begin(_signal, null, Duration.Zero);
        _burst.IsMine |= _heard.Count > 0;
        // It was deaf in the last third of the gap, and began although somebody spoke.
        if (_machine.IsJamming)
            TellCollision();
    }

    private void Succeed()
    {
        if (_machine.Attempts == 2)
            SingleCollisions++;
        else if (_machine.Attempts > 2)
            MultipleCollisions++;
        _out.End(_signal!, null, _cause);
        Forget();
    }

    /// <summary>The last bit of the jam has left.</summary>
    private void Silence()
    {
        _signal!.IsAborted = true;
        _out.End(_signal, null, _cause);
        _signal = null;
    }

    private void GiveUp(LossReason why)
    {
        _out.CountDropped(why, _cause);
        Forget();
    }

    private void Forget()
    {
        _frame!.Release();
        (_frame, _signal) = (null, null);
    }

    private void DropUnwanted()
    {
        while (_queue.TryTakeDropped(out var frame, out var why))
            _out.Drop(frame, why);
    }

    private void Take(in Burst burst, Wave last)
    {
        // Its own collision was counted when it was heard.
        if (burst.IsMine)
            return;
        if (burst.Met == Instant.Never)
        {
            if (!last.IsLost)
                _in.Deliver(last);
            return;
        }
        JamsHeard++;
        if (IsOn)
            TakeFragment(burst);
    }

    /// <summary>What an adapter makes of a collision: the first bits of the one that it heard first, then noise.</summary>
    private void TakeFragment(in Burst burst)
    {
        var timing = _out.Domain.Timing;
        var length = Math.Min(timing.BytesIn(_loop.Now - burst.Began), _in.Cable.Settings.LongestFrame);
        if (length <= 0)
            return;
        var frame = burst.First!.Bytes;
        var jam = CsmaCdTiming.JamBits / 8;
        var clear = Math.Clamp(timing.BytesIn(burst.Met - burst.Began), 0, Math.Max(0, length - jam));
        clear = Math.Min(clear, frame.Length);
        var fragment = _loop.Packets.Rent(length);
        fragment.Append(frame[..clear]);
        fragment.Append(length - clear).Fill(0x55);
        // A jam may be any bits but those that would make the check sequence right (§4.2.3.2.4).
        if (EthernetHeader.HasRightCheck(fragment.Span))
            fragment.Span[^1] ^= 0xFF;
        fragment.Cause = burst.First!.Signal.Cause;
        if (_journal is not null)
            fragment.Cause = _journal.Tell(new FragmentHeard(_in.Cable.Name, length), fragment.Cause);
        _in.DeliverFragment(fragment);
    }

    private void TellCollision()
    {
        Collisions++;
        if (_machine.IsLate)
            LateCollisions++;
        Tell(new CollisionDetected(_out.Cable.Name, _machine.IsLate));
    }

    private void TellDeferred()
    {
        if (_frame is null || _toldDeferred || !_machine.WasDeferred)
            return;
        _toldDeferred = true;
        Deferred++;
        Tell(new FrameDeferred(_out.Cable.Name));
    }

    private void Tell<T>(in T what)
        where T : struct, IJournalEvent => _cause = _journal?.Tell(what, _cause) ?? _cause;

    /// <summary>From silence to silence.</summary>
    private record struct Burst()
    {
        public Wave? First;
        public Instant Began;

        /// <summary>When a second signal came in, or the first broke off; never for one that was heard alone.</summary>
        public Instant Met = Instant.Never;

        /// <summary>This station spoke too.</summary>
        public bool IsMine;
    }
}
