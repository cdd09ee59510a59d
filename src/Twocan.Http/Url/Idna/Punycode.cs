using System.Text;

namespace Twocan.Http;

/// <summary>Punycode (RFC 3492): any characters written with letters, digits and hyphens.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 128;

    /// <summary>§6.3. The text has no lone surrogates.</summary>
    public static string Encode(string text)
    {
        var characters = text.EnumerateRunes().Select(static rune => rune.Value).ToArray();
        var output = new StringBuilder(text.Length + 8);
        foreach (var character in characters)
        {
            if (character < InitialN)
                output.Append((char)character);
        }
        var basic = output.Length;
        if (basic > 0)
            output.Append('-');
        var (n, delta, bias, handled) = (InitialN, 0L, InitialBias, basic);
        while (handled < characters.Length)
        {
            var next = characters.Where(character => character >= n).Min();
            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (var character in characters)
            {
                if (character < n)
                    delta++;
                if (character != n)
                    continue;
                AppendInteger(output, delta, bias);
                bias = Adapt(delta, handled + 1, isFirst: handled == basic);
                (delta, handled) = (0, handled + 1);
            }
            (delta, n) = (delta + 1, n + 1);
        }
        return output.ToString();
    }

    /// <summary>§6.2; false for what no encoder writes: a strange character, a number that ends too early or is too large.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out string decoded)
    {
        decoded = "";
        var basic = text.LastIndexOf('-');
        var output = new List<int>(text.Length);
        foreach (var c in basic > 0 ? text[..basic] : default)
        {
            if (c >= InitialN)
                return false;
            output.Add(c);
        }
        var (n, i, bias) = (InitialN, 0L, InitialBias);
        // A hyphen at the very front is a delimiter too, with nothing before it.
        for (var at = basic >= 0 ? basic + 1 : 0; at < text.Length; )
        {
            var before = i;
            var weight = 1L;
            for (var k = Base; ; k += Base)
            {
                if (at == text.Length || DigitOf(text[at++]) is not (>= 0 and var digit))
                    return false;
                i += digit * weight;
                var t = Threshold(k, bias);
                if (i > int.MaxValue)
                    return false;
                if (digit < t)
                    break;
                weight *= Base - t;
                if (weight > int.MaxValue)
                    return false;
            }
            bias = Adapt(i - before, output.Count + 1, isFirst: before == 0);
            var character = n + i / (output.Count + 1);
            if (character > 0x10FFFF || character is >= 0xD800 and < 0xE000)
                return false;
            n = (int)character;
            i %= output.Count + 1;
            output.Insert((int)i++, n);
        }
        var result = new StringBuilder(output.Count);
        foreach (var character in output)
            result.Append(new Rune(character));
        decoded = result.ToString();
        return true;
    }

    private static void AppendInteger(StringBuilder output, long value, int bias)
    {
        for (var k = Base; ; k += Base)
        {
            var t = Threshold(k, bias);
            if (value < t)
            {
                output.Append(Digit((int)value));
                return;
            }
            output.Append(Digit((int)(t + (value - t) % (Base - t))));
            value = (value - t) / (Base - t);
        }
    }

    /// <summary>§6.1.</summary>
    private static int Adapt(long delta, int count, bool isFirst)
    {
        delta /= isFirst ? Damp : 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
            delta /= Base - TMin;
        return (int)(k + (Base - TMin + 1) * delta / (delta + Skew));
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, TMin, TMax);

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int DigitOf(char c) =>
        c switch
        {
            >= 'a' and <= 'z' => c - 'a',
            >= 'A' and <= 'Z' => c - 'A',
            >= '0' and <= '9' => c - '0' + 26,
            _ => -1,
        };
}
