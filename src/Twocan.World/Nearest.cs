namespace Twocan.Worlds;

/// <summary>What somebody may have meant: the names that need the fewest changes.</summary>
public static class Nearest
{
    /// <summary>The nearest names, best first; all are listed when there are few.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names, int most = 3) =>
        [
            .. names
                .Select(known => (Known: known, Far: Distance(name, known)))
                .OrderBy(pair => pair.Far)
                .Take(most)
                .Select(pair => pair.Known),
        ];

    /// <summary>The one name that is so near that it must have been meant: the only one that begins so, or one with a slip.</summary>
    public static string? Guess(string name, IEnumerable<string> names)
    {
        names = [.. names];
        if (
            name.Length > 1
            && names.Where(known => known.StartsWith(name, StringComparison.Ordinal)).Take(2).ToList() is [var only]
        )
            return only;
        var best = Of(name, names, 1);
        return best.Count > 0 && Distance(name, best[0]) <= Math.Max(1, (name.Length + 1) / 3) ? best[0] : null;
    }

    /// <summary>Letters to insert, remove or replace, or to swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        // No name is so long: what is, was not meant to be one of them.
        if (a.Length > 300)
            return a.Length;
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            table[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            table[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }
        return table[a.Length, b.Length];
    }
}
