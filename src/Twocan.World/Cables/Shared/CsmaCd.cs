using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>What a station does next.</summary>
public enum CsmaCdStep
{
    /// <summary>Nothing before <see cref="CsmaCd.Due"/>, or before the wire changes.</summary>
    Wait,

    /// <summary>The first bit of the preamble leaves now.</summary>
    Begin,

    /// <summary>The last bit has left, and nobody interfered.</summary>
    Succeed,

    /// <summary>The jam is over: silence now, and another try after <see cref="CsmaCd.BackOff"/>.</summary>
    BackOff,

    /// <summary>The jam is over, and there is no further try.</summary>
    GiveUp,
}

/// <summary>
/// Carrier sense multiple access with collision detection: how one station sends on a wire that is everybody's
/// (IEEE 802.3 clause 4.2.8, half duplex).
/// <para>
/// Theory of operation. It listens: while somebody speaks, and for the gap of 96 bits after, it defers. Then it speaks, and
/// listens on. If it hears somebody else meanwhile, both are lost; it goes on for 32 bits (the jam) so that everybody notices,
/// and is silent for a number of slots that it draws, from ever more numbers the more often it failed. A slot is longer than
/// a signal's way through the whole wire and back: a collision after that means that the wire is too long (a late collision).
/// After 16 attempts it gives the frame up.
/// </para>
/// <para>
/// It is told of the wire (<see cref="OnCarrier"/>, <see cref="OnSilence"/>) and of a frame (<see cref="Offer"/>), asked
/// what to do (<see cref="Next"/>, until it says <see cref="CsmaCdStep.Wait"/>), and says when it is due.
/// </para>
/// </summary>
public sealed class CsmaCd(RandomSource random)
{
    public const int MaxAttempts = 16;

    /// <summary>So many collisions widen the range of the draw; those after them do not (§4.2.3.2.5).</summary>
    private const int MaxExponent = 10;

    private enum State
    {
        /// <summary>Nothing to send.</summary>
        Idle,

        /// <summary>A frame is there, and the wire is not free, or the back-off not over.</summary>
        Deferring,
        Transmitting,

        /// <summary>A collision was heard.</summary>
        Jamming,
    }

    private State _state;
    private int _length;
    private bool _carrier;
    private bool _isDeaf;
    private Instant _gapEnds;
    private Instant _notBefore;
    private Instant _ends;

    /// <summary>The times that hold from now on.</summary>
    public required CsmaCdTiming Timing { get; set; }

    public bool IsIdle => _state == State.Idle;

    public bool IsSending => _state is State.Transmitting or State.Jamming;

    /// <summary>Whether it has heard a collision and goes on only so that all others notice it too.</summary>
    public bool IsJamming => _state == State.Jamming;

    /// <summary>How often the frame was begun.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether the frame had to wait for somebody who spoke before it could be begun for the first time.</summary>
    public bool WasDeferred { get; private set; }

    /// <summary>When the transmission that goes on, or the last one, began.</summary>
    public Instant Began { get; private set; }

    /// <summary>Whether the last collision came when everybody should have heard the station long before.</summary>
    public bool IsLate { get; private set; }

    /// <summary>How many slots were drawn after the last collision.</summary>
    public int Slots { get; private set; }

    /// <summary>How long the station is silent after the last collision.</summary>
    public Duration BackOff => Timing.Slot * Slots;

    public Instant Due =>
        _state switch
        {
            State.Deferring when !_carrier => Instant.Max(_gapEnds, _notBefore),
            State.Deferring when _isDeaf && _notBefore <= _gapEnds => _gapEnds,
            State.Transmitting or State.Jamming => _ends,
            _ => Instant.Never,
        };

    /// <summary>Here is a frame to be sent; there is no other.</summary>
    public void Offer(int length, Instant now)
    {
        _state = State.Deferring;
        (_length, Attempts, _notBefore) = (length, 0, Instant.Zero);
        _isDeaf &= now <= _gapEnds;
        WasDeferred = _carrier && !_isDeaf;
    }

    /// <summary>Somebody else is heard. True when that is a collision.</summary>
    public bool OnCarrier(Instant now)
    {
        if (!_carrier)
        {
            _carrier = true;
            _isDeaf = now >= _gapEnds - Timing.DeafPart && now < _gapEnds;
            WasDeferred |= _state == State.Deferring && Attempts == 0 && !_isDeaf;
        }
        return Collide(now);
    }

    /// <summary>Nobody else is heard any more.</summary>
    public void OnSilence(Instant now)
    {
        _carrier = _isDeaf = false;
        _gapEnds = now + Timing.Gap;
    }

    public CsmaCdStep Next(Instant now) =>
        _state switch
        {
            State.Deferring when MayBegin(now) => Begin(now),
            State.Transmitting when now >= _ends => Succeed(now),
            State.Jamming when now >= _ends => FallSilent(now),
            _ => CsmaCdStep.Wait,
        };

    /// <summary>The station has lost its power: it neither speaks nor waits. What it hears it goes on to hear.</summary>
    public void Abort(Instant now)
    {
        if (IsSending)
            _gapEnds = now + Timing.Gap;
        _state = State.Idle;
    }

    private bool MayBegin(Instant now) =>
        now >= _gapEnds && now >= _notBefore && (!_carrier || (_isDeaf && now == _gapEnds));

    private CsmaCdStep Begin(Instant now)
    {
        _state = State.Transmitting;
        _isDeaf = false;
        Attempts++;
        Began = now;
        _ends = now + Timing.Of(_length);
        if (_carrier)
            Collide(now);
        return CsmaCdStep.Begin;
    }

    private bool Collide(Instant now)
    {
        if (_state != State.Transmitting)
            return false;
        _state = State.Jamming;
        IsLate = now - Began > Timing.Slot;
        // The preamble is sent to its end, whatever is heard meanwhile (§4.2.3.2.4).
        _ends = Instant.Max(now, Began + Timing.Preamble) + Timing.Jam;
        return true;
    }

    private CsmaCdStep Succeed(Instant now)
    {
        _state = State.Idle;
        _gapEnds = now + Timing.Gap;
        return CsmaCdStep.Succeed;
    }

    private CsmaCdStep FallSilent(Instant now)
    {
        _gapEnds = now + Timing.Gap;
        if (Attempts >= MaxAttempts || (IsLate && Timing.IsGigabit))
        {
            _state = State.Idle;
            return CsmaCdStep.GiveUp;
        }
        _state = State.Deferring;
        Slots = random.Next(1 << Math.Min(Attempts, MaxExponent));
        _notBefore = now + BackOff;
        return CsmaCdStep.BackOff;
    }
}
