using System.Text;

namespace Twocan.Proxy;

/// <summary>What the Cache-Status field says of this cache (RFC 9211).</summary>
internal struct CacheStatus(string cache)
{
    private readonly StringBuilder _text = new(Item(cache));

    /// <summary>A name as a token where it is one, else quoted.</summary>
    public static string Item(string name) =>
        name.Length > 0
        && (char.IsAsciiLetter(name[0]) || name[0] == '*')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~:/".Contains(c))
            ? name
            : $"\"{string.Concat(name.Where(c => c is >= ' ' and <= '~' and not ('"' or '\\')))}\"";

    public readonly CacheStatus Hit() => Add("; hit");

    public readonly CacheStatus Forwarded(CacheReason reason) =>
        Add(
            "; fwd="
                + reason switch
                {
                    CacheReason.NothingStored or CacheReason.StoredIsGone => "uri-miss",
                    CacheReason.OtherVariant => "vary-miss",
                    CacheReason.NotGetOrHead => "method",
                    CacheReason.Stale or CacheReason.StaleAndMustRevalidate or CacheReason.OriginWantsCheck => "stale",
                    CacheReason.ClientWantsCheck
                    or CacheReason.TooOldForClient
                    or CacheReason.NotFreshEnoughForClient => "request",
                    _ => "bypass",
                }
        );

    public readonly CacheStatus Answered(int status) => Add($"; fwd-status={status}");

    public readonly CacheStatus Stored() => Add("; stored");

    public readonly CacheStatus Collapsed() => Add("; collapsed");

    public readonly CacheStatus TimeToLive(long seconds) => Add($"; ttl={seconds}");

    public override readonly string ToString() => _text.ToString();

    private readonly CacheStatus Add(string text)
    {
        _text.Append(text);
        return this;
    }
}
