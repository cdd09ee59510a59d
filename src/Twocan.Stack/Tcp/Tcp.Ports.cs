using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Which local ends are taken.</summary>
public sealed partial class Tcp
{
    private Endpoint Reserve(Endpoint local, bool v6Only)
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
        return IsFree(wanted, v6Only) ? wanted : throw new SocketException((int)SocketError.AddressAlreadyInUse);
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
        _connections.ContainsKey(new(local, remote)) || FindAcceptor(local) is not null;

    private bool IsFree(Endpoint wanted, bool v6Only = false)
    {
        foreach (var acceptor in _acceptors.Values)
        {
            if (Collide(acceptor.Local, acceptor.V6Only, wanted, v6Only))
                return false;
        }
        foreach (var socket in _bound)
        {
            if (Collide(socket.Local, socket.V6Only, wanted, v6Only))
                return false;
        }
        return true;
    }

    private static bool Collide(Endpoint a, bool aIsV6Only, Endpoint b, bool bIsV6Only) =>
        a.Port == b.Port && LocalEnd.Overlap(a.Address, aIsV6Only, b.Address, bIsV6Only);
}
