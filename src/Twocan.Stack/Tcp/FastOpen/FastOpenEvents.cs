using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What was decided, or learned, about data in a SYN.</summary>
public enum FastOpenNews
{
    /// <summary>The client asks for a cookie.</summary>
    CookieAsked,

    /// <summary>The client sends data with the cookie that it has.</summary>
    DataSent,

    /// <summary>The client goes without: SYNs like that have been lost on this way.</summary>
    Paused,

    /// <summary>The client has got a cookie.</summary>
    CookieLearned,

    /// <summary>The server has taken the data of our SYN.</summary>
    DataTaken,

    /// <summary>The server has only taken the SYN.</summary>
    DataRefused,

    /// <summary>No answer came: the next SYN is an ordinary one.</summary>
    SynLost,

    /// <summary>The SYN with data was answered, and nothing has got through since.</summary>
    PathFellSilent,

    /// <summary>The listener gives a cookie.</summary>
    CookieGiven,

    /// <summary>The listener believes the cookie, and takes the data.</summary>
    CookieBelieved,

    /// <summary>The listener does not believe the cookie.</summary>
    CookieRefused,

    /// <summary>The listener has too many of these under way.</summary>
    QueueFull,
}

public readonly record struct FastOpenDecided(Endpoint Local, Endpoint Remote, FastOpenNews News, int Length)
    : IJournalEvent
{
    public Layer Layer => Layer.Tcp;

    public string Say(Language language) => language == Language.Korean ? SayKorean() : SayEnglish();

    private string SayEnglish() =>
        News switch
        {
            FastOpenNews.CookieAsked =>
                $"asks {Remote} for a Fast Open cookie, so that the next connection can save a round trip",
            FastOpenNews.DataSent =>
                $"sends {Length} bytes in the SYN: the cookie from the last visit spares it the wait for the handshake (Fast Open)",
            FastOpenNews.Paused =>
                $"opens the connection the ordinary way: SYNs with a Fast Open option have been lost on the way to {Remote}",
            FastOpenNews.CookieLearned => $"keeps the cookie of {Remote} for the next time (Fast Open)",
            FastOpenNews.DataTaken => $"hears that {Remote} has taken the {Length} bytes of the SYN (Fast Open)",
            FastOpenNews.DataRefused =>
                $"sends the {Length} bytes of the SYN once more: {Remote} has only taken the SYN (Fast Open)",
            FastOpenNews.SynLost =>
                $"tries an ordinary SYN: the one with the Fast Open option may have been thrown away for it",
            FastOpenNews.PathFellSilent =>
                $"suspects that somebody on the way to {Remote} lets nothing pass behind a SYN with data, and sends none there for a while",
            FastOpenNews.CookieGiven => $"gives {Remote} a Fast Open cookie",
            FastOpenNews.CookieBelieved =>
                $"takes the {Length} bytes of the SYN at once: the cookie shows that {Remote} has been here before (Fast Open)",
            FastOpenNews.CookieRefused =>
                $"does not believe the cookie of {Remote} and lets its {Length} bytes wait for the handshake (Fast Open)",
            _ =>
                $"lets the {Length} bytes of the SYN wait for the handshake: too many Fast Open requests are under way",
        };

    private string SayKorean() =>
        News switch
        {
            FastOpenNews.CookieAsked =>
                $"다음 연결에서 왕복 한 번을 아끼려고 {Remote}에 Fast Open 쿠키를 달라고 합니다",
            FastOpenNews.DataSent =>
                $"SYN에 데이터 {Length}바이트를 실어 보냅니다: 지난번에 받은 쿠키가 있어 접속 완료를 기다리지 않습니다 (Fast Open)",
            FastOpenNews.Paused =>
                $"보통 방법으로 접속합니다: {Remote}(으)로 가는 길에서 Fast Open 옵션이 붙은 SYN이 사라진 적이 있습니다",
            FastOpenNews.CookieLearned => $"{Remote}의 쿠키를 다음을 위해 간직합니다 (Fast Open)",
            FastOpenNews.DataTaken => $"SYN에 실은 {Length}바이트를 {Remote}에서 받았다고 합니다 (Fast Open)",
            FastOpenNews.DataRefused =>
                $"SYN에 실은 {Length}바이트를 다시 보냅니다: {Remote}에서는 SYN만 받았습니다 (Fast Open)",
            FastOpenNews.SynLost => "보통 SYN으로 다시 시도합니다: Fast Open 옵션 때문에 버려졌을지도 모릅니다",
            FastOpenNews.PathFellSilent =>
                $"{Remote}(으)로 가는 길에서 데이터가 실린 SYN 다음부터 아무것도 지나가지 못하는 것 같아, 한동안 SYN에 데이터를 싣지 않습니다 (Fast Open)",
            FastOpenNews.CookieGiven => $"{Remote}에 Fast Open 쿠키를 줍니다",
            FastOpenNews.CookieBelieved =>
                $"SYN에 실린 {Length}바이트를 바로 받습니다: 쿠키를 보니 {Remote}은(는) 전에 왔던 상대입니다 (Fast Open)",
            FastOpenNews.CookieRefused =>
                $"{Remote}의 쿠키를 믿지 않습니다. {Length}바이트는 접속이 끝난 뒤에 받습니다 (Fast Open)",
            _ => $"SYN에 실린 {Length}바이트를 나중에 받습니다: 진행 중인 Fast Open 요청이 너무 많습니다",
        };
}
