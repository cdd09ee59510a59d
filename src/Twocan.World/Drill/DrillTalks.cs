using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// Which conversation a line's packet belongs to. Scripts seldom say it: their packets are those of the socket that was
/// last made to listen or to connect, or those of the ports that a line names.
/// </summary>
internal sealed class DrillTalks(DrillSettings settings)
{
    private const ushort FirstRemotePort = 54_321;

    private readonly List<DrillConversation> _all = [];
    private Endpoint? _listening;
    private ushort _nextRemotePort = FirstRemotePort;

    public DrillConversation? Current { get; private set; }

    /// <summary>From now on a SYN is for this socket, and begins a conversation.</summary>
    public void OnListen(Endpoint local) => (_listening, Current) = (local, null);

    public void OnConnect(IpProtocol protocol, Endpoint local, Endpoint remote) =>
        Current = Add(new(protocol, local, remote));

    public void OnBindDatagram(Endpoint local) =>
        Current = Add(new(IpProtocol.Udp, local, new(settings.RemoteAddress, settings.ConnectPort)));

    public DrillConversation For(DrillPacket packet)
    {
        var ports = packet.Payload switch
        {
            DrillTcp tcp => tcp.Ports,
            DrillUdp udp => udp.Ports,
            _ => null,
        };
        if (ports is { } named)
            return Current = Named(packet, packet.IsInbound ? (named.Destination, named.Source) : named);
        var protocol = packet.Payload is DrillUdp ? IpProtocol.Udp : IpProtocol.Tcp;
        if (Current is { } current && (packet.Payload is DrillIcmp || current.Protocol == protocol))
            return current;
        return Current = Add(Stranger(protocol, null));
    }

    /// <summary>
    /// The conversation that a packet belongs to; null for one that is none of the script's. The newest between these ends has it;
    /// one whose own port is not known yet takes what is nobody else's.
    /// </summary>
    public DrillConversation? Find(LivePacket live) =>
        live.IsFirst && Current is { IsNumbered: false } current && current.Owns(live)
            ? current
            : _all.FindLast(conversation => conversation.IsComplete && conversation.Owns(live))
                ?? _all.FindLast(conversation => conversation.Owns(live));

    /// <summary>An error message says nothing of ports: it is about whatever the script speaks of.</summary>
    public bool IsOf(DrillConversation conversation, LivePacket live) =>
        live.Protocol is IpProtocol.Icmp or IpProtocol.IcmpV6
            ? conversation.Owns(live)
            : ReferenceEquals(Find(live), conversation);

    private DrillConversation Named(DrillPacket packet, (ushort Local, ushort Remote) ports)
    {
        foreach (var conversation in _all)
        {
            if (conversation.ScriptPorts == ports)
                return conversation;
        }
        if (!packet.IsInbound && Current is { ScriptPorts: null } unnamed)
        {
            unnamed.ScriptPorts = ports;
            return unnamed;
        }
        return Add(Stranger(packet.Payload is DrillUdp ? IpProtocol.Udp : IpProtocol.Tcp, ports));
    }

    /// <summary>Somebody new speaks to us.</summary>
    private DrillConversation Stranger(IpProtocol protocol, (ushort, ushort)? ports)
    {
        var local =
            _listening is { } listening && protocol == IpProtocol.Tcp
                ? listening
                : new(IpAddress.Any, settings.BindPort);
        if (local.Address.IsAny)
            local = new(settings.LocalAddress, local.Port);
        return new(protocol, local, new(settings.RemoteAddress, _nextRemotePort++)) { ScriptPorts = ports };
    }

    private DrillConversation Add(DrillConversation conversation)
    {
        _all.Add(conversation);
        return conversation;
    }
}
