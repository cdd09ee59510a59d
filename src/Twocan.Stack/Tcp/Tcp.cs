using System.Buffers.Binary;
using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// TCP of one host: which connection or listener a segment is for, and the answer to those that are for nobody. The
/// protocol itself is <see cref="TcpConnection"/>, driven by the <see cref="TcpSocket"/> that it belongs to.
/// </summary>
public sealed partial class Tcp : ITransport
{
    /// <summary>A quoted header is sure to show the ports and the sequence number (RFC 792).</summary>
    private const int LeastQuoted = 8;

    /// <summary>RFC 5961 §7: of the whole host.</summary>
    private const int ChallengesPerSecond = 1_000;

    private readonly ProtocolStack _stack;
    private readonly RandomSource _ports;
    private readonly InitialSequence _initialSequence;
    private readonly Dictionary<ConnectionKey, TcpSocket> _connections = [];
    private TcpSocket? _latest;
    private readonly Listeners _listeners;
    private readonly List<TcpSocket> _bound = [];
    private readonly RateLimit _challenges;
    private long _serial;

    public Tcp(ProtocolStack stack)
    {
        _stack = stack;
        _ports = stack.Random.Fork("tcp ports");
        _initialSequence = new(stack.Random.Fork("tcp initial sequence"));
        Cookies = new(stack.Random.Fork("tcp cookies"));
        _listeners = new(stack.Random.Fork("tcp listeners"));
        var keys = stack.Random.Fork("tcp fast open");
        FastOpenKey = new(keys.NextUInt64(), keys.NextUInt64());
        _challenges = new(ChallengesPerSecond, Duration.FromSeconds(1), stack.Random.Fork("tcp challenges"));
    }

    /// <summary>For sockets made from now on.</summary>
    public TcpSettings Settings { get; set; } = TcpSettings.Default;

    /// <summary>All connections that are not yet forgotten, oldest first.</summary>
    public IReadOnlyList<TcpSocket> Connections => [.. _connections.Values.OrderBy(socket => socket.Serial)];

    /// <summary>All that listen, by port and address.</summary>
    public IReadOnlyList<TcpAcceptor> Acceptors => _listeners.All;

    internal ProtocolStack Stack => _stack;

    internal SynCookies Cookies { get; }

    /// <summary>What the listeners of this host make their cookies with.</summary>
    public FastOpenKey FastOpenKey { get; set; }

    /// <summary>What is known of servers that speak Fast Open.</summary>
    public FastOpenCache FastOpen { get; } = new();

    public TcpSocket CreateSocket() => new(this);

    /// <summary>Passive OPEN: takes connections to <paramref name="local"/>; port 0 chooses one.</summary>
    /// <param name="v6Only">On ::, what comes over IPv4 is not taken.</param>
    /// <param name="sharesPort">Others that say so too may listen there as well.</param>
    public TcpAcceptor Listen(
        Endpoint local,
        int backlog,
        bool v6Only = false,
        TcpSettings? settings = null,
        byte timeToLive = Ip.DefaultTimeToLive,
        bool sharesPort = false
    )
    {
        var reserved = Reserve(local, v6Only, sharesPort);
        var acceptor = new TcpAcceptor(this, reserved, backlog, v6Only, settings ?? Settings, timeToLive)
        {
            SharesPort = sharesPort,
        };
        _listeners.Add(acceptor);
        return acceptor;
    }

    public void OnPacket(in IpPacket packet)
    {
        if (!TcpHeader.TryRead(packet.Payload, out var header))
        {
            _stack.Drop(Layer.Tcp, DropReason.BadTcp, packet.Cause, "header");
            return;
        }
        if (!packet.LacksChecks && TcpHeader.ComputeChecksum(packet.Source, packet.Destination, packet.Payload) != 0)
        {
            _stack.Drop(Layer.Tcp, DropReason.BadTcp, packet.Cause, "checksum");
            return;
        }
        // RFC 9293 §3.9.2.3: TCP is between two; who speaks to everybody gets no answer.
        if (packet.IsBroadcast || packet.Destination.IsMulticast || packet.Source.IsAny)
        {
            _stack.Drop(Layer.Tcp, DropReason.BadTcp, packet.Cause, "broadcast");
            return;
        }
        var key = new ConnectionKey(
            new(packet.Destination, header.DestinationPort),
            new(packet.Source, header.SourcePort) { Scope = packet.Scope }
        );
        var data = packet.Payload[header.Length..];
        var segment = new TcpSegment(
            header,
            data,
            Tell(key, header, data.Length, packet.Cause),
            packet.IsCongestionMarked,
            packet.SegmentSize
        );
        var socket = Find(key);
        if (socket is not null && !TryReplace(socket, segment, key))
            socket.OnSegment(segment);
        else if (socket is null && _listeners.Find(key.Local, key.Remote) is { } acceptor)
            acceptor.OnSegment(segment, key);
        else if (socket is null)
            OnSegmentForNobody(segment, key);
    }

    /// <summary>A SYN that is plainly of a new connection need not wait until the old one's TIME-WAIT is over (RFC 6191, RFC 9293 §3.10.7.4).</summary>
    private bool TryReplace(TcpSocket socket, in TcpSegment segment, in ConnectionKey key)
    {
        if (
            !socket.MayBeReplacedBy(segment, out var after)
            || _listeners.Find(key.Local, key.Remote) is not { } acceptor
        )
            return false;
        End(socket);
        acceptor.OnSegment(segment, key, after);
        return true;
    }

    private static void End(TcpSocket socket)
    {
        socket.Abort();
        socket.Forget();
    }

    /// <summary>An error finds its connection by the ports that it quotes; the quoted number shows that we did send that (RFC 5927 §4.1).</summary>
    public void OnError(in IcmpError error)
    {
        var quoted = error.QuotedTransport;
        if (quoted.Length < LeastQuoted)
            return;
        var local = new Endpoint(error.Source, BinaryPrimitives.ReadUInt16BigEndian(quoted));
        var remote = new Endpoint(error.Destination, BinaryPrimitives.ReadUInt16BigEndian(quoted[2..]))
        {
            Scope = error.Scope,
        };
        if (Find(new(local, remote)) is not { } socket)
            return;
        var sequence = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(quoted[4..]));
        if (error.IsTooBig)
            socket.OnPacketTooBig(error.Mtu, sequence);
        else
            socket.OnNetworkError(error.Meaning, sequence, error.Cause);
    }

    /// <summary>§3.10.7.1: there is no connection, and whoever thinks that there is one learns it by a reset.</summary>
    internal void OnSegmentForNobody(in TcpSegment segment, in ConnectionKey key) =>
        Refuse(segment, key, DropReason.NoConnection, segment.Cause);

    internal void Refuse(in TcpSegment segment, in ConnectionKey key, DropReason why, EventId because)
    {
        var dropped = _stack.Drop(Layer.Tcp, why, because);
        if (segment.Rst)
            return;
        var fields = segment.Ack
            ? new SegmentFields(key.Local, key.Remote, segment.Acknowledgement, default, TcpFlags.Rst, 0)
            : new SegmentFields(key.Local, key.Remote, default, segment.End, TcpFlags.Rst | TcpFlags.Ack, 0);
        SendAlone(fields, SendReason.Reset, dropped);
    }

    /// <summary>Sends a segment without data that no connection stands behind: a reset, or one that a program has made by hand.</summary>
    public SocketError SendAlone(
        in SegmentFields fields,
        SendReason reason = SendReason.Handmade,
        EventId because = default
    )
    {
        var writer = new SegmentWriter(_stack.Loop.Packets);
        writer.Begin(fields, 0);
        writer.Seal(fields, fields.Tell(_stack.Journal, 0, reason, because));
        return writer.TryTake(out var packet)
            ? Send(packet, new(fields.Local, fields.Remote), Ip.DefaultTimeToLive)
            : SocketError.Success;
    }

    /// <summary>What the adapter would take off our hands that a packet to this peer leaves by.</summary>
    internal bool OffloadsTo(in Endpoint remote) =>
        _stack.Ip.TryRoute(remote.Address, _stack.FindAdapter(remote.Scope), out var route)
        && route.Adapter is { Offload: true };

    internal SocketError Send(PacketBuffer packet, in ConnectionKey key, byte timeToLive, byte typeOfService = 0) =>
        _stack.Ip.Send(
            packet,
            IpProtocol.Tcp,
            key.Local.Address,
            key.Remote.Address,
            timeToLive,
            packet.Cause,
            typeOfService: typeOfService,
            through: _stack.FindAdapter(key.Remote.Scope)
        );

    /// <summary>
    /// A machine for a connection between these ends. The segment size that it tells the peer is that of our link, whatever
    /// has been learned of the path from here to there (RFC 8201 §5.4): the way back may be another one.
    /// </summary>
    /// <param name="after">Its own numbers begin behind this one.</param>
    /// <param name="recent">The peer's last time stamp, if there was a connection between these ends before.</param>
    internal TcpConnection CreateConnection(
        in ConnectionKey key,
        Route route,
        TcpSettings settings,
        SequenceNumber? after = null,
        uint recent = 0
    )
    {
        var headers = TcpHeader.MinLength + (key.Local.Address.IsV4 ? 20 : 40);
        var link = route.Adapter?.Mtu ?? route.Mtu;
        return new(
            settings,
            key.Local,
            key.Remote,
            after + 1 ?? _initialSequence.For(key.Local, key.Remote, _stack.Loop.Now),
            settings.MaxSegmentSize > 0 ? Math.Min(link - headers, settings.MaxSegmentSize) : link - headers,
            _stack.Journal,
            challenges: _challenges,
            pathSegmentSize: route.Mtu - headers,
            timestampOffset: _initialSequence.TimestampOffset(key.Local.Address, key.Remote.Address),
            recentTimestamp: recent
        );
    }

    /// <summary>From now on segments between these ends are the socket's.</summary>
    internal long Register(TcpSocket socket, in ConnectionKey key)
    {
        _connections.Add(key, socket);
        return ++_serial;
    }

    internal void Forget(in ConnectionKey key)
    {
        _latest = null;
        _connections.Remove(key);
    }

    /// <summary>A segment is mostly for the connection that the one before it was for.</summary>
    private TcpSocket? Find(in ConnectionKey key)
    {
        if (_latest?.IsBetween(key) == true)
            return _latest;
        return _connections.TryGetValue(key, out var socket) ? _latest = socket : null;
    }

    internal void Forget(TcpAcceptor acceptor) => _listeners.Remove(acceptor);

    /// <summary>Keeps a local end for a socket that will connect from there, or listen.</summary>
    internal Endpoint Bind(TcpSocket socket, Endpoint local)
    {
        var reserved = Reserve(local, socket.V6Only, socket.SharesPort);
        _bound.Add(socket);
        return reserved;
    }

    internal void Unbind(TcpSocket socket) => _bound.Remove(socket);

    private EventId Tell(in ConnectionKey key, in TcpHeader header, int length, EventId because) =>
        _stack.Journal?.Tell(
            new SegmentReceived(
                key.Local,
                key.Remote,
                header.Sequence.Value,
                header.Acknowledgement.Value,
                header.Flags.Text,
                header.Window,
                length
            ),
            because
        ) ?? because;
}
