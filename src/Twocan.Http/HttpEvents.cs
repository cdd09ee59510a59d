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
            ? $"리퀘스트 {Method} {Target}을(를) 받았습니다"
            : $"is asked for {Method} {Target}";
}

/// <summary>A server answers; its cause is the request.</summary>
public readonly record struct ResponseSent(int Descriptor, int Status, string Reason, string Head, long BodyLength)
    : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"응답 {Status} {Reason}, 본문 {BodyLength}바이트"
            : $"answers {Status} {Reason} with {BodyLength} bytes";
}

/// <summary>A client has read a response's head.</summary>
public readonly record struct ResponseBegan(int Descriptor, int Status, string Reason, string Head) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"응답 {Status} {Reason}이(가) 도착하기 시작합니다"
            : $"gets the head of the response: {Status} {Reason}";
}

/// <summary>A client has read a response to its end.</summary>
public readonly record struct ResponseEnded(int Descriptor, int Status, long BodyLength) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"응답 본문 {BodyLength}바이트가 다 왔습니다"
            : $"has the whole body, {BodyLength} bytes";
}
