using System.Globalization;
using System.Runtime.Versioning;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// A network namespace for as long as this process lives: made if there is none of that name, with name servers of its own
/// (<c>/etc/netns/NAME/resolv.conf</c>, which <c>ip netns exec</c> shows to programs). What was made here is written down
/// beside it, so that who comes after a crash can take it away.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class NamespaceLease : IDisposable
{
    private const string Records = "/run/twocan";
    private const string Settings = "/etc/netns";

    private readonly bool _isMine;
    private readonly string? _nameServers;

    private NamespaceLease(string name, bool isMine, string? nameServers) =>
        (Name, _isMine, _nameServers) = (name, isMine, nameServers);

    public string Name { get; }

    public static NamespaceLease Take(string name, IReadOnlyList<IpAddress> nameServers)
    {
        TakeAwayWhatTheDeadLeft();
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
            lease.Dispose();
            throw;
        }
    }

    public void Dispose() => TakeAway(Name, _isMine, _nameServers);

    /// <summary>Leases of processes that are gone: their namespaces and files go too.</summary>
    public static void TakeAwayWhatTheDeadLeft()
    {
        if (!Directory.Exists(Records))
            return;
        foreach (var record in Directory.GetFiles(Records))
        {
            if (File.ReadAllLines(record) is [var process, var isMine, var nameServers] && !IsAlive(process))
                TakeAway(Path.GetFileName(record), isMine == "made", nameServers.Length > 0 ? nameServers : null);
        }
    }

    private static void TakeAway(string name, bool isMine, string? nameServers)
    {
        if (isMine)
            NetworkNamespace.Delete(name);
        if (nameServers is not null)
        {
            File.Delete(nameServers);
            RemoveIfEmpty(Path.GetDirectoryName(nameServers)!);
            RemoveIfEmpty(Settings);
        }
        File.Delete(Path.Combine(Records, name));
        RemoveIfEmpty(Records);
    }

    private static void RemoveIfEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            Directory.Delete(directory);
    }

    private static void Write(string name, bool isMine, string? nameServers)
    {
        Directory.CreateDirectory(Records);
        File.WriteAllLines(
            Path.Combine(Records, name),
            [Describe(Environment.ProcessId), isMine ? "made" : "joined", nameServers ?? ""]
        );
    }

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
