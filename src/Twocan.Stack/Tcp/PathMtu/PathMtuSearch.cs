using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// How long segments may be on a path where nobody says so (RFC 4821; the states are those of RFC 8899 §5.2).
/// <para>
/// Theory of operation. A router that drops what is too long, and whose ICMP errors are filtered, leaves a sender that hears
/// nothing at all: a black hole. It shows by timeouts of one and the same long segment. Then segments of a size that passes
/// nearly everywhere are tried, and when those time out too, half of that. Once something is acknowledged, single segments of
/// more are sent among the others, which cost a retransmission when they are lost, and no congestion window: the greatest
/// first, for the timeouts may have had another reason; then always half-way between what has passed and what has not.
/// </para>
/// <para>Sizes are of the data in a segment, without any header or option. Low has passed, High is not known not to.</para>
/// </summary>
public struct PathMtuSearch
{
    /// <summary>RFC 8899 §5.1.2: a lost probe may have met a full queue.</summary>
    private const int TriesPerSize = 2;

    private readonly PathMtuProbing _probing;
    private readonly int _threshold;
    private readonly Duration _interval;
    private int _base;
    private int _least;
    private int _most;
    private int _tries;
    private bool _isFirstProbe;
    private Instant _searchesAgainAt = Instant.Never;

    public PathMtuSearch(TcpSettings settings) =>
        (_probing, _threshold, _interval) = (
            settings.PathMtuProbing,
            settings.PathMtuThreshold,
            settings.PathMtuProbeInterval
        );

    public PathMtuPhase Phase { get; private set; }

    /// <summary>What gets through.</summary>
    public int Low { get; private set; }

    /// <summary>The greatest that may.</summary>
    public int High { get; private set; }

    /// <summary>The size of the probe that is on its way; 0 when none is.</summary>
    public int ProbeSize { get; private set; }

    /// <summary>The handshake has told what both ends take: how long segments shall be at first.</summary>
    /// <param name="most">What the link and the peer take.</param>
    /// <param name="baseSize">What passes nearly everywhere, and what passes everywhere.</param>
    public int Begin(int most, int baseSize, int least)
    {
        (_most, _base, _least) = (most, Math.Min(baseSize, most), Math.Min(least, most));
        (Low, High) = (most, most);
        if (_probing != PathMtuProbing.Always || _base == most)
            return most;
        StartSearch(_base);
        return Low;
    }

    /// <summary>The timer has expired so often in a row for a segment so long. True when shorter ones shall be tried.</summary>
    public bool OnTimeout(int expirations, int length, int suspicious, out int size)
    {
        size = 0;
        if (_probing == PathMtuProbing.Off || expirations < suspicious || length <= _least)
            return false;
        ForgetProbe();
        size = length > _base ? _base : Math.Max(length / 2, _least);
        if (size >= length)
            return false;
        (Phase, Low, High) = (PathMtuPhase.Base, size, _most);
        return true;
    }

    /// <summary>Something that was sent in segments of at most Low has arrived.</summary>
    public void OnDelivered()
    {
        if (Phase == PathMtuPhase.Base)
            StartSearch(Low);
    }

    /// <summary>Whether a probe should be among what is sent next, and of what size.</summary>
    public bool TryPropose(Instant now, out int size)
    {
        size = 0;
        if (Phase == PathMtuPhase.Complete && now >= _searchesAgainAt && Low < _most)
        {
            High = _most;
            StartSearch(Low);
        }
        if (Phase != PathMtuPhase.Searching || ProbeSize > 0)
            return false;
        size = _isFirstProbe ? High : Low + (High - Low + 1) / 2;
        return size > Low;
    }

    public void OnProbeSent(int size) => ProbeSize = size;

    /// <summary>The probe was acknowledged: longer segments from now on. True when the search is over.</summary>
    public bool OnProbePassed(Instant now)
    {
        Low = Math.Max(Low, ProbeSize);
        ForgetProbe();
        return Settle(now);
    }

    /// <summary>The probe is lost, and nothing else. True when the search is over.</summary>
    public bool OnProbeLost(Instant now)
    {
        if (++_tries < TriesPerSize)
        {
            ProbeSize = 0;
            return false;
        }
        High = Math.Max(ProbeSize - 1, Low);
        ForgetProbe();
        return Settle(now);
    }

    /// <summary>A probe that nobody can tell about any more.</summary>
    public void ForgetProbe()
    {
        _isFirstProbe &= ProbeSize == 0;
        (ProbeSize, _tries) = (0, 0);
    }

    /// <summary>A router has said it (RFC 1191): that is more than any search finds out.</summary>
    public void OnTold(int size)
    {
        (_most, High) = (Math.Min(_most, size), Math.Min(High, size));
        Low = Math.Min(Low, size);
        if (Low >= High && Phase == PathMtuPhase.Searching)
            Phase = PathMtuPhase.Complete;
    }

    private void StartSearch(int low)
    {
        (Phase, Low) = (PathMtuPhase.Searching, low);
        (_isFirstProbe, _tries) = (true, 0);
        if (High <= Low)
            Phase = PathMtuPhase.Complete;
    }

    private bool Settle(Instant now)
    {
        if (Phase != PathMtuPhase.Searching || High - Low >= _threshold)
            return false;
        Phase = PathMtuPhase.Complete;
        _searchesAgainAt = now + _interval;
        return true;
    }
}
