using System.Globalization;
using System.Text;

namespace Twocan.Explorer;

/// <summary>
/// Finds what a style sheet names: other sheets (<c>@import</c>), pictures (<c>url(…)</c>), fonts. Which of its rules fit anything on
/// the page is not looked at, so all are wanted; of a font's several forms the first is.
/// </summary>
internal static class StyleScanner
{
    public static IEnumerable<(ResourceKind Kind, string Tag, string Url)> Scan(string css)
    {
        var fontHasSource = false;
        var (rule, depth) = ("", 0);
        for (var at = 0; at < css.Length; )
        {
            if (css.AsSpan(at).StartsWith("/*"))
            {
                var end = css.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? css.Length : end + 2;
                continue;
            }
            switch (css[at])
            {
                case '@':
                    rule = Word(css, at + 1);
                    fontHasSource = false;
                    at += 1 + rule.Length;
                    continue;
                case '"' or '\'':
                    var text = Quoted(css, ref at);
                    if (rule == "import")
                    {
                        yield return (ResourceKind.Stylesheet, $"@import \"{text}\"", text);
                        rule = "";
                    }
                    continue;
                case '{':
                    depth++;
                    break;
                case '}':
                    depth = Math.Max(0, depth - 1);
                    rule = "";
                    break;
                case ';' when depth == 0:
                    rule = "";
                    break;
                case 'u' or 'U' when StartsFunction(css, at, "url("):
                    at += 4;
                    var url = Argument(css, ref at);
                    if (url.Length == 0 || url.StartsWith('#'))
                        continue;
                    switch (rule)
                    {
                        case "import":
                            yield return (ResourceKind.Stylesheet, $"@import url({url})", url);
                            rule = "";
                            break;
                        case "namespace":
                            break;
                        case "font-face":
                            if (!fontHasSource)
                                yield return (ResourceKind.Font, $"url({url})", url);
                            fontHasSource = true;
                            break;
                        default:
                            yield return (ResourceKind.Picture, $"url({url})", url);
                            break;
                    }
                    continue;
                default:
                    break;
            }
            at++;
        }
    }

    private static bool StartsFunction(string css, int at, string name) =>
        css.AsSpan(at).StartsWith(name, StringComparison.OrdinalIgnoreCase)
        && (at == 0 || !(char.IsAsciiLetterOrDigit(css[at - 1]) || css[at - 1] is '-' or '_'));

    private static string Word(string css, int at)
    {
        var end = at;
        while (end < css.Length && (char.IsAsciiLetterOrDigit(css[end]) || css[end] == '-'))
            end++;
        return css[at..end].ToLowerInvariant();
    }

    /// <summary>What stands between url's parentheses, in quotes or not.</summary>
    private static string Argument(string css, ref int at)
    {
        while (at < css.Length && char.IsWhiteSpace(css[at]))
            at++;
        if (at < css.Length && css[at] is '"' or '\'')
        {
            var quoted = Quoted(css, ref at);
            var close = at < css.Length ? css.IndexOf(')', at) : -1;
            at = close < 0 ? css.Length : close + 1;
            return quoted.Trim();
        }
        var text = new StringBuilder();
        while (at < css.Length && css[at] != ')')
            Take(css, ref at, text);
        at++;
        return text.ToString().Trim();
    }

    private static string Quoted(string css, ref int at)
    {
        var quote = css[at++];
        var text = new StringBuilder();
        while (at < css.Length && css[at] != quote && css[at] != '\n')
            Take(css, ref at, text);
        at++;
        return text.ToString();
    }

    /// <summary>One character, which may be escaped: <c>\26 </c> is an ampersand (CSS Syntax §4.3.7).</summary>
    private static void Take(string css, ref int at, StringBuilder into)
    {
        var c = css[at++];
        if (c != '\\' || at == css.Length)
        {
            into.Append(c);
            return;
        }
        var digits = 0;
        while (digits < 6 && at + digits < css.Length && char.IsAsciiHexDigit(css[at + digits]))
            digits++;
        if (digits == 0)
        {
            into.Append(css[at++]);
            return;
        }
        var value = int.Parse(css.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        into.Append(Rune.TryCreate(value, out var rune) ? rune : Rune.ReplacementChar);
        at += digits;
        if (at < css.Length && char.IsWhiteSpace(css[at]))
            at++;
    }
}
