using System.Text;

namespace Twocan.Http;

/// <summary>Reads the requests that arrive at a server, one after the other. An error says with which status to refuse.</summary>
public sealed class RequestReader(MessageLimits? limits = null) : MessageReader(limits)
{
    private string _method = "";
    private string _target = "";
    private HttpVersion _version;
    private bool _emptyLineSkipped;

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
        if (blank < 0 || !Grammar.IsVisible(rest[..blank]))
            return false;
        var target = rest[..blank];
        if (!VersionText.TryParse(rest[(blank + 1)..], out _version))
            return false;
        if (_version.Major != 1)
        {
            error = new(505, $"{_version} is not spoken here");
            return false;
        }
        if (method.Length > Limits.Method)
        {
            error = new(501, "the method is longer than any");
            return false;
        }
        _method = Methods.Of(method);
        _target = Encoding.ASCII.GetString(target);
        error = new(400, "this target does not go with this method");
        return IsTarget(_method, _target);
    }

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
        Head = new(_method, _target, _version, fields);
        var hosts = fields.CountOf("Host");
        // RFC 9112 §3.2: none, two, or one that is not a host: 400.
        error = new(400, hosts > 1 ? "there are two Host fields" : "there is no Host field");
        if (hosts > 1 || (hosts == 0 && _version.IsAtLeast11))
            return false;
        error = new(400, "the Host field does not name a host");
        if (hosts == 1 && !Grammar.IsHost(fields[fields.IndexOf("Host")].ValueBytes))
            return false;
        return Framing.TryOfRequest(Head, Limits, out framing, out error);
    }

    private static bool IsTarget(string method, string target) =>
        method == Methods.Connect
            ? Grammar.IsHost(Encoding.ASCII.GetBytes(target)) && target.Contains(':') && !target.EndsWith(':')
            : target[0] == '/' || (target == "*" && method == Methods.Options) || IsAbsolute(target);

    private static bool IsAbsolute(string target)
    {
        var scheme = target.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && char.IsAsciiLetter(target[0]) && target.Length > scheme + 3;
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
