using System.Globalization;

namespace Twocan.Http;

/// <summary>Which codings of a content a client takes, and which it likes better (RFC 9110 §12.5.3).</summary>
public static class AcceptEncoding
{
    /// <summary>
    /// The first of <paramref name="available"/> (best first) that the client values most and above the plain content; null
    /// when the plain content is the answer. Without the field a client may have anything, but most that say nothing know nothing.
    /// </summary>
    public static string? Choose(string? field, IEnumerable<string> available)
    {
        if (string.IsNullOrEmpty(field))
            return null;
        var told = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var element in FieldList.Elements(field))
        {
            var (coding, parameters) = FieldList.WithParameters(element);
            var weight = parameters
                .FirstOrDefault(one => one.Name.Equals("q", StringComparison.OrdinalIgnoreCase))
                .Value;
            told[coding] = weight is null ? 1 : Weight(weight);
        }
        var others = told.GetValueOrDefault("*", 0);
        var plain = told.TryGetValue("identity", out var identity) ? identity : Math.Max(others, 0.0001);
        string? chosen = null;
        foreach (var coding in available)
        {
            var weight = told.TryGetValue(coding, out var said) ? said : others;
            if (weight > 0 && weight >= plain && (chosen is null || weight > told.GetValueOrDefault(chosen, others)))
                chosen = coding;
        }
        return chosen;
    }

    /// <summary>§12.4.2: 0 to 1 with at most three decimals; anything else is no wish at all.</summary>
    private static double Weight(string text) =>
        text.Length <= 5
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
        && weight is >= 0 and <= 1
            ? weight
            : 0;
}
