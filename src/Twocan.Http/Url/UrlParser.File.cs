namespace Twocan.Http;

/// <summary>File URLs: mostly without a host, sometimes with a Windows drive.</summary>
internal sealed partial class UrlParser
{
    private State OnFile()
    {
        _url.Scheme = UrlScheme.File;
        _url.Host = UrlHost.Empty;
        if (IsAtSlash)
        {
            NoteUnless(!IsAtBackslash, ValidationError.InvalidReverseSolidus);
            _at++;
            return State.FileSlash;
        }
        if (_base is not { IsFile: true })
            return State.Path;
        _url.Host = _base.Host;
        _url.CopyPathAndQuery(_base);
        if (Current is '?' or '#')
            return OnQueryOrFragment();
        if (Current == End)
            return State.Ended;
        _url.Query = null;
        if (!WindowsDrive.Starts(Rest))
        {
            _url.Shorten();
        }
        else
        {
            Note(ValidationError.FileInvalidWindowsDriveLetter);
            _url.Path.Clear();
        }
        return State.Path;
    }

    private State OnFileSlash()
    {
        if (IsAtSlash)
        {
            NoteUnless(!IsAtBackslash, ValidationError.InvalidReverseSolidus);
            _at++;
            return State.FileHost;
        }
        if (_base is { IsFile: true })
        {
            _url.Host = _base.Host;
            // /etc beside file:///C:/ stays on that drive.
            if (!WindowsDrive.Starts(Rest) && _base.Path is [var drive, ..] && WindowsDrive.IsNormalized(drive))
                _url.Path.Add(drive);
        }
        return State.Path;
    }

    private State OnFileHost()
    {
        var start = _at;
        var written = TakeUntil("/\\?#");
        if (!IsSetter && WindowsDrive.IsLetter(written))
        {
            // file://C:/ has no host: what looks like one is read again, as the path's first part.
            Note(ValidationError.FileInvalidWindowsDriveLetterHost);
            _at = start;
            return State.Path;
        }
        if (written.Length == 0)
        {
            _url.Host = UrlHost.Empty;
        }
        else
        {
            if (ReadHost(written) is not { } host)
                return State.Failed;
            _url.Host = host.Text == "localhost" ? UrlHost.Empty : host;
        }
        return IsSetter ? State.Ended : State.PathStart;
    }
}
