using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Which local ends are taken.</summary>
public sealed partial class Tcp
{
    private Endpoint Reserve(Endpoint local, bool v6Only, bool sharesPort = false)
    {
        var address = local.Address;
        if (!address.IsAny && !_stack.Ip.IsMine(address))
            throw new SocketException((int)SocketError.AddressNotAvailable);
        var port = local.Port;
        if (
            port == Port.Any
            && !EphemeralPorts.TryChoose(
                _ports,
                (Tcp: this, Address: address, V6Only: v6Only),
                static (state, port) =>
                    state.Tcp.IsFree(new(state.Address, port), state.V6Only)
                    && state.Tcp._stack.Ip.Nat?.IsMapped(IpProtocol.Tcp, port) != true,
                out port
            )
        )
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        var wanted = new Endpoint(address, port);
        return IsFree(wanted, v6Only, sharesPort)
            ? wanted
            : throw new SocketException((int)SocketError.AddressAlreadyInUse);
    }

    /// <summary>
    /// The ends of a connection that is to be opened from here. Where all that is left is the TIME-WAIT of an earlier connection
    /// between them, that ends now, if the new one cannot be taken for it.
    /// </summary>
    /// <param name="formerly">What there was between them.</param>
    internal ConnectionKey ChooseEnds(
        TcpSocket socket,
        IpAddress source,
        Endpoint remote,
        out FormerConnection formerly
    )
    {
        formerly = default;
        var bound = socket.Bound;
        var local = new Endpoint(bound.Address.IsAny ? source : bound.Address, bound.Port);
        if (local.Port == Port.Any)
        {
            var settings = socket.Settings;
            if (
                !TryChoosePort(settings, local.Address, remote, mayReopen: false, out var port)
                && !TryChoosePort(settings, local.Address, remote, mayReopen: true, out port)
            )
                throw new SocketException((int)SocketError.AddressNotAvailable);
            local = new(local.Address, port);
        }
        var key = new ConnectionKey(local, remote);
        if (!_connections.TryGetValue(key, out var old))
            return key;
        // A port that the program has asked for itself it may have at once.
        var isAsked = bound.Port != Port.Any && socket.ReusesAddress;
        if (!old.MayBeReopened(isAsked ? Duration.Zero : socket.Settings.TimeWaitReuse, out formerly))
            throw new SocketException((int)SocketError.AddressNotAvailable);
        if (isAsked)
            formerly = formerly with { Recent = 0 };
        End(old);
        return key;
    }

    private bool TryChoosePort(TcpSettings settings, IpAddress local, Endpoint remote, bool mayReopen, out Port port) =>
        EphemeralPorts.TryChoose(
            _ports,
            settings.LocalPorts,
            (Tcp: this, Local: local, Remote: remote, Wait: mayReopen ? settings.TimeWaitReuse : null),
            static (state, port) => state.Tcp.MayOpen(new(new(state.Local, port), state.Remote), state.Wait),
            out port
        );

    private bool MayOpen(in ConnectionKey ends, Duration? wait) =>
        IsFree(ends.Local)
        && _stack.Ip.Nat?.IsMapped(IpProtocol.Tcp, ends.Local.Port) != true
        && (!_connections.TryGetValue(ends, out var old) || old.MayBeReopened(wait, out _));

    /// <summary>Has a socket of this host that port at that address?</summary>
    public bool Uses(Endpoint local)
    {
        if (!IsFree(local))
            return true;
        foreach (var key in _connections.Keys)
        {
            if (key.Local == local)
                return true;
        }
        return false;
    }

    /// <summary>Would a segment between these ends find a connection or a listener?</summary>
    internal bool Expects(Endpoint local, Endpoint remote) =>
        _connections.ContainsKey(new(local, remote)) || _listeners.Find(local, remote) is not null;

    private bool IsFree(Endpoint wanted, bool v6Only = false, bool sharesPort = false)
    {
        foreach (var socket in _bound)
        {
            if (
                socket.Local.Port == wanted.Port
                && !(sharesPort && socket.SharesPort)
                && LocalEnd.Overlap(socket.Local.Address, socket.V6Only, wanted.Address, v6Only)
            )
                return false;
        }
        return _listeners.IsFree(wanted, v6Only, sharesPort);
    }
}
