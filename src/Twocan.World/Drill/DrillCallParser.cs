using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>Reads a system call: its name, its arguments, what it returns, and the error that goes with -1.</summary>
internal static class DrillCallParser
{
    /// <summary>Deeper than any structure of the socket calls: a script must not be able to exhaust the stack.</summary>
    private const int MaxDepth = 16;

    public static DrillCall Read(DrillCursor at, int line, in DrillTime time)
    {
        if (!at.TryWord(out var name) || char.IsAsciiDigit(name[0]))
            throw at.Wrong($"expected a call, a packet ('<' or '>'), a command or an assertion before {at.What()}");
        at.Expect("(");
        var arguments = ReadValues(at, ")", 0);
        at.Expect("=");
        if (at.Take("..."))
            return new(line, time, name, arguments, null, null);
        var result = ReadNumber(at);
        var error = result < 0 && at.TryWord(out var word) ? word : null;
        if (error is not null && Errors.NumberOf(error) == 0)
            throw at.Wrong($"there is no error '{error}'");
        // The error in words, or a note on what a call returns.
        if (at.Take("("))
            at.SkipUntil(")", "a bracket that opens here is never closed");
        return new(line, time, name, arguments, result, error);
    }

    private static List<DrillValue> ReadValues(DrillCursor at, string end, int depth)
    {
        var values = new List<DrillValue>();
        while (!at.Take(end))
        {
            if (values.Count > 0)
                at.Expect(",");
            values.Add(ReadValue(at, depth));
        }
        return values;
    }

    private static DrillValue ReadValue(DrillCursor at, int depth)
    {
        if (depth > MaxDepth)
            throw at.Wrong("brackets within brackets within brackets");
        if (at.Take("..."))
            return new DrillEllipsis();
        if (at.Take("["))
            return new DrillList(ReadValues(at, "]", depth + 1));
        if (at.Take("{"))
            return ReadStructure(at, depth + 1);
        if (at.Take("\""))
            return ReadText(at);
        return new DrillNumber(ReadNumber(at));
    }

    private static DrillStructure ReadStructure(DrillCursor at, int depth)
    {
        var fields = new List<(string?, DrillValue)>();
        while (!at.Take("}"))
        {
            if (fields.Count > 0)
                at.Expect(",");
            at.SkipBlanks();
            if (!char.IsAsciiLetter(at.Current))
            {
                fields.Add((null, ReadValue(at, depth)));
                continue;
            }
            var name = at.Word();
            if (name is "htons" or "htonl" or "inet_addr" || Constants.TryFind(name, out _))
            {
                fields.Add((null, new DrillNumber(Combined(at, Named(at, name)))));
                continue;
            }
            // msg_iov(1) = …: how many there are follows from what stands behind it.
            if (at.Take("("))
                at.SkipUntil(")", "a bracket that opens here is never closed");
            at.Take(":");
            at.Expect("=");
            fields.Add((name, ReadField(at, name, depth)));
        }
        return new(fields);
    }

    /// <summary>Addresses are text, whatever function stands around them.</summary>
    private static DrillValue ReadField(DrillCursor at, string name, int depth)
    {
        if (!at.TakeWord("inet_addr") && !at.TakeWord("inet_pton"))
            return ReadValue(at, depth);
        at.Expect("(");
        at.Expect("\"");
        var address = ReadText(at);
        at.Expect(")");
        return IpAddress.TryParse(address.Value, out _)
            ? address
            : throw at.Wrong($"{name} is an address, not '{address.Value}'");
    }

    private static DrillText ReadText(DrillCursor at)
    {
        var text = new StringBuilder();
        while (at.Current != '"')
        {
            if (at.IsAtEnd || at.Current == '\n')
                throw at.Wrong("a text in quotes is not closed");
            if (at.TryHexOctet(out var octet))
            {
                text.Append((char)octet);
                continue;
            }
            if (at.Current == '\\')
                at.Step();
            text.Append(at.Current);
            at.Step();
        }
        at.Step();
        // "abc"...: the text goes on.
        at.Take("...");
        return new(text.ToString());
    }

    /// <summary>A number, a constant, or several in '|'.</summary>
    private static long ReadNumber(DrillCursor at)
    {
        var isNegative = at.Take("-");
        var value = Combined(at, Named(at, at.Word()));
        return isNegative ? -value : value;
    }

    private static long Combined(DrillCursor at, long value)
    {
        while (at.Take("|"))
            value |= Named(at, at.Word());
        return value;
    }

    private static long Named(DrillCursor at, string word)
    {
        if (word is "htons" or "htonl")
        {
            // The order of bytes is the stack's business, not the script's.
            at.Expect("(");
            var inner = Named(at, at.Word());
            at.Expect(")");
            return inner;
        }
        word = at.Meaning(word);
        if (word.Length > 0 && char.IsAsciiDigit(word[0]))
        {
            var isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            var isRead = isHex
                ? long.TryParse(
                    word.AsSpan(2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                : long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out value);
            return isRead ? value : throw at.Wrong($"'{word}' is no number");
        }
        return Constants.TryFind(word, out var constant) ? constant : throw at.Wrong(Constants.WhyUnknown(word));
    }
}
