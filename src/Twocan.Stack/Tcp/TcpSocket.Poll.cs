using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>A socket for those who do not want to wait.</summary>
public sealed partial class TcpSocket
{
    private bool _isErrorTaken;

    /// <summary>For those who wait for both directions at once.</summary>
    private Signal? _either;

    /// <summary>False when nothing has come; zero bytes are the end.</summary>
    public bool TryRead(Span<byte> into, out Received received)
    {
        var connection = Begun();
        received = default;
        if (!connection.IsReadable)
            return false;
        received = Take(connection, into);
        return true;
    }

    /// <summary>The same, but it stays there to be read.</summary>
    public bool TryPeek(Span<byte> into, out Received received)
    {
        var connection = Begun();
        received = default;
        if (!connection.IsReadable)
            return false;
        received = new(connection.Peek(into), Remote, 0, default);
        return true;
    }

    /// <summary>Takes what there is room for now, and says how much that was.</summary>
    public int TryWrite(ReadOnlySpan<byte> data, EventId because, SendFlags flags = SendFlags.None) =>
        WriteSome(data, because, flags);

    /// <summary>Set when <see cref="Poll"/> may find something of <paramref name="wanted"/>, or what is told unasked.</summary>
    public Signal Changed(PollEvents wanted)
    {
        ThrowIfClosed();
        if ((wanted & PollEvents.Out) == PollEvents.None)
            return Readable;
        return (wanted & ~PollEvents.Out) == PollEvents.None
            ? Writable
            : _either ??= new(Loop, _tcp.Stack.Name, "anything from ", this);
    }

    /// <summary>As Linux's tcp_poll tells it: what is over and done with is ready for everything.</summary>
    public PollEvents Poll()
    {
        if (_connection is not { } connection)
            return PollEvents.Out | PollEvents.HangUp;
        if (connection.IsSynHeld)
            return PollEvents.Out;
        if (!connection.IsUsable && connection.State != TcpState.Closed)
            return PollEvents.None;
        var events = PollEvents.None;
        if (connection.State == TcpState.Closed || (connection.HasPeerFinished && !connection.IsOpenForWriting))
            events |= PollEvents.HangUp;
        if (connection.State == TcpState.Closed || connection.HasPeerFinished)
            events |= PollEvents.ReadHangUp;
        if (connection.IsReadable)
            events |= PollEvents.In;
        if (connection.IsWritable)
            events |= PollEvents.Out;
        return connection.Error != SocketError.Success && !_isErrorTaken ? events | PollEvents.Error : events;
    }

    /// <summary>SO_ERROR: why the connection ended, told once.</summary>
    public SocketError TakeError()
    {
        if (_isErrorTaken || _connection is not { Error: not SocketError.Success } connection)
            return SocketError.Success;
        _isErrorTaken = true;
        return connection.Error;
    }

    /// <summary>TCP_QUICKACK: the next segments are acknowledged one by one, and what waits is now.</summary>
    public void SetQuickAck(bool isQuick)
    {
        _connection?.SetQuickAck(isQuick);
        if (_connection is not null)
            AfterStep();
    }

    public bool IsQuickAck => _connection?.IsQuickAck ?? true;

    /// <summary>Lets go of the socket and of what is left to send; the peer hears of it by a reset.</summary>
    public void Reset(EventId because)
    {
        _connection?.Abort(Now, because);
        Close(because);
    }
}
