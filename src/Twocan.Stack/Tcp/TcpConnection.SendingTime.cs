namespace Twocan.Stack;

/// <summary>What holds the sender up, measured whenever it has come to a stop.</summary>
public sealed partial class TcpConnection
{
    private SendingTime _sendingTime;

    /// <summary>What keeps the sender from sending, now that it has nothing to send that may go.</summary>
    private SendLimit SendLimit
    {
        get
        {
            if (_send.Length == 0)
                return SendLimit.Idle;
            var unsent = _send.Length - (SndNxt - SendStart);
            if (unsent <= 0)
                return _wasWriteCut ? SendLimit.SendBuffer : SendLimit.Network;
            var window = SndUna + SndWnd - SndNxt;
            return window < Math.Min(unsent, SegmentSize) && window <= _loss.Room
                ? SendLimit.PeerWindow
                : SendLimit.Network;
        }
    }
}
