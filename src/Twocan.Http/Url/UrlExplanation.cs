using Twocan.Core;

namespace Twocan.Http;

/// <summary>What a URL leads to: the first question that a browser asks of it.</summary>
public enum UrlAccess
{
    /// <summary>A page or a file of a web server: http, https.</summary>
    Web,

    /// <summary>A lasting connection to a web server: ws, wss.</summary>
    WebSocket,

    /// <summary>A file of an FTP server.</summary>
    FileTransfer,

    /// <summary>A file of this machine.</summary>
    LocalFile,

    /// <summary>Somebody to write to.</summary>
    Mail,

    /// <summary>A newsgroup, or one article: news, nntp.</summary>
    News,

    /// <summary>Nothing to go to: the name of a thing (urn:), or the thing itself (data:). A URI, but no URL.</summary>
    NoPlace,

    /// <summary>A scheme that is not known here.</summary>
    Unknown,
}

/// <summary>
/// A URL as a browser reads it before it does anything: by which way of access, from which server, which directory and
/// file; and what was left out, with what is assumed in its place.
/// </summary>
public sealed record UrlExplanation
{
    /// <summary>RFC 3977 §2 and RFC 6068: the URL Standard knows no port of these schemes.</summary>
    private static readonly Port NewsPort = new(119);

    private static readonly Port MailPort = new(25);

    private UrlExplanation(Url url, bool rootIsAssumed) => (Url, RootIsAssumed) = (url, rootIsAssumed);

    public Url Url { get; }

    /// <summary>The way of access.</summary>
    public string Scheme => Url.Scheme;

    public UrlAccess Access =>
        Scheme switch
        {
            "http" or "https" => UrlAccess.Web,
            "ws" or "wss" => UrlAccess.WebSocket,
            "ftp" => UrlAccess.FileTransfer,
            "file" => UrlAccess.LocalFile,
            "mailto" => UrlAccess.Mail,
            "news" or "nntp" => UrlAccess.News,
            "urn" or "data" or "tag" or "about" or "javascript" or "blob" => UrlAccess.NoPlace,
            _ => UrlAccess.Unknown,
        };

    /// <summary>Every URL is a URI; one that says where a thing is and how to get there is a URL in the narrow sense (RFC 3986 §1.1.3).</summary>
    public bool IsLocator => Access != UrlAccess.NoPlace;

    public string? User => Url.Username.Length == 0 ? null : PercentEncoding.DecodeText(Url.Username);

    public string? Password => Url.Password.Length == 0 ? null : PercentEncoding.DecodeText(Url.Password);

    /// <summary>An FTP server that is told no name takes <c>anonymous</c> for one (RFC 1635).</summary>
    public string? AssumedUser => Access == UrlAccess.FileTransfer && User is null ? "anonymous" : null;

    /// <summary>As people read it; empty when there is none.</summary>
    public string Host => Url.Host.Display;

    /// <summary>No server is written, and none is needed (a file of this machine) or the one from the settings is meant.</summary>
    public bool HostIsAssumed => Url.Host.Text.Length == 0;

    /// <summary>The one to connect to; 0 where no connection is made, or nobody knows.</summary>
    public Port Port =>
        Access switch
        {
            UrlAccess.News => Url.WrittenPort ?? NewsPort,
            UrlAccess.Mail => MailPort,
            _ => Url.Port,
        };

    /// <summary>The port was left out, or is the scheme's own.</summary>
    public bool PortIsAssumed => Url.WrittenPort is null;

    /// <summary>From the root, with a slash at both ends; null when the path has no parts.</summary>
    public string? Directory => Url.HasOpaquePath ? null : Url.Path[..(Url.Path.LastIndexOf('/') + 1)];

    /// <summary>Null when the path ends in a slash: the server then takes its default file.</summary>
    public string? File => Url.Segments is [.., { Length: > 0 } last] ? last : null;

    public bool FileIsAssumed => File is null;

    /// <summary>Nothing was written after the server: the root directory is meant.</summary>
    public bool RootIsAssumed { get; }

    /// <summary>A last part without a slash and without a dot: a file, or a directory whose slash was left out; only the server knows.</summary>
    public bool MayBeDirectory => File is { } file && !file.Contains('.');

    /// <summary>Whom a <c>mailto:</c> is for; with its headers (<c>?subject=…</c>) one may write <c>to</c> there too.</summary>
    public IReadOnlyList<string> Mailboxes =>
        Access != UrlAccess.Mail
            ? []
            :
            [
                .. Url
                    .Path.Split(',')
                    .Concat(
                        MailHeaders.Where(static header => Is(header.Name, "to")).Select(static header => header.Value)
                    )
                    .Select(PercentEncoding.DecodeText)
                    .Where(static mailbox => mailbox.Length > 0),
            ];

    /// <summary>RFC 6068 §2: these are no form's fields; a plus is a plus.</summary>
    public IReadOnlyList<(string Name, string Value)> MailHeaders =>
        Access != UrlAccess.Mail || Url.Query is not { } query
            ? []
            : [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(HeaderOf)];

    /// <summary>Of <c>news:</c> and <c>nntp:</c>; null when an article is meant (RFC 5538).</summary>
    public string? Newsgroup => News is [{ Length: > 0 } group, ..] && !group.Contains('@') ? group : null;

    /// <summary>Of <c>news:</c> by its message-ID, of <c>nntp:</c> by its number in the group.</summary>
    public string? Article =>
        News switch
        {
            [var id] when id.Contains('@') => id,
            [_, { Length: > 0 } number, ..] => number,
            _ => null,
        };

    public string? Query => Url.Query;

    public string? Fragment => Url.Fragment;

    private IReadOnlyList<string> News =>
        Access == UrlAccess.News
            ? [.. (Url.HasOpaquePath ? [Url.Path] : Url.Segments).Select(PercentEncoding.DecodeText)]
            : [];

    /// <summary>Explains <paramref name="url"/>; <paramref name="written"/> is what was typed, where that is known.</summary>
    public static UrlExplanation Of(Url url, string? written = null) =>
        new(url, written is not null && url.Path is "" or "/" && !HasPath(written));

    /// <summary>The parts and the assumptions, a sentence each.</summary>
    public IReadOnlyList<string> Say(Language language) => UrlSentences.Of(this, language);

    private static bool HasPath(string written)
    {
        var authority = written.IndexOf("//", StringComparison.Ordinal) + 2;
        var rest = authority < 2 ? written : written[authority..];
        var end = rest.AsSpan().IndexOfAny('?', '#');
        return (end < 0 ? rest : rest[..end]).AsSpan().ContainsAny('/', '\\');
    }

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static (string Name, string Value) HeaderOf(string written)
    {
        var equals = written.IndexOf('=');
        var (name, value) = equals < 0 ? (written, "") : (written[..equals], written[(equals + 1)..]);
        return (PercentEncoding.DecodeText(name), PercentEncoding.DecodeText(value));
    }
}
