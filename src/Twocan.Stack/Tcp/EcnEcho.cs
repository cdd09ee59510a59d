namespace Twocan.Stack;

/// <summary>Whether a host uses Explicit Congestion Notification.</summary>
public enum EcnUse
{
    Off,

    /// <summary>Only where the other side asks for it, as Linux does unless told otherwise.</summary>
    Accept,

    /// <summary>Also where we connect.</summary>
    Ask,
}

/// <summary>
/// Explicit Congestion Notification (RFC 3168 §6.1): a router marks a packet where it would else have to drop one. The receiver
/// says so in each acknowledgement (ECE) until the sender says that it has slowed down (CWR).
/// </summary>
public struct EcnEcho
{
    private bool _isEchoing;
    private bool _isReducedOwed;

    public EcnEcho() { }

    /// <summary>Both sides have agreed.</summary>
    public bool IsOn { get; private set; }

    /// <summary>§6.1.1: the flags of a SYN that asks.</summary>
    public static TcpFlags Asking => TcpFlags.Ece | TcpFlags.Cwr;

    /// <summary>What the SYN, ACK says.</summary>
    public TcpFlags Accepting => IsOn ? TcpFlags.Ece : TcpFlags.None;

    /// <summary>Their SYN: both flags ask, and ECE alone accepts; both on a SYN, ACK come from a host that only mirrors.</summary>
    public void OnSyn(TcpFlags flags, bool isAnswer, EcnUse use)
    {
        var both = flags & Asking;
        IsOn = isAnswer ? use == EcnUse.Ask && both == TcpFlags.Ece : use != EcnUse.Off && both == Asking;
    }

    /// <summary>Data has arrived, with the mark of a router or without.</summary>
    public void OnData(bool isMarked, bool hasReduced)
    {
        if (!IsOn)
            return;
        if (hasReduced)
            _isEchoing = false;
        if (isMarked)
            _isEchoing = true;
    }

    /// <summary>The window has shrunk: the peer is told with the next new data.</summary>
    public void OnReduced() => _isReducedOwed = IsOn;

    /// <summary>The flags of a segment after the handshake.</summary>
    public TcpFlags Take(bool isNewData)
    {
        var flags = _isEchoing ? TcpFlags.Ece : TcpFlags.None;
        if (isNewData && _isReducedOwed)
        {
            _isReducedOwed = false;
            flags |= TcpFlags.Cwr;
        }
        return flags;
    }
}
