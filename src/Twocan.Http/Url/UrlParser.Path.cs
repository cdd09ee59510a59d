using System.Text;

namespace Twocan.Http;

/// <summary>Path, query and fragment.</summary>
internal sealed partial class UrlParser
{
    private State OnPathStart()
    {
        if (_url.IsSpecial)
        {
            NoteUnless(!IsAtBackslash, ValidationError.InvalidReverseSolidus);
            if (IsAtSlash)
                _at++;
            return State.Path;
        }
        if (!IsSetter && Current is '?' or '#')
            return OnQueryOrFragment();
        if (Current == End)
        {
            // A URL without a host cannot be without a path too.
            if (IsSetter && _url.Host is null)
                _url.Path.Add("");
            return State.Ended;
        }
        if (Current == '/')
            _at++;
        return State.Path;
    }

    /// <summary>Part by part, up to the query or the fragment.</summary>
    private State OnPath()
    {
        while (true)
        {
            var written = TakeUntil(PathDelimiters);
            NoteUnits(written);
            var isLast = !IsAtSlash;
            NoteUnless(!IsAtBackslash, ValidationError.InvalidReverseSolidus);
            AddToPath(written, isLast);
            if (isLast)
                return Current == End ? State.Ended : OnQueryOrFragment();
            _at++;
        }
    }

    private string PathDelimiters =>
        (_url.IsSpecial, IsSetter) switch
        {
            (true, false) => "/\\?#",
            (false, false) => "/?#",
            (true, true) => "/\\",
            (false, true) => "/",
        };

    private void AddToPath(ReadOnlySpan<char> written, bool isLast)
    {
        if (IsDoubleDot(written))
        {
            _url.Shorten();
            // /usr/.. is /, not no path at all.
            if (isLast)
                _url.Path.Add("");
        }
        else if (IsSingleDot(written))
        {
            if (isLast)
                _url.Path.Add("");
        }
        else if (_url.IsFile && _url.Path.Count == 0 && WindowsDrive.IsLetter(written))
        {
            _url.Path.Add($"{written[0]}:");
        }
        else
        {
            _url.Path.Add(PercentEncoding.Encode(written, PercentEncodeSet.Path));
        }
    }

    private State OnOpaquePath()
    {
        var written = TakeUntil("?#");
        NoteUnits(written);
        // A space at the end of a URL would be lost when it is read again.
        var isBare = Current == End || !written.EndsWith(' ');
        _url.OpaquePath = isBare
            ? PercentEncoding.Encode(written, PercentEncodeSet.C0Control)
            : PercentEncoding.Encode(written[..^1], PercentEncodeSet.C0Control) + "%20";
        return Current == End ? State.Ended : OnQueryOrFragment();
    }

    /// <summary>Steps over the question mark or the hash.</summary>
    private State OnQueryOrFragment()
    {
        var next = Current == '?' ? State.Query : State.Fragment;
        _at++;
        return next;
    }

    private State OnQuery()
    {
        var written = IsSetter ? TakeUntil("") : TakeUntil("#");
        NoteUnits(written);
        var set = _url.IsSpecial ? PercentEncodeSet.SpecialQuery : PercentEncodeSet.Query;
        _url.Query = PercentEncoding.Encode(written, set);
        return Current == End ? State.Ended : OnQueryOrFragment();
    }

    private State OnFragment()
    {
        var written = TakeUntil("");
        NoteUnits(written);
        _url.Fragment = PercentEncoding.Encode(written, PercentEncodeSet.Fragment);
        return State.Ended;
    }

    private static bool IsSingleDot(ReadOnlySpan<char> part) =>
        part is "." || part.Equals("%2e", StringComparison.OrdinalIgnoreCase);

    private static bool IsDoubleDot(ReadOnlySpan<char> part) =>
        part is ".."
        || part.Equals(".%2e", StringComparison.OrdinalIgnoreCase)
        || part.Equals("%2e.", StringComparison.OrdinalIgnoreCase)
        || part.Equals("%2e%2e", StringComparison.OrdinalIgnoreCase);

    /// <summary>§4.3: 'URL units' are URL code points and percent-encoded bytes.</summary>
    private void NoteUnits(ReadOnlySpan<char> written)
    {
        if (_errors is not null && !UrlUnits.AreAll(written))
            Note(ValidationError.InvalidUrlUnit);
    }
}

/// <summary>What a valid URL is written with (URL Standard §4.3).</summary>
internal static class UrlUnits
{
    public static bool AreAll(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            var taken = 1;
            if (text[0] == '%')
            {
                if (!PercentEncoding.IsEncodedByte(text))
                    return false;
            }
            else if (
                Rune.DecodeFromUtf16(text, out var rune, out taken) != System.Buffers.OperationStatus.Done
                || !IsCodePoint(rune.Value)
            )
            {
                return false;
            }
            text = text[taken..];
        }
        return true;
    }

    private static bool IsCodePoint(int c) =>
        c < 0x80
            ? char.IsAsciiLetterOrDigit((char)c) || "!$&'()*+,-./:;=?@_~".Contains((char)c)
            : c >= 0xA0 && !IsNoncharacter(c);

    private static bool IsNoncharacter(int c) => c is >= 0xFDD0 and <= 0xFDEF || (c & 0xFFFE) == 0xFFFE;
}
