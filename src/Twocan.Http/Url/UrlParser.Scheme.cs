namespace Twocan.Http;

/// <summary>The scheme, and what is read from where it stands: relative references.</summary>
internal sealed partial class UrlParser
{
    private State OnSchemeStart()
    {
        if (Current is var c and not End && char.IsAsciiLetter((char)c))
            return State.Scheme;
        return IsSetter ? State.Failed : State.NoScheme;
    }

    private State OnScheme()
    {
        while (Current is var c and not End && (char.IsAsciiLetterOrDigit((char)c) || c is '+' or '-' or '.'))
            _at++;
        if (Current != ':')
        {
            _at = 0;
            return IsSetter ? State.Failed : State.NoScheme;
        }
        var scheme = _text[.._at++].ToLowerInvariant();
        if (IsSetter)
        {
            SetScheme(scheme);
            return State.Ended;
        }
        _url.Scheme = scheme;
        if (_url.IsFile)
        {
            NoteUnless(Rest.StartsWith("//"), ValidationError.SpecialSchemeMissingFollowingSolidus);
            return State.File;
        }
        if (_url.IsSpecial)
            return _base?.Scheme == scheme ? State.SpecialRelativeOrAuthority : State.SpecialAuthoritySlashes;
        if (Current == '/')
        {
            _at++;
            return State.PathOrAuthority;
        }
        return State.OpaquePath;
    }

    /// <summary>A URL cannot become, or cease to be, special; nor a file's with a port or a user, nor from a file's without a host.</summary>
    private void SetScheme(string scheme)
    {
        if (
            UrlScheme.IsSpecial(scheme) != _url.IsSpecial
            || (scheme == UrlScheme.File && (_url.HasCredentials || _url.Port is not null))
            || (_url.IsFile && _url.Host == UrlHost.Empty)
        )
            return;
        _url.Scheme = scheme;
        if (_url.Port == UrlScheme.DefaultPort(scheme))
            _url.Port = null;
    }

    private State OnNoScheme()
    {
        if (_base is null || (_base.OpaquePath is not null && Current != '#'))
            return Fail(
                ValidationError.MissingSchemeNonRelativeUrl,
                _base is null
                    ? $"'{_text}' has no scheme: a URL begins like http://"
                    : $"'{_text}' has no scheme, and nothing can be relative to {_base.Scheme}:{_base.OpaquePath}"
            );
        if (_base.OpaquePath is not null)
        {
            _url.Scheme = _base.Scheme;
            _url.CopyPathAndQuery(_base);
            _at++;
            return State.Fragment;
        }
        return _base.IsFile ? State.File : State.Relative;
    }

    private State OnSpecialRelativeOrAuthority()
    {
        if (Rest.StartsWith("//"))
        {
            _at += 2;
            return State.SpecialAuthorityIgnoreSlashes;
        }
        Note(ValidationError.SpecialSchemeMissingFollowingSolidus);
        return State.Relative;
    }

    private State OnPathOrAuthority()
    {
        if (Current != '/')
            return State.Path;
        _at++;
        return State.Authority;
    }

    private State OnRelative()
    {
        _url.Scheme = _base!.Scheme;
        if (IsAtSlash)
        {
            NoteUnless(!IsAtBackslash, ValidationError.InvalidReverseSolidus);
            _at++;
            return State.RelativeSlash;
        }
        _url.CopyAuthority(_base);
        _url.CopyPathAndQuery(_base);
        if (Current is '?' or '#')
            return OnQueryOrFragment();
        if (Current == End)
            return State.Ended;
        _url.Query = null;
        _url.Shorten();
        return State.Path;
    }

    private State OnRelativeSlash()
    {
        if (IsAtSlash && _url.IsSpecial)
        {
            NoteUnless(!IsAtBackslash, ValidationError.InvalidReverseSolidus);
            _at++;
            return State.SpecialAuthorityIgnoreSlashes;
        }
        if (Current == '/')
        {
            _at++;
            return State.Authority;
        }
        _url.CopyAuthority(_base!);
        return State.Path;
    }

    private State OnSpecialAuthoritySlashes()
    {
        if (Rest.StartsWith("//"))
            _at += 2;
        else
            Note(ValidationError.SpecialSchemeMissingFollowingSolidus);
        return State.SpecialAuthorityIgnoreSlashes;
    }

    private State OnSpecialAuthorityIgnoreSlashes()
    {
        for (; Current is '/' or '\\'; _at++)
            Note(ValidationError.SpecialSchemeMissingFollowingSolidus);
        return State.Authority;
    }

    private void NoteUnless(bool isRight, ValidationError error)
    {
        if (!isRight)
            Note(error);
    }
}
