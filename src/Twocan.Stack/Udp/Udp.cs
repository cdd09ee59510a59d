using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>UDP of one host (RFC 768, RFC 1122 §4.1): which socket a datagram is for.</summary>
public sealed class Udp : ITransport
{
    private readonly ProtocolStack _stack;
    private readonly RandomSource _ports;

    private readonly PlaceHash _hash;

    /// <summary>The sockets on a port; more than one only when each is bound to an address of its own, or all share it.</summary>
    private readonly Dictionary<Port, List<UdpSocket>> _byPort = [];

    internal Udp(ProtocolStack stack)
    {
        _stack = stack;
        _ports = stack.Random.Fork("udp ports");
        _hash = new(stack.Random.Fork("udp places"));
    }

    /// <summary>All sockets that are bound, by port and address.</summary>
    public IReadOnlyList<UdpSocket> Sockets =>
        [
            .. _byPort
                .Values.SelectMany(sockets => sockets)
                .OrderBy(socket => socket.Local.Port)
                .ThenBy(socket => socket.Local.Address),
        ];

    public UdpSocket CreateSocket() => new(_stack);

    public void OnPacket(in IpPacket packet)
    {
        if (!UdpHeader.TryRead(packet.Payload, out var header))
        {
            _stack.Drop(Layer.Udp, DropReason.BadUdp, packet.Cause, "length");
            return;
        }
        if (!packet.LacksChecks && !header.HasRightChecksum(packet.Source, packet.Destination))
        {
            _stack.Drop(Layer.Udp, DropReason.BadUdp, packet.Cause, "checksum");
            return;
        }
        var (local, remote) = (
            new Endpoint(packet.Destination, header.DestinationPort),
            new Endpoint(packet.Source, header.SourcePort) { Scope = packet.Scope }
        );
        if (packet.Source is { IsV4: false, IsAny: true })
        {
            _stack.Drop(Layer.Udp, DropReason.BadSource, packet.Cause);
            return;
        }
        if (Find(local, remote, packet.Adapter) is not { } socket)
        {
            var dropped = _stack.Drop(Layer.Udp, DropReason.NoPort, packet.Cause);
            _stack.Icmp.SendError(packet.Whole, IcmpProblem.PortUnreachable, dropped, packet.Adapter);
            return;
        }
        var cause =
            _stack.Journal?.Tell(new DatagramReceived(local, remote, header.Data.Length), packet.Cause) ?? packet.Cause;
        if (socket.Deliver(header.Data, remote, packet.TimeToLive, cause))
            _stack.Counters.DatagramsReceived++;
        else
            _stack.Drop(Layer.Udp, DropReason.ReceiveQueueFull, cause);
    }

    /// <summary>An error finds its socket by the ports that it quotes.</summary>
    public void OnError(in IcmpError error)
    {
        if (error.QuotedTransport.Length < UdpHeader.Size)
            return;
        var quoted = error.QuotedTransport;
        var source = (ushort)(quoted[0] << 8 | quoted[1]);
        var destination = (ushort)(quoted[2] << 8 | quoted[3]);
        var to = new Endpoint(error.Destination, destination) { Scope = error.Scope };
        if (Find(new(error.Source, source), to) is not { } socket)
            return;
        if (error.IsTooBig)
            _stack.Ip.PathMtus.Learn(error.Destination, error.Mtu, _stack.Loop.Now);
        socket.OnError(error, to);
    }

    /// <summary>Binds a socket to a port that nobody else has at that address; port 0 chooses one.</summary>
    internal Endpoint Bind(UdpSocket socket, Endpoint wanted)
    {
        var port = wanted.Port;
        if (
            port == Port.Any
            && !EphemeralPorts.TryChoose(
                _ports,
                (Udp: this, wanted.Address, socket.Device, socket.V6Only),
                static (state, port) =>
                    state.Udp.IsFree(new(state.Address, port), state.Device, state.V6Only)
                    && state.Udp._stack.Ip.Nat?.IsMapped(IpProtocol.Udp, port) != true,
                out port
            )
        )
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        var local = new Endpoint(wanted.Address, port);
        if (!IsFree(local, socket.Device, socket.V6Only, socket.SharesPort))
            throw new SocketException((int)SocketError.AddressAlreadyInUse);
        if (!_byPort.TryGetValue(port, out var sockets))
            _byPort.Add(port, sockets = []);
        sockets.Add(socket);
        return local;
    }

    internal void Unbind(UdpSocket socket)
    {
        if (!_byPort.TryGetValue(socket.Local.Port, out var sockets))
            return;
        sockets.Remove(socket);
        if (sockets.Count == 0)
            _byPort.Remove(socket.Local.Port);
    }

    /// <summary>Has a socket of this host that port at that address?</summary>
    internal bool Uses(Endpoint local) => !IsFree(local);

    /// <summary>Would a datagram between these ends find a socket?</summary>
    internal bool Expects(Endpoint local, Endpoint remote) => Find(local, remote) is not null;

    private bool IsFree(Endpoint local, Adapter? device = null, bool v6Only = false, bool sharesPort = false)
    {
        if (!_byPort.TryGetValue(local.Port, out var sockets))
            return true;
        foreach (var other in sockets)
        {
            if (other.Device != device && other.Device is not null && device is not null)
                continue;
            if (sharesPort && other.SharesPort)
                continue;
            if (LocalEnd.Overlap(other.Local.Address, other.V6Only, local.Address, v6Only))
                return false;
        }
        return true;
    }

    private UdpSocket? Find(Endpoint local, Endpoint remote, Adapter? adapter = null)
    {
        if (!_byPort.TryGetValue(local.Port, out var sockets))
            return null;
        if (sockets.Count == 1)
            return sockets[0].Takes(local.Address, remote, adapter) ? sockets[0] : null;
        var (best, count) = (0, 0);
        foreach (var socket in sockets)
        {
            var closeness = Closeness(socket, local, remote, adapter);
            if (closeness > best)
                (best, count) = (closeness, 0);
            count += best > 0 && closeness == best ? 1 : 0;
        }
        if (count == 0)
            return null;
        var chosen = count == 1 ? 0 : _hash.Choose(local, remote, count);
        foreach (var socket in sockets)
        {
            if (Closeness(socket, local, remote, adapter) == best && chosen-- == 0)
                return socket;
        }
        return null;
    }

    /// <summary>Whose a datagram is among those who share a port: who is connected to its sender, is bound to its very address, then anybody.</summary>
    private static int Closeness(UdpSocket socket, Endpoint local, Endpoint remote, Adapter? adapter) =>
        !socket.Takes(local.Address, remote, adapter) ? 0
        : socket.IsConnected ? 4
        : !socket.Local.Address.IsAny ? 3
        : socket.Local.Address.IsV4 == local.Address.IsV4 ? 2
        : 1;
}
