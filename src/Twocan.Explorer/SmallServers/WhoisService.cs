using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// Whois (RFC 3912): to whom do a domain, a block of addresses, a person belong? A query line, a text, and the end. What it knows
/// are texts by their names; an address is answered with the smallest block that it lies in.
/// </summary>
public static class WhoisService
{
    public static readonly Port Port = new(43);

    public static SmallService For(IReadOnlyList<KeyValuePair<string, string>> records) =>
        new("whois", Port, (_, stream, stop) => ConverseAsync(records, stream, stop));

    /// <summary>The text about what is asked for; null when there is none.</summary>
    public static string? Find(IReadOnlyList<KeyValuePair<string, string>> records, string query)
    {
        foreach (var (name, text) in records)
        {
            if (name.Equals(query.TrimEnd('.'), StringComparison.OrdinalIgnoreCase))
                return text;
        }
        if (!IpAddress.TryParse(query, out var address))
            return null;
        var (best, longest) = (default(string), -1);
        foreach (var (name, text) in records)
        {
            if (Subnet.TryParse(name, out var block) && block.Contains(address) && block.PrefixLength > longest)
                (best, longest) = (text, block.PrefixLength);
        }
        return best;
    }

    private static async Task ConverseAsync(
        IReadOnlyList<KeyValuePair<string, string>> records,
        TcpStream stream,
        CancellationToken stop
    )
    {
        if (await LineQuery.ReadAsync(stream, stop) is not { } query)
            return;
        stream.Because = stream.LastArrival;
        var text = Find(records, query) ?? NoMatch(query);
        await SmallService.SayAsync(stream, LineQuery.Lines(text), stop);
    }

    private static string NoMatch(string query) => $"No match for \"{FingerService.Printable(query)}\".";
}
