using System.Text;

namespace Twocan.Http;

/// <summary>Reads the requests that arrive at a server, one after the other. An error says with which status to refuse.</summary>
public sealed class RequestReader(MessageLimits? limits = null) : MessageReader(limits)
{
    private RequestHead _head = new();
    private bool _emptyLineSkipped;

    /// <summary>A proxy's rule (RFC 9112 §3.2.2): a whole URL in the request line counts, whatever the Host field says.</summary>
    public bool IsProxy { get; init; }

    /// <summary>The request whose head was read last.</summary>
    public RequestHead? Head { get; private set; }

    /// <summary>RFC 9112 §2.2: at least one empty line before a request is to be ignored; some clients end a body with one.</summary>
    private protected override bool MaySkipEmptyLine()
    {
        var first = !_emptyLineSkipped;
        _emptyLineSkipped = true;
        return first;
    }

    /// <summary><c>method SP request-target SP HTTP-version</c> (RFC 9112 §3), single blanks and nothing else.</summary>
    private protected override bool TryParseStartLine(ReadOnlySpan<byte> line, out MessageError error)
    {
        error = new(400, "this is not a request line");
        var blank = line.IndexOf((byte)' ');
        if (blank < 0 || !Grammar.IsToken(line[..blank]))
            return false;
        var method = line[..blank];
        var rest = line[(blank + 1)..];
        blank = rest.IndexOf((byte)' ');
        if (blank < 0 || !Grammar.IsTarget(rest[..blank]))
            return false;
        var target = rest[..blank];
        if (!VersionText.TryParse(rest[(blank + 1)..], out var version))
            return false;
        if (version.Major != 1)
        {
            error = new(505, $"{version} is not spoken here");
            return false;
        }
        if (method.Length > Limits.Method)
        {
            error = new(501, "the method is longer than any");
            return false;
        }
        if (!ReusesHead)
            _head = new();
        _head.Fill(Methods.Of(method), target, version);
        if (IsTargetOf(_head.Method, target))
            return true;
        error = new(400, "this target does not go with this method");
        return false;
    }

    /// <summary>A line whose method alone fills it asks for nothing that could be too long.</summary>
    private protected override MessageError TooLongStartLine(ReadOnlySpan<byte> begun) =>
        begun.Contains((byte)' ')
            ? base.TooLongStartLine(begun)
            : new(400, "the request line has no end, and no blank either");

    private protected override bool TryFinishHead(
        Fields fields,
        out Framing framing,
        out bool isInterim,
        out MessageError error
    )
    {
        isInterim = false;
        framing = default;
        _emptyLineSkipped = false;
        _head.Fill(fields);
        Head = _head;
        return IsHostRight(fields, out error)
            && Framing.TryOfRequest(_head, Limits, out framing, out error)
            && (framing.Kind == FramingKind.None || IsBodyRight(fields, out error));
    }

    /// <summary>
    /// CONNECT has no body (RFC 9110 §9.3.6): what follows is the tunnel's, and who reads a body there takes its beginning away.
    /// Of two types that differ (RFC 9110 §8.3) some take the first and some the last, and see two different bodies.
    /// </summary>
    private bool IsBodyRight(Fields fields, out MessageError error)
    {
        error = _head.Method == Methods.Connect ? new(400, "CONNECT has no body") : default;
        var first = fields.IndexOf("Content-Type");
        for (var next = first; next >= 0; next = fields.IndexOf("Content-Type", next + 1))
        {
            if (!fields[next].ValueBytes.SequenceEqual(fields[first].ValueBytes))
                error = new(400, "there are two Content-Types");
        }
        return error == default;
    }

    /// <summary>RFC 9112 §3.2: no Host, two, one that is not a host, or one that is not the target's: 400.</summary>
    private bool IsHostRight(Fields fields, out MessageError error)
    {
        error = default;
        var index = fields.IndexOf("Host");
        if (index < 0)
        {
            if (_head.Version.IsAtLeast11)
                error = new(400, "there is no Host field");
        }
        else if (fields.IndexOf("Host", index + 1) >= 0)
            error = new(400, "there are two Host fields");
        else if (!Grammar.IsHost(fields[index].ValueBytes))
            error = new(400, "the Host field does not name a host");
        else if (!IsProxy && !RequestTarget.IsFor(_head.TargetBytes, fields[index].ValueBytes))
            error = new(400, "the target and the Host field name different hosts");
        return error == default;
    }

    private bool IsTargetOf(string method, ReadOnlySpan<byte> target)
    {
        if (method == Methods.Connect)
            return Grammar.IsHost(target) && target.Contains((byte)':') && target[^1] != ':';
        return target[0] == '/'
            || (target.SequenceEqual("*"u8) && method == Methods.Options)
            || (RequestTarget.TryAuthority(target, out var authority) && (IsProxy || Grammar.IsHost(authority)));
    }
}

/// <summary>The host that a request line names by itself, in absolute form (RFC 9112 §3.2.2).</summary>
internal static class RequestTarget
{
    /// <summary>
    /// What stands between <c>://</c> and the path: a host and perhaps a port. A user before it is for the client alone
    /// (RFC 9110 §4.2.4), but some tell it their proxy.
    /// </summary>
    public static bool TryAuthority(ReadOnlySpan<byte> target, out ReadOnlySpan<byte> authority)
    {
        authority = default;
        var scheme = target.IndexOf("://"u8);
        if (scheme <= 0 || !char.IsAsciiLetter((char)target[0]))
            return false;
        authority = target[(scheme + 3)..];
        var end = authority.IndexOfAny((byte)'/', (byte)'?');
        authority = end < 0 ? authority : authority[..end];
        return !authority.IsEmpty;
    }

    /// <summary>
    /// Whether a target may stand beside this Host field. A proxy goes by the target and a server perhaps by the field: where
    /// they differ, one request would be two. A port that is the scheme's own may be left out in either.
    /// </summary>
    public static bool IsFor(ReadOnlySpan<byte> target, ReadOnlySpan<byte> host)
    {
        if (target[0] == '/' || !TryAuthority(target, out var authority))
            return true;
        var own = target.StartsWith("https"u8) ? ":443"u8 : ":80"u8;
        return Ascii.EqualsIgnoreCase(Without(authority, own), Without(host, own));
    }

    private static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> host, ReadOnlySpan<byte> port)
    {
        if (host.EndsWith(port))
            return host[..^port.Length];
        return host.EndsWith(":"u8) ? host[..^1] : host;
    }
}

/// <summary><c>HTTP/1.1</c>: the name in capitals, one digit on either side of the dot (RFC 9112 §2.3).</summary>
internal static class VersionText
{
    public static bool TryParse(ReadOnlySpan<byte> text, out HttpVersion version)
    {
        version = default;
        if (text.Length != 8 || !text.StartsWith("HTTP/"u8) || text[6] != '.')
            return false;
        if (!char.IsAsciiDigit((char)text[5]) || !char.IsAsciiDigit((char)text[7]))
            return false;
        version = new(text[5] - '0', text[7] - '0');
        return true;
    }
}
