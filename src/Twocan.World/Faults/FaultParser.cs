using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Twocan.Worlds;

/// <summary>Reads a fault's sentence from left to right: what, where, when.</summary>
internal sealed class FaultParser(string text)
{
    private const string Forms =
        "'loss 20% CABLE', 'bursty loss 20% in bursts of 5 CABLE', 'delay 50ms CABLE', 'jitter 5ms CABLE', "
        + "'reorder 10% by 5ms CABLE', 'duplicate 5% CABLE', 'corrupt 1% CABLE', 'rate 1 Mbit/s CABLE', 'cut CABLE' "
        + "or 'crash HOST', then perhaps 'at 40ms' and 'for 2s'";

    private readonly FaultWords _words = new(text);

    public bool TryParse([NotNullWhen(true)] out FaultSentence? sentence, [NotNullWhen(false)] out string? error)
    {
        sentence = null;
        return TryWhat(out var what, out error)
            && (what.Kind == FaultKind.Crash ? TryHosts(ref what, out error) : TryCables(ref what, out error))
            && TryWhen(what, out sentence, out error);
    }

    private bool TryWhat([NotNullWhen(true)] out FaultSentence? what, [NotNullWhen(false)] out string? error)
    {
        what = null;
        var kind = _words.Next();
        switch (kind)
        {
            case "cut":
                return Said(new(FaultKind.Cut), out what, out error);
            case "crash":
                return Said(new(FaultKind.Crash), out what, out error);
            case "loss":
                return TryShare(FaultKind.Loss, out what, out error) && TryBursts(ref what, out error);
            case "bursty":
                return TryWord("loss", "bursty loss 20% in bursts of 5", out error)
                    && TryShare(FaultKind.BurstyLoss, out what, out error)
                    && TryBursts(ref what, out error);
            case "delay":
                return TryTime(new(FaultKind.Delay), out what, out error);
            case "jitter":
                return TryTime(new(FaultKind.Jitter), out what, out error);
            case "reorder":
                return TryShare(FaultKind.Reorder, out var reorder, out error)
                    && TryWord("by", "reorder 10% by 5ms", out error)
                    && TryTime(reorder, out what, out error);
            case "duplicate":
                return TryShare(FaultKind.Duplicate, out what, out error);
            case "corrupt":
                return TryShare(FaultKind.Corrupt, out what, out error);
            case "rate":
                return Quantity.TryRate(_words.NextQuantity(), out var rate, out error)
                    && Said(new(FaultKind.Rate) { Rate = rate }, out what, out error);
            case null:
                error = $"a fault is a sentence: {Forms}";
                return false;
            default:
                error = $"'{kind}' is not a fault: write {Forms}";
                return false;
        }
    }

    private static bool Said(
        FaultSentence said,
        [NotNullWhen(true)] out FaultSentence? what,
        [NotNullWhen(false)] out string? error
    )
    {
        (what, error) = (said, null);
        return true;
    }

    private bool TryShare(
        FaultKind kind,
        [NotNullWhen(true)] out FaultSentence? what,
        [NotNullWhen(false)] out string? error
    )
    {
        what = Quantity.TryPercent(_words.NextQuantity(), out var share, out error)
            ? new(kind) { Share = share }
            : null;
        return what is not null;
    }

    private bool TryTime(
        FaultSentence begun,
        [NotNullWhen(true)] out FaultSentence? what,
        [NotNullWhen(false)] out string? error
    )
    {
        what = Quantity.TryTime(_words.NextQuantity(), out var time, out error) ? begun with { Time = time } : null;
        return what is not null;
    }

    private bool TryWord(string expected, string example, [NotNullWhen(false)] out string? error)
    {
        error = _words.Peek == expected ? null : $"'{expected}' is missing, as in '{example} pc--home-hub'";
        _words.Skip(expected);
        return error is null;
    }

    private bool TryBursts(ref FaultSentence what, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (_words.Peek != "in")
        {
            if (what.Kind == FaultKind.BurstyLoss)
                error = "how long are the bursts? Write 'bursty loss 20% in bursts of 5 pc--home-hub'";
            return error is null;
        }
        _words.Skip("in");
        _words.Skip("bursts");
        _words.Skip("of");
        var word = _words.Next() ?? "";
        _words.Skip("frames");
        if (
            !double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var length)
            || length is < 1 or > 1e9
        )
        {
            error = $"'{word}' is not a burst's length: a number of frames from 1 on, as in 'in bursts of 5'";
            return false;
        }
        // Between two bursts there is at least one frame that arrives.
        if (what.Share < 1 && length < what.Share / (1 - what.Share) - 1e-9)
        {
            var least = Math.Ceiling(what.Share / (1 - what.Share) - 1e-9);
            error = string.Create(
                CultureInfo.InvariantCulture,
                $"to lose {what.Share * 100:0.###} % of all frames, bursts have to be at least {least} frames long"
            );
            return false;
        }
        what = new(FaultKind.BurstyLoss) { Share = what.Share, BurstLength = length };
        return true;
    }

    private bool TryCables(ref FaultSentence what, [NotNullWhen(false)] out string? error)
    {
        var names = Names();
        error =
            names.Count > 0
                ? null
                : $"'{text.Trim()}' does not say which cable: put it after '{what.What}', as in '{what.What} pc--home-hub'";
        what = what with { Cables = names };
        return error is null;
    }

    private bool TryHosts(ref FaultSentence what, [NotNullWhen(false)] out string? error)
    {
        var names = Names();
        if (names.Find(FaultWords.IsCable) is { } cable)
        {
            error = $"'{cable}' is a cable, and only a machine crashes: write 'crash pc', or 'cut {cable}'";
            return false;
        }
        error = names.Count > 0 ? null : "who crashes? Write 'crash HOST', as in 'crash ns.isp at 40ms for 2s'";
        what = what with { Hosts = names };
        return error is null;
    }

    /// <summary>All words up to the time.</summary>
    private List<string> Names()
    {
        var names = new List<string>();
        while (_words.Peek is not (null or "at" or "for"))
        {
            var word = _words.Next()!;
            if (word is not ("and" or "on") && !names.Contains(word))
                names.Add(word);
        }
        return names;
    }

    private bool TryWhen(
        FaultSentence begun,
        [NotNullWhen(true)] out FaultSentence? sentence,
        [NotNullWhen(false)] out string? error
    )
    {
        sentence = null;
        (bool At, bool For) said = default;
        while (_words.Next() is { } word)
        {
            if (word is not ("at" or "for"))
            {
                error = $"'{word}' is one word too many: after the names come only 'at 40ms' and 'for 2s'";
                return false;
            }
            if (word == "at" ? said.At : said.For)
            {
                error = $"'{word}' is said twice";
                return false;
            }
            if (!Quantity.TryTime(_words.NextQuantity(), out var time, out error))
                return false;
            if (word == "at")
                (begun, said.At) = (begun with { At = time }, true);
            else
                (begun, said.For) = (begun with { For = time }, true);
        }
        (sentence, error) = (begun, null);
        return true;
    }
}
