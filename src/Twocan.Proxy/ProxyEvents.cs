using Twocan.Core;

namespace Twocan.Proxy;

/// <summary>What the cache decided to do with a request, and why (RFC 9111).</summary>
public readonly record struct CacheDecided(string Url, CacheDecision Decision, string Why) : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language) =>
        language == Language.Korean ? $"캐시: {Url} → {Decision} ({Why})" : $"cache: {Url} → {Decision} ({Why})";
}

public enum CacheDecision
{
    /// <summary>Served from the store.</summary>
    Serve,

    /// <summary>The origin is asked whether what is stored still holds.</summary>
    Revalidate,

    /// <summary>The origin is asked.</summary>
    Forward,
}

/// <summary>A response went into the store, or why it did not.</summary>
public readonly record struct CacheStored(string Url, bool Stored, string Why) : IJournalEvent
{
    public Layer Layer => Layer.Proxy;

    public string Say(Language language) =>
        (language, Stored) switch
        {
            (Language.Korean, true) => $"캐시에 저장합니다: {Url} ({Why})",
            (Language.Korean, false) => $"저장하지 않습니다: {Url} ({Why})",
            (_, true) => $"stores {Url} ({Why})",
            (_, false) => $"does not store {Url} ({Why})",
        };
}
