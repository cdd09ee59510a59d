using Twocan.Core;

namespace Twocan.Dns;

/// <summary>What a response says, as a sentence: for who gives it and for who gets it.</summary>
internal static class DnsSentences
{
    public static string Answer(Language language, AnswerKind kind, string rcode, string summary) =>
        (language, kind) switch
        {
            (Language.Korean, AnswerKind.Answer) => $"레코드는 {summary}입니다",
            (Language.Korean, AnswerKind.Alias) => $"별명입니다: {summary}",
            (Language.Korean, AnswerKind.Referral) => $"아래 도메인의 네임 서버에 물어보라고 합니다: {summary}",
            (Language.Korean, AnswerKind.NoData) => "이름은 있지만 그런 레코드는 없습니다",
            (Language.Korean, AnswerKind.NameError) => "그런 이름은 없습니다",
            (Language.Korean, _) => $"답할 수 없습니다 ({rcode})",
            (_, AnswerKind.Answer) => $"'{summary}'",
            (_, AnswerKind.Alias) => $"'it is an alias: {summary}'",
            (_, AnswerKind.Referral) => $"'ask those below me: {summary}'",
            (_, AnswerKind.NoData) => "'the name exists, but has no such record'",
            (_, AnswerKind.NameError) => "'there is no such name'",
            _ => $"'I cannot say' ({rcode})",
        };

    public static string Told(Language language, AnswerKind kind, string rcode, string summary, bool authoritative)
    {
        var answer = Answer(language, kind, rcode, summary);
        // The notes' question: does the answer come from a cache, or from the registered server?
        if (kind is AnswerKind.Referral or AnswerKind.Failure)
            return language == Language.Korean ? $"답이 왔습니다. {answer}" : $"is told {answer}";
        return (language, authoritative) switch
        {
            (Language.Korean, true) => $"등록된 네임 서버에서 답이 왔습니다. {answer}",
            (Language.Korean, false) => $"다른 서버를 대신해 답이 왔습니다. {answer}",
            (_, true) => $"is told by the registered server {answer}",
            _ => $"is told on behalf of others {answer}",
        };
    }
}
