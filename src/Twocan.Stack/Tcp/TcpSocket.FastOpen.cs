using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>Opening with the first data: <c>sendto(MSG_FASTOPEN)</c> and TCP_FASTOPEN_CONNECT (RFC 7413 §4.2.1, appendix A).</summary>
public sealed partial class TcpSocket
{
    /// <summary>The program's call that opened it early; a listener's connection has none.</summary>
    internal void OnAccepted() => _connection!.IsUnclaimed = false;

    /// <summary>
    /// connect and the first write in one. Where the server's cookie is known the data goes in the SYN; else the SYN asks for
    /// one, and the data follows the handshake. Without waiting: how much the SYN carries, or that the connection is under way.
    /// </summary>
    public async ValueTask<int> ConnectAndSendAsync(
        Endpoint remote,
        ReadOnlyMemory<byte> data,
        EventId because,
        CancellationToken stop = default
    )
    {
        ThrowIfClosed();
        if (!_tcp.Settings.FastOpen.HasFlag(FastOpenUse.Client) || remote == default)
            throw new SocketException((int)SocketError.OperationNotSupported);
        if (_connection is { } begun)
            return await SendBehindSynAsync(begun, data, because, stop);
        var connection = Open(remote, allowsFastOpen: true, because);
        var taken = 0;
        if (data.Length > 0 && WriteIntoSyn(data.Span, because) is { } early)
        {
            taken = early;
        }
        else
        {
            connection.ReleaseSyn();
            AfterStep();
        }
        return await FollowSynAsync(connection, data, taken, because, stop);
    }

    /// <summary>The SYN is on its way with the first of the data. Who may wait learns of a refusal from this call, as on Linux.</summary>
    private async ValueTask<int> FollowSynAsync(
        TcpConnection connection,
        ReadOnlyMemory<byte> data,
        int taken,
        EventId because,
        CancellationToken stop
    )
    {
        _isConnectPending = true;
        while (connection.State is TcpState.SynSent or TcpState.SynReceived)
        {
            if (taken > 0 && stop.IsCancellationRequested)
                return taken;
            await Writable.WaitAsync(stop);
        }
        _isConnectPending = false;
        ThrowIfFailed(connection);
        if (taken < data.Length)
        {
            // The rest answers the SYN, ACK: from now on acknowledgements ride.
            connection.SetQuickAck(false);
            await WriteAsync(data[taken..], because, stop);
        }
        return data.Length;
    }

    /// <summary>Where the connection is there already, it is a write like any other.</summary>
    private async ValueTask<int> SendBehindSynAsync(
        TcpConnection begun,
        ReadOnlyMemory<byte> data,
        EventId because,
        CancellationToken stop
    )
    {
        if (begun.IsSynHeld)
            return await FollowSynAsync(begun, data, WriteIntoSyn(data.Span, because) ?? 0, because, stop);
        if (!begun.IsUsable)
        {
            ThrowIfFailed(begun);
            throw new SocketException((int)SocketError.AlreadyInProgress);
        }
        _isConnectPending = false;
        var count = TryWrite(data.Span, because);
        if (count > 0 && stop.IsCancellationRequested)
            return count;
        await WriteAsync(data[count..], because, stop);
        return data.Length;
    }

    /// <summary>The SYN that waits for data goes, with as much of this as it can carry; null when none waits.</summary>
    private int? WriteIntoSyn(ReadOnlySpan<byte> data, EventId because)
    {
        if (_isClosed || _connection is not { IsSynHeld: true } connection)
            return null;
        var count = connection.Write(data[..Math.Min(data.Length, connection.SynRoom)], Now, because);
        connection.ReleaseSyn();
        AfterStep();
        return count;
    }

    /// <summary>How the connection is to be opened; null for 'as always'.</summary>
    private FastOpenPlan? PlanFor(in ConnectionKey ends, EventId because)
    {
        var server = ends.Remote.Address;
        if (_tcp.FastOpen.IsPaused(server, Now))
            _tcp.Stack.Journal?.Tell(new FastOpenDecided(ends.Local, ends.Remote, FastOpenNews.Paused, 0), because);
        return _tcp.FastOpen.PlanFor(server, _tcp.Settings.FastOpen, Now);
    }
}
