using System.Security.Cryptography;

namespace Twocan.Http;

/// <summary>Documents in memory, by their path. Those that are put are as old as all others: a world has no other date for them.</summary>
public sealed class MemoryRoot(DateTimeOffset modified) : IWritableRoot
{
    private readonly SortedDictionary<string, Document> _documents = new(StringComparer.Ordinal);
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

    public bool IsUnchanged(IReadOnlyList<string> path, Document document) => ReferenceEquals(Find(path), document);

    public IReadOnlyList<string> List(IReadOnlyList<string> path)
    {
        var prefix = string.Concat(path.Select(part => part + "/"));
        return
        [
            .. _documents
                .Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => name[prefix.Length..])
                .Select(name => name.Contains('/') ? name[..(name.IndexOf('/') + 1)] : name)
                .Distinct(),
        ];
    }

    public IDocumentDraft? Draft(IReadOnlyList<string> path) =>
        path.Count > 0 && IsDirectory([.. path.SkipLast(1)]) && !IsDirectory(path) ? new MemoryDraft(this, path) : null;

    public bool Delete(IReadOnlyList<string> path) => _documents.Remove(string.Join('/', path));

    private sealed class MemoryDraft(MemoryRoot root, IReadOnlyList<string> path) : IDocumentDraft
    {
        private readonly MemoryStream _content = new();

        public void Write(ReadOnlySpan<byte> bytes) => _content.Write(bytes);

        public void Publish() => root.Add(string.Join('/', path), _content.ToArray());

        public void Dispose() => _content.Dispose();
    }
}
