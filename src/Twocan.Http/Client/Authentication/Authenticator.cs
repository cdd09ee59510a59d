using Twocan.Core;

namespace Twocan.Http;

/// <summary>The fields by which a server, or a proxy, asks who it is and is told.</summary>
internal sealed record AuthenticationFields(int Status, string Challenge, string Info)
{
    public static readonly AuthenticationFields OfServer = new(401, "WWW-Authenticate", "Authentication-Info");
    public static readonly AuthenticationFields OfProxy = new(407, "Proxy-Authenticate", "Proxy-Authentication-Info");
}

/// <summary>Says who asks, to servers or to proxies; remembers the Digest sessions with those that wanted one.</summary>
internal sealed class Authenticator(AuthenticationFields fields, AuthenticationScheme scheme, RandomSource random)
{
    private const int MostSessions = 100;

    private readonly Dictionary<string, DigestSession> _sessions = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public AuthenticationFields Fields => fields;

    /// <summary>Somebody has wanted Digest.</summary>
    public bool HasSessions => _sessions.Count > 0;

    /// <summary>What goes along with a request; null when there is nothing to say (yet).</summary>
    public string? FieldFor(string whom, Credentials credentials, string method, string target, RequestBody? body)
    {
        if (!_sessions.TryGetValue(whom, out var session))
            return scheme == AuthenticationScheme.Digest ? null : credentials.Basic;
        return session.Authorize(credentials, method, target, session.NeedsBody ? Whole(body) : [], random);
    }

    /// <summary>A server has refused: true when there is something better to say than before.</summary>
    /// <param name="hasTried">This request has been answered so once already, by Digest.</param>
    public bool OnRefusal(string whom, Fields answer, RequestBody? body, bool hasTried)
    {
        var challenges = Challenge.Read(answer, fields.Challenge);
        if (hasTried && !DigestSession.IsStale(challenges))
            return false;
        if (DigestSession.Choose(challenges, canHashBody: body is null or { Bytes: not null }) is not { } session)
            return false;
        if (_sessions.TryAdd(whom, session))
            _order.Enqueue(whom);
        else
            _sessions[whom] = session;
        if (_order.Count > MostSessions)
            _sessions.Remove(_order.Dequeue());
        return true;
    }

    public void OnAnswer(string whom, Fields answer)
    {
        if (
            _sessions.Count > 0
            && answer.TryGet(fields.Info, out var info)
            && _sessions.TryGetValue(whom, out var session)
        )
            session.OnInfo(info);
    }

    private static ReadOnlySpan<byte> Whole(RequestBody? body) => body?.Bytes is { } bytes ? bytes.Span : [];
}
