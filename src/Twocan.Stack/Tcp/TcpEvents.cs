using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Why a segment is sent now.</summary>
public enum SendReason
{
    Connect,
    AcceptConnect,
    SynCookie,

    /// <summary>RFC 7413: a SYN with data, or one that asks for the cookie that allows it.</summary>
    FastOpen,
    Data,
    DataAndFin,
    Fin,
    Acknowledge,
    DelayedAcknowledge,
    DuplicateAcknowledge,
    OutOfWindow,
    OldTimestamp,
    WindowUpdate,
    WindowProbe,
    RetransmitTimeout,
    FastRetransmit,
    PartialAcknowledgement,
    SackRetransmit,
    RackRetransmit,
    TailLossProbe,

    /// <summary>RFC 4821: longer than the others, to see whether that gets through.</summary>
    PathMtuProbe,

    /// <summary>The SYN had carried it, and only the SYN was taken.</summary>
    FastOpenRefused,
    ChallengeAck,
    KeepAlive,
    Reset,

    /// <summary>A program sends it, and no connection.</summary>
    Handmade,
}

public static class SendReasonExtensions
{
    extension(SendReason reason)
    {
        /// <summary>It carries what was sent before.</summary>
        public bool IsRetransmission =>
            reason
                is SendReason.RetransmitTimeout
                    or SendReason.FastRetransmit
                    or SendReason.PartialAcknowledgement
                    or SendReason.SackRetransmit
                    or SendReason.RackRetransmit
                    or SendReason.TailLossProbe
                    or SendReason.FastOpenRefused;
    }
}

public readonly record struct SegmentSent(
    Endpoint Local,
    Endpoint Remote,
    uint Sequence,
    uint Acknowledgement,
    string Flags,
    ushort Window,
    int Length,
    SendReason Reason
) : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"TCP 세그먼트 [{Flags}] 데이터 {Length}바이트를 {Remote}(으)로: {Reason.Say(language)}"
            : $"sends a segment [{Flags}] with {Length} bytes to {Remote}: {Reason.Say(language)}";
}

public readonly record struct SegmentReceived(
    Endpoint Local,
    Endpoint Remote,
    uint Sequence,
    uint Acknowledgement,
    string Flags,
    ushort Window,
    int Length
) : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"TCP 세그먼트 [{Flags}] 데이터 {Length}바이트가 {Remote}에서 왔습니다"
            : $"gets a segment [{Flags}] with {Length} bytes from {Remote}";
}

/// <summary>The one visible place where a connection's state changes.</summary>
public readonly record struct StateChanged(Endpoint Local, Endpoint Remote, TcpState From, TcpState To, string Why)
    : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) =>
        language == Language.Korean ? $"소켓 상태 {From} → {To} ({Why})" : $"goes from {From} to {To} ({Why})";
}
