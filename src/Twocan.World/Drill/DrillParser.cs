using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// Reads packetdrill's language: option lines, then a time line of calls, packets, shell commands and assertions. What
/// stands in a call is read by <see cref="DrillCallParser"/>, what in a packet by <see cref="DrillPacketParser"/>.
/// </summary>
public static class DrillParser
{
    private static readonly DrillTime Now = new(DrillTimeKind.Relative, Duration.Zero);

    /// <param name="defines">Names that mean something else: packetdrill's <c>-D</c>.</param>
    /// <exception cref="DrillScriptException">What is wrong with the script, and in which line.</exception>
    public static DrillScript Parse(string file, string text, IReadOnlyDictionary<string, string>? defines = null)
    {
        var at = new DrillCursor(text, defines ?? new Dictionary<string, string>());
        var options = new List<DrillOption>();
        var events = new List<DrillEvent>();
        for (at.SkipBlanks(); !at.IsAtEnd; at.SkipBlanks())
        {
            if (at.IsAt("--"))
                options.Add(ReadOption(at));
            else
                events.Add(ReadEvent(at));
        }
        return new(file, options, events);
    }

    private static DrillOption ReadOption(DrillCursor at)
    {
        var line = at.Line;
        at.Skip(2);
        var words = at.Unbroken().Split('=', 2);
        return words[0].Length > 0
            ? new(line, words[0], words.Length > 1 ? words[1] : "")
            : throw new DrillScriptException(line, "expected the name of an option behind '--'");
    }

    private static DrillEvent ReadEvent(DrillCursor at)
    {
        var time = ReadTime(at);
        at.SkipBlanks();
        var line = at.Line;
        if (at.Take("`"))
            return new DrillShell(line, time, at.SkipUntil("`", "a shell command that begins here never ends"));
        if (at.Take("%{"))
            return new DrillCode(line, time, at.SkipUntil("}%", "code that begins here never ends"));
        if (at.Take("<"))
            return DrillPacketParser.Read(at, line, time, isInbound: true);
        if (at.Take(">"))
            return DrillPacketParser.Read(at, line, time, isInbound: false);
        return DrillCallParser.Read(at, line, time);
    }

    /// <summary>None at all is 'now': commands that set things up stand without a time.</summary>
    private static DrillTime ReadTime(DrillCursor at)
    {
        if (at.IsAt("`") || at.IsAt("%{"))
            return Now;
        if (at.Take("*"))
            return new(DrillTimeKind.Any, Duration.Zero);
        var isRelative = at.Take("+");
        if (!char.IsAsciiDigit(at.Current) && at.Current != '.')
            throw at.Wrong($"expected a time before {at.What()}");
        var from = at.Seconds();
        at.SkipBlanks();
        var kind = isRelative ? DrillTimeKind.Relative : DrillTimeKind.Absolute;
        if (at.IsAt("..."))
            return new(kind, from, Returns: ReadEnd(at, "...", from, isRelative));
        return at.IsAt("~") ? new(kind, from, ReadEnd(at, "~", from, isRelative)) : new(kind, from);
    }

    private static Duration ReadEnd(DrillCursor at, string mark, Duration from, bool isRelative)
    {
        at.Skip(mark.Length);
        at.SkipBlanks();
        if (at.Take("+") && !isRelative)
            throw at.Wrong("a range cannot begin at an absolute time and end at a relative one");
        var to = at.Seconds();
        return to >= from ? to : throw at.Wrong($"a range cannot end at {to} before it begins at {from}");
    }
}
