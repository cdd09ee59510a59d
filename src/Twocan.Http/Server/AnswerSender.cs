using System.Buffers;
using System.Runtime.CompilerServices;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>What has become of an answer that was sent.</summary>
/// <param name="KeepsAlive">The connection can carry another one; false also when the body broke off, for only the connection's end can tell the client so.</param>
internal readonly record struct SentAnswer(bool KeepsAlive, long BodyBytes);

/// <summary>
/// Writes a connection's answers: a small one goes out together with its head, a large file is never in memory as a whole.
/// Every piece has its time; a client that takes nothing, or next to nothing, is given up.
/// </summary>
internal sealed class AnswerSender(INetwork network, ServerOptions options, TcpStream stream, Patience patience)
    : IDisposable
{
    private const int PieceLength = 32 * 1024;

    /// <summary>A file leaves in parts of this length, each with its own time.</summary>
    private const int FilePartLength = 256 * 1024;

    /// <summary>A body up to this length is copied behind its head; a longer one costs less as a write of its own.</summary>
    private const int MostCopied = 8 * 1024;

    /// <summary>
    /// A long body's first call ends with a segment, and no later than this: between two calls the kernel has its hands free
    /// for what the client acknowledges. Measured over the loopback, 100 KiB cut so cost three fifths of what they cost in one call.
    /// </summary>
    private const int LongestFirstWrite = 64 * 1024;

    private readonly OutBuffer _out = new();
    private readonly ReadOnlyMemory<byte>[] _pieces = new ReadOnlyMemory<byte>[2];
    private ReadOnlyMemory<byte> _body;
    private Stream? _file;
    private bool _isSendingAhead;
    private Signal? _aheadIsSent;

    public Stream Transport { get; set; } = stream;

    public EventLoop Loop => network.Loop;

    private int FirstWrite => field > 0 ? field : field = WholeSegments();

    /// <summary>How long each piece may take.</summary>
    public Duration WriteTimeout { get; init; } = options.WriteTimeout;

    /// <summary>Bytes that wait to be sent.</summary>
    public int Gathered => _out.Length + _body.Length;

    /// <summary>The body of the answer that was gathered last: it has to be sent before another one is.</summary>
    public bool HasFile => _file is not null;

    /// <summary>Adds a ready answer to what is sent next.</summary>
    /// <param name="file">The body, where the answer does not have it itself.</param>
    public void Gather(ReadOnlySpan<byte> begin, ReadyAnswer ready, bool withBody, Stream? file)
    {
        _out.Write(begin);
        _out.Write(ready.Fields.Span);
        if (!withBody)
            return;
        _file = file;
        if (ready.Body.Length <= MostCopied)
            _out.Write(ready.Body.Span);
        else
            _body = ready.Body;
    }

    /// <summary>Sends what was gathered, at once where there is room for all of it.</summary>
    public ValueTask FlushAsync()
    {
        if (Gathered == 0)
            return ValueTask.CompletedTask;
        if (_file is not null)
            return SendGatheredFileAsync(_file);
        if (Transport != stream)
            return FlushLaterAsync(0);
        int sent;
        if (_body.IsEmpty)
        {
            sent = stream.TryWrite(_out.Written.Span);
        }
        else
        {
            var first = Math.Min(_body.Length, FirstWrite - _out.Length);
            (_pieces[0], _pieces[1]) = (_out.Written, _body[..first]);
            sent = stream.TryWrite(_pieces);
            if (first < _body.Length && sent == _out.Length + first)
                sent += stream.TryWrite(_body.Span[first..]);
        }
        if (sent < Gathered)
            return FlushLaterAsync(sent);
        Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask SendContinueAsync() => SendAheadAsync(null);

    /// <summary>An interim response before the answer; a client of HTTP/1.0 would take it for the answer (RFC 9110 §15.2).</summary>
    public ValueTask SendInterimAsync(ResponseHead interim) => SendAheadAsync(interim);

    public async ValueTask<SentAnswer> SendAsync(Answer answer, AnswerContext context, EventId received)
    {
        if (_isSendingAhead)
            await AheadIsSentAsync();
        var head = AnswerHead.Make(answer, context, options, network.Loop.UtcNow, out var framing);
        var cause = answer.Because.IsNone ? received : answer.Because;
        if (network.Journal is { } journal)
            cause = Tell(journal, head, framing, cause);
        stream.Because = cause;
        head.WriteTo(_out);
        var (isWhole, bytes) = await SendBodyAsync(answer.Body, framing);
        return new(context.Keeps && isWhole && framing.Kind != FramingKind.UntilClose, bytes);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _out.Dispose();
    }

    /// <summary>
    /// Who passes a request on asks for its body (100) and passes hints on (103) by two hands: what the one says has to be out before
    /// the other begins, and before the answer.
    /// </summary>
    private async ValueTask SendAheadAsync(ResponseHead? interim)
    {
        if (_isSendingAhead)
            await AheadIsSentAsync();
        _isSendingAhead = true;
        try
        {
            if (interim is null)
                _out.Write("HTTP/1.1 100 Continue\r\n\r\n"u8);
            else
                interim.WriteTo(_out);
            await FlushAsync();
        }
        finally
        {
            _isSendingAhead = false;
            _aheadIsSent?.Set();
        }
    }

    private async ValueTask AheadIsSentAsync()
    {
        _aheadIsSent ??= new(network.Loop, network.Name, "an interim response to be sent");
        while (_isSendingAhead)
            await _aheadIsSent.WaitAsync(patience.Token);
    }

    private EventId Tell(HostJournal journal, ResponseHead head, Framing framing, EventId cause)
    {
        var length = framing.Kind switch
        {
            FramingKind.None => 0,
            FramingKind.Length => framing.Length,
            _ => ResponseSent.UnknownLength,
        };
        return journal.Tell(
            new ResponseSent(stream.Descriptor, head.Status, head.Reason, head.ToString(), length),
            cause
        );
    }

    private async ValueTask<(bool IsWhole, long Bytes)> SendBodyAsync(Stream? body, Framing framing)
    {
        if (framing.Kind == FramingKind.None || body is null)
        {
            await FlushAsync();
            return (true, 0);
        }
        if (body is FileBody file && framing.Length > MostCopied && Transport == stream)
            return await SendFileAsync(file, framing.Length);
        var left = framing.Kind == FramingKind.Length ? framing.Length : long.MaxValue;
        var sent = 0L;
        var piece = ArrayPool<byte>.Shared.Rent((int)Math.Min(left, PieceLength));
        try
        {
            while (left > 0)
            {
                var reading = body.ReadAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), patience.Token);
                // A head does not wait for a body that is still on its way.
                if (!reading.IsCompleted)
                    await FlushAsync();
                var length = await reading;
                if (length == 0)
                    break;
                (left, sent) = (left - length, sent + length);
                if (framing.Kind == FramingKind.Chunked)
                    ChunkedWriter.WriteChunk(_out, piece.AsSpan(0, length));
                else
                    _out.Write(piece.AsSpan(0, length));
                await FlushAsync();
            }
        }
        catch (IOException)
        {
            await FlushAsync();
            return (false, sent);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
        if (framing.Kind == FramingKind.Chunked)
            ChunkedWriter.WriteEnd(_out);
        await FlushAsync();
        return (framing.Kind != FramingKind.Length || left == 0, sent);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendGatheredFileAsync(Stream file)
    {
        _file = null;
        using (file)
        {
            // The head has told its length: what is missing of it only the connection's end can tell.
            if (await SendBodyAsync(file, new(FramingKind.Length, file.Length)) is { IsWhole: false })
                throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionAborted);
        }
    }

    /// <summary>A file goes from the disk's memory to the socket's without passing through ours.</summary>
    private async ValueTask<(bool IsWhole, long Bytes)> SendFileAsync(FileBody body, long length)
    {
        for (var sent = 0L; sent < length; )
        {
            var part = Math.Min(length - sent, FilePartLength);
            patience.Until(network.Loop.Now + WriteTimeout);
            try
            {
                await stream.SendFileAsync(_out.Written, new(body.File, body.Position + sent, part), patience.Token);
            }
            catch (EndOfStreamException)
            {
                return (false, sent);
            }
            _out.Clear();
            sent += part;
        }
        patience.Rest();
        return (true, length);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushLaterAsync(int sent)
    {
        patience.Until(network.Loop.Now + WriteTimeout);
        if (sent < _out.Length)
            await Transport.WriteAsync(_out.Written[sent..], patience.Token);
        if (!_body.IsEmpty)
            await Transport.WriteAsync(_body[Math.Max(0, sent - _out.Length)..], patience.Token);
        patience.Rest();
        Clear();
    }

    private int WholeSegments()
    {
        var segment = network.Calls.GetOption(stream.Descriptor, SocketOption.MaxSegment);
        return segment is > 0 and <= LongestFirstWrite ? LongestFirstWrite / segment * segment : LongestFirstWrite;
    }

    private void Clear()
    {
        _out.Clear();
        _body = default;
    }
}
