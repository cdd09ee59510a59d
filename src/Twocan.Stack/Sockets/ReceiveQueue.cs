using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>
/// Datagrams that have come in and wait for the program, and the error that waits with them. Bounded by the memory that
/// the datagrams really take; when that has reached the limit, what comes is lost, as it would be on a cable.
/// </summary>
internal sealed class ReceiveQueue(EventLoop loop, string owner, string what)
{
    public const int DefaultLimit = 212_992;

    private readonly Queue<Datagram> _datagrams = new();
    private readonly Signal _changed = new(loop, owner, what);
    private int _bytes;
    private SocketError _error = SocketError.Success;
    private EventId _errorCause;
    private bool _closed;

    /// <summary>SO_RCVBUF: with less than this, one more is taken.</summary>
    public int Limit { get; set; } = DefaultLimit;

    public int Count => _datagrams.Count;

    public int Bytes => _bytes;

    /// <summary>False: full, the datagram is lost.</summary>
    public bool TryAdd(ReadOnlySpan<byte> data, Endpoint from, byte timeToLive, EventId cause)
    {
        if (_closed || _bytes >= Limit)
            return false;
        var buffer = loop.Packets.Rent(data.Length);
        buffer.Append(data);
        buffer.Cause = cause;
        _bytes += buffer.Capacity;
        _datagrams.Enqueue(new(buffer, from, timeToLive));
        _changed.Set();
        return true;
    }

    /// <summary>The next call on the socket throws this, once.</summary>
    public void Fail(SocketError error, EventId cause)
    {
        (_error, _errorCause) = (error, cause);
        _changed.Set();
    }

    /// <summary>The error that waits, which then waits no more.</summary>
    public SocketError TakeError()
    {
        var error = _error;
        (_error, _errorCause) = (SocketError.Success, default);
        return error;
    }

    public void ThrowPendingError()
    {
        if (_error == SocketError.Success)
            return;
        var because = _errorCause;
        throw new CausedSocketException(TakeError(), because);
    }

    /// <summary>A read would not wait.</summary>
    public bool IsReadable => _datagrams.Count > 0 || HasError;

    public bool HasError => _error != SocketError.Success;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Received> TakeAsync(Memory<byte> into, CancellationToken stop)
    {
        while (true)
        {
            if (TryTake(into.Span, out var received))
                return received;
            await _changed.WaitAsync(stop);
        }
    }

    /// <summary>False when nothing has come.</summary>
    public bool TryTake(Span<byte> into, out Received received)
    {
        ThrowIfClosed();
        ThrowPendingError();
        var isThere = _datagrams.TryDequeue(out var datagram);
        received = isThere ? datagram.CopyTo(into, ref _bytes) : default;
        return isThere;
    }

    /// <summary>Set by all that comes in, and at the end.</summary>
    public Signal Changed
    {
        get
        {
            ThrowIfClosed();
            return _changed;
        }
    }

    /// <summary>Throws all away and ends every wait.</summary>
    public void Close()
    {
        _closed = true;
        while (_datagrams.TryDequeue(out var datagram))
            datagram.Buffer.Dispose();
        _changed.Set();
    }

    private void ThrowIfClosed()
    {
        if (_closed)
            throw new SocketException((int)SocketError.OperationAborted);
    }

    private readonly record struct Datagram(PacketBuffer Buffer, Endpoint From, byte TimeToLive)
    {
        public Received CopyTo(Span<byte> into, ref int bytes)
        {
            using (Buffer)
            {
                var length = Math.Min(into.Length, Buffer.Length);
                Buffer.Span[..length].CopyTo(into);
                bytes -= Buffer.Capacity;
                return new(length, From, TimeToLive, Buffer.Cause);
            }
        }
    }
}
