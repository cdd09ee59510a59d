using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// A network namespace for as long as this process lives: made if there is none of that name, with name servers of its own
/// (<c>/etc/netns/NAME/resolv.conf</c>, which <c>ip netns exec</c> shows to programs). What was made here is written down
/// in <c>/run/twocan</c>, so that who comes after a crash can take it away. Many processes may do so at once: whoever reads
/// or changes these places holds the lock of that directory.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class NamespaceLease : IDisposable
{
    private const string Records = "/run/twocan";
    private const string Settings = "/etc/netns";
    private const int Interrupted = 4;

    private readonly bool _isMine;
    private readonly string? _nameServers;

    private NamespaceLease(string name, bool isMine, string? nameServers) =>
        (Name, _isMine, _nameServers) = (name, isMine, nameServers);

    public string Name { get; }

    public static NamespaceLease Take(string name, IReadOnlyList<IpAddress> nameServers)
    {
        using var alone = Alone();
        BuryTheDead();
        var isMine = !NetworkNamespace.Exists(name);
        // Written down first: a crash between two steps must leave nothing that nobody knows of.
        var file = Path.Combine(Settings, name, "resolv.conf");
        var writes = nameServers.Count > 0 && !File.Exists(file);
        if (isMine || writes)
            Write(name, isMine, writes ? file : null);
        var lease = new NamespaceLease(name, isMine, writes ? file : null);
        try
        {
            if (isMine)
                NetworkNamespace.Create(name);
            if (writes)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllLines(file, nameServers.Select(server => $"nameserver {server}"));
            }
            return lease;
        }
        catch
        {
            TakeAway(RecordOf(name), name, lease._isMine, lease._nameServers);
            throw;
        }
    }

    public void Dispose()
    {
        using var alone = Alone();
        TakeAway(RecordOf(Name), Name, _isMine, _nameServers);
    }

    /// <summary>Leases of processes that are gone: their namespaces and files go too.</summary>
    public static void TakeAwayWhatTheDeadLeft()
    {
        if (!Directory.Exists(Records))
            return;
        using var alone = Alone();
        BuryTheDead();
    }

    private static void BuryTheDead()
    {
        foreach (var record in Directory.GetFiles(Records))
        {
            if (File.ReadAllLines(record) is [var process, var name, var isMine, var nameServers] && !IsAlive(process))
                TakeAway(record, name, isMine == "made", nameServers.Length > 0 ? nameServers : null);
        }
    }

    private static void TakeAway(string record, string name, bool isMine, string? nameServers)
    {
        if (isMine)
            NetworkNamespace.Delete(name);
        if (nameServers is not null)
        {
            File.Delete(nameServers);
            RemoveIfEmpty(Path.GetDirectoryName(nameServers)!);
            RemoveIfEmpty(Settings);
        }
        File.Delete(record);
    }

    /// <summary>One process at a time, until the answer is disposed; the kernel lets go of a dead one's lock.</summary>
    private static SafeFileHandle Alone()
    {
        Directory.CreateDirectory(Records);
        var directory = Libc.Check(Libc.Open(Records, Libc.ReadOnly | Libc.CloseOnExec, 0), $"open {Records}");
        var handle = new SafeFileHandle(directory, ownsHandle: true);
        while (Libc.Lock(directory, Libc.ExclusiveLock) != 0)
        {
            if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                handle.Dispose();
                throw Libc.Failure(error, $"lock {Records}");
            }
        }
        return handle;
    }

    private static void RemoveIfEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            Directory.Delete(directory);
    }

    private static void Write(string name, bool isMine, string? nameServers) =>
        File.WriteAllLines(
            RecordOf(name),
            [Describe(Environment.ProcessId), name, isMine ? "made" : "joined", nameServers ?? ""]
        );

    /// <summary>One a process: who joins must not write over what the maker wrote.</summary>
    private static string RecordOf(string name) => Path.Combine(Records, $"{name}.{Environment.ProcessId}");

    private static bool IsAlive(string process) =>
        int.TryParse(process.Split(' ')[0], CultureInfo.InvariantCulture, out var id) && Describe(id) == process;

    /// <summary>A process by its number and the time at which it began: numbers come again.</summary>
    private static string Describe(int process)
    {
        const int startTime = 19; // the 22nd field, counted behind the name and its bracket
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // A zombie is dead, only not yet buried.
            return fields[0] == "Z" ? "" : $"{process} {fields[startTime]}";
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
