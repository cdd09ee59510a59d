using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>A socket for those who do not want to wait.</summary>
public sealed partial class TcpSocket
{
    private bool _isErrorTaken;

    /// <summary>Takes what there is room for now, and says how much that was.</summary>
    public int WriteNow(ReadOnlySpan<byte> data, EventId because)
    {
        var connection = _connection;
        if (!_isClosed && connection?.State is TcpState.SynSent or TcpState.SynReceived)
            throw new SocketException((int)SocketError.WouldBlock);
        connection = Connected();
        if (!connection.IsOpenForWriting)
        {
            ThrowIfFailed(connection);
            throw new SocketException((int)SocketError.Shutdown);
        }
        var count = connection.Write(data, Now, because);
        if (count == 0 && data.Length > 0)
            throw new SocketException((int)SocketError.WouldBlock);
        AfterStep();
        return count;
    }

    /// <summary>As Linux's tcp_poll tells it: what is over and done with is ready for everything.</summary>
    public PollEvents Poll()
    {
        if (_connection is not { } connection)
            return PollEvents.Out | PollEvents.HangUp;
        if (connection.State is TcpState.SynSent or TcpState.SynReceived)
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

    /// <summary>Lets go of the socket and of what is left to send; the peer hears of it by a reset.</summary>
    public void Reset(EventId because)
    {
        _connection?.Abort(Now, because);
        Close(because);
    }
}
