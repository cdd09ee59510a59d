using System.Buffers;
using System.Text;

namespace Twocan.Http;

/// <summary>HTTP's version as the start line says it.</summary>
public readonly record struct HttpVersion(int Major, int Minor)
{
    public static readonly HttpVersion Http10 = new(1, 0);
    public static readonly HttpVersion Http11 = new(1, 1);

    /// <summary>Kept connections, chunks and Host belong to 1.1 and whatever 1.x comes after it.</summary>
    public bool IsAtLeast11 => Major > 1 || (Major == 1 && Minor >= 1);

    public override string ToString() => $"HTTP/{Major}.{Minor}";
}

/// <summary>The four forms of a request's target (RFC 9112 §3.2).</summary>
public enum TargetForm
{
    /// <summary><c>/dir/file1.html</c>: to the server itself.</summary>
    Origin,

    /// <summary><c>http://www.lab.cyber.co.kr/dir/file1.html</c>: to a proxy.</summary>
    Absolute,

    /// <summary><c>www.lab.cyber.co.kr:443</c>: CONNECT.</summary>
    Authority,

    /// <summary><c>*</c>: OPTIONS of the server as a whole.</summary>
    Asterisk,
}

/// <summary>A request message up to its blank line.</summary>
public sealed class RequestHead
{
    private byte[] _targetBytes;
    private int _targetLength;
    private string? _target;

    public RequestHead(string method, string target, HttpVersion version, Fields? fields = null)
    {
        if (!Grammar.IsToken(Encoding.Latin1.GetBytes(method)))
            throw new ArgumentException($"'{method}' is not a method.", nameof(method));
        if (!Grammar.IsVisible(Encoding.UTF8.GetBytes(target)))
            throw new ArgumentException($"'{target}' cannot stand in a request line.", nameof(target));
        (Method, _target, Version, Fields) = (method, target, version, fields ?? new());
        _targetBytes = Encoding.UTF8.GetBytes(target);
        _targetLength = _targetBytes.Length;
    }

    /// <summary>One for a reader to fill.</summary>
    internal RequestHead() => (Method, _targetBytes, Fields) = ("", [], new());

    public string Method { get; private set; }

    public string Target => _target ??= Encoding.ASCII.GetString(TargetBytes);

    /// <summary>The target as it was read, without a string being made of it.</summary>
    public ReadOnlySpan<byte> TargetBytes => _targetBytes.AsSpan(0, _targetLength);

    public HttpVersion Version { get; private set; }

    public Fields Fields { get; private set; }

    public TargetForm Form =>
        Target switch
        {
            ['/', ..] => TargetForm.Origin,
            "*" => TargetForm.Asterisk,
            _ when Method == Methods.Connect => TargetForm.Authority,
            _ => TargetForm.Absolute,
        };

    /// <summary>The client means to go on with this connection (RFC 9112 §9.3).</summary>
    public bool KeepsAlive => Persistence.KeepsAlive(Version, Fields);

    /// <summary>The client waits for a 100 before it sends its body (RFC 9110 §10.1.1); an HTTP/1.0 client cannot.</summary>
    public bool ExpectsContinue =>
        (Fields.Known & KnownFields.Expect) != KnownFields.None
        && Version.IsAtLeast11
        && Fields.HasToken("Expect", "100-continue");

    /// <summary>The client asks for something beyond 100-continue, which nobody knows: 417 (RFC 9110 §10.1.1).</summary>
    public bool ExpectsTheUnknown =>
        (Fields.Known & KnownFields.Expect) != KnownFields.None
        && Fields.ListOf("Expect").Any(one => !one.Equals("100-continue", StringComparison.OrdinalIgnoreCase));

    /// <summary>The client offers to go on in another protocol (RFC 9110 §7.8); an HTTP/1.0 client's offer is to be ignored.</summary>
    public bool OffersUpgrade =>
        (Fields.Known & KnownFields.Upgrade) != KnownFields.None
        && Version.IsAtLeast11
        && Fields.HasToken("Connection", "upgrade");

    /// <summary>The names and values of a request line that has just been read.</summary>
    internal void Fill(string method, ReadOnlySpan<byte> target, HttpVersion version)
    {
        (Method, Version, _target) = (method, version, null);
        if (_targetBytes.Length < target.Length)
            _targetBytes = new byte[Math.Max(64, target.Length)];
        target.CopyTo(_targetBytes);
        _targetLength = target.Length;
    }

    internal void Fill(Fields fields) => Fields = fields;

    public void WriteTo(IBufferWriter<byte> writer) => Encoding.Latin1.GetBytes(ToString(), writer);

    /// <summary>The bytes as text, the blank line included.</summary>
    public override string ToString() => $"{Method} {Target} {Version}\r\n{Fields}\r\n";
}

/// <summary>A response message up to its blank line.</summary>
public sealed class ResponseHead
{
    public ResponseHead(int status, Fields? fields = null, string? reason = null, HttpVersion? version = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 999);
        Status = status;
        Reason = reason ?? StatusCodes.Phrase(status);
        if (!Grammar.IsText(Encoding.Latin1.GetBytes(Reason)))
            throw new ArgumentException($"'{reason}' is not a reason phrase.", nameof(reason));
        Version = version ?? HttpVersion.Http11;
        Fields = fields ?? new();
    }

    public int Status { get; }

    public string Reason { get; }

    public HttpVersion Version { get; }

    public Fields Fields { get; }

    /// <summary>The server means to go on with this connection, as far as its version and fields say.</summary>
    public bool KeepsAlive => Persistence.KeepsAlive(Version, Fields);

    public void WriteTo(IBufferWriter<byte> writer) => Encoding.Latin1.GetBytes(ToString(), writer);

    /// <summary>The bytes as text, the blank line included.</summary>
    public override string ToString() => $"{Version} {Status} {Reason}\r\n{Fields}\r\n";
}

/// <summary>Whether a connection outlives its message (RFC 9112 §9.3).</summary>
internal static class Persistence
{
    public static bool KeepsAlive(HttpVersion version, Fields fields) =>
        (fields.Known & KnownFields.Connection) == KnownFields.None ? version.IsAtLeast11 : SaysSo(version, fields);

    private static bool SaysSo(HttpVersion version, Fields fields) =>
        !fields.HasToken("Connection", "close") && (version.IsAtLeast11 || fields.HasToken("Connection", "keep-alive"));
}
