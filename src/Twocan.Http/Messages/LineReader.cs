namespace Twocan.Http;

internal enum LineResult
{
    NeedMore,
    Line,
    TooLong,
    BadEnd,
}

/// <summary>
/// Cuts lines out of what arrives, however it was cut on its way. A line ends in CR LF and has neither of the two
/// elsewhere: what one reader takes for a line's end and another does not is how requests are smuggled (RFC 9112 §11.2).
/// </summary>
internal sealed class LineReader
{
    private byte[] _held = [];
    private int _heldLength;

    /// <summary>Some of a line has arrived.</summary>
    public bool HasBegun => _heldLength > 0;

    /// <summary>
    /// Takes the next line from the input; it holds until the next call. What is not a whole line yet is kept. Of a line that
    /// is too long it shows the beginning, as far as the limit.
    /// </summary>
    public LineResult Read(ref ReadOnlyMemory<byte> input, int limit, out ReadOnlySpan<byte> line)
    {
        var bytes = input.Span;
        var end = bytes.IndexOf((byte)'\n');
        var length = end < 0 ? bytes.Length : end;
        line = default;
        // One more for the CR.
        if (_heldLength + length > limit + 1)
        {
            // However it was cut on its way: the same bytes are shown.
            Hold(bytes[..(limit + 1 - _heldLength)]);
            line = _held.AsSpan(0, limit);
            return LineResult.TooLong;
        }
        input = input[(end < 0 ? length : length + 1)..];
        if (end < 0 || _heldLength > 0)
        {
            Hold(bytes[..length]);
            if (end < 0)
                return LineResult.NeedMore;
            line = _held.AsSpan(0, _heldLength);
            _heldLength = 0;
        }
        else
        {
            line = bytes[..length];
        }
        if (line.IsEmpty || line[^1] != '\r')
            return LineResult.BadEnd;
        line = line[..^1];
        return line.Contains((byte)'\r') ? LineResult.BadEnd : LineResult.Line;
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_heldLength + bytes.Length > _held.Length)
            Array.Resize(ref _held, Math.Max(_heldLength + bytes.Length, Math.Max(256, _held.Length * 2)));
        bytes.CopyTo(_held.AsSpan(_heldLength));
        _heldLength += bytes.Length;
    }
}
