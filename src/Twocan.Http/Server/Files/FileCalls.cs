using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Twocan.Http;

/// <summary>Linux's calls on files that .NET has no word for: those that begin at an open directory and never leave it.</summary>
[SupportedOSPlatform("linux")]
internal static partial class FileCalls
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    /// <summary>O_DIRECTORY has another number on ARM.</summary>
    public static readonly int Directory = RuntimeInformation.ProcessArchitecture
        is Architecture.Arm
            or Architecture.Arm64
        ? 0x4000
        : 0x10000;

    /// <summary>openat2: a path that would lead out of the directory is refused by the kernel itself, whoever changes links meanwhile.</summary>
    public const ulong Beneath = 0x08;
    public const ulong NoMagicLinks = 0x02;
    public const ulong NoSymbolicLinks = 0x04;

    private const nint OpenAt2 = 437;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const int CurrentDirectory = -100;

    /// <summary>Null with the error's number when it cannot be opened.</summary>
    public static unsafe SafeFileHandle? Open(
        SafeFileHandle directory,
        string path,
        int flags,
        ulong resolve,
        int mode,
        out int error
    )
    {
        var how = stackalloc ulong[3] { (ulong)flags, (ulong)mode, resolve };
        var bytes = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* name = bytes)
        {
            var descriptor = SystemCall(OpenAt2, directory.DangerousGetHandle(), name, how, 24);
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
            return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }

    /// <summary>A directory by its path, for others to be opened beneath it.</summary>
    public static SafeFileHandle? OpenDirectory(string path)
    {
        var descriptor = OpenAtPath(CurrentDirectory, path, PathOnly | Directory | CloseOnExec, 0);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public static unsafe bool TryStat(SafeFileHandle file, out FileStamp stamp)
    {
        byte nothing = 0;
        return TryStat(file, &nothing, EmptyPath, out stamp);
    }

    public static unsafe bool TryStat(SafeFileHandle directory, ReadOnlySpan<byte> path, out FileStamp stamp)
    {
        fixed (byte* name = path)
            return TryStat(directory, name, 0, out stamp);
    }

    private static unsafe bool TryStat(SafeFileHandle directory, byte* name, int flags, out FileStamp stamp)
    {
        var stats = stackalloc byte[256];
        var failed = StatX((int)directory.DangerousGetHandle(), name, flags, BasicStats, stats) != 0;
        var mode = *(ushort*)(stats + 28);
        stamp = failed
            ? default
            : new(
                (FileKind)(mode >> 12),
                *(long*)(stats + 40),
                (*(long*)(stats + 112) * 1_000_000_000) + *(uint*)(stats + 120),
                (*(long*)(stats + 96) * 1_000_000_000) + *(uint*)(stats + 104),
                *(ulong*)(stats + 32)
            )
            {
                MayExecute = (mode & 0x49) != 0,
            };
        return !failed;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static unsafe partial nint SystemCall(nint number, nint directory, byte* path, void* how, nint size);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAtPath(int directory, string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static unsafe partial int StatX(int directory, byte* path, int flags, uint mask, byte* stats);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(SafeFileHandle from, string name, SafeFileHandle to, string newName);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(SafeFileHandle directory, string name, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeFileHandle file);
}

/// <summary>The upper bits of st_mode.</summary>
internal enum FileKind
{
    None = 0,
    Directory = 4,
    Regular = 8,
}

/// <summary>By what one sees that a file is another than it was.</summary>
internal readonly record struct FileStamp(FileKind Kind, long Length, long Modified, long Changed, ulong Inode)
{
    public bool MayExecute { get; init; }
}
