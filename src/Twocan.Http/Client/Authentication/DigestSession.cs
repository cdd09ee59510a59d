using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// The client's side of Digest (RFC 7616): proves that it knows a password without telling it. MD5 and SHA-256 with their -sess
/// forms; SHA-512-256 is not there, since .NET has no such hash.
/// </summary>
public sealed class DigestSession
{
    private readonly string _realm;
    private readonly string? _opaque;
    private readonly string _algorithm;
    private readonly string? _qop;
    private readonly bool _isUtf8;
    private readonly bool _hashesUser;
    private string _nonce;
    private uint _count;
    private string? _firstCnonce;
    private string? _firstNonce;

    private DigestSession(Challenge challenge, string algorithm, string? qop)
    {
        (_realm, _nonce, _opaque) = (challenge["realm"]!, challenge["nonce"]!, challenge["opaque"]);
        (_algorithm, _qop) = (algorithm, qop);
        _isUtf8 = "UTF-8".Equals(challenge["charset"], StringComparison.OrdinalIgnoreCase);
        _hashesUser = IsTrue(challenge["userhash"]);
    }

    /// <summary>The body has a part in the proof (<c>auth-int</c>).</summary>
    public bool NeedsBody => _qop == "auth-int";

    private bool IsSession => _algorithm.EndsWith("-sess", StringComparison.OrdinalIgnoreCase);

    /// <summary>The best that is offered and known here; null when nothing is.</summary>
    /// <param name="canHashBody">The body can be read before it is sent, for <c>auth-int</c>.</param>
    public static DigestSession? Choose(IEnumerable<Challenge> challenges, bool canHashBody)
    {
        DigestSession? best = null;
        foreach (var challenge in challenges)
        {
            if (!challenge.Is("Digest") || challenge["realm"] is null || challenge["nonce"] is null)
                continue;
            var algorithm = challenge["algorithm"] ?? "MD5";
            if (algorithm.ToUpperInvariant() is not ("MD5" or "MD5-SESS" or "SHA-256" or "SHA-256-SESS"))
                continue;
            string? qop = null;
            if (challenge["qop"] is { } offered)
            {
                var words = offered.Split(',', StringSplitOptions.TrimEntries);
                qop =
                    words.Contains("auth", StringComparer.OrdinalIgnoreCase) ? "auth"
                    : canHashBody && words.Contains("auth-int", StringComparer.OrdinalIgnoreCase) ? "auth-int"
                    : null;
                if (qop is null)
                    continue;
            }
            var session = new DigestSession(challenge, algorithm, qop);
            if (best is null || (best.IsMd5 && !session.IsMd5))
                best = session;
        }
        return best;
    }

    /// <summary>The server knows the password, and only wants a newer nonce (§3.3).</summary>
    public static bool IsStale(IEnumerable<Challenge> challenges) =>
        challenges.Any(challenge => challenge.Is("Digest") && IsTrue(challenge["stale"]));

    /// <summary>§3.5: the server says with which nonce to go on.</summary>
    public void OnInfo(string info)
    {
        foreach (var element in FieldList.Elements(info))
        {
            if (FieldList.Directive(element) is ("nextnonce", { Length: > 0 } next))
                (_nonce, _count) = (next, 0);
        }
    }

    /// <summary>What the Authorization field says.</summary>
    /// <param name="body">Where it <see cref="NeedsBody"/>.</param>
    public string Authorize(
        Credentials credentials,
        string method,
        string target,
        ReadOnlySpan<byte> body,
        RandomSource random
    )
    {
        Span<byte> chance = stackalloc byte[18];
        random.Fill(chance);
        return Authorize(credentials, method, target, body, Convert.ToBase64String(chance));
    }

    internal string Authorize(
        Credentials credentials,
        string method,
        string target,
        ReadOnlySpan<byte> body,
        string cnonce
    )
    {
        var count = (++_count).ToString("x8", CultureInfo.InvariantCulture);
        var (user, password) = (credentials.User, credentials.Password);
        var secret = Hash($"{user}:{_realm}:{password}");
        if (IsSession)
        {
            // §3.4.2: the session's key is that of its first request.
            (_firstCnonce, _firstNonce) = (_firstCnonce ?? cnonce, _firstNonce ?? _nonce);
            secret = Hash($"{secret}:{_firstNonce}:{_firstCnonce}");
        }
        var what = NeedsBody ? $"{method}:{target}:{Hash(body)}" : $"{method}:{target}";
        var response = Hash(
            _qop is null ? $"{secret}:{_nonce}:{Hash(what)}" : $"{secret}:{_nonce}:{count}:{cnonce}:{_qop}:{Hash(what)}"
        );
        var field = new StringBuilder("Digest ").Append(UserName(user));
        field.Append(CultureInfo.InvariantCulture, $", realm={Quoted(_realm)}, nonce={Quoted(_nonce)}");
        field.Append(CultureInfo.InvariantCulture, $", uri={Quoted(target)}, algorithm={_algorithm}");
        field.Append(CultureInfo.InvariantCulture, $", response=\"{response}\"");
        if (_qop is not null)
            field.Append(CultureInfo.InvariantCulture, $", qop={_qop}, nc={count}, cnonce={Quoted(cnonce)}");
        if (_opaque is not null)
            field.Append(CultureInfo.InvariantCulture, $", opaque={Quoted(_opaque)}");
        if (_hashesUser)
            field.Append(", userhash=true");
        return field.ToString();
    }

    private bool IsMd5 => _algorithm.StartsWith("MD5", StringComparison.OrdinalIgnoreCase);

    /// <summary>§3.4.4: hashed where the server wants it so; a name that is not ASCII in the form of RFC 8187.</summary>
    private string UserName(string user) =>
        _hashesUser ? $"username=\"{Hash($"{user}:{_realm}")}\""
        : _isUtf8 && !Ascii.IsValid(user) ? $"username*=UTF-8''{Uri.EscapeDataString(user)}"
        : $"username={Quoted(user)}";

    private string Hash(string text) => Hash(TextEncoding.GetBytes(text));

    private Encoding TextEncoding => _isUtf8 ? Encoding.UTF8 : Encoding.Latin1;

    [SuppressMessage("Security", "CA5351", Justification = "The server has chosen it.")]
    private string Hash(ReadOnlySpan<byte> bytes) =>
        Convert.ToHexStringLower(IsMd5 ? MD5.HashData(bytes) : SHA256.HashData(bytes));

    private static string Quoted(string text) =>
        "\""
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        + "\"";

    private static bool IsTrue(string? text) => "true".Equals(text, StringComparison.OrdinalIgnoreCase);
}
