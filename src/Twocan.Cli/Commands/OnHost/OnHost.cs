using System.CommandLine;
using System.ComponentModel;

namespace Twocan.Cli;

/// <summary>What verbs that show tables need before they show this machine's.</summary>
internal static class OnHost
{
    /// <param name="worldly">Options that only mean something in a world.</param>
    public static int OfLinux(Invocation call, Option[] worldly, Func<Invocation, int> show)
    {
        if (worldly.FirstOrDefault(call.Has) is { } option)
            throw new WrongUsageException($"{option.Name} is for a world: it does not go with --on-host");
        if (!OperatingSystem.IsLinux())
            throw new WrongUsageException(
                "this machine's own tables are read from the Linux kernel; on this system only ping, traceroute and dig know --on-host"
            );
        try
        {
            return show(call);
        }
        catch (Win32Exception refusal)
        {
            throw new NoAnswerException(refusal.Message);
        }
    }
}
