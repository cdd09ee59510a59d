using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// The pump that drives a socket's <see cref="TcpConnection"/>.
/// <para>
/// After each step of the machine those who wait are woken (they go on from the ready queue), and then, behind them in the
/// same queue, the pump runs: what the program reads and writes at once upon an arrival thus travels with the acknowledgement of
/// it, and what it writes in two calls travels in one segment. The pump sends all that is owed and sets the one timer.
/// </para>
/// </summary>
public sealed partial class TcpSocket
{
    /// <summary>The old connection is over but for its TIME-WAIT, and the SYN is newer than anything that it could have sent.</summary>
    internal bool MayBeReplacedBy(in TcpSegment segment, out SequenceNumber after)
    {
        after = default;
        return segment.Flags is var flags
            && flags.Has(TcpFlags.Syn)
            && !flags.Has(TcpFlags.Ack | TcpFlags.Rst)
            && _connection!.MayBeReplacedBy(segment, out after);
    }

    internal bool MayBeReopened(Duration? wait, out FormerConnection former) =>
        _connection!.MayBeReopened(wait, Now, out former);

    internal bool IsBetween(in ConnectionKey ends) => _key == ends;

    internal void OnSegment(in TcpSegment segment)
    {
        var mustWait = State == TcpState.SynReceived && !_connection!.IsFastOpened;
        if (mustWait && _acceptor is { IsFull: true } && segment.Ack && !segment.Rst)
        {
            _tcp.Stack.Drop(Layer.Tcp, DropReason.AcceptQueueFull, segment.Cause);
            return;
        }
        var acknowledged = _connection!.SndUna;
        _connection.OnSegment(segment, Now);
        if (_connection.TakeFoundSegmentSize() is { } found)
            _tcp.Stack.Ip.PathMtus.Learn(Remote.Address, found + HeadersLength, Now);
        // RFC 4861 §7.3.1: what was sent has arrived, so the next hop is there.
        if (_connection.SndUna != acknowledged)
            _tcp.Stack.Ip.ConfirmReachable(Remote.Address);
        if (!_isEstablished && _connection.IsSynchronized)
        {
            _isEstablished = true;
            Because = segment.Cause;
            _acceptor?.OnEstablished(this);
            if (_connection.FastOpenOutcome is { } learned)
                _tcp.FastOpen.Learn(Remote.Address, learned, Now);
            // The handshake is finished before the program's first word: connect returns behind its ACK.
            SendWhatIsOwed();
        }
        AfterStep();
    }

    internal void OnNetworkError(SocketError error, SequenceNumber quoted, EventId because)
    {
        _connection!.OnNetworkError(error, quoted, Now, because);
        AfterStep();
    }

    internal void OnPacketTooBig(int mtu, SequenceNumber quoted)
    {
        if (_connection!.OnPacketTooBig(mtu - HeadersLength, quoted, Now))
            _tcp.Stack.Ip.PathMtus.Learn(Remote.Address, mtu, Now);
        AfterStep();
    }

    private int HeadersLength => TcpHeader.MinLength + (Local.Address.IsV4 ? 20 : 40);

    internal void Abort()
    {
        _connection!.Abort(Now);
        AfterStep();
    }

    private void AfterStep()
    {
        Wake();
        if (_isPumpDue)
            return;
        _isPumpDue = true;
        Loop.Post(static socket => ((TcpSocket)socket!).Pump(), this);
    }

    private void Wake()
    {
        if (_connection!.IsReadable)
            _readable?.Set();
        if (_connection.IsWritable)
            _writable?.Set();
        _either?.Set();
    }

    private void Pump()
    {
        _isPumpDue = false;
        if (_connection is not { } connection)
            return;
        SendWhatIsOwed();
        if (connection.State == TcpState.Closed)
        {
            Forget();
            return;
        }
        var due = connection.Due;
        if (due != _timer.Due)
            _timer.Set(due);
    }

    private void SendWhatIsOwed()
    {
        var connection = _connection!;
        var writer = new SegmentWriter(Loop.Packets, _tcp.OffloadsTo(Remote));
        while (connection.TryTransmit(ref writer, Now))
        {
            if (writer.TryTake(out var packet))
                Transmit(connection, packet, (byte)(writer.TypeOfService | TypeOfService));
        }
    }

    private void Transmit(TcpConnection connection, PacketBuffer packet, byte typeOfService)
    {
        var cause = packet.Cause;
        var error = _tcp.Send(packet, _key, TimeToLive, typeOfService);
        if (error == SocketError.Success)
            return;
        connection.OnNoRoute(error, Now, cause);
        Wake();
    }

    /// <summary>In CLOSED there is nothing left that could happen to it.</summary>
    internal void Forget()
    {
        _timer.Cancel();
        if (_isForgotten)
            return;
        _isForgotten = true;
        _tcp.Forget(_key);
        _acceptor?.OnGone(this, wasReset: _connection!.Error == SocketError.ConnectionReset);
    }

    private void OnDue()
    {
        _connection!.OnDue(Now);
        if (_connection.TakeFastOpenSilence())
            _tcp.FastOpen.OnSilence(Remote.Address, Now);
        AfterStep();
    }
}
