using Twocan.Core;

namespace Twocan.Proxy;

public enum CacheDecision
{
    /// <summary>Served from the store.</summary>
    Serve,

    /// <summary>The origin is asked whether what is stored still holds.</summary>
    Revalidate,

    /// <summary>The origin is asked for the whole.</summary>
    Forward,

    /// <summary>Neither: the client wants what is stored or nothing (504).</summary>
    Refuse,
}

/// <summary>
/// What the cache decided to do with a request, and why (RFC 9111). <paramref name="Age"/> and
/// <paramref name="Lifetime"/> are those of what is stored, in seconds; both are 0 when there is nothing.
/// </summary>
public readonly record struct CacheDecided(
    string Url,
    CacheDecision Decision,
    CacheReason Reason,
    long Age = 0,
    long Lifetime = 0
) : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language)
    {
        var why = Reason.Say(language);
        var hasAges = Reason is CacheReason.Fresh or CacheReason.Stale or CacheReason.StaleAndMustRevalidate;
        if (language == Language.Korean)
        {
            var koreanAges = hasAges ? $" (나이 {Age}초, 유효기간 {Lifetime}초)" : "";
            return Decision switch
            {
                CacheDecision.Serve => $"{Url}을(를) 캐시에서 바로 줍니다. {why}{koreanAges}",
                CacheDecision.Revalidate => $"{Url}이(가) 그대로인지 원 서버에 묻습니다. {why}{koreanAges}",
                CacheDecision.Forward => $"{Url}을(를) 원 서버에 요청합니다. {why}{koreanAges}",
                _ => $"{Url}을(를) 줄 수 없습니다. {why}",
            };
        }
        var ages = hasAges ? $" ({Age} s old, good for {Lifetime} s)" : "";
        return Decision switch
        {
            CacheDecision.Serve => $"serves {Url} from the cache: {why}{ages}",
            CacheDecision.Revalidate => $"asks the origin whether {Url} still holds: {why}{ages}",
            CacheDecision.Forward => $"asks the origin for {Url}: {why}{ages}",
            _ => $"cannot serve {Url}: {why}",
        };
    }
}

/// <summary>A response went into the store, or why it did not.</summary>
public readonly record struct CacheStored(string Url, bool Stored, CacheReason Reason, long Lifetime = 0)
    : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language) =>
        (language, Stored) switch
        {
            (Language.Korean, true) => $"{Url}의 응답을 유효기간 {Lifetime}초로 저장합니다. {Reason.Say(language)}",
            (Language.Korean, false) => $"{Url}의 응답은 저장하지 않습니다. {Reason.Say(language)}",
            (_, true) => $"stores {Url} for {Lifetime} s: {Reason.Say(language)}",
            (_, false) => $"does not store {Url}: {Reason.Say(language)}",
        };
}

/// <summary>A request that changes things has succeeded, so what was stored under its URL is thrown away.</summary>
public readonly record struct CacheInvalidated(string Url, string Method) : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Method}이(가) 성공했으니 저장해 둔 {Url}의 응답을 버립니다"
            : $"throws away what is stored for {Url}, since {Method} has changed it";
}

/// <summary>The same is being fetched for somebody else already; this request waits for that.</summary>
public readonly record struct CacheWaited(string Url) : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Url}을(를) 이미 다른 클라이언트를 위해 가져오는 중이라 함께 기다립니다"
            : $"waits, since {Url} is being fetched for another client already";
}

/// <summary>The proxy answers for itself: the origin cannot be reached, or the request cannot be carried out.</summary>
public readonly record struct ProxyFailed(string Url, int Status, string Why) : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language) =>
        language == Language.Korean ? $"{Url}: {Status}로 답합니다 ({Why})" : $"answers {Status} for {Url}: {Why}";
}

/// <summary>A tunnel is there (CONNECT): from here on the proxy passes on what it cannot read.</summary>
public readonly record struct TunnelOpened(string Target) : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Target}까지 터널을 엽니다. 이제부터는 내용을 보지 않고 그대로 전합니다"
            : $"opens a tunnel to {Target}, and passes on unread what comes";
}

/// <summary>Both ends of a tunnel have said their last, or one has broken off. So many bytes went either way.</summary>
public readonly record struct TunnelClosed(string Target, long Up, long Down) : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Target}까지의 터널을 닫습니다 (보낸 {Up}바이트, 받은 {Down}바이트)"
            : $"closes the tunnel to {Target}: {Up} bytes went there, {Down} came back";
}
