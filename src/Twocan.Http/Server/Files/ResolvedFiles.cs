using Microsoft.Win32.SafeHandles;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>Files of a directory on any system: every link on the way is followed by ourselves, and what lies outside is not there.</summary>
internal sealed class ResolvedFiles(string path, SymbolicLinks links) : IDirectoryFiles
{
    private const int MostLinks = 40;

    private readonly string _root = Resolve(path, MostLinks, out var real) ? real : path;

    public SafeFileHandle? Open(IReadOnlyList<string> path, out FileStamp stamp)
    {
        stamp = Stat(path) ?? default;
        if (stamp.Kind != FileKind.Regular || Locate(path) is not { } place)
            return null;
        try
        {
            return File.OpenHandle(place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public FileStamp? Stat(IReadOnlyList<string> path)
    {
        if (Locate(path) is not { } place)
            return null;
        if (Directory.Exists(place))
            return new(FileKind.Directory, 0, 0, 0, 0);
        var file = new FileInfo(place);
        if (!file.Exists)
            return null;
        var written = (file.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100;
        return new(FileKind.Regular, file.Length, written, written, 0);
    }

    public IReadOnlyList<string> List(IReadOnlyList<string> path) =>
        Locate(path) is { } place && Directory.Exists(place)
            ?
            [
                .. new DirectoryInfo(place)
                    .EnumerateFileSystemInfos()
                    .Select(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name)
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    public IDocumentDraft? Draft(IReadOnlyList<string> path) =>
        Locate([.. path.SkipLast(1)]) is { } directory && Directory.Exists(directory)
            ? new MovedDraft(Path.Join(directory, $".twocan-draft-{path[^1]}"), Path.Join(directory, path[^1]))
            : null;

    public bool Delete(IReadOnlyList<string> path)
    {
        if (Locate([.. path.SkipLast(1)]) is not { } directory || !File.Exists(Path.Join(directory, path[^1])))
            return false;
        File.Delete(Path.Join(directory, path[^1]));
        return true;
    }

    /// <summary>.NET has no word for it: names are as sure as the file system makes them by itself.</summary>
    public void Settle(IReadOnlyList<string> path) { }

    /// <summary>The real place of a path in the file system; null when it is outside the root, or not to be had.</summary>
    private string? Locate(IReadOnlyList<string> path)
    {
        var most = links == SymbolicLinks.Refused ? 0 : MostLinks;
        if (!Resolve(Path.Join([_root, .. path]), most, out var real))
            return null;
        return real == _root || real.StartsWith(_root.TrimEnd('/') + '/', StringComparison.Ordinal) ? real : null;
    }

    /// <summary>Follows every link on the way, as realpath does.</summary>
    private static bool Resolve(string path, int mostLinks, out string real)
    {
        var left = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        real = Path.GetPathRoot(path) is { Length: > 0 } root ? root : "/";
        for (var links = 0; left.TryPop(out var part); )
        {
            if (part == ".")
                continue;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            var next = Path.Join(real, part);
            if (LinkTarget(next) is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > mostLinks)
                return false;
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
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

    /// <summary>Written beside its place and then moved there, which file systems do at once.</summary>
    private sealed class MovedDraft(string draft, string place) : IDocumentDraft
    {
        private readonly FileStream _file = new(draft, FileMode.Create, FileAccess.Write, FileShare.None);
        private bool _isPublished;

        public void Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

        public ValueTask SettleAsync(EventLoop loop) => loop.BlockingAsync(() => _file.Flush(flushToDisk: true));

        public void Publish()
        {
            _file.Dispose();
            File.Move(draft, place, overwrite: true);
            _isPublished = true;
        }

        public void Dispose()
        {
            _file.Dispose();
            if (!_isPublished)
                File.Delete(draft);
        }
    }
}
