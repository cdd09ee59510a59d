using Twocan.Core;

namespace Twocan.Stack;

/// <summary>How long the segments to this peer are: what link, peer and routers say, and what is found out without them.</summary>
public sealed partial class TcpConnection
{
    /// <summary>RFC 8200 §5: every IPv6 link takes packets of 1,280 octets.</summary>
    private const int LeastIpv6Segment = 1280 - 40 - TcpHeader.MinLength;

    /// <summary>So many segments behind a probe tell soon that it is missing (RFC 4821 §7.4).</summary>
    private const int SegmentsBehindProbe = 4;

    /// <summary>So many times as many timeouts are needed to doubt a length that has passed before.</summary>
    private const int PatienceWithProven = 3;

    private PathMtuSearch _path;
    private SequenceNumber _probeEnd;

    public PathMtuPhase PathMtuPhase => _path.Phase;

    private int? _found;

    /// <summary>The longest segment that the search has found to pass, options counted; told once.</summary>
    internal int? TakeFoundSegmentSize()
    {
        var found = _found;
        _found = null;
        return found;
    }

    private void BeginPath(int most)
    {
        var isV4 = Remote.Address.IsV4;
        var least = isV4 ? _settings.LeastProbedSegmentSize : LeastIpv6Segment;
        var baseSize = Math.Max(_settings.BaseSegmentSize, least);
        SegmentSize = _path.Begin(Effective(most), Effective(baseSize), Effective(least));
    }

    /// <summary>The retransmission timer has expired, perhaps because the first segment is too long for the path.</summary>
    private void SuspectBlackHole(EventId because)
    {
        if (_loss.Sent.IsEmpty)
            return;
        var first = _loss.Sent[_loss.Sent.First];
        // Where segments so long have passed, a crowded network is likelier than a path that has become narrower.
        var patience = _settings.BlackHoleTimeouts * (first.Length <= _loss.LongestDelivered ? PatienceWithProven : 1);
        if (!_path.OnTimeout(_retransmit.Expirations, first.Length, patience, out var size))
            return;
        Tell(PathMtuNews.BlackHole, size, because);
        SegmentSize = size;
        _loss.OnSegmentSize(size);
    }

    /// <summary>
    /// Whether a single segment longer than the others shall go next: at a moment at which its loss would show, and mean
    /// something. Where the window has not so much room just now, nothing goes until it has.
    /// </summary>
    private bool IsPathProbeNext(int available, Instant now, out int size)
    {
        size = 0;
        if (_loss.Phase != RecoveryPhase.Open || _loss.Sent.SackedOctets > 0 || !_path.TryPropose(now, out size))
            return false;
        var needed = size + SegmentsBehindProbe * SegmentSize;
        return available >= needed && SndWnd >= needed && _loss.Window >= needed;
    }

    private bool TryProbePath(ref SegmentWriter writer, int offset, int usable, int size, Instant now)
    {
        if (usable < size || !_pacer.TryPass(_loss.Congestion.PacingRate, now))
            return false;
        _path.OnProbeSent(size);
        _probeEnd = SndNxt + size;
        Tell(PathMtuNews.ProbeSent, size, _send.CauseAt(offset));
        SendNext(ref writer, offset, size, withFin: false, SendReason.PathMtuProbe, now);
        _loss.MarkProbe();
        return true;
    }

    private void OnPathNews(RecoveryNews news, EventId because, Instant now)
    {
        if (_path.ProbeSize is var size and > 0)
        {
            if (news == RecoveryNews.ProbeLost)
            {
                Tell(PathMtuNews.ProbeLost, size, because);
                if (_path.OnProbeLost(now))
                    OnPathFound(because);
            }
            else if (_loss.Phase == RecoveryPhase.Loss)
            {
                _path.ForgetProbe();
            }
            else if (SndUna >= _probeEnd)
            {
                // What was sent again meanwhile went in shorter segments, and tells nothing.
                if (_loss.WasProbeResent)
                    _path.ForgetProbe();
                else
                    OnProbePassed(size, because, now);
            }
        }
        _path.OnDelivered();
    }

    private void OnProbePassed(int size, EventId because, Instant now)
    {
        var isOver = _path.OnProbePassed(now);
        Tell(PathMtuNews.ProbePassed, size, because);
        SegmentSize = _path.Low;
        _loss.OnSegmentSize(SegmentSize);
        if (isOver)
            OnPathFound(because);
    }

    private void OnPathFound(EventId because)
    {
        _found = _path.Low + (HasTimestamps ? SegmentOptions.TimestampsLength : 0);
        Tell(PathMtuNews.Found, _path.Low, because);
    }

    private void Tell(PathMtuNews news, int size, EventId because) =>
        _journal?.Tell(new PathMtuSearched(Local, Remote, news, size), because);

    /// <summary>
    /// A router on the path passes on segments of this size and no longer ones (RFC 1191): smaller ones from now on, and at
    /// once. False if it quotes nothing that is on its way.
    /// </summary>
    public bool OnPacketTooBig(int segmentSize, SequenceNumber quoted, Instant now)
    {
        if (quoted < SndUna || quoted >= SndMax || segmentSize < LeastSegmentSize)
            return false;
        if (State == TcpState.SynSent)
            return OnSynTooBig(segmentSize);
        if (!IsSynchronized)
            return false;
        if (Effective(segmentSize) >= SegmentSize)
            return true;
        SegmentSize = Effective(segmentSize);
        _path.OnTold(SegmentSize);
        _loss.OnSegmentSize(SegmentSize);
        return true;
    }

    /// <summary>It was the data in the SYN that made it too long: it goes again at once, alone (RFC 7413 §4.2.1 leaves it to the timer).</summary>
    private bool OnSynTooBig(int segmentSize)
    {
        if (FastOpenStage != FastOpenStage.Sent || IsSynPlain || segmentSize >= _pathSegmentSize)
            return false;
        _pathSegmentSize = segmentSize;
        (_isSynTooLong, _isSynOwed, SndNxt) = (true, true, Iss);
        return true;
    }
}
