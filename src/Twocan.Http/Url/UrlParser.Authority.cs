using Twocan.Core;

namespace Twocan.Http;

/// <summary>User and password, host, port.</summary>
internal sealed partial class UrlParser
{
    /// <summary>Looks for the last '@' before the path: what stands before it is user and password.</summary>
    private State OnAuthority()
    {
        var start = _at;
        var authority = TakeUntil(HostDelimiters);
        var atSign = authority.LastIndexOf('@');
        _at = start + atSign + 1;
        if (atSign < 0)
            return State.Host;
        Note(ValidationError.InvalidCredentials);
        if (atSign == authority.Length - 1)
            return Fail(ValidationError.HostMissing, "there is a user but no host");
        var written = authority[..atSign];
        var colon = written.IndexOf(':');
        _url.Username = PercentEncoding.Encode(colon < 0 ? written : written[..colon], PercentEncodeSet.UserInfo);
        if (colon >= 0)
            _url.Password = PercentEncoding.Encode(written[(colon + 1)..], PercentEncodeSet.UserInfo);
        return State.Host;
    }

    private State OnHost()
    {
        if (IsSetter && _url.IsFile)
            return State.FileHost;
        var start = _at;
        var authority = TakeUntil(HostDelimiters);
        var colon = PortColonIn(authority);
        var written = colon < 0 ? authority : authority[..colon];
        if (written.Length == 0)
        {
            // http://? is none; test://? is, with an empty host.
            if (_url.IsSpecial || colon >= 0)
                return Fail(ValidationError.HostMissing, "there is no host");
            if (IsSetter && (_url.HasCredentials || _url.Port is not null))
                return State.Failed;
        }
        if (colon >= 0 && _override == State.Hostname)
            return State.Failed;
        if (ReadHost(written) is not { } host)
            return State.Failed;
        _url.Host = host;
        if (colon >= 0)
        {
            _at = start + colon + 1;
            return State.Port;
        }
        return IsSetter ? State.Ended : State.PathStart;
    }

    /// <summary>The first colon that is not inside brackets: there the port begins.</summary>
    private static int PortColonIn(ReadOnlySpan<char> authority)
    {
        var isInsideBrackets = false;
        for (var i = 0; i < authority.Length; i++)
        {
            if (authority[i] == ':' && !isInsideBrackets)
                return i;
            isInsideBrackets = authority[i] == '[' || (isInsideBrackets && authority[i] != ']');
        }
        return -1;
    }

    private UrlHost? ReadHost(ReadOnlySpan<char> written)
    {
        var parser = new UrlHostParser(_errors);
        var host = parser.Parse(written.ToString(), isOpaque: !_url.IsSpecial);
        Why = parser.Why;
        return host;
    }

    private State OnPort()
    {
        var start = _at;
        while (Current is var c and not End && char.IsAsciiDigit((char)c))
            _at++;
        var digits = _text.AsSpan(start, _at - start);
        if (!(Current is End or '?' or '#' || IsAtSlash || IsSetter))
            return Fail(ValidationError.PortInvalid, $"'{_text[start..(_at + 1)]}' is not a port number");
        if (digits.Length > 0)
        {
            var number = 0;
            foreach (var digit in digits)
                number = Math.Min(number * 10 + (digit - '0'), ushort.MaxValue + 1);
            if (number > ushort.MaxValue)
                return Fail(
                    ValidationError.PortOutOfRange,
                    $"{digits} is not a port number: they end at {ushort.MaxValue}"
                );
            var port = new Port((ushort)number);
            _url.Port = port == UrlScheme.DefaultPort(_url.Scheme) ? null : port;
        }
        if (IsSetter)
            return digits.Length > 0 ? State.Ended : State.Failed;
        return State.PathStart;
    }
}
