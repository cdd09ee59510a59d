using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// The URL Standard's basic URL parser (§4.4), state by state, for the special schemes that are served.
/// <para>
/// Theory of operation. The text is read one character at a time, the end being a character too. Each state looks at it
/// and says where to go; a state that leaves the character to the next one does not take it (<see cref="_again"/>), which is the
/// standard's 'decrease pointer by 1'. What is read piles up in <see cref="_buffer"/> until a state knows what it is.
/// </para>
/// </summary>
internal sealed class UrlParser(string input, Url? relativeTo)
{
    private const char End = '\uFFFF';

    private readonly StringBuilder _buffer = new();
    private readonly List<string> _path = [];
    private string _text = "";
    private int _at;
    private bool _again;
    private State _state = State.SchemeStart;
    private string _scheme = "";
    private string _username = "";
    private string _password = "";
    private UrlHost? _host;
    private Port? _port;
    private StringBuilder? _query;
    private StringBuilder? _fragment;
    private bool _insideBrackets;

    private enum State
    {
        SchemeStart,
        Scheme,
        NoScheme,
        SpecialRelativeOrAuthority,
        SpecialAuthoritySlashes,
        SpecialAuthorityIgnoreSlashes,
        Relative,
        RelativeSlash,
        Authority,
        Host,
        Port,
        PathStart,
        Path,
        Query,
        Fragment,
        Failed,
    }

    /// <summary>Why there is no URL; empty when there is one.</summary>
    public string Why { get; private set; } = "";

    public Url? Run()
    {
        _text = WithoutLineBreaks(input.AsSpan().Trim(ControlsAndSpace));
        for (_at = 0; _at <= _text.Length && _state != State.Failed; )
        {
            var c = _at < _text.Length ? _text[_at] : End;
            var isEnd = _at == _text.Length;
            var taken = 1;
            _again = false;
            switch (_state)
            {
                case State.SchemeStart:
                    OnSchemeStart(c);
                    break;
                case State.Scheme:
                    OnScheme(c);
                    break;
                case State.NoScheme:
                    OnNoScheme();
                    break;
                case State.SpecialRelativeOrAuthority:
                    OnSlashes(otherwise: State.Relative);
                    break;
                case State.SpecialAuthoritySlashes:
                    OnSlashes(otherwise: State.SpecialAuthorityIgnoreSlashes);
                    break;
                case State.SpecialAuthorityIgnoreSlashes:
                    if (!IsSlash(c))
                        GoAgain(State.Authority);
                    break;
                case State.Relative:
                    OnRelative(c, isEnd);
                    break;
                case State.RelativeSlash:
                    OnRelativeSlash(c);
                    break;
                case State.Authority:
                    OnAuthority(c, isEnd);
                    break;
                case State.Host:
                    OnHost(c, isEnd);
                    break;
                case State.Port:
                    OnPort(c, isEnd);
                    break;
                case State.PathStart:
                    _state = State.Path;
                    _again = !IsSlash(c);
                    break;
                case State.Path:
                    taken = OnPath(c, isEnd);
                    break;
                case State.Query:
                    taken = OnQuery(c, isEnd);
                    break;
                case State.Fragment:
                    if (!isEnd)
                        taken = PercentEncoding.Append(_fragment!, _text, _at, PercentEncoding.InFragmentSet);
                    break;
            }
            if (!_again)
                _at += taken;
        }
        return _state == State.Failed || _host is null
            ? null
            : new(_scheme, _username, _password, _host, _port, _path, _query?.ToString(), _fragment?.ToString());
    }

    private static ReadOnlySpan<char> ControlsAndSpace =>
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f ";

    private static string WithoutLineBreaks(ReadOnlySpan<char> text) =>
        text.ContainsAny('\t', '\n', '\r')
            ? text.ToString().Replace("\t", "").Replace("\n", "").Replace("\r", "")
            : text.ToString();

    /// <summary>For a special scheme a backslash is a slash.</summary>
    private static bool IsSlash(char c) => c is '/' or '\\';

    private void GoAgain(State next)
    {
        _state = next;
        _again = true;
    }

    private void Fail(string why)
    {
        Why = why;
        _state = State.Failed;
    }

    private void OnSchemeStart(char c)
    {
        if (!char.IsAsciiLetter(c))
        {
            GoAgain(State.NoScheme);
            return;
        }
        _buffer.Append(char.ToLowerInvariant(c));
        _state = State.Scheme;
    }

    private void OnScheme(char c)
    {
        if (char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.')
        {
            _buffer.Append(char.ToLowerInvariant(c));
            return;
        }
        if (c != ':')
        {
            _buffer.Clear();
            _at = 0;
            GoAgain(State.NoScheme);
            return;
        }
        _scheme = Take();
        if (Url.DefaultPort(_scheme) is null)
            Fail($"the scheme '{_scheme}' is not served yet: http and https are");
        else
            _state = relativeTo?.Scheme == _scheme ? State.SpecialRelativeOrAuthority : State.SpecialAuthoritySlashes;
    }

    private void OnNoScheme()
    {
        if (relativeTo is null)
            Fail($"'{_text}' has no scheme: a URL begins like http://");
        else
            GoAgain(State.Relative);
    }

    private void OnSlashes(State otherwise)
    {
        if (_text.AsSpan(_at).StartsWith("//"))
        {
            _at++;
            _state = State.SpecialAuthorityIgnoreSlashes;
        }
        else
        {
            GoAgain(otherwise);
        }
    }

    private void OnRelative(char c, bool isEnd)
    {
        _scheme = relativeTo!.Scheme;
        if (IsSlash(c))
        {
            _state = State.RelativeSlash;
            return;
        }
        InheritAuthority();
        _path.AddRange(relativeTo.Segments);
        _query = relativeTo.Query is { } query ? new(query) : null;
        if (c is '?' or '#')
        {
            Begin(c);
        }
        else if (!isEnd)
        {
            _query = null;
            Shorten();
            GoAgain(State.Path);
        }
    }

    private void OnRelativeSlash(char c)
    {
        if (IsSlash(c))
        {
            _state = State.SpecialAuthorityIgnoreSlashes;
            return;
        }
        InheritAuthority();
        GoAgain(State.Path);
    }

    private void InheritAuthority()
    {
        (_username, _password) = (relativeTo!.Username, relativeTo.Password);
        (_host, _port) = (relativeTo.Host, relativeTo.WrittenPort);
    }

    /// <summary>Looks for the last '@' before the path: what stands before it is user and password.</summary>
    private void OnAuthority(char c, bool isEnd)
    {
        if (!isEnd && !IsSlash(c) && c is not ('?' or '#'))
        {
            _buffer.Append(c);
            return;
        }
        var authority = Take();
        var atSign = authority.LastIndexOf('@');
        if (atSign >= 0 && atSign == authority.Length - 1)
        {
            Fail("there is a user but no host");
            return;
        }
        if (atSign >= 0)
            ReadCredentials(authority.AsSpan(0, atSign));
        _at -= authority.Length - (atSign + 1);
        GoAgain(State.Host);
    }

    private void ReadCredentials(ReadOnlySpan<char> written)
    {
        var colon = written.IndexOf(':');
        _username = Encode(colon < 0 ? written : written[..colon]);
        _password = colon < 0 ? "" : Encode(written[(colon + 1)..]);

        static string Encode(ReadOnlySpan<char> part)
        {
            var (text, encoded) = (part.ToString(), new StringBuilder());
            for (var i = 0; i < text.Length; )
                i += PercentEncoding.Append(encoded, text, i, PercentEncoding.InUserInfoSet);
            return encoded.ToString();
        }
    }

    private void OnHost(char c, bool isEnd)
    {
        var isPort = c == ':' && !_insideBrackets;
        if (!isPort && !isEnd && !IsSlash(c) && c is not ('?' or '#'))
        {
            _insideBrackets = c == '[' || (_insideBrackets && c != ']');
            _buffer.Append(c);
            return;
        }
        if (_buffer.Length == 0)
        {
            Fail("there is no host");
            return;
        }
        if (!UrlHost.TryParse(Take(), out _host, out var why))
            Fail(why);
        else if (isPort)
            _state = State.Port;
        else
            GoAgain(State.PathStart);
    }

    private void OnPort(char c, bool isEnd)
    {
        if (char.IsAsciiDigit(c))
        {
            _buffer.Append(c);
            return;
        }
        if (!isEnd && !IsSlash(c) && c is not ('?' or '#'))
        {
            Fail($"'{_buffer}{c}' is not a port number");
            return;
        }
        var digits = Take();
        var significant = digits.TrimStart('0');
        if (
            significant.Length > 5
            || (significant.Length > 0 && int.Parse(significant, CultureInfo.InvariantCulture) > 65535)
        )
        {
            Fail($"{digits} is not a port number: they end at 65535");
            return;
        }
        if (digits.Length > 0)
        {
            var port = new Port(
                significant.Length == 0 ? (ushort)0 : ushort.Parse(significant, CultureInfo.InvariantCulture)
            );
            _port = port == Url.DefaultPort(_scheme) ? null : port;
        }
        GoAgain(State.PathStart);
    }

    private int OnPath(char c, bool isEnd)
    {
        if (!isEnd && !IsSlash(c) && c is not ('?' or '#'))
            return PercentEncoding.Append(_buffer, _text, _at, PercentEncoding.InPathSet);
        var segment = Take();
        if (IsDoubleDot(segment))
        {
            Shorten();
            if (!IsSlash(c))
                _path.Add("");
        }
        else if (!IsSingleDot(segment))
        {
            _path.Add(segment);
        }
        else if (!IsSlash(c))
        {
            _path.Add("");
        }
        if (c is '?' or '#')
            Begin(c);
        return 1;
    }

    private int OnQuery(char c, bool isEnd)
    {
        if (c == '#')
            Begin(c);
        else if (!isEnd)
            return PercentEncoding.Append(_query!, _text, _at, PercentEncoding.InSpecialQuerySet);
        return 1;
    }

    private void Begin(char c)
    {
        if (c == '?')
            (_query, _state) = (new(), State.Query);
        else
            (_fragment, _state) = (new(), State.Fragment);
    }

    private void Shorten()
    {
        if (_path.Count > 0)
            _path.RemoveAt(_path.Count - 1);
    }

    private string Take()
    {
        var text = _buffer.ToString();
        _buffer.Clear();
        return text;
    }

    private static bool IsSingleDot(string segment) =>
        segment == "." || segment.Equals("%2e", StringComparison.OrdinalIgnoreCase);

    private static bool IsDoubleDot(string segment) =>
        segment.Length is >= 2 and <= 6 && segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) == "..";
}
