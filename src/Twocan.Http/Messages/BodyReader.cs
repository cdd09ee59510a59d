namespace Twocan.Http;

/// <summary>Reads a message's body as its framing says, in pieces of what arrives; and the trailers after the last chunk.</summary>
internal sealed class BodyReader(LineReader lines, FieldSectionReader trailers, MessageLimits limits)
{
    private FramingKind _kind;
    private ChunkPhase _phase;
    private long _left;
    private long _total;

    private enum ChunkPhase
    {
        Size,
        Data,
        DataEnd,
        Trailers,
    }

    public void Begin(Framing framing)
    {
        _kind = framing.Kind;
        _left = framing.Length;
        _phase = ChunkPhase.Size;
        _total = 0;
    }

    public Step Read(ref ReadOnlyMemory<byte> input, out ReadOnlyMemory<byte> piece, out MessageError error)
    {
        piece = default;
        error = default;
        return _kind switch
        {
            FramingKind.None => Step.Done,
            FramingKind.Length when _left == 0 => Step.Done,
            FramingKind.Chunked => ReadChunked(ref input, out piece, out error),
            _ => Take(ref input, out piece, out error),
        };
    }

    /// <summary>No more will come: done if that is how the body ends.</summary>
    public bool EndsHere => _kind is FramingKind.UntilClose;

    private Step Take(ref ReadOnlyMemory<byte> input, out ReadOnlyMemory<byte> piece, out MessageError error)
    {
        piece = default;
        error = default;
        if (input.IsEmpty)
            return Step.NeedMore;
        if (_total == limits.Body)
            return Fail(413, "the body is too large", out error);
        var most = Math.Min(input.Length, limits.Body - _total);
        var length = (int)(_kind == FramingKind.UntilClose ? most : Math.Min(most, _left));
        piece = input[..length];
        input = input[length..];
        _left -= length;
        _total += length;
        return Step.Piece;
    }

    private Step ReadChunked(ref ReadOnlyMemory<byte> input, out ReadOnlyMemory<byte> piece, out MessageError error)
    {
        piece = default;
        error = default;
        while (true)
        {
            switch (_phase)
            {
                case ChunkPhase.Size:
                    if (ReadLine(ref input, limits.ChunkLine, out var line, out error) is var size and not Step.Done)
                        return size;
                    if (!ChunkLine.TryParse(line, out _left))
                        return Fail(400, "a chunk's size is not a hexadecimal number", out error);
                    if (_left > limits.Body - _total)
                        return Fail(413, "the body is too large", out error);
                    _phase = _left == 0 ? ChunkPhase.Trailers : ChunkPhase.Data;
                    if (_left == 0)
                        trailers.Begin(reuse: false);
                    break;
                case ChunkPhase.Data:
                    if (_left == 0)
                    {
                        _phase = ChunkPhase.DataEnd;
                        break;
                    }
                    return Take(ref input, out piece, out error);
                case ChunkPhase.DataEnd:
                    if (ReadLine(ref input, 0, out _, out error) is var end and not Step.Done)
                        return end;
                    _phase = ChunkPhase.Size;
                    break;
                default:
                    return trailers.Read(ref input, out error);
            }
        }
    }

    private Step ReadLine(
        ref ReadOnlyMemory<byte> input,
        int limit,
        out ReadOnlySpan<byte> line,
        out MessageError error
    )
    {
        error = default;
        switch (lines.Read(ref input, limit, out line))
        {
            case LineResult.Line:
                return Step.Done;
            case LineResult.NeedMore:
                return Step.NeedMore;
            default:
                return limit == 0
                    ? Fail(400, "a chunk is longer than its size says", out error)
                    : Fail(400, "a chunk's size is not a line of its own", out error);
        }
    }

    private static Step Fail(int status, string why, out MessageError error)
    {
        error = new(status, why);
        return Step.Failed;
    }
}

/// <summary>The line before a chunk: <c>chunk-size [ chunk-ext ]</c> (RFC 9112 §7.1). Extensions are checked and ignored.</summary>
internal static class ChunkLine
{
    public static bool TryParse(ReadOnlySpan<byte> line, out long size)
    {
        size = 0;
        var digits = 0;
        while (digits < line.Length && char.IsAsciiHexDigit((char)line[digits]))
        {
            if (size > long.MaxValue >> 4)
                return false;
            size = size << 4 | (uint)PercentEncoding.HexValue(line[digits++]);
        }
        return digits > 0 && AreExtensions(line[digits..]);
    }

    /// <summary><c>*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )</c></summary>
    private static bool AreExtensions(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            rest = rest.TrimStart(" \t"u8);
            if (rest.IsEmpty || rest[0] != ';')
                return false;
            rest = rest[1..].TrimStart(" \t"u8);
            if (!TakeToken(ref rest))
                return false;
            var afterBlanks = rest.TrimStart(" \t"u8);
            if (afterBlanks.IsEmpty || afterBlanks[0] != '=')
                continue;
            rest = afterBlanks[1..].TrimStart(" \t"u8);
            if (!TakeQuoted(ref rest) && !TakeToken(ref rest))
                return false;
        }
        return true;
    }

    private static bool TakeToken(ref ReadOnlySpan<byte> rest)
    {
        var length = 0;
        while (length < rest.Length && Grammar.IsToken(rest.Slice(length, 1)))
            length++;
        rest = rest[length..];
        return length > 0;
    }

    private static bool TakeQuoted(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest[0] != '"')
            return false;
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\')
            {
                i++;
            }
            else if (rest[i] == '"')
            {
                var isText = Grammar.IsText(rest[..i]);
                rest = rest[(i + 1)..];
                return isText;
            }
        }
        return false;
    }
}
