using System.Security.Cryptography;

namespace Twocan.Http;

/// <summary>What a web server serves: a tree of documents, asked for by the decoded parts of a path.</summary>
public interface IDocumentRoot
{
    /// <summary>The root itself is the empty path.</summary>
    bool IsDirectory(IReadOnlyList<string> path);

    /// <summary>Null when there is no such document, or it may not be served.</summary>
    Document? Find(IReadOnlyList<string> path);
}

/// <summary>A document as it is now. <paramref name="ETag"/> is strong: it follows from the content alone.</summary>
public sealed record Document(long Length, DateTimeOffset Modified, string ETag, Func<Stream> Open)
{
    /// <summary>The entity tag of a content: 64 bits of its SHA-256, in quotes.</summary>
    public static string TagOf(ReadOnlySpan<byte> sha256) => $"\"{Convert.ToHexStringLower(sha256[..8])}\"";
}

/// <summary>Documents in memory, by their path.</summary>
public sealed class MemoryRoot(DateTimeOffset modified) : IDocumentRoot
{
    private readonly Dictionary<string, Document> _documents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "" };

    /// <summary>Adds a document; the directories on its path are there with it.</summary>
    public MemoryRoot Add(string path, byte[] content)
    {
        var parts = path.Trim('/').Split('/');
        for (var count = 1; count < parts.Length; count++)
            _directories.Add(string.Join('/', parts[..count]));
        var tag = Document.TagOf(SHA256.HashData(content));
        _documents[string.Join('/', parts)] = new(
            content.Length,
            modified,
            tag,
            () => new MemoryStream(content, writable: false)
        );
        return this;
    }

    public MemoryRoot Add(string path, string content) => Add(path, System.Text.Encoding.UTF8.GetBytes(content));

    public bool IsDirectory(IReadOnlyList<string> path) => _directories.Contains(string.Join('/', path));

    public Document? Find(IReadOnlyList<string> path) => _documents.GetValueOrDefault(string.Join('/', path));
}
