using Twocan.Core;

namespace Twocan.Http;

/// <summary>What a web server serves: a tree of documents, asked for by the decoded parts of a path.</summary>
public interface IDocumentRoot
{
    /// <summary>The root itself is the empty path.</summary>
    bool IsDirectory(IReadOnlyList<string> path);

    /// <summary>Null when there is no such document, or it may not be served.</summary>
    Document? Find(IReadOnlyList<string> path);

    /// <summary>Whether a document that was found is still what it was.</summary>
    bool IsUnchanged(IReadOnlyList<string> path, Document document);

    /// <summary>What is in a directory, by name; a directory's name ends in a slash.</summary>
    IReadOnlyList<string> List(IReadOnlyList<string> path);
}

/// <summary>A root whose documents may be put and deleted.</summary>
public interface IWritableRoot : IDocumentRoot
{
    /// <summary>Begins a document; null when the directory that it is to be in is not there.</summary>
    IDocumentDraft? Draft(IReadOnlyList<string> path);

    /// <summary>False when there was none.</summary>
    bool Delete(IReadOnlyList<string> path);

    /// <summary>Ends when what has become of a name, by a draft that was published or by deletion, outlasts a power cut.</summary>
    ValueTask SettleAsync(IReadOnlyList<string> path, EventLoop loop) => default;
}

/// <summary>A document that is being written. Nobody sees any of it before it is published, and then all of it; disposed before that, it never was.</summary>
public interface IDocumentDraft : IDisposable
{
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Ends when all that was written outlasts a power cut.</summary>
    ValueTask SettleAsync(EventLoop loop) => default;

    /// <summary>Gives it its name, at once.</summary>
    void Publish();
}

/// <summary>
/// A document as it is now. <paramref name="ETag"/> is strong. <paramref name="Open"/> throws an <see cref="IOException"/>
/// when the document is no longer the same.
/// </summary>
public sealed record Document(long Length, DateTimeOffset Modified, string ETag, Func<Stream> Open)
{
    /// <summary>Of a file: as what it was found.</summary>
    internal FileStamp Stamp { get; init; }

    /// <summary>The entity tag of a content: 64 bits of its SHA-256, in quotes.</summary>
    public static string TagOf(ReadOnlySpan<byte> sha256) => $"\"{Convert.ToHexStringLower(sha256[..8])}\"";
}
