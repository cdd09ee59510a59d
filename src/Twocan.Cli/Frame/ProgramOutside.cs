using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <param name="Output">What it said, where that was gathered.</param>
internal sealed record EndedProgram(int ExitCode, string? Output);

/// <summary>A program of somebody else's, a process of the operating system's, that runs beside a world and speaks with it by way of the kernel.</summary>
/// <param name="gathers">Its output is kept and not shown: somebody reads ours as JSON.</param>
[SupportedOSPlatform("linux")]
internal sealed class ProgramOutside(EventLoop loop, Attachment attachment, bool gathers)
{
    public async Task<EndedProgram> RunAsync(IReadOnlyList<string> command, CancellationToken stop)
    {
        using var process = Start(command);
        var (ended, isOver) = (new Signal(loop, "attach", $"{command[0]} to end"), false);
        string? output = null;
        // Processes are waited for on a thread of their own; the loop is told.
        var end = Task.Run(
            async () =>
            {
                if (gathers)
                    output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                await process.WaitForExitAsync(CancellationToken.None);
                loop.PostFromOutside(() =>
                {
                    isOver = true;
                    ended.Set();
                });
            },
            CancellationToken.None
        );
        try
        {
            while (!isOver)
                await ended.WaitAsync(stop);
            return new(process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            if (!end.IsCompleted)
                process.Kill(entireProcessTree: true);
            return new(Exit.Interrupted, output);
        }
    }

    private Process Start(IReadOnlyList<string> command)
    {
        // 'ip netns exec' also shows the program the namespace's own name servers.
        var words = attachment.Namespace is { } name && HasIp() ? ["ip", "netns", "exec", name, .. command] : command;
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardOutput = gathers };
        try
        {
            using (attachment.Enter())
                return Process.Start(start)!;
        }
        catch (Win32Exception absent)
        {
            throw new WrongUsageException($"{command[0]} cannot be started: {absent.Message}");
        }
    }

    private static bool HasIp() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Append("/usr/sbin")
            .Append("/sbin")
            .Any(directory => File.Exists(Path.Combine(directory, "ip")));
}
