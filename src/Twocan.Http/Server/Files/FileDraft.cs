using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// A file that is being put. It is written under a name that nobody is served, brought to the disk, and only then given its
/// own: whenever the power fails, there is the old file or the new one, and never a part.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FileDraft : IDocumentDraft
{
    /// <summary>A hidden name, and one that nobody else's drafts have.</summary>
    private const string Prefix = ".twocan-draft-";
    private const int Permissions = 0x1A4; // rw-r--r--

    private readonly SafeFileHandle _directory;
    private readonly SafeFileHandle _file;
    private readonly string _draftName;
    private readonly string _name;
    private long _length;
    private bool _isPublished;

    private FileDraft(SafeFileHandle directory, SafeFileHandle file, string draftName, string name) =>
        (_directory, _file, _draftName, _name) = (directory, file, draftName, name);

    public static FileDraft? Create(SafeFileHandle directory, string name)
    {
        const int flags = FileCalls.WriteOnly | FileCalls.Create | FileCalls.Exclusive | FileCalls.CloseOnExec;
        for (var number = 0; number < 100; number++)
        {
            var draftName = $"{Prefix}{Environment.ProcessId}-{number}";
            var file = FileCalls.Open(directory, draftName, flags, FileCalls.Beneath, Permissions, out var error);
            if (file is not null)
                return new(directory, file, draftName, name);
            if (error != FileExists)
                throw Failure("it cannot be written here", error);
        }
        return null;
    }

    private const int FileExists = 17;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _length);
        _length += bytes.Length;
    }

    public ValueTask SettleAsync(EventLoop loop) =>
        loop.BlockingAsync(() =>
        {
            if (FileCalls.Sync(_file) != 0)
                throw Failure("it cannot be brought to the disk", Marshal.GetLastPInvokeError());
        });

    public void Publish()
    {
        if (FileCalls.Rename(_directory, _draftName, _directory, _name) != 0)
            throw Failure("it cannot be put in its place", Marshal.GetLastPInvokeError());
        _isPublished = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_isPublished)
            _ = FileCalls.Unlink(_directory, _draftName, 0);
        _directory.Dispose();
    }

    private static IOException Failure(string what, int error) => new($"{what}: {new Win32Exception(error).Message}");
}
