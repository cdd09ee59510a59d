using Twocan.Core;

namespace Twocan.Stack;

public enum PathMtuNews
{
    /// <summary>Long segments vanish: shorter ones are tried.</summary>
    BlackHole,

    /// <summary>A longer segment is sent to see whether it arrives.</summary>
    ProbeSent,
    ProbePassed,
    ProbeLost,

    /// <summary>The search is over.</summary>
    Found,
}

/// <summary>What a connection has found out about its path by itself.</summary>
/// <param name="Size">Octets of data in a segment.</param>
public readonly record struct PathMtuSearched(Endpoint Local, Endpoint Remote, PathMtuNews News, int Size)
    : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) =>
        (language, News) switch
        {
            (Language.Korean, PathMtuNews.BlackHole) =>
                $"긴 세그먼트가 아무 말 없이 사라지는 것 같습니다(블랙홀). 데이터 {Size}바이트씩 보내 봅니다",
            (Language.Korean, PathMtuNews.ProbeSent) =>
                $"데이터 {Size}바이트짜리 세그먼트가 지나갈 수 있는지 하나만 보내 봅니다",
            (Language.Korean, PathMtuNews.ProbePassed) =>
                $"데이터 {Size}바이트짜리 세그먼트가 도착했습니다. 이제 이만큼씩 보냅니다",
            (Language.Korean, PathMtuNews.ProbeLost) =>
                $"데이터 {Size}바이트짜리 세그먼트만 사라졌습니다. 이 경로에는 너무 깁니다",
            (Language.Korean, _) => $"이 경로에는 데이터 {Size}바이트까지 지나갑니다",
            (_, PathMtuNews.BlackHole) =>
                $"suspects that long segments vanish without a word (a black hole), and tries {Size} bytes of data in each",
            (_, PathMtuNews.ProbeSent) => $"sends one segment of {Size} bytes to see whether that gets through",
            (_, PathMtuNews.ProbePassed) =>
                $"sees that a segment of {Size} bytes has got through: all may be as long now",
            (_, PathMtuNews.ProbeLost) =>
                $"sees that only the segment of {Size} bytes was lost: it is too long for the path",
            _ => $"knows now that the path takes segments of {Size} bytes",
        };
}
