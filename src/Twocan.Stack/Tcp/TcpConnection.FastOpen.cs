using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Data in the SYN (RFC 7413).
/// <para>
/// The client's SYN may carry octets behind its own, as <see cref="FastOpenPlan"/> says. SND.NXT does not count them: whoever
/// answers may have taken the SYN alone, and then they go like any other; only SND.MAX knows that they have been sent, so that they
/// can be acknowledged. The server that believes the cookie takes them as if the handshake were over, and may write before it is.
/// </para>
/// </summary>
public sealed partial class TcpConnection
{
    /// <summary>So many timeouts in a row are held for more than bad luck, as on Linux.</summary>
    private const int TimeoutsOfSilence = 3;

    private FastOpenPlan? _plan;
    private FastOpenAnswer _answer;

    /// <summary>A SYN (or SYN, ACK) has to go out.</summary>
    private bool _isSynOwed;

    /// <summary>It waits for the first data.</summary>
    private bool _isSynHeld;

    /// <summary>With its data the path does not take it.</summary>
    private bool _isSynTooLong;

    /// <summary>It goes once more, without data and cookie, since with them it did not get through.</summary>
    private bool IsSynPlain => _isSynLost || _isSynTooLong;

    public FastOpenStage FastOpenStage { get; private set; }

    /// <summary>All the data of the SYN was taken.</summary>
    private bool _wasSynDataTaken;

    /// <summary>The peer's cookie was good: the program reads and writes although the handshake is not over.</summary>
    public bool IsFastOpened { get; private set; }

    /// <summary>A program can use it.</summary>
    public bool IsUsable => IsSynchronized || (IsFastOpened && State == TcpState.SynReceived);

    /// <summary>What the SYN, ACK has told a client that had a plan.</summary>
    internal FastOpenOutcome? FastOpenOutcome { get; private set; }

    /// <summary>No program has accepted it yet.</summary>
    internal bool IsUnclaimed { get; set; }

    /// <summary>
    /// How much a SYN can carry: what the server took the last time, less all options that there may be. Where nobody knows
    /// that, it is what every host takes; who does without cookies has made sure of the server otherwise.
    /// </summary>
    public int SynRoom =>
        _plan is { AllowsData: true } plan && !IsSynPlain
            ? Math.Min(
                plan.SegmentSize > 0 ? plan.SegmentSize
                    : plan.Cookie is null ? int.MaxValue
                    : DefaultSegmentSize,
                LongestSegment
            ) - SegmentOptions.MaxLength
            : 0;

    /// <summary>As <see cref="Connect"/>; with a cookie the SYN waits for the first <see cref="Write"/>.</summary>
    public void ConnectFast(FastOpenPlan plan, Instant now, EventId because = default)
    {
        _plan = plan;
        Connect(now, because);
        if (plan.AllowsData)
            (_isSynOwed, _isSynHeld) = (false, true);
    }

    /// <summary>Sends the SYN that waits for data, with what there is by now.</summary>
    public void ReleaseSyn()
    {
        if (!_isSynHeld)
            return;
        (_isSynOwed, _isSynHeld) = (true, false);
    }

    public bool IsSynHeld => _isSynHeld;

    private FastOpenCookie? SynCookie(bool isAnswer) =>
        isAnswer ? (SndMax == Iss ? _answer.Cookie : null)
        : IsSynPlain ? null
        : _plan?.Cookie;

    private int SynDataLength => State == TcpState.SynSent ? Math.Min(_send.Length, SynRoom) : 0;

    /// <summary>Octets of the stream that a SYN has carried: they go again if only the SYN was taken.</summary>
    private bool WasInSyn(SequenceNumber sequence) =>
        _plan is not null && FastOpenStage != FastOpenStage.None && sequence < _synDataEnd;

    private SequenceNumber _synDataEnd;

    private void OnFirstSynSent(int length, EventId because)
    {
        if (_plan is not { } plan || FastOpenStage != FastOpenStage.None || _isSynLost)
            return;
        _synDataEnd = Iss + 1 + length;
        if (length > 0)
            Enter(FastOpenStage.Sent, FastOpenNews.DataSent, length, because);
        else if (!plan.AllowsData)
            Enter(FastOpenStage.Asked, FastOpenNews.CookieAsked, 0, because);
    }

    private void OnSynLost(EventId because)
    {
        if (!_isSynLost && FastOpenStage is FastOpenStage.Sent or FastOpenStage.Asked)
            Tell(FastOpenNews.SynLost, 0, because);
        _isSynLost = true;
    }

    /// <summary>The client's SYN is acknowledged up to SND.UNA: with its data, with a part of it, or alone (RFC 7413 §4.2.1).</summary>
    private void OnSynAnswered(FastOpenCookie? cookie, int segmentSize, EventId because)
    {
        if (_plan is not { } plan)
            return;
        var carried = _synDataEnd - (Iss + 1);
        var taken = SndUna - (Iss + 1);
        _wasSynDataTaken = FastOpenStage == FastOpenStage.Sent && taken >= carried;
        if (FastOpenStage == FastOpenStage.Sent)
            Enter(
                taken > 0 ? FastOpenStage.Taken : FastOpenStage.Refused,
                taken > 0 ? FastOpenNews.DataTaken : FastOpenNews.DataRefused,
                taken > 0 ? taken : carried,
                because
            );
        // A cookie that nobody has asked for is none (§4.1.1).
        cookie = cookie is { IsRequest: false } && (_isSynLost || plan.Cookie is not null) ? cookie : null;
        if (cookie is not null)
            Tell(FastOpenNews.CookieLearned, 0, because);
        FastOpenOutcome = new(
            cookie,
            segmentSize,
            WasSynLost: _isSynLost && cookie is null && taken == 0 && FastOpenStage != FastOpenStage.None,
            HasRefusedToGive: !_isSynLost && cookie is null && !plan.AllowsData
        );
    }

    /// <summary>The SYN with data was answered, and since then nothing comes back: told once.</summary>
    internal bool TakeFastOpenSilence()
    {
        var isSilent = _isSilent;
        _isSilent = false;
        return isSilent;
    }

    private bool _isSilent;

    private void SuspectSilence(EventId because)
    {
        if (
            _retransmit.Expirations != TimeoutsOfSilence
            || FastOpenOutcome is null
            || FastOpenStage is not (FastOpenStage.Taken or FastOpenStage.Refused)
            || SndUna > _synDataEnd
            || _counts.BytesReceived > 0
        )
            return;
        _isSilent = true;
        Tell(FastOpenNews.PathFellSilent, 0, because);
    }

    /// <summary>The server's side: the data of the SYN is the program's at once.</summary>
    private void TakeSynData(in TcpSegment segment, Instant now)
    {
        IsFastOpened = true;
        _loss.OnEstablished(SegmentSize, IsSackPermitted, synWasLost: false, Iss + 1, now);
        SetWindow(segment);
        var data = segment.Data[..Math.Min(segment.Data.Length, RcvWnd)];
        RcvNxt += _receive.Store(0, data, segment.Cause);
        _counts.BytesReceived += data.Length;
        if (data.Length == 0)
            return;
        _counts.LastDataReceived = now;
        FastOpenStage = FastOpenStage.Taken;
        _wasSynDataTaken = true;
    }

    private void Enter(FastOpenStage stage, FastOpenNews news, int length, EventId because)
    {
        FastOpenStage = stage;
        Tell(news, length, because);
    }

    private void Tell(FastOpenNews news, int length, EventId because) =>
        _journal?.Tell(new FastOpenDecided(Local, Remote, news, length), because);
}
