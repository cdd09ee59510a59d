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

/// <summary>A name that stands in the machine's own hosts file: nobody has to be asked.</summary>
public readonly record struct NameKnownHere(string Name, string Addresses) : IJournalEvent
{
    public Layer Layer => Layer.Dns;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"hosts 파일에 {Name}의 주소 {Addresses}{Korean.Subject(Addresses)} 적혀 있습니다"
            : $"finds {Name} in its hosts file: {Addresses}";
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

/// <summary>The resolver has its answer, or knows that there is none, or has given up; then <paramref name="Reason"/> says why.</summary>
/// <param name="Name">As it was asked, without the last dot.</param>
/// <param name="Type">Such as <c>A</c>.</param>
/// <param name="Rcode">NOERROR, NXDOMAIN or SERVFAIL.</param>
/// <param name="Answers">The data, with commas between; empty when there is none.</param>
/// <param name="FromCache">Nobody had to be asked.</param>
/// <param name="Reason">Of a failure.</param>
public readonly record struct LookupEnded(
    string Name,
    string Type,
    string Rcode,
    string Answers,
    bool FromCache,
    string Reason = ""
) : IJournalEvent
{
    public Layer Layer => Layer.Dns;

    public string Say(Language language) =>
        language == Language.Korean
            ? (FromCache ? "캐시에 유효기간이 남은 기록이 있습니다. " : "") + SayInKorean()
            : SayInEnglish() + (FromCache ? " (remembered in its cache)" : "");

    private string SayInEnglish() =>
        (Rcode, Answers.Length) switch
        {
            ("NOERROR", 0) => $"knows that {Name} has no {Type} record",
            ("NOERROR", _) => $"knows {Name} {Type}: {Answers}",
            ("NXDOMAIN", _) => $"knows that there is no {Name}",
            _ => $"cannot find out {Name} {Type} ({Rcode}): {Reason}",
        };

    private string SayInKorean() =>
        (Rcode, Answers.Length) switch
        {
            ("NOERROR", 0) => $"{Name}에는 {Type} 레코드가 없습니다",
            ("NOERROR", _) => $"{Name}의 {Type} 레코드를 알아냈습니다: {Answers}",
            ("NXDOMAIN", _) => $"{Name}(이)라는 이름은 없습니다",
            _ => $"{Name}의 {Type} 레코드를 찾지 못했습니다 ({Rcode}): {Reason}",
        };
}

/// <summary>A query goes to a server.</summary>
/// <param name="Server">Its address and port.</param>
/// <param name="ServerName">Its name in the zone's NS records, without the last dot; empty where only its address is known.</param>
/// <param name="Zone">The zone as whose server it is asked, with the last dot (<c>.</c>, <c>kr.</c>); empty for a question to the nearest server.</param>
/// <param name="Name">What is asked, without the last dot.</param>
/// <param name="Type">Such as <c>A</c>.</param>
/// <param name="Id">The message's number, by which the response is known.</param>
/// <param name="Attempt">The how-manieth time.</param>
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
            ? $"{Who(language)}에 {Name}의 {Type} 레코드를 묻습니다{(Attempt > 1 ? $" ({Attempt}번째)" : "")}"
            : $"asks {Who(language)} for {Name} {Type}{(Attempt > 1 ? $" (attempt {Attempt})" : "")}";

    private string Who(Language language)
    {
        var server = ServerName.Length > 0 ? ServerName : Server.Address.ToString();
        return (Zone, language) switch
        {
            ("", _) => server,
            (".", Language.Korean) => $"루트 서버 {server}",
            (".", _) => $"the root server {server}",
            (_, Language.Korean) => $"{Zone} 도메인의 네임 서버 {server}",
            _ => $"{server}, a name server of {Zone},",
        };
    }
}

/// <summary>The response to a query, because of the datagram that brought it.</summary>
/// <param name="Query">The <see cref="QuerySent"/> that it responds to.</param>
/// <param name="Server">Who was asked.</param>
/// <param name="Rcode">Such as NOERROR.</param>
/// <param name="Kind">What it amounts to.</param>
/// <param name="Authoritative">From the registered server itself, not from a cache.</param>
/// <param name="Summary">The records that matter, in no language: <c>A 192.0.2.226</c>, <c>kr. NS ns.kr</c>; empty for 'there is none'.</param>
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

    public string Say(Language language) => DnsSentences.Told(language, Kind, Rcode, Summary, Authoritative);

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
            ? $"{Client.Address}의 질문({Name} {Type})에 답합니다. {DnsSentences.Answer(language, Kind, Rcode, Summary)}"
            : $"answers {Client.Address} about {Name} {Type}: {DnsSentences.Answer(language, Kind, Rcode, Summary)}";

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
