using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Worlds;

public enum FaultKind
{
    /// <summary>A share of the frames never arrives.</summary>
    Loss,

    /// <summary>Every frame takes longer by so much.</summary>
    Delay,

    /// <summary>Nothing gets through.</summary>
    Cut,

    /// <summary>The cable is slower than it was made.</summary>
    Rate,
}

/// <summary>
/// What goes wrong, where, and when, in a sentence: <c>loss 20% pc--home-hub</c>, <c>delay 50ms pc--home-hub</c>,
/// <c>rate 1 Mbit/s isp--backbone</c>, <c>cut isp--backbone at 40ms for 2s</c>. <c>at</c> counts from the moment in which
/// the sentence is said; without <c>for</c> it lasts until it is taken back. Several cables may be named.
/// </summary>
public sealed record FaultSentence(FaultKind Kind)
{
    private const string Forms =
        "'loss 20% CABLE', 'delay 50ms CABLE', 'rate 1 Mbit/s CABLE' or 'cut CABLE', then perhaps 'at 40ms' and 'for 2s'";

    public double Loss { get; init; }

    public Duration Delay { get; init; }

    public BitRate Rate { get; init; }

    /// <summary>The cables by name, as they were written.</summary>
    public IReadOnlyList<string> Cables { get; init; } = [];

    /// <summary>How long from now it begins.</summary>
    public Duration At { get; init; }

    /// <summary>How long it lasts; null is 'until it is taken back'.</summary>
    public Duration? For { get; init; }

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out FaultSentence? sentence,
        [NotNullWhen(false)] out string? error
    )
    {
        var words = new Words(text);
        sentence = null;
        var kind = words.Next();
        if (!TryBegin(kind, words, out var begun, out error))
            return false;
        words.Skip("on");
        var cables = new List<string>();
        while (words.Peek is { } word && word is not ("at" or "for"))
        {
            if (words.Next() is "and" or "on")
                continue;
            if (!word.Contains("--", StringComparison.Ordinal))
            {
                error = $"'{word}' is not a cable: a cable is named by its two ends, as in 'pc--home-hub'";
                return false;
            }
            cables.Add(word);
        }
        if (cables.Count == 0)
        {
            error =
                $"'{text.Trim()}' does not say which cable: put it after '{kind}', as in '{begun.What} pc--home-hub'";
            return false;
        }
        begun = begun with { Cables = cables };
        return TryWhen(words, begun, out sentence, out error);
    }

    private static bool TryBegin(
        string? kind,
        Words words,
        [NotNullWhen(true)] out FaultSentence? begun,
        [NotNullWhen(false)] out string? error
    )
    {
        begun = null;
        error = null;
        switch (kind)
        {
            case "cut":
                begun = new(FaultKind.Cut);
                return true;
            case "loss":
                if (Quantity.TryPercent(words.NextQuantity(), out var loss, out error))
                    begun = new(FaultKind.Loss) { Loss = loss };
                return begun is not null;
            case "delay":
                if (Quantity.TryTime(words.NextQuantity(), out var delay, out error))
                    begun = new(FaultKind.Delay) { Delay = delay };
                return begun is not null;
            case "rate":
                if (Quantity.TryRate(words.NextQuantity(), out var rate, out error))
                    begun = new(FaultKind.Rate) { Rate = rate };
                return begun is not null;
            case null:
                error = $"a fault is a sentence: {Forms}";
                return false;
            default:
                error = $"'{kind}' is not a fault: write {Forms}";
                return false;
        }
    }

    private static bool TryWhen(
        Words words,
        FaultSentence begun,
        [NotNullWhen(true)] out FaultSentence? sentence,
        [NotNullWhen(false)] out string? error
    )
    {
        sentence = null;
        (bool At, bool For) said = default;
        while (words.Next() is { } word)
        {
            if (word is not ("at" or "for"))
            {
                error = $"'{word}' is one word too many: after the cables come only 'at 40ms' and 'for 2s'";
                return false;
            }
            if (word == "at" ? said.At : said.For)
            {
                error = $"'{word}' is said twice";
                return false;
            }
            if (!Quantity.TryTime(words.NextQuantity(), out var time, out error))
                return false;
            if (word == "at")
                (begun, said.At) = (begun with { At = time }, true);
            else
                (begun, said.For) = (begun with { For = time }, true);
        }
        (sentence, error) = (begun, null);
        return true;
    }

    /// <summary>The fault alone: <c>loss 20 %</c>.</summary>
    private string What =>
        Kind switch
        {
            FaultKind.Loss => $"loss {(Loss * 100).ToString("0.###", CultureInfo.InvariantCulture)} %",
            FaultKind.Delay => $"delay {Delay}",
            FaultKind.Rate => $"rate {Rate}",
            _ => "cut",
        };

    public override string ToString()
    {
        var text = $"{What} {string.Join(", ", Cables)}";
        if (At > Duration.Zero)
            text += $" at {At}";
        if (For is { } span)
            text += $" for {span}";
        return text;
    }

    /// <summary>The sentence's words; a comma only sets them apart.</summary>
    private sealed class Words(string text)
    {
        private readonly string[] _words = text.Split(
            [' ', ',', '\t'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        private int _next;

        public string? Peek => _next < _words.Length ? _words[_next] : null;

        public string? Next() => _next < _words.Length ? _words[_next++] : null;

        public void Skip(string word)
        {
            if (Peek == word)
                _next++;
        }

        /// <summary>A number and its unit, whether or not a space stands between them.</summary>
        public string NextQuantity()
        {
            // A cable or a word that belongs to the sentence is no number: leave it, and let the error say what is missing.
            if (Peek is not { } first || !char.IsAsciiDigit(first[0]) || first.Contains("--", StringComparison.Ordinal))
                return Peek ?? "";
            _next++;
            var (_, unit) = Quantity.Split(first);
            if (unit.Length > 0 || Peek is not { } second)
                return first;
            // Whatever stands where a unit should be is taken for one, so that the error can name it.
            if (second is "at" or "for" or "on" or "and" || second.Contains("--", StringComparison.Ordinal))
                return first;
            _next++;
            return $"{first} {second}";
        }
    }
}

/// <summary>A fault's sentence that cannot be understood, or that speaks of a cable that is not there.</summary>
public sealed class FaultSentenceException(string message) : FormatException(message);
