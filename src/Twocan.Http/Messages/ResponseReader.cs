using System.Text;

namespace Twocan.Http;

/// <summary>
/// Reads the responses that arrive at a client. It has to know what was asked (<see cref="Expect"/>), since the answer to
/// HEAD has no body; bytes that nobody asked for are an error. Errors carry the status 502.
/// </summary>
public sealed class ResponseReader(MessageLimits? limits = null) : MessageReader(limits)
{
    private string? _method;
    private string? _lastMethod;
    private bool _offersUpgrade;
    private int _interims;
    private int _status;
    private string _reason = "";
    private HttpVersion _version;

    /// <summary>The response whose head was read last.</summary>
    public ResponseHead? Head { get; private set; }

    /// <summary>After the end of the response the connection can carry another one.</summary>
    public bool KeepsAlive => Head is { KeepsAlive: true } && Framing.Kind != FramingKind.UntilClose && !HasSwitched;

    /// <summary>Nothing at all has come since <see cref="Expect"/>.</summary>
    public bool HasReadNothing { get; private set; } = true;

    /// <summary>After the end of this response the connection carries another protocol: CONNECT was granted, or an upgrade that was asked for.</summary>
    public bool HasSwitched =>
        Head is { } head && (head.Status == 101 || (_lastMethod == Methods.Connect && head.Status is >= 200 and < 300));

    /// <summary>A request has been sent; its response comes next.</summary>
    /// <param name="method">The answer to HEAD has no body, whatever it says.</param>
    /// <param name="offersUpgrade">The request has offered another protocol: 101 is an answer then, and the last in this one.</param>
    public void Expect(string method, bool offersUpgrade = false) =>
        (_method, _lastMethod, _offersUpgrade, _interims, HasReadNothing) = (method, method, offersUpgrade, 0, true);

    private protected override bool IsExpecting => _method is not null;

    private protected override MessageError InThisRole(MessageError error) => error with { Status = 502 };

    private protected override void OnEnd() => _method = null;

    private protected override bool MayBegin(out MessageError error)
    {
        HasReadNothing = false;
        error = new(502, "a response that nobody asked for");
        return _method is not null;
    }

    /// <summary><c>HTTP-version SP status-code SP [ reason-phrase ]</c> (RFC 9112 §4); the last blank may be missing with the phrase.</summary>
    private protected override bool TryParseStartLine(ReadOnlySpan<byte> line, out MessageError error)
    {
        error = new(502, "this is not a status line");
        if (line.Length < 12 || !VersionText.TryParse(line[..8], out _version) || line[8] != ' ')
            return false;
        if (line.Length > 12 && line[12] != ' ')
            return false;
        if (!Grammar.TryParseDecimal(line[9..12], out var status) || status < 100)
            return false;
        var reason = line.Length > 12 ? line[13..] : default;
        if (!Grammar.IsText(reason))
            return false;
        _status = (int)status;
        // The usual phrase is there already.
        var usual = StatusCodes.Phrase(_status);
        _reason = Ascii.Equals(reason, usual) ? usual : Encoding.Latin1.GetString(reason);
        error = new(502, $"{_version} is not spoken here");
        return _version.Major == 1;
    }

    private protected override bool TryFinishHead(
        Fields fields,
        out Framing framing,
        out bool isInterim,
        out MessageError error
    )
    {
        framing = default;
        Head = new(_status, fields, _reason, _version);
        isInterim = StatusCodes.IsInterim(_status) && !(_status == 101 && _offersUpgrade);
        if (isInterim)
        {
            error = new(502, _status == 101 ? "it switches protocols unasked" : "there are too many interim responses");
            return _status != 101 && ++_interims <= Limits.Interims;
        }
        return Framing.TryOfResponse(Head, _method!, out framing, out error);
    }
}
