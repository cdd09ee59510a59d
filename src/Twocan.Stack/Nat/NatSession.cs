using Twocan.Core;

namespace Twocan.Stack;

/// <summary>How far a session is; only TCP says more than that it is open.</summary>
public enum NatState
{
    Open,
    Opening,
    Established,
    Closing,
    Reset,
}

/// <summary>An inside endpoint and the outside port that stands for it, whomever it talks to (RFC 4787 REQ-1).</summary>
internal sealed class NatMapping(IpProtocol protocol, Endpoint inside, Port outside, bool isForward)
{
    public IpProtocol Protocol => protocol;

    /// <summary>Of ICMP the 'port' is the echo's identifier.</summary>
    public Endpoint Inside => inside;

    public Port Outside => outside;

    /// <summary>Entered by hand: lets everybody in, and stays.</summary>
    public bool IsForward => isForward;

    public int Sessions { get; set; }
}

/// <summary>What goes to and fro between a mapping and one remote endpoint.</summary>
internal sealed class NatSession(NatMapping mapping, Endpoint remote)
{
    private Sides _heard;
    private Sides _finished;

    public NatMapping Mapping => mapping;

    public Endpoint Remote => remote;

    public NatState State { get; private set; } = mapping.Protocol == IpProtocol.Tcp ? NatState.Opening : NatState.Open;

    public Instant Expires { get; set; }

    /// <summary>The queue of those with the same time-out that it stands in, and its neighbours there.</summary>
    public NatQueue? Queue { get; set; }

    public NatSession? Older { get; set; }

    public NatSession? Newer { get; set; }

    /// <summary>
    /// Follows a connection by its control bits (RFC 5382 §5, RFC 7857 §2). A reset may be forged, so it only shortens
    /// the time that is left, and what the inside says afterwards revives the connection.
    /// </summary>
    public void OnSegment(TcpFlags flags, bool outbound)
    {
        if (flags.Has(TcpFlags.Rst))
        {
            State = NatState.Reset;
            return;
        }
        if (flags.Has(TcpFlags.Syn) && !flags.Has(TcpFlags.Ack) && State is NatState.Closing or NatState.Reset)
        {
            (_heard, _finished) = (Sides.None, Sides.None);
            State = NatState.Opening;
        }
        var side = outbound ? Sides.Inside : Sides.Outside;
        _heard |= side;
        if (flags.Has(TcpFlags.Fin))
            _finished |= side;
        if (_finished == Sides.Both)
            State = NatState.Closing;
        else if (State == NatState.Reset ? outbound : _heard == Sides.Both && !flags.Has(TcpFlags.Syn))
            State = NatState.Established;
    }

    [Flags]
    private enum Sides
    {
        None = 0,
        Inside = 1,
        Outside = 2,
        Both = Inside | Outside,
    }
}

/// <summary>Sessions with one time-out, the longest silent first: who speaks goes to the end, so the end of time comes from the front.</summary>
internal sealed class NatQueue(Duration timeout)
{
    public NatSession? Oldest { get; private set; }

    private NatSession? _newest;

    public void Add(NatSession session, Instant now)
    {
        session.Expires = now + timeout;
        (session.Queue, session.Older, session.Newer) = (this, _newest, null);
        if (_newest is null)
            Oldest = session;
        else
            _newest.Newer = session;
        _newest = session;
    }

    public void Remove(NatSession session)
    {
        if (session.Older is null)
            Oldest = session.Newer;
        else
            session.Older.Newer = session.Newer;
        if (session.Newer is null)
            _newest = session.Older;
        else
            session.Newer.Older = session.Older;
        (session.Queue, session.Older, session.Newer) = (null, null, null);
    }
}
