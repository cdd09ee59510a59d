using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// One queue with controlled delay (RFC 8289): what matters is not how many wait but for how long. When even the quickest
/// frame of an interval has waited longer than the target, the queue does nothing but delay, and one frame is dropped (or
/// marked) so that a sender slows down; then another a little sooner each time, until the delay is gone.
/// </summary>
/// <param name="target">The delay that is still good: 5 ms.</param>
/// <param name="interval">Long enough for a sender to have reacted: a slow round trip, 100 ms.</param>
/// <param name="longestFrame">A queue of no more bytes than this is never too long.</param>
public sealed class CoDel(Duration target, Duration interval, int longestFrame)
{
    public static readonly Duration UsualTarget = Duration.FromMilliseconds(5);
    public static readonly Duration UsualInterval = Duration.FromMilliseconds(100);

    private readonly Queue<(PacketBuffer Frame, Instant Since)> _frames = new();
    private Instant _firstAbove = Instant.Never;
    private Instant _dropNext;
    private bool _dropping;
    private long _count;
    private long _lastCount;

    /// <summary>The bytes that wait.</summary>
    public long Bytes { get; private set; }

    public int Count => _frames.Count;

    public void Enqueue(PacketBuffer frame, Instant now)
    {
        _frames.Enqueue((frame, now));
        Bytes += frame.Length;
    }

    /// <summary>The oldest, whatever it has waited.</summary>
    public bool TryTakeOldest([NotNullWhen(true)] out PacketBuffer? frame)
    {
        frame = _frames.TryDequeue(out var oldest) ? oldest.Frame : null;
        Bytes -= frame?.Length ?? 0;
        return frame is not null;
    }

    /// <summary>
    /// The frame that leaves now (§5.5). One that is to slow its sender down is given to <paramref name="slowDown"/>, which
    /// answers whether it could be marked; else it is dropped there, and the next one leaves.
    /// </summary>
    public bool TryDequeue(Instant now, Func<PacketBuffer, bool> slowDown, [NotNullWhen(true)] out PacketBuffer? frame)
    {
        var isTooOld = Take(now, out frame);
        if (_dropping)
        {
            _dropping = isTooOld;
            while (_dropping && now >= _dropNext)
            {
                _count++;
                if (slowDown(frame!))
                {
                    _dropNext = ControlLaw(_dropNext);
                    break;
                }
                _dropping = Take(now, out frame);
                if (_dropping)
                    _dropNext = ControlLaw(_dropNext);
            }
        }
        else if (isTooOld)
        {
            if (!slowDown(frame!))
                Take(now, out frame);
            _dropping = true;
            // It was dropping a short while ago: it goes on about as often as it did then.
            var delta = _count - _lastCount;
            _count = delta > 1 && now - _dropNext < interval * 16 ? delta : 1;
            _dropNext = ControlLaw(now);
            _lastCount = _count;
        }
        return frame is not null;
    }

    /// <summary>Takes the first; true when the queue has been too slow for a whole interval.</summary>
    private bool Take(Instant now, out PacketBuffer? frame)
    {
        if (!_frames.TryDequeue(out var first))
        {
            frame = null;
            _firstAbove = Instant.Never;
            return false;
        }
        frame = first.Frame;
        Bytes -= frame.Length;
        if (now - first.Since < target || Bytes <= longestFrame)
        {
            _firstAbove = Instant.Never;
            return false;
        }
        if (_firstAbove != Instant.Never)
            return now >= _firstAbove;
        _firstAbove = now + interval;
        return false;
    }

    private Instant ControlLaw(Instant from) => from + new Duration((long)(interval.Nanoseconds / Math.Sqrt(_count)));
}
