using System.Globalization;

namespace Twocan.Http;

/// <summary>Bytes of a content, from the first to the last, both included as in <c>Content-Range</c>.</summary>
public readonly record struct ByteRange(long First, long Last)
{
    public long Length => Last - First + 1;

    /// <summary><c>bytes 0-499/6419</c>.</summary>
    public string ContentRange(long length) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {First}-{Last}/{length}");
}

public enum RangeAnswer
{
    /// <summary>There is no range that is to be heeded: the whole content is the answer (RFC 9110 §14.2).</summary>
    Whole,

    /// <summary>These parts: 206.</summary>
    Parts,

    /// <summary>None of them lies within the content: 416.</summary>
    Unsatisfiable,
}

/// <summary>The <c>Range</c> field (RFC 9110 §14.2) against a content of a known length.</summary>
public static class ByteRanges
{
    /// <summary>Asking for more parts than this is no client's need: the whole is less work (§14.2, §17.15).</summary>
    private const int MostRanges = 64;

    /// <summary>
    /// Parts that overlap, or have less between them than the head of another part would take, are given as one. Where the
    /// parts together are as much as the whole, the whole is the answer.
    /// </summary>
    public static RangeAnswer Read(string field, long length, out IReadOnlyList<ByteRange> ranges)
    {
        ranges = [];
        var equals = field.IndexOf('=');
        if (equals < 0 || !field.AsSpan(0, equals).Trim(" \t").Equals("bytes", StringComparison.OrdinalIgnoreCase))
            return RangeAnswer.Whole;
        var asked = new List<ByteRange>();
        var count = 0;
        foreach (var element in FieldList.Elements(field[(equals + 1)..]))
        {
            if (++count > MostRanges || !TryParse(element, length, out var range))
                return RangeAnswer.Whole;
            if (range is { } within)
                asked.Add(within);
        }
        if (count == 0)
            return RangeAnswer.Whole;
        if (asked.Count == 0)
            return RangeAnswer.Unsatisfiable;
        ranges = Coalesce(asked);
        return ranges.Count > 1 && ranges.Sum(range => range.Length + PartHead) > length
            ? RangeAnswer.Whole
            : RangeAnswer.Parts;
    }

    /// <summary>About what a part of multipart/byteranges costs beside its bytes.</summary>
    private const int PartHead = 80;

    /// <summary>False for what is no range; no range when it is one that lies beyond the content.</summary>
    private static bool TryParse(string text, long length, out ByteRange? range)
    {
        range = null;
        var dash = text.IndexOf('-');
        if (dash < 0)
            return false;
        var from = text.AsSpan(0, dash).Trim(" \t");
        var to = text.AsSpan(dash + 1).Trim(" \t");
        if (from.IsEmpty)
        {
            // The last so many bytes.
            if (!TryNumber(to, out var suffix))
                return false;
            if (suffix > 0 && length > 0)
                range = new(Math.Max(0, length - suffix), length - 1);
            return true;
        }
        if (!TryNumber(from, out var first))
            return false;
        var last = long.MaxValue;
        if (!to.IsEmpty && (!TryNumber(to, out last) || last < first))
            return false;
        if (first < length)
            range = new(first, Math.Min(last, length - 1));
        return true;
    }

    /// <summary>A number beyond all contents is as good as the largest there is.</summary>
    private static bool TryNumber(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            number = long.MaxValue;
        return true;
    }

    private static List<ByteRange> Coalesce(List<ByteRange> asked)
    {
        // A single part, and parts that lie apart, stay in the order in which they were asked for (§15.3.7.2).
        var sorted = asked.OrderBy(range => range.First).ToList();
        var apart = true;
        for (var i = 1; i < sorted.Count; i++)
            apart &= sorted[i].First > sorted[i - 1].Last + PartHead;
        if (apart)
            return asked;
        var joined = new List<ByteRange> { sorted[0] };
        foreach (var range in sorted.Skip(1))
        {
            if (range.First <= joined[^1].Last + PartHead)
                joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            else
                joined.Add(range);
        }
        return joined;
    }
}
