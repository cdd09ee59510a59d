using System.Globalization;

namespace Twocan.Explorer;

/// <summary>
/// Which of several pictures a browser takes (HTML §4.8.4.3): the smallest that is not too coarse for its place. One screen pixel is
/// one CSS pixel here.
/// </summary>
internal static class SourceSet
{
    private const double EmPixels = 16;

    /// <summary>The URL as it is written; null when there is none to take.</summary>
    public static string? Choose(string? sourceSet, string? sizes, string? source, int viewport)
    {
        var candidates = Parse(sourceSet ?? "");
        var hasWidths = candidates.Exists(static one => one.Width is not null);
        if (source?.Trim() is { Length: > 0 } plain && !hasWidths && !candidates.Exists(static one => one.Density == 1))
            candidates.Add(new(plain, null, 1));
        if (candidates.Count == 0)
            return null;
        var place = hasWidths ? SizeOf(sizes, viewport) : 0;
        var dense = candidates
            .Select(one => (one.Url, Density: one.Width is { } width ? width / Math.Max(place, 1) : one.Density))
            .ToList();
        var enough = dense.Where(static one => one.Density >= 1).ToList();
        return enough.Count > 0
            ? enough.MinBy(static one => one.Density).Url
            : dense.MaxBy(static one => one.Density).Url;
    }

    /// <summary>A kind of picture that browsers show; none said is any.</summary>
    public static bool IsPicture(string? type) =>
        type?.Split(';')[0].Trim().ToLowerInvariant()
            is null
                or ""
                or "image/avif"
                or "image/webp"
                or "image/png"
                or "image/jpeg"
                or "image/gif"
                or "image/svg+xml"
                or "image/bmp"
                or "image/x-icon";

    /// <summary>Whether a media query is one of this window's: its width, on a screen, in light colours. What is not known does not match.</summary>
    public static bool Matches(string? media, int viewport) =>
        media is null || media.Trim().Length == 0 || media.Split(',').Any(one => MatchesOne(one, viewport));

    private static bool MatchesOne(string query, int viewport) =>
        query
            .ToLowerInvariant()
            .Split(" and ")
            .Select(static part => part.Trim().TrimStart('(').TrimEnd(')').Trim())
            .All(part =>
                part switch
                {
                    "all" or "screen" or "only screen" or "prefers-color-scheme: light" or "orientation: landscape" =>
                        true,
                    _ when part.StartsWith("min-width:", StringComparison.Ordinal) => Pixels(part[10..], viewport)
                        <= viewport,
                    _ when part.StartsWith("max-width:", StringComparison.Ordinal) => Pixels(part[10..], viewport)
                        >= viewport,
                    _ => false,
                }
            );

    /// <summary>'sizes': the first whose condition matches, else the whole window.</summary>
    private static double SizeOf(string? sizes, int viewport)
    {
        foreach (
            var one in (sizes ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var close = one.LastIndexOf(')');
            var condition = one.StartsWith('(') && close > 0 ? one[..(close + 1)] : null;
            if (Matches(condition, viewport) && Pixels(one[(condition?.Length ?? 0)..], viewport) is { } size)
                return size;
        }
        return viewport;
    }

    private static double? Pixels(string length, int viewport)
    {
        var text = length.Trim();
        var (unit, factor) = text switch
        {
            _ when text.EndsWith("px", StringComparison.OrdinalIgnoreCase) => (2, 1),
            _ when text.EndsWith("vw", StringComparison.OrdinalIgnoreCase) => (2, viewport / 100.0),
            _ when text.EndsWith("rem", StringComparison.OrdinalIgnoreCase) => (3, EmPixels),
            _ when text.EndsWith("em", StringComparison.OrdinalIgnoreCase) => (2, EmPixels),
            _ => (0, text == "0" ? 1 : double.NaN),
        };
        return
            double.TryParse(
                text.AsSpan(0, text.Length - unit),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            ) && !double.IsNaN(factor)
            ? number * factor
            : null;
    }

    /// <summary>'Parse a srcset attribute': a comma ends a candidate unless it stands within a URL or parentheses.</summary>
    private static List<Candidate> Parse(string text)
    {
        var candidates = new List<Candidate>();
        for (var at = 0; ; )
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ','))
                at++;
            if (at == text.Length)
                return candidates;
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
                at++;
            var url = text[start..at];
            var descriptors = "";
            if (!url.EndsWith(','))
            {
                start = at;
                var depth = 0;
                while (at < text.Length && (text[at] != ',' || depth > 0))
                    depth += text[at++] switch
                    {
                        '(' => 1,
                        ')' => -1,
                        _ => 0,
                    };
                descriptors = text[start..at];
            }
            if (Candidate.TryRead(url.TrimEnd(','), descriptors, out var candidate))
                candidates.Add(candidate);
        }
    }

    private readonly record struct Candidate(string Url, double? Width, double Density)
    {
        public static bool TryRead(string url, string descriptors, out Candidate candidate)
        {
            candidate = new(url, null, 1);
            foreach (var one in descriptors.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (
                    !double.TryParse(
                        one.AsSpan(0, one.Length - 1),
                        NumberStyles.Float,
                        CultureInfo.InvariantCulture,
                        out var number
                    )
                )
                    return false;
                switch (one[^1])
                {
                    case 'w' when number > 0:
                        candidate = candidate with { Width = number };
                        break;
                    case 'x' when number >= 0:
                        candidate = candidate with { Density = number };
                        break;
                    case 'h':
                        break;
                    default:
                        return false;
                }
            }
            return true;
        }
    }
}
