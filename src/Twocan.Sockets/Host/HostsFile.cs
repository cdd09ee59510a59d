using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>/etc/hosts: names that this machine knows without asking anybody.</summary>
public static class HostsFile
{
    private const string Path = "/etc/hosts";

    public static IEnumerable<IpAddress> AddressesOf(string name) =>
        Read().Where(line => line.Names.Contains(name, StringComparer.OrdinalIgnoreCase)).Select(line => line.Address);

    /// <summary>The first name that it gives to an address.</summary>
    public static string? NameOf(IpAddress address) =>
        Read().FirstOrDefault(line => line.Address == address).Names is [var first, ..] ? first : null;

    private static IEnumerable<(IpAddress Address, string[] Names)> Read()
    {
        if (!File.Exists(Path))
            yield break;
        foreach (var line in File.ReadLines(Path))
        {
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && IpAddress.TryParse(words[0], out var address))
                yield return (address, words[1..]);
        }
    }
}
