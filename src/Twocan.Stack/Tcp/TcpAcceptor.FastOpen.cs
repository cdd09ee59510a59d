using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Fast Open at a listener (RFC 7413 §4.2.2): whether the data of a SYN may be believed.</summary>
public sealed partial class TcpAcceptor
{
    private readonly FastOpenQueue _fastOpen = new();

    /// <summary>Connections that have data from their SYN and have not finished their handshake.</summary>
    public int FastOpening => _fastOpen.Count(_tcp.Stack.Loop.Now);

    private FastOpenAnswer Judge(in TcpSegment syn, in ConnectionKey key)
    {
        var use = Settings.FastOpen;
        var most = use.HasFlag(FastOpenUse.AllListeners) ? _backlog : Settings.FastOpenQueueLength;
        if (!use.HasFlag(FastOpenUse.Server) || most == 0)
            return default;
        var shown = SegmentOptions.Read(syn.Options).FastOpen;
        if (shown is null && syn.Data.IsEmpty)
            return default;
        if (FastOpening >= most)
        {
            Tell(key, FastOpenNews.QueueFull, syn);
            return default;
        }
        if (!syn.Data.IsEmpty && use.HasFlag(FastOpenUse.ServerWithoutCookie))
        {
            Tell(key, FastOpenNews.CookieBelieved, syn);
            return new(TakesData: true, null);
        }
        if (shown is null)
            return default;
        var cookie = (Settings.FastOpenKey ?? _tcp.FastOpenKey).Bake(
            key.Remote.Address,
            key.Local.Address,
            shown.IsExperimental
        );
        var isGood = shown.Equals(cookie);
        Tell(
            key,
            isGood ? FastOpenNews.CookieBelieved
                : shown.IsRequest ? FastOpenNews.CookieGiven
                : FastOpenNews.CookieRefused,
            syn
        );
        return isGood ? new(TakesData: true, null) : new(TakesData: false, cookie);
    }

    /// <summary>The program gets it at once, before its handshake is over.</summary>
    private void OfferEarly(TcpSocket socket)
    {
        _handshaking.Remove(socket);
        _fastOpen.Add(socket);
        Offer(socket);
    }

    private void Tell(in ConnectionKey key, FastOpenNews news, in TcpSegment syn) =>
        _tcp.Stack.Journal?.Tell(new FastOpenDecided(key.Local, key.Remote, news, syn.Data.Length), syn.Cause);
}
