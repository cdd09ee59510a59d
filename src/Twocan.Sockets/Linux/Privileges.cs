using System.Globalization;

namespace Twocan.Sockets;

/// <summary>What this process may do (capabilities(7)).</summary>
public static class Privileges
{
    private const int NetAdmin = 12;
    private const int NetRaw = 13;
    private const int SysAdmin = 21;

    /// <summary>May set up adapters and routes, in the network that it lives in.</summary>
    public static bool HasNetAdmin => Has(NetAdmin);

    /// <summary>May see and send whole packets.</summary>
    public static bool HasNetRaw => Has(NetRaw);

    /// <summary>May make namespaces, and give them names.</summary>
    public static bool HasSysAdmin => Has(SysAdmin);

    /// <summary>Lives in a user namespace of its own, where it is root and outside nobody.</summary>
    public static bool IsOwnUserNamespace =>
        Read("/proc/self/uid_map").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, _, var count]
        && count != "4294967295";

    private static bool Has(int capability)
    {
        const string effective = "CapEff:";
        var line = Read("/proc/self/status")
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith(effective, StringComparison.Ordinal));
        return line is not null
            && ulong.TryParse(
                line.AsSpan(effective.Length).Trim(),
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture,
                out var set
            )
            && (set >> capability & 1) != 0;
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
