using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>A stream from which messages are read: the bytes that have arrived, and the reader that they go through.</summary>
/// <param name="stream">The connection, whose descriptor and causes everybody asks about.</param>
/// <param name="transport">What is read from and written to where that is not the connection itself: TLS upon it.</param>
internal sealed class MessageConnection(TcpStream stream, MessageReader reader, Stream? transport = null)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private ReadOnlyMemory<byte> _unread;
    private Signal? _earlyReadEnded;
    private bool _isReadingEarly;
    private int? _earlyLength;
    private SocketException? _earlyFailure;

    public TcpStream Stream => stream;

    /// <summary>Where the messages' bytes come and go.</summary>
    public Stream Transport { get; } = transport ?? stream;

    public MessageReader Reader => reader;

    /// <summary>The piece of the last <see cref="MessageEvent.Body"/>; good until the next event is asked for.</summary>
    public ReadOnlyMemory<byte> Piece { get; private set; }

    /// <summary>Bytes have arrived that no message has taken yet.</summary>
    public bool HasUnread => !_unread.IsEmpty;

    /// <summary>The next event from what has arrived already.</summary>
    public MessageEvent Next()
    {
        var happened = reader.Read(ref _unread, out var piece);
        Piece = piece;
        return happened;
    }

    /// <summary>The next event, waiting for bytes as long as it takes.</summary>
    public async ValueTask<MessageEvent> NextAsync(CancellationToken stop)
    {
        while (true)
        {
            var happened = Next();
            if (happened != MessageEvent.NeedMore)
                return happened;
            if (!await FillAsync(stop))
                return reader.ReadEnd();
        }
    }

    /// <summary>Waits for more bytes; false when the peer has said its last.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        while (_isReadingEarly)
            await _earlyReadEnded!.WaitAsync(stop);
        if (_earlyFailure is { } failure)
            throw failure;
        var length = _earlyLength ?? await Transport.ReadAsync(_buffer, stop);
        _earlyLength = null;
        _unread = _buffer.AsMemory(0, length);
        return length > 0;
    }

    /// <summary>
    /// Begins to read although nothing is expected, so that the peer's goodbye is noticed; what it brings is kept for
    /// <see cref="FillAsync"/>. Ends when something has come; false when somebody is reading early already.
    /// (A signal and not a shared task: a task with two awaiters resumes one of them on the thread pool.)
    /// </summary>
    public async ValueTask<bool> ReadEarlyAsync(EventLoop loop, CancellationToken stop)
    {
        if (_isReadingEarly)
            return false;
        _earlyReadEnded ??= new(loop, $"connection {stream.Descriptor}", "the server's next word");
        _isReadingEarly = true;
        try
        {
            _earlyLength = await Transport.ReadAsync(_buffer, stop);
        }
        catch (SocketException failure)
        {
            _earlyFailure = failure;
        }
        finally
        {
            _isReadingEarly = false;
            _earlyReadEnded.Set();
        }
        return true;
    }
}

/// <summary>The body of a message that is being read, as a stream.</summary>
internal abstract class BodyStream(MessageConnection connection) : Stream
{
    private ReadOnlyMemory<byte> _piece;

    protected MessageConnection Connection => connection;

    /// <summary>The message has been read to its end.</summary>
    public bool HasEnded { get; private set; }

    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_piece.IsEmpty)
        {
            if (HasEnded)
                return 0;
            var happened = await NextAsync(cancellationToken);
            if (happened == MessageEvent.Body)
                _piece = connection.Piece;
            else
                End();
        }
        var length = Math.Min(buffer.Length, _piece.Length);
        _piece.Span[..length].CopyTo(buffer.Span);
        _piece = _piece[length..];
        BytesRead += length;
        // The last byte of a known length ends the message: whoever reads just so many need not ask once more.
        if (_piece.IsEmpty && !connection.HasUnread && !HasEnded && connection.Next() == MessageEvent.End)
            End();
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A blocking read would stop the loop that has to bring the bytes.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() { }

    /// <summary>Takes the end of a message without a body, which has arrived with its head.</summary>
    internal void EndIfEmpty()
    {
        if (connection.Reader.Framing is { Kind: FramingKind.None } or { Kind: FramingKind.Length, Length: 0 })
        {
            connection.Next();
            End();
        }
    }

    /// <summary>The next <see cref="MessageEvent.Body"/> or <see cref="MessageEvent.End"/>; throws what went wrong in this role's words.</summary>
    protected abstract ValueTask<MessageEvent> NextAsync(CancellationToken stop);

    protected abstract void OnEnd();

    private void End()
    {
        HasEnded = true;
        OnEnd();
    }
}
