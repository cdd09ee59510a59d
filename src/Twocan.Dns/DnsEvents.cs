using Twocan.Core;

namespace Twocan.Dns;

/// <summary>What kind of answer a server gave.</summary>
public enum AnswerKind
{
    /// <summary>The records asked for.</summary>
    Answer,

    /// <summary>An alias: go on with another name.</summary>
    Alias,

    /// <summary>'Ask those below me': a delegation.</summary>
    Referral,

    /// <summary>The name exists, but has no such record.</summary>
    NoData,

    /// <summary>The name does not exist.</summary>
    NameError,

    /// <summary>The server failed, refused, or made no sense.</summary>
    Failure,
}

/// <summary>A program asks its resolver for a name.</summary>
public readonly record struct LookupBegan(string Name, string Type) : IJournalEvent
{
    public Layer Layer => Layer.Dns;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"리졸버가 {Name}의 {Type} 레코드를 찾기 시작합니다"
            : $"begins to look up {Name} {Type}";
}

/// <summary>The resolver has its answer (or knows that there is none).</summary>
public readonly record struct LookupEnded(string Name, string Type, string Rcode, string Answers, bool FromCache)
    : IJournalEvent
{
    public Layer Layer => Layer.Dns;

    public string Say(Language language) =>
        (language, FromCache) switch
        {
            (Language.Korean, true) => $"{Name} {Type}: {Rcode} {Answers} (캐시에서)",
            (Language.Korean, false) => $"{Name} {Type}: {Rcode} {Answers}",
            (_, true) => $"{Name} {Type} is {Rcode} {Answers} (from the cache)",
            (_, false) => $"{Name} {Type} is {Rcode} {Answers}",
        };
}

/// <summary>A query goes to a server; <paramref name="Zone"/> is the zone that the server is asked as a server of (empty for the stub's question to its nearest server).</summary>
public readonly record struct QuerySent(
    Endpoint Server,
    string ServerName,
    string Zone,
    string Name,
    string Type,
    ushort Id,
    int Attempt
) : IJournalEvent
{
    public Layer Layer => Layer.Dns;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{(ServerName.Length > 0 ? ServerName : Server.ToString())}에 {Name} {Type}을(를) 묻습니다"
            : $"asks {(ServerName.Length > 0 ? ServerName : Server.ToString())} for {Name} {Type}";
}

/// <summary>The response to a query (because: the datagram that brought it; it names its query).</summary>
public readonly record struct ResponseReceived(
    EventId Query,
    Endpoint Server,
    string Rcode,
    AnswerKind Kind,
    bool Authoritative,
    string Summary
) : IJournalEvent
{
    public Layer Layer => Layer.Dns;

    public string Say(Language language) => language == Language.Korean ? $"답: {Summary}" : $"is told: {Summary}";

    internal static ResponseReceived From(EventId query, Endpoint server, DnsMessage response, AnswerKind kind) =>
        new(query, server, response.Rcode.ToMnemonic(), kind, response.IsAuthoritative, AnswerText.Of(response, kind));
}

/// <summary>A query was not answered in time.</summary>
public readonly record struct QueryTimedOut(EventId Query, Endpoint Server, int Attempt) : IJournalEvent
{
    public Layer Layer => Layer.Dns;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Server}에서 답이 없습니다 ({Attempt}번째)"
            : $"hears nothing from {Server} (attempt {Attempt})";
}

/// <summary>A name server answers what it was asked.</summary>
public readonly record struct QueryAnswered(
    Endpoint Client,
    string Name,
    string Type,
    string Rcode,
    AnswerKind Kind,
    string Summary
) : IJournalEvent
{
    public Layer Layer => Layer.Dns;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Client}의 질문 {Name} {Type}에 답합니다: {Summary}"
            : $"answers {Client} about {Name} {Type}: {Summary}";

    internal static QueryAnswered From(Endpoint client, DnsMessage response, AnswerKind kind)
    {
        var question = response.Questions.Count > 0 ? response.Questions[0] : default;
        return new(
            client,
            question.Name.ToHostName(),
            question.Type.ToString(),
            response.Rcode.ToMnemonic(),
            kind,
            AnswerText.Of(response, kind)
        );
    }
}
