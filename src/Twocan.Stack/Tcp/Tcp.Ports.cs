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
