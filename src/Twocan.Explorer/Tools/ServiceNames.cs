using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>What well-known ports are for: the lines of /etc/services that somebody in these worlds may meet.</summary>
public static class ServiceNames
{
    private static readonly (ushort Port, string Name)[] s_known =
    [
        (7, "echo"),
        (9, "discard"),
        (13, "daytime"),
        (19, "chargen"),
        (20, "ftp-data"),
        (21, "ftp"),
        (22, "ssh"),
        (23, "telnet"),
        (25, "smtp"),
        (37, "time"),
        (43, "whois"),
        (53, "domain"),
        (67, "bootps"),
        (68, "bootpc"),
        (79, "finger"),
        (80, "http"),
        (110, "pop3"),
        (119, "nntp"),
        (123, "ntp"),
        (143, "imap"),
        (443, "https"),
        (993, "imaps"),
        (995, "pop3s"),
        (3128, "http-proxy"),
        (5001, "tcp-sink"),
        (5002, "tcp-source"),
    ];

    public static string? NameOf(Port port)
    {
        foreach (var (number, name) in s_known)
        {
            if (number == port.Number)
                return name;
        }
        return null;
    }

    public static Port? PortOf(string name)
    {
        foreach (var (number, known) in s_known)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return new(number);
        }
        return null;
    }

    /// <summary>All ports that have a name here, the lowest first.</summary>
    public static IReadOnlyList<Port> Ports => [.. s_known.Select(known => new Port(known.Port))];
}
