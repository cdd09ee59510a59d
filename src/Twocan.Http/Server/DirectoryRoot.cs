using System.Security.Cryptography;

namespace Twocan.Http;

/// <summary>
/// Documents in a directory of the machine's file system. Links are followed only as far as they stay within it. With
/// <paramref name="modified"/> every document is that old, whatever the file system says: a world's answers depend on
/// its files' contents alone.
/// </summary>
public sealed class DirectoryRoot(string path, DateTimeOffset? modified = null) : IDocumentRoot
{
    private const int MostTagsKept = 4096;
    private const int MostLinks = 40;

    private readonly string _root = Resolve(Path.GetFullPath(path), out var real) ? real : Path.GetFullPath(path);
    private readonly Dictionary<string, (long Length, DateTime Written, string Tag)> _tags = new(
        StringComparer.Ordinal
    );

    public bool IsDirectory(IReadOnlyList<string> path) => Locate(path) is { } place && Directory.Exists(place);

    public Document? Find(IReadOnlyList<string> path)
    {
        if (Locate(path) is not { } place || !File.Exists(place))
            return null;
        try
        {
            var file = new FileInfo(place);
            var (length, written) = (file.Length, file.LastWriteTimeUtc);
            return new(
                length,
                modified ?? WholeSeconds(written),
                TagOf(place, length, written),
                () => new FileBody(place)
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The real place of a path in the file system; null when it is outside the root, or not to be had.</summary>
    private string? Locate(IReadOnlyList<string> path)
    {
        foreach (var part in path)
        {
            // The server has checked this before; a root does not rely on that.
            if (part.Length is 0 or > 255 || part is "." or ".." || part.AsSpan().ContainsAny('/', '\\', '\0'))
                return null;
        }
        if (!Resolve(Path.Join([_root, .. path]), out var real))
            return null;
        return real == _root || real.StartsWith(_root.TrimEnd('/') + '/', StringComparison.Ordinal) ? real : null;
    }

    /// <summary>Follows every link on the way, as realpath does.</summary>
    private static bool Resolve(string path, out string real)
    {
        var left = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        real = "/";
        for (var links = 0; left.TryPop(out var part); )
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }
            var next = Path.Join(real, part);
            if (LinkTarget(next) is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MostLinks)
                return false;
            if (Path.IsPathRooted(target))
                real = "/";
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                left.Push(step);
        }
        return true;
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string TagOf(string place, long length, DateTime written)
    {
        if (_tags.TryGetValue(place, out var known) && known.Length == length && known.Written == written)
            return known.Tag;
        if (_tags.Count >= MostTagsKept)
            _tags.Clear();
        using var file = File.OpenRead(place);
        var tag = Document.TagOf(SHA256.HashData(file));
        _tags[place] = (length, written, tag);
        return tag;
    }

    /// <summary>HTTP's dates know no fractions: with them a file would always seem newer than the date given out for it.</summary>
    private static DateTimeOffset WholeSeconds(DateTime at) =>
        new(at.Ticks - at.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
}

/// <summary>
/// A file's bytes. FileStream would finish an asynchronous read on the thread pool, where no program of a loop may go on;
/// a page of a file is read in far less time than any packet takes.
/// </summary>
internal sealed class FileBody(string path) : Stream
{
    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => _file.Position = value;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(_file.Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(_file.Read(buffer, offset, count));

    public override int Read(byte[] buffer, int offset, int count) => _file.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
