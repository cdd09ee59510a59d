namespace Twocan.Http;

/// <summary>
/// The basic URL parser of the URL Standard (§4.4). <para>
/// It is a machine whose states bear the standard's names; each state is a method that takes what is its own from the text
/// and names the next. The standard walks character by character and sometimes steps back; here a state takes its
/// whole part at once (up to the next slash, question mark or hash), which comes to the same and is quicker. The states stand in
/// the standard's order: scheme and relative references in <c>UrlParser.Scheme.cs</c>, user, host and port in <c>UrlParser.Authority.cs</c>,
/// file URLs in <c>UrlParser.File.cs</c>, path, query and fragment in <c>UrlParser.Path.cs</c>.
/// </para><para>
/// A setter (<c>url.host = …</c> in a browser) runs the same machine on a URL that exists, from one state on, the 'state override':
/// there the delimiters of later parts are ordinary characters, and the machine ends with its part.
/// </para>
/// </summary>
internal sealed partial class UrlParser
{
    private const int End = -1;

    private readonly string _text;
    private readonly UrlRecord _url;
    private readonly UrlRecord? _base;
    private readonly State? _override;
    private readonly ICollection<ValidationError>? _errors;
    private int _at;

    /// <param name="errors">Gathers what is wrong with how the URL is written.</param>
    public UrlParser(string text, UrlRecord? relativeTo, ICollection<ValidationError>? errors = null)
    {
        var trimmed = text.AsSpan().Trim(ControlsAndSpace);
        (_url, _base, _errors) = (new(), relativeTo, errors);
        if (trimmed.Length < text.Length)
            Note(ValidationError.InvalidUrlUnit);
        _text = WithoutLineBreaks(trimmed.Length < text.Length ? trimmed.ToString() : text);
    }

    /// <summary>Changes one part of a URL; what the part cannot be leaves it as it is.</summary>
    public UrlParser(string text, UrlRecord url, State from) =>
        (_text, _url, _override) = (WithoutLineBreaks(text), url, from);

    /// <summary>Why there is no URL; empty when there is one.</summary>
    public string Why { get; private set; } = "";

    internal enum State
    {
        SchemeStart,
        Scheme,
        NoScheme,
        SpecialRelativeOrAuthority,
        PathOrAuthority,
        Relative,
        RelativeSlash,
        SpecialAuthoritySlashes,
        SpecialAuthorityIgnoreSlashes,
        Authority,
        Host,
        Hostname,
        Port,
        File,
        FileSlash,
        FileHost,
        PathStart,
        Path,
        OpaquePath,
        Query,
        Fragment,
        Ended,
        Failed,
    }

    /// <summary>The URL, or null.</summary>
    public UrlRecord? Run()
    {
        var state = _override ?? State.SchemeStart;
        while (state < State.Ended)
        {
            state = state switch
            {
                State.SchemeStart => OnSchemeStart(),
                State.Scheme => OnScheme(),
                State.NoScheme => OnNoScheme(),
                State.SpecialRelativeOrAuthority => OnSpecialRelativeOrAuthority(),
                State.PathOrAuthority => OnPathOrAuthority(),
                State.Relative => OnRelative(),
                State.RelativeSlash => OnRelativeSlash(),
                State.SpecialAuthoritySlashes => OnSpecialAuthoritySlashes(),
                State.SpecialAuthorityIgnoreSlashes => OnSpecialAuthorityIgnoreSlashes(),
                State.Authority => OnAuthority(),
                State.Host or State.Hostname => OnHost(),
                State.Port => OnPort(),
                State.File => OnFile(),
                State.FileSlash => OnFileSlash(),
                State.FileHost => OnFileHost(),
                State.PathStart => OnPathStart(),
                State.Path => OnPath(),
                State.OpaquePath => OnOpaquePath(),
                State.Query => OnQuery(),
                _ => OnFragment(),
            };
        }
        return state == State.Failed ? null : _url;
    }

    private static ReadOnlySpan<char> ControlsAndSpace =>
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f ";

    private bool IsSetter => _override is not null;

    /// <summary>What is still to be read.</summary>
    private ReadOnlySpan<char> Rest => _text.AsSpan(_at);

    /// <summary>The character at hand; <see cref="End"/> behind the last.</summary>
    private int Current => _at < _text.Length ? _text[_at] : End;

    /// <summary>For a special scheme a backslash is a slash.</summary>
    private bool IsAtSlash => Current == '/' || IsAtBackslash;

    private bool IsAtBackslash => _url.IsSpecial && Current == '\\';

    private string WithoutLineBreaks(string text)
    {
        if (!text.AsSpan().ContainsAny('\t', '\n', '\r'))
            return text;
        Note(ValidationError.InvalidUrlUnit);
        return text.Replace("\t", "").Replace("\n", "").Replace("\r", "");
    }

    /// <summary>Up to the first of these characters, or to the end; leaves the parser there.</summary>
    private ReadOnlySpan<char> TakeUntil(ReadOnlySpan<char> delimiters)
    {
        var rest = Rest;
        var end = rest.IndexOfAny(delimiters);
        var taken = end < 0 ? rest : rest[..end];
        _at += taken.Length;
        return taken;
    }

    /// <summary>The characters that end a host: those that begin what may follow it.</summary>
    private string HostDelimiters => _url.IsSpecial ? "/\\?#" : "/?#";

    private void Note(ValidationError error) => _errors?.Add(error);

    private State Fail(ValidationError error, string why)
    {
        Note(error);
        Why = why;
        return State.Failed;
    }
}
