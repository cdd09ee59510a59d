using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The sender has learned something about the network, and the window follows.</summary>
/// <param name="Above">Segments that the peer has beyond the first hole, or duplicates in a row.</param>
/// <param name="Lost">Octets held for lost.</param>
/// <param name="Window">cwnd from now on.</param>
public readonly record struct RecoveryChanged(
    Endpoint Local,
    Endpoint Remote,
    RecoveryNews News,
    int Above,
    int Lost,
    int Window,
    int Threshold
) : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) =>
        (language, News) switch
        {
            (Language.Korean, RecoveryNews.LossFound) =>
                $"{Lost}바이트를 잃은 것으로 보고 다시 보냅니다: 뒤의 세그먼트 {Above}개가 이미 도착했습니다 (혼잡 윈도우 {Window})",
            (Language.Korean, RecoveryNews.Reduced) => $"네트워크가 붐벼 혼잡 윈도우를 {Window}(으)로 줄입니다",
            (Language.Korean, RecoveryNews.Recovered) => $"잃은 것이 모두 채워졌습니다 (혼잡 윈도우 {Window})",
            (Language.Korean, _) => $"잃은 것이 아니라 늦은 것이었습니다. 혼잡 윈도우를 {Window}(으)로 되돌립니다",
            (_, RecoveryNews.LossFound) =>
                $"holds {Lost} bytes for lost and sends them again: {Above} segments behind them have arrived (congestion window {Window})",
            (_, RecoveryNews.Reduced) => $"shrinks the congestion window to {Window}: the network is crowded",
            (_, RecoveryNews.Recovered) => $"has repaired all that was lost (congestion window {Window})",
            _ => $"sees that nothing was lost, only late: the congestion window is {Window} again",
        };
}

/// <summary>What keeps data back.</summary>
public enum WaitReason
{
    /// <summary>A small segment is on its way already: this one waits for its acknowledgement, or to grow.</summary>
    Nagle,

    /// <summary>The program wants only whole segments to go.</summary>
    Cork,

    /// <summary>The peer has no room.</summary>
    PeerWindow,

    /// <summary>The network is thought to hold as much as it can.</summary>
    CongestionWindow,
}

/// <summary>Something has come, and its acknowledgement waits: for a second segment, for data to ride with, or for time to pass.</summary>
public readonly record struct AcknowledgementWaits(Endpoint Local, Endpoint Remote, int Length, Duration AtMost)
    : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"받은 {Length}바이트의 ACK를 최대 {AtMost} 동안 미룹니다: 더 받거나 보낼 데이터가 생기면 함께 보냅니다 (지연 ACK)"
            : $"keeps the acknowledgement of {Length} bytes for up to {AtMost}: perhaps more will come to acknowledge, or data to ride with (delayed ACK)";
}

/// <summary>There is data to send, and it waits.</summary>
public readonly record struct SendingWaits(
    Endpoint Local,
    Endpoint Remote,
    WaitReason Reason,
    int Waiting,
    int PeerWindow,
    int CongestionWindow
) : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) =>
        (language, Reason) switch
        {
            (Language.Korean, WaitReason.Nagle) =>
                $"{Waiting}바이트를 잠시 모아 둡니다: 작은 세그먼트의 ACK가 아직 오지 않았습니다 (Nagle)",
            (Language.Korean, WaitReason.Cork) => $"{Waiting}바이트를 모아 둡니다: 세그먼트가 다 찰 때까지 기다립니다",
            (Language.Korean, WaitReason.PeerWindow) =>
                $"{Waiting}바이트가 기다립니다: 상대의 윈도우({PeerWindow}바이트)가 찼습니다",
            (Language.Korean, _) =>
                $"{Waiting}바이트가 기다립니다: 혼잡 윈도우({CongestionWindow}바이트)만큼 이미 보냈습니다",
            (_, WaitReason.Nagle) => $"lets {Waiting} bytes wait: a small segment is not acknowledged yet (Nagle)",
            (_, WaitReason.Cork) => $"lets {Waiting} bytes wait until they fill a segment (cork)",
            (_, WaitReason.PeerWindow) => $"lets {Waiting} bytes wait: the peer's window of {PeerWindow} bytes is full",
            _ => $"lets {Waiting} bytes wait: the congestion window of {CongestionWindow} bytes is in flight",
        };
}
