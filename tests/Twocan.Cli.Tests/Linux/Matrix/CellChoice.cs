using System.Globalization;

namespace Twocan.Cli.Tests;

/// <summary>
/// A few cells of the whole matrix, by words that must all be found: <c>30 % lost, both ways at once, IPv6, × 20</c>. The last one
/// runs each cell so many times, side by side: what goes wrong once in fifty runs is seen at once.
/// </summary>
internal sealed record CellChoice(IReadOnlyList<string> Words, int Times)
{
    public static CellChoice Parse(string text)
    {
        var (words, times) = (new List<string>(), 1);
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (word[0] is '×' or '*')
                times = int.Parse(word[1..], CultureInfo.InvariantCulture);
            else
                words.Add(word);
        }
        return new(words, times);
    }

    /// <summary>Those cells that are wanted of this weather and agreement, each as often as was asked for.</summary>
    public IReadOnlyList<Cell> Of(Weather weather, Agreement agreement, IReadOnlyList<Cell> cells) =>
        [
            .. cells
                .Where(cell =>
                    Words.All(word => Has($"{weather}", word) || Has($"{agreement}", word) || Has($"{cell}", word))
                )
                .SelectMany(cell => Enumerable.Repeat(cell, Times)),
        ];

    private static bool Has(string name, string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
}
