namespace Twocan.Http;

internal enum Step
{
    NeedMore,
    Piece,
    Done,
    Failed,
}

/// <summary>Reads the field lines of a header or trailer section up to its blank line (RFC 9112 §5).</summary>
internal sealed class FieldSectionReader(LineReader lines, MessageLimits limits)
{
    private int _size;

    public Fields Fields { get; private set; } = new();

    /// <param name="reuse">The last message's fields are no longer looked at: their table is filled anew.</param>
    public void Begin(bool reuse)
    {
        _size = 0;
        if (reuse)
            Fields.Clear();
        else if (Fields.Count > 0)
            Fields = new();
    }

    public Step Read(ref ReadOnlyMemory<byte> input, out MessageError error)
    {
        error = default;
        while (true)
        {
            switch (lines.Read(ref input, limits.FieldLine, out var line))
            {
                case LineResult.NeedMore:
                    return Step.NeedMore;
                case LineResult.TooLong:
                    error = new(431, "a field line is too long");
                    return Step.Failed;
                case LineResult.BadEnd:
                    error = new(400, "a field line has a CR or LF by itself");
                    return Step.Failed;
                default:
                    if (line.IsEmpty)
                        return Step.Done;
                    if (!TryAdd(line, out error))
                        return Step.Failed;
                    break;
            }
        }
    }

    private bool TryAdd(ReadOnlySpan<byte> line, out MessageError error)
    {
        error = default;
        _size += line.Length + 2;
        if (_size > limits.FieldSection || Fields.Count == limits.FieldCount)
            return Fail(431, "there are too many fields", out error);
        if (Grammar.IsBlank(line[0]))
            return Fail(400, "a field line begins with a blank (obs-fold)", out error); // RFC 9112 §5.2
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
            return Fail(400, "a field line has no colon", out error);
        var name = line[..colon];
        if (!name.IsEmpty && Grammar.IsBlank(name[^1]))
            return Fail(400, "there is a blank before a field's colon", out error); // RFC 9112 §5.1
        if (!Grammar.IsToken(name))
            return Fail(400, "a field's name is not a token", out error);
        return Fields.TryAdd(name, Grammar.TrimBlanks(line[(colon + 1)..]))
            || Fail(400, "a field's value has a control character", out error);
    }

    private static bool Fail(int status, string why, out MessageError error)
    {
        error = new(status, why);
        return false;
    }
}
