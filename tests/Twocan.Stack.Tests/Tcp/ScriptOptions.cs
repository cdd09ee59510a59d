namespace Twocan.Stack.Tests;

/// <summary>The options of a segment as a script writes them: <c>mss 1000,sackOK,TS val 5 ecr 3,nop,wscale 7,sack 1:1001</c>.</summary>
internal static class ScriptOptions
{
    /// <param name="start">What the numbers of SACK blocks count from.</param>
    public static SegmentOptions Read(string text, SequenceNumber start)
    {
        var options = default(SegmentOptions);
        foreach (var option in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = option.Split(' ');
            switch (words[0])
            {
                case "mss":
                    options.MaximumSegmentSize = int.Parse(words[1]);
                    break;
                case "wscale":
                    options.WindowScale = byte.Parse(words[1]);
                    break;
                case "sackOK":
                    options.SackPermitted = true;
                    break;
                case "TS":
                    options.HasTimestamps = true;
                    options.TimestampValue = uint.Parse(words[2]);
                    options.TimestampEcho = uint.Parse(words[4]);
                    break;
                case "sack":
                    options.Sack = ReadBlocks(words.AsSpan(1), start);
                    break;
                case "FO" or "FOEXP":
                    var cookie = Convert.FromHexString(words.Length > 1 ? words[1] : "");
                    options.FastOpen = FastOpenCookie.Of(cookie, words[0] == "FOEXP");
                    break;
                case "nop" or "none":
                    break;
                default:
                    throw new InvalidOperationException(option);
            }
        }
        return options;
    }

    /// <summary>Whether all that the script names is there as it says.</summary>
    public static bool Match(in SegmentOptions wanted, in SegmentOptions found) =>
        (wanted.MaximumSegmentSize == 0 || wanted.MaximumSegmentSize == found.MaximumSegmentSize)
        && (wanted.WindowScale is null || wanted.WindowScale == found.WindowScale)
        && (!wanted.SackPermitted || found.SackPermitted)
        && (
            !wanted.HasTimestamps
            || found.HasTimestamps
                && (wanted.TimestampValue, wanted.TimestampEcho) == (found.TimestampValue, found.TimestampEcho)
        )
        && (wanted.FastOpen is null || wanted.FastOpen.Equals(found.FastOpen))
        && (wanted.Sack.IsEmpty || ShowBlocks(wanted) == ShowBlocks(found));

    /// <summary>As tools that print packets show them.</summary>
    public static string Show(in SegmentOptions options, SequenceNumber start)
    {
        var text = new List<string>();
        if (options.MaximumSegmentSize > 0)
            text.Add($"mss {options.MaximumSegmentSize}");
        if (options.SackPermitted)
            text.Add("sackOK");
        if (options.HasTimestamps)
            text.Add($"TS val {options.TimestampValue} ecr {options.TimestampEcho}");
        if (options.WindowScale is { } scale)
            text.Add($"wscale {scale}");
        if (options.FastOpen is { } cookie)
            text.Add($"FO {cookie}");
        for (var i = 0; i < options.Sack.Count; i++)
            text.Add($"sack {options.Sack[i].Start - start}:{options.Sack[i].End - start}");
        return string.Join(',', text);
    }

    private static string ShowBlocks(in SegmentOptions options) =>
        Show(new SegmentOptions { Sack = options.Sack }, default);

    private static SackBlocks ReadBlocks(ReadOnlySpan<string> words, SequenceNumber start)
    {
        var blocks = default(SackBlocks);
        foreach (var word in words)
        {
            var ends = word.Split(':');
            blocks.Add(new(start + int.Parse(ends[0]), start + int.Parse(ends[1])));
        }
        return blocks;
    }
}
