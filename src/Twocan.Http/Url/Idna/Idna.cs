using System.Text;

namespace Twocan.Http;

/// <summary>
/// International domain names by UTS #46, as the URL Standard (§3.3) uses it: the processing is non-transitional, hyphens
/// are not looked at, and the rules for right-to-left and joined scripts are. The tables are our own, so the answer is the
/// same on a machine without ICU.
/// </summary>
public static class Idna
{
    /// <summary>
    /// The standard sets no limit, but what is done with a name grows faster than its length. No name of more than 253
    /// characters is in the DNS.
    /// </summary>
    private const int MaxLength = 4096;

    private const int MaxLabel = 63;
    private const int MaxDomain = 253;
    private const string Prefix = "xn--";

    /// <summary>The name as it is asked for in the DNS: <c>한글.kr</c> is <c>xn--bj0bj06e.kr</c>. False for what cannot be a name.</summary>
    public static bool TryToAscii(string domain, out string ascii) => TryToAscii(domain, isStrict: false, out ascii);

    /// <summary>The name as people write it; what is not in order is left as it stands.</summary>
    public static string ToUnicode(string domain) =>
        domain.Length <= MaxLength && TryProcess(domain, isStrict: false, out var labels)
            ? string.Join('.', labels)
            : domain;

    /// <summary>UTS #46 §4.2, ToASCII.</summary>
    /// <param name="isStrict">By the rules for those who write names (UseSTD3ASCIIRules, CheckHyphens, VerifyDnsLength), not those who read them.</param>
    internal static bool TryToAscii(string domain, bool isStrict, out string ascii)
    {
        ascii = "";
        if (domain.Length > MaxLength || !TryProcess(domain, isStrict, out var labels))
            return false;
        for (var i = 0; i < labels.Length; i++)
        {
            if (!Ascii.IsValid(labels[i]))
                labels[i] = Prefix + Punycode.Encode(labels[i]);
        }
        ascii = string.Join('.', labels);
        return !isStrict
            || (
                ascii.Length is > 0 and <= MaxDomain && labels.All(static label => label.Length is > 0 and <= MaxLabel)
            );
    }

    /// <summary>§4, processing: mapped, normalised, parted into labels, each decoded and looked at.</summary>
    private static bool TryProcess(string domain, bool isStrict, out string[] labels)
    {
        labels = Nfc.Normalize(Map(domain)).Split('.');
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i].StartsWith(Prefix, StringComparison.Ordinal))
            {
                // What is written in Punycode has to need it.
                if (
                    !Ascii.IsValid(labels[i])
                    || !Punycode.TryDecode(labels[i].AsSpan(Prefix.Length), out var decoded)
                    || Ascii.IsValid(decoded)
                )
                    return false;
                labels[i] = decoded;
            }
            if (!IsValid(labels[i], isStrict))
                return false;
        }
        return !labels.Any(BidiRule.IsRightToLeft) || labels.All(BidiRule.Allows);
    }

    /// <summary>What is disallowed stays as it is, and is found when the label is looked at.</summary>
    private static string Map(string domain)
    {
        var mapped = new StringBuilder(domain.Length);
        foreach (var rune in domain.EnumerateRunes())
        {
            switch (UnicodeData.StatusOf(rune.Value, out var instead))
            {
                case IdnaStatus.Mapped:
                    mapped.Append(instead);
                    break;
                case not IdnaStatus.Ignored:
                    mapped.Append(rune);
                    break;
            }
        }
        return mapped.ToString();
    }

    /// <summary>§4.1, validity criteria.</summary>
    private static bool IsValid(string label, bool isStrict)
    {
        if (label.Length == 0)
            return true;
        if (!Nfc.IsNormalized(label))
            return false;
        if (
            isStrict
            && (label[0] == '-' || label[^1] == '-' || (label.Length > 3 && label[2] == '-' && label[3] == '-'))
        )
            return false;
        if (label.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        if (UnicodeData.PropertiesOf(Rune.GetRuneAt(label, 0).Value).IsMark)
            return false;
        foreach (var rune in label.EnumerateRunes())
        {
            if (rune.Value == '.' || UnicodeData.StatusOf(rune.Value, out _) != IdnaStatus.Valid)
                return false;
            if (isStrict && rune.IsAscii && !char.IsAsciiLetterOrDigit((char)rune.Value) && rune.Value != '-')
                return false;
        }
        return JoinerRule.Allows(label);
    }
}
