using System.Globalization;

namespace Twocan.Worlds;

/// <summary>
/// The Python of scripts: <c>assert</c> and <c>print</c> of expressions over names and numbers, and names that are given a
/// value (<c>=</c>, <c>+=</c>, <c>-=</c>), with comparisons (chained ones too), <c>and or not</c>, arithmetic, and <c>abs min max int</c>.
/// </summary>
internal sealed class DrillExpression(string text, int line, Func<string, double?> valueOf)
{
    private const int MaxDepth = 64;
    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];

    private int _at;
    private int _depth;

    /// <summary>Runs all statements; what is printed goes to <paramref name="print"/>.</summary>
    /// <param name="names">What earlier code has given names to; all of a script's code is one program.</param>
    public static void Run(
        DrillCode code,
        Dictionary<string, double> names,
        Func<string, double?> valueOf,
        Action<string> print
    )
    {
        double? Known(string name) => names.TryGetValue(name, out var value) ? value : valueOf(name);
        var line = code.Line;
        foreach (var row in code.Code.Replace("\\\n", " \f", StringComparison.Ordinal).Split('\n'))
        {
            foreach (
                var statement in row.Split('#')[0]
                    .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
                RunOne(statement, line, names, Known, print);
            line += 1 + row.Count(letter => letter == '\f');
        }
    }

    private static void RunOne(
        string statement,
        int line,
        Dictionary<string, double> names,
        Func<string, double?> valueOf,
        Action<string> print
    )
    {
        if (statement.StartsWith("print", StringComparison.Ordinal))
        {
            var shown = new DrillExpression(statement[5..], line, valueOf);
            print(shown.IsText() ? statement[5..].Trim(' ', '(', ')', '"', '\'') : shown.Whole());
            return;
        }
        if (TryAssign(statement, line, names, valueOf))
            return;
        if (!statement.StartsWith("assert", StringComparison.Ordinal))
            throw new DrillScriptException(
                line,
                $"of Python assert, print and assignments are supported, not '{statement}'"
            );
        var expression = new DrillExpression(statement[6..], line, valueOf);
        if (expression.Alternatives() != 0)
        {
            return;
        }
        // Behind the comma stands what Python shows when it fails.
        var note = expression.Take(",") && !expression.IsText() ? $": {expression.Whole()}" : "";
        throw new DrillFailedException(line, $"AssertionError: {statement}{note}");
    }

    /// <summary><c>name = 5</c>, <c>name += 1</c>; a comparison is none.</summary>
    private static bool TryAssign(
        string statement,
        int line,
        Dictionary<string, double> names,
        Func<string, double?> valueOf
    )
    {
        var end = 0;
        while (end < statement.Length && (char.IsAsciiLetterOrDigit(statement[end]) || statement[end] == '_'))
            end++;
        var rest = statement[end..].TrimStart();
        var sign =
            rest.StartsWith("+=", StringComparison.Ordinal) ? 1
            : rest.StartsWith("-=", StringComparison.Ordinal) ? -1
            : 0;
        var isPlain = rest.StartsWith('=') && !rest.StartsWith("==", StringComparison.Ordinal);
        if (end == 0 || char.IsAsciiDigit(statement[0]) || (sign == 0 && !isPlain))
            return false;
        var name = statement[..end];
        var expression = new DrillExpression(rest[(isPlain ? 1 : 2)..], line, valueOf);
        var value = expression.Alternatives();
        if (!expression.IsAtEnd())
            throw expression.Wrong($"'{statement}'");
        var before = isPlain ? 0 : valueOf(name) ?? throw expression.Wrong($"the name '{name}'");
        names[name] = isPlain ? value : before + sign * value;
        return true;
    }

    private bool IsAtEnd()
    {
        Skip();
        return _at == text.Length;
    }

    private bool IsText()
    {
        Skip();
        while (_at < text.Length && text[_at] == '(')
            _at++;
        Skip();
        return _at < text.Length && text[_at] is '"' or '\'';
    }

    private string Whole()
    {
        _at = text.IndexOf(',', StringComparison.Ordinal) is var comma && _at > comma ? _at : 0;
        var value = Alternatives().ToString("0.######", CultureInfo.InvariantCulture);
        return value;
    }

    private double Alternatives()
    {
        if (++_depth > MaxDepth)
            throw Wrong("an expression that is too deep");
        var value = Conjunction();
        while (TakeWord("or"))
        {
            var other = Conjunction();
            value = value != 0 ? value : other;
        }
        _depth--;
        return value;
    }

    private double Conjunction()
    {
        var value = Negation();
        while (TakeWord("and"))
        {
            var other = Negation();
            value = value != 0 ? other : 0;
        }
        return value;
    }

    private double Negation()
    {
        var isNegated = false;
        while (TakeWord("not"))
            isNegated = !isNegated;
        var value = Comparison();
        return isNegated ? (value == 0 ? 1 : 0) : value;
    }

    /// <summary>As in Python, <c>a &lt; b &lt; c</c> means both.</summary>
    private double Comparison()
    {
        var left = AnyBits();
        if (!TryComparison(out var comparison))
            return left;
        var holds = true;
        do
        {
            var right = AnyBits();
            holds &= comparison switch
            {
                "==" => left == right,
                "!=" => left != right,
                "<=" => left <= right,
                ">=" => left >= right,
                "<" => left < right,
                _ => left > right,
            };
            left = right;
        } while (TryComparison(out comparison));
        return holds ? 1 : 0;
    }

    private bool TryComparison(out string comparison)
    {
        foreach (var one in Comparisons)
        {
            if (!Take(one))
                continue;
            comparison = one;
            return true;
        }
        comparison = "";
        return false;
    }

    /// <summary>Flags: bits of several numbers, and below them those that are in all.</summary>
    private double AnyBits()
    {
        var value = CommonBits();
        while (Take("|"))
            value = (long)value | (long)CommonBits();
        return value;
    }

    private double CommonBits()
    {
        var value = Sum();
        while (Take("&"))
            value = (long)value & (long)Sum();
        return value;
    }

    private double Sum()
    {
        var value = Product();
        while (true)
        {
            if (Take("+"))
                value += Product();
            else if (Take("-"))
                value -= Product();
            else
                return value;
        }
    }

    private double Product()
    {
        var value = Operand();
        while (true)
        {
            if (Take("*"))
                value *= Operand();
            else if (Take("//"))
                value = Math.Floor(value / Divisor());
            else if (Take("/"))
                value /= Divisor();
            else if (Take("%"))
                value = Remainder(value, Divisor());
            else
                return value;
        }
    }

    /// <summary>As in Python, it has the sign of the divisor.</summary>
    private static double Remainder(double value, double divisor) => value - Math.Floor(value / divisor) * divisor;

    private double Divisor() => Operand() is var value && value != 0 ? value : throw Wrong("a division by zero");

    private double Operand()
    {
        if (Take("-"))
            return -Bracketed(Operand);
        if (Take("("))
        {
            var value = Alternatives();
            return Take(")") ? value : throw Wrong($"'{text.Trim()}', where a bracket is not closed");
        }
        Skip();
        var from = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '.'))
            _at++;
        var word = text[from.._at];
        if (word.Length == 0)
            throw Wrong($"'{text.Trim()}'");
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(
                word.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var octets
            )
                ? octets
                : throw Wrong($"the number '{word}'");
        if (char.IsAsciiDigit(word[0]) || word[0] == '.')
            return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong($"the number '{word}'");
        return word switch
        {
            "True" => 1,
            "False" or "None" => 0,
            "abs" or "int" or "min" or "max" when Take("(") => Function(word),
            _ => valueOf(word) ?? throw Wrong($"the name '{word}'"),
        };
    }

    private double Bracketed(Func<double> operand)
    {
        if (++_depth > MaxDepth)
            throw Wrong("an expression that is too deep");
        var value = operand();
        _depth--;
        return value;
    }

    private double Function(string name)
    {
        var value = Alternatives();
        while (Take(","))
        {
            var other = Alternatives();
            value = name == "min" ? Math.Min(value, other) : Math.Max(value, other);
        }
        if (!Take(")"))
            throw Wrong($"'{text.Trim()}', where a bracket is not closed");
        return name switch
        {
            "abs" => Math.Abs(value),
            "int" => Math.Truncate(value),
            _ => value,
        };
    }

    private bool Take(string word)
    {
        Skip();
        if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0)
            return false;
        _at += word.Length;
        return true;
    }

    private bool TakeWord(string word)
    {
        Skip();
        var end = _at + word.Length;
        if (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            return false;
        return Take(word);
    }

    private void Skip()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            _at++;
    }

    private DrillScriptException Wrong(string what) => new(line, $"{what} is not supported in assertions here");
}
