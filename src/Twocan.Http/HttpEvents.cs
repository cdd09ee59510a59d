using Twocan.Core;

namespace Twocan.Http;

/// <summary>A client has written a request message (because: what wanted it). <paramref name="Head"/> is the message up to its blank line, as text.</summary>
public readonly record struct RequestSent(int Descriptor, string Method, string Target, string Host, string Head)
    : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Host}에 {Method} {Target} 리퀘스트 메시지를 보냅니다"
            : $"asks {Host} for {Method} {Target}";
}

/// <summary>A server has read a request message.</summary>
public readonly record struct RequestReceived(int Descriptor, string Method, string Target, string Head) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Method} {Target} 리퀘스트 메시지를 받았습니다"
            : $"is asked for {Method} {Target}";
}

/// <summary>A server answers; its cause is the request. <paramref name="BodyLength"/> is -1 when only the body's end will tell.</summary>
public readonly record struct ResponseSent(int Descriptor, int Status, string Reason, string Head, long BodyLength)
    : IJournalEvent
{
    public const long UnknownLength = -1;

    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"응답 메시지 {Status} {Reason}을(를) 보냅니다. 본문은 {KoreanLength}입니다"
            : $"answers {Status} {Reason} with {EnglishLength}";

    private string EnglishLength => BodyLength < 0 ? "a body of unknown length" : $"{BodyLength} bytes";

    private string KoreanLength => BodyLength < 0 ? "길이를 아직 모르는 데이터" : $"{BodyLength}바이트";
}

/// <summary>A client has read a response's head.</summary>
public readonly record struct ResponseBegan(int Descriptor, int Status, string Reason, string Head) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"응답 메시지 {Status} {Reason}의 헤더가 도착했습니다"
            : $"gets the head of the response: {Status} {Reason}";
}

/// <summary>A client has read a response to its end.</summary>
public readonly record struct ResponseEnded(int Descriptor, int Status, long BodyLength) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"응답 메시지의 본문 {BodyLength}바이트를 모두 받았습니다"
            : $"has the whole body, {BodyLength} bytes";
}

/// <summary>A client had to give a request up. <paramref name="Descriptor"/> is -1 when there was no connection yet.</summary>
public readonly record struct RequestFailed(int Descriptor, string Url, FetchStep Step, string Why) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean ? $"{Url}을(를) 가져오지 못했습니다: {Why}" : $"could not fetch {Url}: {Why}";
}

/// <summary>Client and server have agreed on a secret (TLS), and the client believes the server's certificate.</summary>
/// <param name="Protocol">What they are going to speak (ALPN); null when the server said nothing of it.</param>
/// <param name="Certificates">The server's own, whose signature is on it, and so on, as far as the client could follow.</param>
/// <param name="IsProven">False where the client was told to believe anybody, and nobody it knows vouches for this one.</param>
public readonly record struct TlsEstablished(
    int Descriptor,
    string Version,
    string CipherSuite,
    string Peer,
    string? Protocol,
    IReadOnlyList<ShownCertificate> Certificates,
    bool IsProven
) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Peer}의 인증서를 확인했고 {Version}({CipherSuite})으로 암호화합니다"
            : $"believes the certificate of {Peer}, and both encrypt from here on ({Version}, {CipherSuite})";
}
