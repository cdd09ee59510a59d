using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>What becomes of symbolic links in a directory that is served.</summary>
public enum SymbolicLinks
{
    /// <summary>They are followed as far as they stay within the root.</summary>
    WithinRoot,

    /// <summary>They lead nowhere.</summary>
    Refused,
}

/// <summary>
/// Documents in a directory of the machine's file system. No path leaves it: on Linux the kernel itself sees to that for each
/// file that is opened (openat2 with RESOLVE_BENEATH), elsewhere every link on the way is looked at first. With
/// <paramref name="modified"/> every document is that old, whatever the file system says, and its tag follows from its bytes: a
/// world's answers depend on its files' contents alone.
/// </summary>
public sealed class DirectoryRoot(
    string path,
    DateTimeOffset? modified = null,
    SymbolicLinks links = SymbolicLinks.WithinRoot
) : IWritableRoot
{
    /// <summary>A larger file's tag is made of its place on the disk, its length and its time: reading it whole would keep all others waiting.</summary>
    private const int LongestHashed = 256 * 1024;
    private const int MostTagsKept = 4096;

    private readonly IDirectoryFiles _files = Open(Path.GetFullPath(path), links);
    private readonly Dictionary<string, (FileStamp Stamp, string Tag)> _tags = new(StringComparer.Ordinal);

    public bool IsDirectory(IReadOnlyList<string> path)
    {
        if (!IsPath(path))
            return false;
        using var handle = _files.Open(path, out var stamp);
        return stamp.Kind == FileKind.Directory;
    }

    public Document? Find(IReadOnlyList<string> path)
    {
        if (!IsPath(path))
            return null;
        using var file = _files.Open(path, out var stamp);
        if (file is null || stamp.Kind != FileKind.Regular)
            return null;
        try
        {
            return new(
                stamp.Length,
                modified ?? WholeSeconds(stamp.Modified),
                TagOf(path, file, stamp),
                () => Reopen(path, stamp)
            )
            {
                Stamp = stamp,
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool IsUnchanged(IReadOnlyList<string> path, Document document) => _files.Stat(path) == document.Stamp;

    public IReadOnlyList<string> List(IReadOnlyList<string> path) => IsPath(path) ? _files.List(path) : [];

    public IDocumentDraft? Draft(IReadOnlyList<string> path) =>
        IsPath(path) && path.Count > 0 ? _files.Draft(path) : null;

    public bool Delete(IReadOnlyList<string> path) => IsPath(path) && path.Count > 0 && _files.Delete(path);

    public ValueTask SettleAsync(IReadOnlyList<string> path, EventLoop loop) =>
        loop.BlockingAsync(() => _files.Settle(path));

    private static IDirectoryFiles Open(string path, SymbolicLinks links) =>
        OperatingSystem.IsLinux() && BeneathFiles.TryOpen(path, links) is { } beneath
            ? beneath
            : new ResolvedFiles(path, links);

    /// <summary>The server has checked this before; a root does not rely on that.</summary>
    private static bool IsPath(IReadOnlyList<string> path)
    {
        foreach (var part in path)
        {
            if (part.Length is 0 or > 255 || part is "." or ".." || part.AsSpan().ContainsAny('/', '\\', '\0'))
                return false;
        }
        return true;
    }

    private FileBody Reopen(IReadOnlyList<string> path, FileStamp stamp)
    {
        var file = _files.Open(path, out var now);
        if (file is not null && now == stamp)
            return new(file, stamp.Length);
        file?.Dispose();
        throw new IOException("The file has been changed since it was looked at.");
    }

    private string TagOf(IReadOnlyList<string> path, SafeFileHandle file, FileStamp stamp)
    {
        var name = string.Join('/', path);
        if (_tags.TryGetValue(name, out var known) && known.Stamp == stamp)
            return known.Tag;
        if (_tags.Count >= MostTagsKept)
            _tags.Clear();
        var tag =
            modified is null && stamp.Length > LongestHashed
                ? $"\"{stamp.Modified:x}-{stamp.Length:x}-{stamp.Inode:x}\""
                : Document.TagOf(HashOf(file, stamp.Length));
        _tags[name] = (stamp, tag);
        return tag;
    }

    private static byte[] HashOf(SafeFileHandle file, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[(int)Math.Min(length, 64 * 1024)];
        for (long at = 0; at < length; )
        {
            var count = RandomAccess.Read(file, piece, at);
            if (count == 0)
                throw new IOException("The file has become shorter while it was read.");
            hash.AppendData(piece, 0, count);
            at += count;
        }
        return hash.GetHashAndReset();
    }

    /// <summary>HTTP's dates know no fractions: with them a file would always seem newer than the date given out for it.</summary>
    private static DateTimeOffset WholeSeconds(long nanoseconds) =>
        DateTimeOffset.FromUnixTimeSeconds(nanoseconds / 1_000_000_000);
}

/// <summary>The files of one directory, by paths that have been checked for what no name may be.</summary>
internal interface IDirectoryFiles
{
    /// <summary>Null for what is not there, lies outside or may not be read. A directory has a stamp, and perhaps no handle.</summary>
    SafeFileHandle? Open(IReadOnlyList<string> path, out FileStamp stamp);

    FileStamp? Stat(IReadOnlyList<string> path);

    IReadOnlyList<string> List(IReadOnlyList<string> path);

    IDocumentDraft? Draft(IReadOnlyList<string> path);

    bool Delete(IReadOnlyList<string> path);

    /// <summary>Brings to the disk what has become of a name; waits for it, and may be called on any thread.</summary>
    void Settle(IReadOnlyList<string> path);
}
