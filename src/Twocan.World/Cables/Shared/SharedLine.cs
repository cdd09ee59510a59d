using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Who stands at the far end of a shared line and hears what comes: a station, or a hub or a bus that hands it on.</summary>
internal interface IListener
{
    /// <summary>A signal's first bit is there.</summary>
    void OnBegin(Wave wave, SharedLine line);

    /// <summary>Its last bit was there.</summary>
    void OnEnd(Wave wave, SharedLine line);
}

/// <summary>
/// One way of a half-duplex cable. It does not decide who speaks (the stations do, <see cref="Station"/>), it carries: what
/// begins at the near end begins at the far end a delay later, and so does its end. Several signals may be on it at once,
/// when several speak.
/// <para>
/// A frame counts as sent when its last bit has left and nobody interfered: only then is it one. Loss takes the frame out of
/// the signal and leaves the noise, so everybody still hears that somebody speaks; a cut takes both.
/// </para>
/// </summary>
internal sealed class SharedLine : CableDirection
{
    private readonly PriorityQueue<(Wave Wave, bool IsEnd), (Instant At, bool IsBegin, long Number)> _edges = new();
    private readonly List<Wave> _waves = [];
    private readonly LoopTimer _timer;
    private long _number;
    private Instant _lastReach;

    public SharedLine(World world, Cable cable, Node from, Node to)
        : base(world, cable, from, to)
    {
        _timer = Loop.CreateTimer(OnTimer);
    }

    /// <summary>The wire that it is a part of.</summary>
    public CollisionDomain Domain { get; set; } = null!;

    /// <summary>Who speaks here of himself; null where a hub or a bus hands on what others say.</summary>
    public Station? Speaker { get; set; }

    public IListener Listener { get; set; } = null!;

    public override int Waiting => Speaker?.Waiting ?? 0;

    public override int MostWaiting => Speaker?.MostWaiting ?? 0;

    public override long Marks => Speaker?.Marks ?? 0;

    public override int UnderWay => _waves.Count + base.UnderWay;

    internal override void Transmit(PacketBuffer frame)
    {
        if (frame.Length > Cable.Settings.LongestFrame)
            Drop(frame, LossReason.TooLong);
        else
            Speaker!.Transmit(frame);
    }

    internal override void LoseAllWaiting() => Speaker?.PowerOff();

    /// <summary>A signal's first bit enters; what is <paramref name="along"/> lies before the line, in a repeater or on the bus.</summary>
    public void Begin(Signal signal, Wave? before, Duration along)
    {
        if (Condition.IsCut)
            return;
        // No signal overtakes another, even when a fault that made the line longer is over.
        _lastReach = Instant.Max(_lastReach, Loop.Now + along + Condition.Delay);
        var wave = new Wave(signal, before) { Entered = Loop.Now, Reaches = _lastReach };
        signal.Frame.Hold();
        _waves.Add(wave);
        Add(wave, isEnd: false, wave.Reaches);
    }

    /// <summary>The signal's last bit enters. What is whole until here becomes a frame on this cable.</summary>
    public void End(Signal signal, Wave? before, EventId because)
    {
        var wave = _waves.Find(wave => wave.Signal == signal && wave.Ends == Instant.Never);
        if (!(signal.IsAborted || before is { IsSpoilt: true } or { IsLost: true }))
            Send(signal, before, wave, because);
        if (wave is null)
            return;
        wave.IsLost = before is { IsLost: true };
        wave.Ends = wave.Reaches + (Loop.Now - wave.Entered);
        Add(wave, isEnd: true, wave.Ends);
    }

    /// <summary>A station takes the frame out of a signal that it heard alone and to its end.</summary>
    public void Deliver(Wave wave)
    {
        var frame = wave.Signal.Frame.Buffer.Copy();
        wave.Bytes.CopyTo(frame.Span);
        frame.Cause = wave.Cause;
        if (wave.Fate is { IsDoubled: false } fate && fate.Jitter + fate.HeldBack == Duration.Zero)
            Deliver(frame);
        else
            FlyStruck(frame, wave.Fate with { FlippedBit = -1 }, Loop.Now, Domain.Timing.Of(frame.Length));
    }

    /// <summary>What is left of frames that met: no frame, but something that an adapter sees.</summary>
    public void DeliverFragment(PacketBuffer fragment) => Receiver!.Receive(fragment);

    /// <summary>The whole frame was taken at a hub or a bus, to be handed on.</summary>
    public EventId Arrive(Wave wave) => CountArrival(wave.Bytes.Length, wave.Cause);

    /// <summary>The whole frame was not taken at the far end.</summary>
    public void Lose(Wave wave, LossReason why)
    {
        if (!wave.IsLost)
            CountLost(why, wave.Cause);
        wave.IsLost = true;
    }

    private protected override void ConditionChanged()
    {
        base.ConditionChanged();
        Domain.RateChanged();
    }

    private protected override void LoseAllUnderWay()
    {
        base.LoseAllUnderWay();
        _edges.Clear();
        _timer.Cancel();
        foreach (var wave in _waves.ToArray())
        {
            if (wave.WasSent && !wave.IsSpoilt)
                Lose(wave, LossReason.Cut);
            wave.Spoil();
            End(wave);
        }
    }

    private void Send(Signal signal, Wave? before, Wave? wave, EventId because)
    {
        var bytes = before is null ? signal.Frame.Buffer.Span : before.Bytes;
        FramesSent++;
        BytesSent += bytes.Length;
        var sent = Sender?.Tell(new FrameSent(Cable.Name, From.Name, To.Name, bytes.ToArray()), because) ?? because;
        var fate = Draw(bytes.Length);
        if (wave is null)
        {
            CountLost(LossReason.Cut, sent);
            return;
        }
        (wave.Cause, wave.Damaged, wave.WasSent) = (sent, before?.Damaged, true);
        if (fate is { FlippedBit: >= 0, IsLost: false })
        {
            wave.Damaged = bytes.ToArray();
            Damage(wave.Damaged, fate.FlippedBit, sent);
        }
        // What delays or doubles frames strikes those that somebody takes out of the signal, at the end of their way.
        var past = before?.Fate ?? new();
        wave.Fate = fate with
        {
            IsDoubled = past.IsDoubled || fate.IsDoubled,
            Jitter = past.Jitter + fate.Jitter,
            HeldBack = past.HeldBack + fate.HeldBack,
        };
    }

    private void Add(Wave wave, bool isEnd, Instant at)
    {
        // Of an end and a beginning at one instant the end comes first: they do not overlap.
        _edges.Enqueue((wave, isEnd), (at, !isEnd, _number++));
        _edges.TryPeek(out _, out var first);
        if (_timer.Due != first.At)
            _timer.Set(first.At);
    }

    private void OnTimer()
    {
        while (_edges.TryPeek(out var edge, out var when) && when.At <= Loop.Now)
        {
            _edges.Dequeue();
            if (edge.IsEnd)
            {
                End(edge.Wave);
                continue;
            }
            edge.Wave.HasReached = true;
            Listener.OnBegin(edge.Wave, this);
        }
        if (_edges.TryPeek(out _, out var next))
            _timer.Set(next.At);
    }

    private void End(Wave wave)
    {
        _waves.Remove(wave);
        if (wave.Fate.IsLost && !wave.IsSpoilt)
            Lose(wave, LossReason.Loss);
        if (wave.HasReached)
            Listener.OnEnd(wave, this);
        wave.Signal.Frame.Release();
    }
}
