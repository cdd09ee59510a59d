using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Twocan.Http;

/// <summary>Files of a directory on Linux, each opened from the open directory itself.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BeneathFiles : IDirectoryFiles
{
    private readonly SafeFileHandle _root;
    private readonly ulong _resolve;

    private BeneathFiles(SafeFileHandle root, ulong resolve) => (_root, _resolve) = (root, resolve);

    /// <summary>Null where the kernel is older than 5.6, or a sandbox keeps the call from us.</summary>
    public static BeneathFiles? TryOpen(string path, SymbolicLinks links)
    {
        if (FileCalls.OpenDirectory(path) is not { } root)
            return null;
        var resolve = FileCalls.Beneath | FileCalls.NoMagicLinks;
        if (links == SymbolicLinks.Refused)
            resolve |= FileCalls.NoSymbolicLinks;
        using var itself = FileCalls.Open(root, ".", FileCalls.PathOnly | FileCalls.CloseOnExec, resolve, 0, out _);
        if (itself is not null)
            return new(root, resolve);
        root.Dispose();
        return null;
    }

    public SafeFileHandle? Open(IReadOnlyList<string> path, out FileStamp stamp)
    {
        stamp = default;
        // Without O_NONBLOCK the opening of a pipe would wait for its writer.
        const int flags = FileCalls.ReadOnly | FileCalls.NonBlocking | FileCalls.CloseOnExec;
        var file = FileCalls.Open(_root, NameOf(path), flags, _resolve, 0, out _);
        if (file is null || FileCalls.TryStat(file, out stamp))
            return file;
        file.Dispose();
        return null;
    }

    /// <summary>
    /// Follows links without a look at where they lead: good for no more than to see that a file that was found beneath the
    /// root is the same still, for one elsewhere has another number.
    /// </summary>
    public FileStamp? Stat(IReadOnlyList<string> path)
    {
        Span<byte> name = stackalloc byte[512];
        var length = 0;
        // Not foreach: behind an interface the enumerator would be a new object for each look.
        for (var i = 0; i < path.Count; i++)
        {
            var part = path[i];
            if (length > 0)
                name[length++] = (byte)'/';
            if (length > 500 || !Encoding.UTF8.TryGetBytes(part, name[length..^2], out var count))
                return null;
            length += count;
        }
        name[length] = 0;
        return FileCalls.TryStat(_root, name, out var stamp) ? stamp : null;
    }

    public IReadOnlyList<string> List(IReadOnlyList<string> path)
    {
        using var directory = Open(path, out var stamp);
        if (directory is null || stamp.Kind != FileKind.Directory)
            return [];
        var place = $"/proc/self/fd/{directory.DangerousGetHandle()}";
        try
        {
            return
            [
                .. new DirectoryInfo(place)
                    .EnumerateFileSystemInfos()
                    .Select(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name)
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public IDocumentDraft? Draft(IReadOnlyList<string> path)
    {
        if (OpenParent(path) is not { } directory)
            return null;
        var draft = FileDraft.Create(directory, path[^1]);
        if (draft is null)
            directory.Dispose();
        return draft;
    }

    public bool Delete(IReadOnlyList<string> path)
    {
        using var directory = OpenParent(path);
        return directory is not null && FileCalls.Unlink(directory, path[^1], 0) == 0;
    }

    public void Settle(IReadOnlyList<string> path)
    {
        // Without this the name itself could be lost with the power.
        using var directory = OpenParent(path);
        if (directory is not null)
            _ = FileCalls.Sync(directory);
    }

    /// <summary>The directory in which a name is to be changed: opened to be read, since only such can be synced.</summary>
    private SafeFileHandle? OpenParent(IReadOnlyList<string> path)
    {
        var flags = FileCalls.ReadOnly | FileCalls.Directory | FileCalls.CloseOnExec;
        return FileCalls.Open(_root, NameOf([.. path.SkipLast(1)]), flags, _resolve, 0, out _);
    }

    private static string NameOf(IReadOnlyList<string> path) => path.Count == 0 ? "." : string.Join('/', path);
}
