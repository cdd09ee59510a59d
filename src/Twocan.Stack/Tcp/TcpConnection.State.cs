using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>How a connection comes to its end, and where its state changes.</summary>
public sealed partial class TcpConnection
{
    /// <summary>Sends FIN after what is left to send.</summary>
    private void Finish(Instant now, EventId because)
    {
        if (_isFinWanted)
            return;
        switch (State)
        {
            case TcpState.Closed or TcpState.Listen or TcpState.SynSent:
                Enter(TcpState.Closed, "close", now, because);
                return;
            case TcpState.Established:
                Enter(TcpState.FinWait1, "close", now, because);
                break;
            // SYN-RECEIVED goes on when it is established; CLOSE-WAIT is left when the FIN goes out.
        }
        (_isFinWanted, _finBecause) = (true, because);
    }

    private void Fail(SocketError error, string why, Instant now, EventId because)
    {
        (Error, ErrorBecause) = (error, because);
        Enter(TcpState.Closed, why, now, because);
    }

    /// <summary>The one place where the state changes.</summary>
    private void Enter(TcpState next, string why, Instant now, EventId because)
    {
        if (next == State)
            return;
        _journal?.Tell(new StateChanged(Local, Remote, State, next, why), because);
        State = next;
        switch (next)
        {
            case TcpState.FinWait2 when _isOrphan:
                _lingerUntil = now + _settings.FinWait2Timeout;
                break;
            case TcpState.TimeWait:
                _retransmit.Stop();
                _persist.Stop();
                _loss.Stop();
                _pacer.Stop();
                _keepAlive.Stop();
                _send.Release();
                _lingerUntil = now + _settings.Msl * 2;
                break;
            case TcpState.Closed:
                _retransmit.Stop();
                _persist.Stop();
                _ack.Stop();
                _pacer.Stop();
                _keepAlive.Stop();
                _lingerUntil = Instant.Never;
                (SndUna, SndNxt) = (SndMax, SndMax);
                _loss.Stop();
                _send.Release();
                break;
        }
    }
}
