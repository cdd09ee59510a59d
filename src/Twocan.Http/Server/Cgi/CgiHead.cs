using System.Text;

namespace Twocan.Http;

/// <summary>What a program says before its content (RFC 3875 §6): fields, and by them what kind of answer it is.</summary>
/// <param name="Status">What the Status field says; null when there is none.</param>
public sealed record CgiHead(int? Status, string? Reason, string? Location, Fields Fields)
{
    private const int MostBytes = 32 * 1024;

    /// <summary>§6.2.2: a path is for the server to follow itself.</summary>
    public bool IsLocalRedirect =>
        Location is ['/', ..] && !Location.StartsWith("//", StringComparison.Ordinal) && Status is null;

    /// <summary>
    /// Reads the fields up to the blank line; lines end as the program's system has it, with or without a CR. Null for what is not
    /// such a head. <paramref name="used"/> says how many bytes it took; 0 when more are needed.
    /// </summary>
    public static CgiHead? Read(ReadOnlySpan<byte> bytes, bool isAll, out int used)
    {
        used = 0;
        var fields = new Fields();
        for (var at = 0; ; )
        {
            var end = bytes[at..].IndexOf((byte)'\n');
            if (end < 0)
            {
                used = isAll || bytes.Length > MostBytes ? bytes.Length : 0;
                return null;
            }
            var line = bytes.Slice(at, end);
            if (line.EndsWith("\r"u8))
                line = line[..^1];
            at += end + 1;
            if (line.IsEmpty)
            {
                used = at;
                return Of(fields);
            }
            var colon = line.IndexOf((byte)':');
            if (
                colon <= 0
                || fields.Count == 100
                || !fields.TryAdd(line[..colon], Grammar.TrimBlanks(line[(colon + 1)..]))
            )
            {
                used = bytes.Length;
                return null;
            }
        }
    }

    /// <summary>§6.3: at least one of the three that say what it is, and none of them twice.</summary>
    private static CgiHead? Of(Fields fields)
    {
        var (status, location) = (fields["Status"], fields["Location"]);
        foreach (var name in (ReadOnlySpan<string>)["Status", "Location", "Content-Type"])
        {
            if (fields.CountOf(name) > 1)
                return null;
        }
        if (status is null && location is null && !fields.Contains("Content-Type"))
            return null;
        int? code = null;
        string? reason = null;
        if (status is not null)
        {
            var parts = status.Split(' ', 2);
            if (
                parts[0].Length != 3
                || !Grammar.TryParseDecimal(Encoding.ASCII.GetBytes(parts[0]), out var number)
                || number is < 200 or > 599
            )
                return null;
            (code, reason) = ((int)number, parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null);
        }
        if (location is { Length: 0 })
            return null;
        fields.Remove("Status");
        return new(code, reason, location, fields);
    }
}
