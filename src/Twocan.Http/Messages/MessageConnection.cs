using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>A stream from which messages are read: the bytes that have arrived, and the reader that they go through.</summary>
/// <param name="stream">The connection, whose descriptor and causes everybody asks about.</param>
/// <param name="transport">What is read from and written to where that is not the connection itself: TLS upon it.</param>
/// <param name="loop">For who serves many: one that always has something to say lets the others have their turn.</param>
internal sealed class MessageConnection(
    TcpStream stream,
    MessageReader reader,
    Stream? transport = null,
    EventLoop? loop = null
) : IDisposable
{
    private const int HeadLength = 4 * 1024;
    private const int BodyLength = 32 * 1024;

    private const int ReadsPerTurn = 16;

    private byte[]? _buffer;
    private int _readsInARow;
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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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

    /// <summary>What comes and goes after the last message: first what has arrived with it, then the connection.</summary>
    public Stream Beyond() => new BeyondStream(this);

    public void Dispose() => Return();

    /// <summary>Waits for more bytes; false when the peer has said its last.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        while (_isReadingEarly)
            await _earlyReadEnded!.WaitAsync(stop);
        if (_earlyFailure is { } failure)
            throw failure;
        if (_earlyLength is { } early)
        {
            _earlyLength = null;
            _unread = _buffer!.AsMemory(0, early);
            return early > 0;
        }
        int length;
        if (Transport == stream)
        {
            // Nothing is held while it waits: ten thousand connections that say nothing share one buffer.
            while (!stream.TryRead(Rent(), out length))
            {
                Return();
                _readsInARow = 0;
                await stream.PollAsync(PollEvents.In, stop);
            }
        }
        else
        {
            length = await Transport.ReadAsync(Rent(), stop);
        }
        _unread = _buffer!.AsMemory(0, length);
        if (loop is not null && ++_readsInARow >= ReadsPerTurn)
        {
            _readsInARow = 0;
            await loop.YieldAsync();
        }
        return length > 0;
    }

    /// <summary>
    /// Begins to read although nothing is expected, so that the peer's goodbye is noticed; what it brings is kept for
    /// <see cref="FillAsync"/>. Ends when something has come; false when somebody is reading early already.
    /// (A signal and not a shared task: a task with two awaiters resumes one of them on the thread pool.)
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadEarlyAsync(EventLoop loop, CancellationToken stop)
    {
        if (_isReadingEarly)
            return false;
        _earlyReadEnded ??= new(loop, $"connection {stream.Descriptor}", "the server's next word");
        _isReadingEarly = true;
        try
        {
            _earlyLength = await Transport.ReadAsync(Rent(), stop);
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

    /// <summary>All that was read before has been taken, so its room may be used again; for a body there is more of it.</summary>
    private byte[] Rent()
    {
        var wanted = reader.IsWithinBody ? BodyLength : HeadLength;
        if (_buffer is not null && _buffer.Length < wanted)
            Return();
        return _buffer ??= ArrayPool<byte>.Shared.Rent(wanted);
    }

    private void Return()
    {
        if (_buffer is null)
            return;
        _unread = default;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }

    private sealed class BeyondStream(MessageConnection connection) : LoopStream
    {
        public override bool CanWrite => true;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (connection._unread.IsEmpty)
                return connection.Transport.ReadAsync(buffer, cancellationToken);
            var length = Math.Min(buffer.Length, connection._unread.Length);
            connection._unread[..length].CopyTo(buffer);
            connection._unread = connection._unread[length..];
            return new(length);
        }

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => connection.Transport.WriteAsync(buffer, cancellationToken);
    }
}

/// <summary>The body of a message that is being read, as a stream.</summary>
internal abstract class BodyStream(MessageConnection connection) : LoopStream
{
    private ReadOnlyMemory<byte> _piece;

    protected MessageConnection Connection => connection;

    /// <summary>The message has been read to its end.</summary>
    public bool HasEnded { get; private set; }

    public long BytesRead { get; private set; }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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
