using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>Ports as people write them: <c>80</c>, <c>http</c>, <c>20-25,80,443</c>.</summary>
public static class PortList
{
    /// <summary>Each port once, in the order in which they were said.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out IReadOnlyList<Port>? ports,
        [NotNullWhen(false)] out string? wrong
    )
    {
        (ports, wrong) = (null, null);
        var (all, seen) = (new List<Port>(), new HashSet<Port>());
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!TryRange(part, out var first, out var last))
            {
                wrong = $"'{part}' is no port: write 80, http, 20-25 or 20-25,80";
                return false;
            }
            for (int port = first; port <= last; port++)
            {
                if (seen.Add(new((ushort)port)))
                    all.Add(new((ushort)port));
            }
        }
        ports = all;
        return true;
    }

    private static bool TryRange(string part, out ushort first, out ushort last)
    {
        // 'http-proxy' is a name with a dash in it.
        if (ServiceNames.PortOf(part) is { } named)
        {
            first = last = named.Number;
            return true;
        }
        var dash = part.IndexOf('-');
        if (dash < 0)
            return TryNumber(part, out first) & TryNumber(part, out last);
        last = 0;
        return TryNumber(part[..dash], out first) && TryNumber(part[(dash + 1)..], out last) && first <= last;
    }

    private static bool TryNumber(string text, out ushort number) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
