using Twocan.Core;

namespace Twocan.Http;

/// <summary>A server has set a cookie, and it is kept (because: the response). Its value stays between the two.</summary>
public readonly record struct CookieKept(string Name, string Domain, string Path) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"쿠키 {Name}을(를) 저장해 두고 {Domain}{Path}에 갈 때 함께 보냅니다"
            : $"keeps the cookie {Name}, to go along to {Domain}{Path}";
}

/// <summary>A server wanted to set a cookie, and may not.</summary>
public readonly record struct CookieRefused(string Host, string Why) : IJournalEvent
{
    public Layer Layer => Layer.Http;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Host}이(가) 보낸 쿠키를 받지 않습니다 ({Why})"
            : $"does not take a cookie of {Host}: {Why}";
}
