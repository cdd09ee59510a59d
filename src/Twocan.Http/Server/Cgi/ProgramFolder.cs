using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// The programs of a folder of this machine: its files that may be executed, and those of the folders in it. Nothing else in
/// it is ever served, so that a program's text is not.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class ProgramFolder(INetwork network, string path) : ICgiPrograms
{
    private readonly string _path = Path.GetFullPath(path);
    private readonly IDirectoryFiles _files = BeneathFiles.TryOpen(Path.GetFullPath(path), SymbolicLinks.WithinRoot)
        is { } beneath
        ? beneath
        : new ResolvedFiles(Path.GetFullPath(path), SymbolicLinks.WithinRoot);

    public ICgiProgram? Find(IReadOnlyList<string> path, out int used)
    {
        for (used = 1; used <= path.Count; used++)
        {
            var part = path[used - 1];
            if (part.Length is 0 or > 255 || part[0] == '.' || part.AsSpan().ContainsAny('/', '\\', '\0'))
                return null;
            List<string> place = [.. path.Take(used)];
            using var file = _files.Open(place, out var stamp);
            if (stamp.Kind == FileKind.Directory)
                continue;
            // RFC 3875 §5: programs that write the whole response by themselves are not run here; who takes the server's place
            // can say what its rules forbid.
            return
                stamp is { Kind: FileKind.Regular, MayExecute: true }
                && !part.StartsWith("nph-", StringComparison.Ordinal)
                ? new ProgramFile(network, Path.Join([_path, .. place]))
                : null;
        }
        return null;
    }
}

/// <summary>An executable file of this machine.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ProgramFile(INetwork network, string path) : ICgiProgram
{
    public ValueTask<Stream> StartAsync(CgiCall call, CancellationToken stop)
    {
        var child = ChildProgram.Start(network.Loop, path, call.Variables);
        // It begins at once: what the program says first may be the whole answer, and the body is the next to be looked at.
        var feeding = FeedAsync(child, call.Body, stop);
        network.Loop.Start($"{network.Name} input of {Path.GetFileName(path)}", () => feeding);
        return new(child);
    }

    /// <summary>The program may answer before it has read all, or without reading any: then nobody minds.</summary>
    private static async Task FeedAsync(ChildProgram child, Stream body, CancellationToken stop)
    {
        var piece = new byte[16 * 1024];
        try
        {
            while (await body.ReadAsync(piece, stop) is > 0 and var length)
            {
                if (!await child.WriteInputAsync(piece.AsMemory(0, length), stop))
                    return;
            }
        }
        catch (Exception failure)
            when (failure is IOException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // The client broke off: the program sees its input end too early, and CONTENT_LENGTH tells it so.
        }
        child.EndInput();
    }
}
