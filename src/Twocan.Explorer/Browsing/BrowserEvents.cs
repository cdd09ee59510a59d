using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>Somebody presses Enter: the root cause of all that follows. <paramref name="Visit"/> counts from 1.</summary>
public readonly record struct UrlEntered(string Url, int Visit) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Url}{Korean.Object(Url)} 입력하고 Enter를 누릅니다"
            : $"Enter is pressed on {Url}";
}

/// <summary>The browser has taken a URL apart and knows whom to ask for what.</summary>
public readonly record struct UrlRead(string Scheme, string Server, Port Port, string Target) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"URL을 해독합니다: {Scheme}로 {Server}의 {Port}번 포트에 {Target}{Korean.Object(Target)} 요청하면 됩니다"
            : $"takes the URL apart: by {Scheme} from {Server}, port {Port}, {Target}";
}

/// <summary>A page, or something that it wants, is fetched.</summary>
public readonly record struct FetchBegan(string Url, ResourceKind Kind) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        language == Language.Korean ? $"{Url}{Korean.Object(Url)} 가져오기 시작합니다" : $"begins to fetch {Url}";
}

/// <summary>All of it is there. <paramref name="Sha256"/> is of the body, in hexadecimal.</summary>
public readonly record struct FetchEnded(
    EventId Began,
    string Url,
    int Status,
    string Reason,
    int Bytes,
    string ContentType,
    string Sha256,
    bool FromCache,
    string? CacheStatus
) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Url}: {Status} {Reason}, {Bytes:N0}바이트를 받았습니다"
            : $"has {Url}: {Status} {Reason}, {Bytes:N0} bytes";
}

/// <summary>It will not come.</summary>
public readonly record struct FetchFailed(EventId Began, string Url, FailureKind Kind, string Why) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Url}{Korean.Object(Url)} 가져오지 못했습니다: {Why}"
            : $"cannot fetch {Url}: {Why}";
}

public readonly record struct RedirectFollowed(string From, string To, int Status) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{From} 대신 {To}{Korean.Toward(To)} 가라는 {Status} 응답을 따릅니다"
            : $"is sent on from {From} to {To} ({Status})";
}

/// <summary>An image tag stands in the page: room is left for the picture, and it is fetched.</summary>
public readonly record struct PictureFound(string Tag, string Url) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"페이지에서 {Tag} 태그를 찾아 {Url} 그림의 자리를 비워 둡니다"
            : $"finds {Tag} in the page and leaves room for {Url}";
}

/// <summary>The page, or a style sheet of it, wants something else than a picture, too.</summary>
public readonly record struct ResourceFound(ResourceKind Kind, string Tag, string Url) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"페이지에서 {Tag}{Korean.Object(Tag)} 찾았습니다. {Url}{Korean.Subject(Url)} 필요합니다"
            : $"finds {Tag} and wants {Url}";
}

/// <summary>The page stands on the screen with all its pictures, or as much of it as could be had.</summary>
public readonly record struct PageDone(string Url, bool IsWhole, int Pictures) : IJournalEvent
{
    public Layer Layer => Layer.Browser;

    public string Say(Language language) =>
        (language, IsWhole) switch
        {
            (Language.Korean, true) => Pictures > 0
                ? $"페이지와 그림 {Pictures}개를 다 표시했습니다"
                : "페이지를 다 표시했습니다",
            (Language.Korean, false) => "페이지를 다 표시하지 못하고 끝났습니다",
            (_, true) => Pictures > 0 ? $"shows the page with its pictures ({Pictures})" : "shows the page",
            (_, false) => "ends without the whole page",
        };
}

public enum ResourceKind
{
    Page,
    Picture,
    Stylesheet,
    Script,

    /// <summary>A page within the page.</summary>
    Frame,
    Font,
    Icon,
    Other,
}

/// <summary>Why something could not be fetched.</summary>
public enum FailureKind
{
    NoSuchName,
    NoAddress,
    NameServersSilent,
    ConnectionRefused,
    TimedOut,
    Unreachable,
    ConnectionBroken,
    BadResponse,
    BadUrl,
    TooManyRedirects,

    /// <summary>The TLS handshake failed: mostly since nobody vouches for the server.</summary>
    NotTrusted,

    /// <summary>The server answered, with a status of 400 or more.</summary>
    Status,

    /// <summary>The proxy itself could not be reached.</summary>
    NoProxy,
}
