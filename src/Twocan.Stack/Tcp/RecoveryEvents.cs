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
