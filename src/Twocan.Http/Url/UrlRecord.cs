using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>A URL while it is being made (URL Standard §4.1): the parser and the setters write into it.</summary>
internal sealed class UrlRecord
{
    public string Scheme { get; set; } = "";

    public string Username { get; set; } = "";

    public string Password { get; set; } = "";

    /// <summary>Null when the URL has none: <c>mailto:</c>.</summary>
    public UrlHost? Host { get; set; }

    public Port? Port { get; set; }

    /// <summary>The parts between the slashes; none when the path is opaque.</summary>
    public List<string> Path { get; private set; } = [];

    /// <summary>A path that has no parts: what follows <c>mailto:</c>.</summary>
    public string? OpaquePath { get; set; }

    public string? Query { get; set; }

    public string? Fragment { get; set; }

    public bool IsSpecial => UrlScheme.IsSpecial(Scheme);

    public bool IsFile => Scheme == UrlScheme.File;

    public bool HasCredentials => Username.Length > 0 || Password.Length > 0;

    /// <summary>'Cannot have a username/password/port'.</summary>
    public bool HasNobodyToAsk => Host is null || Host.Text.Length == 0 || IsFile;

    public UrlRecord Clone()
    {
        var copy = (UrlRecord)MemberwiseClone();
        copy.Path = [.. Path];
        return copy;
    }

    public void CopyAuthority(UrlRecord other) =>
        (Username, Password, Host, Port) = (other.Username, other.Password, other.Host, other.Port);

    public void CopyPathAndQuery(UrlRecord other) =>
        (Path, OpaquePath, Query) = ([.. other.Path], other.OpaquePath, other.Query);

    /// <summary>Takes the last part away, but never a file URL's drive.</summary>
    public void Shorten()
    {
        if (Path.Count > 0 && !(IsFile && Path.Count == 1 && WindowsDrive.IsNormalized(Path[0])))
            Path.RemoveAt(Path.Count - 1);
    }

    /// <summary>The URL path serializer.</summary>
    public string WritePath() => OpaquePath ?? (Path.Count == 0 ? "" : "/" + string.Join('/', Path));

    /// <summary>The URL serializer.</summary>
    public string Write(bool withUserInfo, bool withFragment)
    {
        var text = new StringBuilder(Scheme).Append(':');
        if (Host is not null)
        {
            text.Append("//");
            if (withUserInfo && HasCredentials)
            {
                text.Append(Username);
                if (Password.Length > 0)
                    text.Append(':').Append(Password);
                text.Append('@');
            }
            text.Append(Host.Text);
            if (Port is { } port)
                text.Append(':').Append(port);
        }
        else if (OpaquePath is null && Path is ["", _, ..])
        {
            // Else the path's two slashes would be read as those before a host.
            text.Append("/.");
        }
        text.Append(WritePath());
        if (Query is not null)
            text.Append('?').Append(Query);
        if (withFragment && Fragment is not null)
            text.Append('#').Append(Fragment);
        return text.ToString();
    }
}

/// <summary>The drive letters in file URLs (URL Standard §4.2): <c>C:</c>, and <c>C|</c> as it was once written.</summary>
internal static class WindowsDrive
{
    public static bool IsLetter(ReadOnlySpan<char> text) =>
        text.Length == 2 && char.IsAsciiLetter(text[0]) && text[1] is (':' or '|');

    public static bool IsNormalized(ReadOnlySpan<char> text) => IsLetter(text) && text[1] == ':';

    public static bool Starts(ReadOnlySpan<char> text) =>
        text.Length >= 2 && IsLetter(text[..2]) && (text.Length == 2 || text[2] is '/' or '\\' or '?' or '#');
}
