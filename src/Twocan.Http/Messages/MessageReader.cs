namespace Twocan.Http;

/// <summary>What a reader found in the bytes.</summary>
public enum MessageEvent
{
    /// <summary>All bytes are taken; more are needed.</summary>
    NeedMore,

    /// <summary>A head is whole.</summary>
    Head,

    /// <summary>An interim (1xx) response is whole; the final one is still to come.</summary>
    Interim,

    /// <summary>A piece of the body.</summary>
    Body,

    /// <summary>The message has ended.</summary>
    End,

    /// <summary>The peer has said its last, between two messages.</summary>
    Closed,

    /// <summary>This is no message; nothing more can be read from this connection.</summary>
    Error,
}

/// <summary>
/// Reads messages from a connection: bytes in, events out.
/// <para>
/// Theory of operation. The reader takes what it is given, keeps at most an unfinished line and the fields read so far,
/// and says what it found. Pieces of the body are parts of the very input, nothing is copied. A decision falls at the
/// byte that makes it certain, so the events are the same however the bytes were cut on their way. After an error the
/// reader says nothing else: where the next message would begin is unknown then, and guessing it is what smuggling
/// lives on (RFC 9112 §11.2).
/// </para>
/// </summary>
public abstract class MessageReader
{
    private readonly LineReader _lines = new();
    private readonly FieldSectionReader _fields;
    private readonly FieldSectionReader _trailers;
    private readonly BodyReader _body;
    private Phase _phase = Phase.StartLine;

    private protected MessageReader(MessageLimits? limits)
    {
        Limits = limits ?? MessageLimits.Default;
        _fields = new(_lines, Limits);
        _trailers = new(_lines, Limits);
        _body = new(_lines, _trailers, Limits);
    }

    private enum Phase
    {
        StartLine,
        Fields,
        Body,
        Failed,
    }

    public MessageLimits Limits { get; }

    /// <summary>
    /// The head of a message and its fields are the same objects as the last one's, filled anew: a server that forgets each
    /// request once it is answered so makes none for the next.
    /// </summary>
    public bool ReusesHead { get; init; }

    /// <summary>Why the last event was <see cref="MessageEvent.Error"/>.</summary>
    public MessageError Error { get; private set; }

    /// <summary>How the body of the message is framed, once its head is whole.</summary>
    public Framing Framing { get; private set; }

    /// <summary>The fields after the last chunk; empty where there were none.</summary>
    public Fields Trailers => _trailers.Fields;

    /// <summary>Some of a message has been read, but not all.</summary>
    public bool IsWithinMessage => _phase is not Phase.StartLine || _lines.HasBegun;

    /// <summary>A body is what comes next, or the end of it.</summary>
    internal bool IsWithinBody => _phase is Phase.Body;

    /// <summary>A head has begun to arrive and is not whole.</summary>
    public bool IsWithinHead => _phase is Phase.Fields || (_phase is Phase.StartLine && _lines.HasBegun);

    /// <summary>
    /// Takes from <paramref name="input"/> up to the next event. <see cref="MessageEvent.NeedMore"/> has taken all of it; a
    /// <paramref name="piece"/> of the body is a part of it.
    /// </summary>
    public MessageEvent Read(ref ReadOnlyMemory<byte> input, out ReadOnlyMemory<byte> piece)
    {
        piece = default;
        while (true)
        {
            switch (_phase)
            {
                case Phase.StartLine:
                    if (ReadStartLine(ref input) is var start and not Step.Done)
                        return Tell(start);
                    _fields.Begin(ReusesHead);
                    _trailers.Begin(reuse: false);
                    _phase = Phase.Fields;
                    break;
                case Phase.Fields:
                    if (_fields.Read(ref input, out var error) is var fields and not Step.Done)
                        return fields == Step.Failed ? Fail(error) : MessageEvent.NeedMore;
                    if (!TryFinishHead(_fields.Fields, out var framing, out var isInterim, out error))
                        return Fail(error);
                    if (isInterim)
                    {
                        _phase = Phase.StartLine;
                        return MessageEvent.Interim;
                    }
                    Framing = framing;
                    _body.Begin(framing);
                    _phase = Phase.Body;
                    return MessageEvent.Head;
                case Phase.Body:
                    var step = _body.Read(ref input, out piece, out error);
                    if (step == Step.Failed)
                        return Fail(error);
                    if (step == Step.Done)
                        return End();
                    return step == Step.Piece ? MessageEvent.Body : MessageEvent.NeedMore;
                default:
                    input = default;
                    return MessageEvent.Error;
            }
        }
    }

    /// <summary>The peer has said its last. What that means depends on where it happens.</summary>
    public MessageEvent ReadEnd()
    {
        if (_phase == Phase.Failed)
            return MessageEvent.Error;
        if (_phase == Phase.Body && _body.EndsHere)
            return End();
        return IsWithinMessage || IsExpecting
            ? Fail(new(400, "the connection ended before the message did"))
            : MessageEvent.Closed;
    }

    /// <summary>A message has to come: the connection's end instead of it is an error.</summary>
    private protected virtual bool IsExpecting => false;

    /// <summary>What an error of this kind is called in this role.</summary>
    private protected virtual MessageError InThisRole(MessageError error) => error;

    private protected abstract bool TryParseStartLine(ReadOnlySpan<byte> line, out MessageError error);

    private protected abstract bool TryFinishHead(
        Fields fields,
        out Framing framing,
        out bool isInterim,
        out MessageError error
    );

    private protected virtual void OnEnd() { }

    /// <summary>What a start line beyond its limit is refused with; <paramref name="begun"/> is what there was of it before.</summary>
    private protected virtual MessageError TooLongStartLine(ReadOnlySpan<byte> begun) =>
        new(414, "the start line is too long");

    /// <summary>An empty line instead of a start line may be skipped.</summary>
    private protected virtual bool MaySkipEmptyLine() => false;

    private protected virtual bool MayBegin(out MessageError error)
    {
        error = default;
        return true;
    }

    private Step ReadStartLine(ref ReadOnlyMemory<byte> input)
    {
        MessageError error;
        do
        {
            if (input.IsEmpty)
                return Step.NeedMore;
            if (!MayBegin(out error))
                break;
            var result = _lines.Read(ref input, Limits.StartLine, out var line);
            if (result == LineResult.NeedMore)
                return Step.NeedMore;
            if (result == LineResult.TooLong)
                error = TooLongStartLine(line);
            else if (result == LineResult.BadEnd)
                error = new(400, "the start line has a CR or LF by itself");
            else if (line.IsEmpty && MaySkipEmptyLine())
                continue;
            else if (TryParseStartLine(line, out error))
                return Step.Done;
            break;
        } while (true);
        Fail(error);
        return Step.Failed;
    }

    private MessageEvent End()
    {
        _phase = Phase.StartLine;
        OnEnd();
        return MessageEvent.End;
    }

    private static MessageEvent Tell(Step step) => step == Step.Failed ? MessageEvent.Error : MessageEvent.NeedMore;

    private MessageEvent Fail(MessageError error)
    {
        Error = InThisRole(error);
        _phase = Phase.Failed;
        return MessageEvent.Error;
    }
}
