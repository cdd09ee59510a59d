using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What a sender that has data waits for.</summary>
public enum SendLimit
{
    /// <summary>It has no data.</summary>
    Idle,

    /// <summary>The network, or an acknowledgement.</summary>
    Network,

    /// <summary>The peer's window.</summary>
    PeerWindow,

    /// <summary>The program: all is sent, and it wanted to write more than there was room for.</summary>
    SendBuffer,
}

/// <summary>How long a connection has had something to send, and what held it up: the first question when a transfer is slow.</summary>
public record struct SendingTime
{
    private Instant _since;
    private SendLimit _limit;
    private Duration _network;
    private Duration _peerWindow;
    private Duration _sendBuffer;

    public void Enter(SendLimit limit, Instant now)
    {
        if (limit == _limit)
            return;
        Settle(now);
        _limit = limit;
    }

    /// <summary>All that there was something to send.</summary>
    public readonly Duration Busy(Instant now) => _network + _peerWindow + _sendBuffer + Running(_limit, now);

    public readonly Duration LimitedByPeer(Instant now) => _peerWindow + RunningIf(SendLimit.PeerWindow, now);

    public readonly Duration LimitedByBuffer(Instant now) => _sendBuffer + RunningIf(SendLimit.SendBuffer, now);

    private readonly Duration RunningIf(SendLimit limit, Instant now) =>
        _limit == limit ? Running(limit, now) : Duration.Zero;

    private readonly Duration Running(SendLimit limit, Instant now) =>
        limit == SendLimit.Idle ? Duration.Zero : now - _since;

    private void Settle(Instant now)
    {
        var passed = now - _since;
        _since = now;
        switch (_limit)
        {
            case SendLimit.Network:
                _network += passed;
                break;
            case SendLimit.PeerWindow:
                _peerWindow += passed;
                break;
            case SendLimit.SendBuffer:
                _sendBuffer += passed;
                break;
        }
    }
}
