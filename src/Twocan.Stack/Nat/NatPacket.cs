using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// What a NAPT reads and writes in a packet, or in the beginning of one that an ICMP error quotes: both ends, and every
/// checksum that covers them. Each checksum is corrected by the difference alone (RFC 1624): the payload is not
/// looked at, and what was damaged before stays visibly damaged.
/// </summary>
internal readonly ref struct NatPacket
{
    private const int None = -1;

    private readonly Span<byte> _bytes;
    private readonly int _start;
    private readonly int _transport;

    /// <summary>Of a quoted packet: the checksum of the ICMP message around it.</summary>
    private readonly int _outerChecksum;
    private readonly int _checksum;
    private readonly int _sourcePort;
    private readonly int _destinationPort;

    private NatPacket(Span<byte> bytes, int start, scoped in Ipv4Header header, int outerChecksum)
    {
        _bytes = bytes;
        (_start, _transport, _outerChecksum) = (start, start + header.Length, outerChecksum);
        Protocol = header.Protocol;
        (_sourcePort, _destinationPort, _checksum) = (None, None, None);
        if (Protocol == IpProtocol.Icmp)
        {
            // The program that asks is known by the identifier: it is the asker's 'port' in both directions.
            if (IcmpType == IcmpType.EchoRequest)
                (_sourcePort, _checksum) = (_transport + 4, _transport + 2);
            else if (IcmpType == IcmpType.EchoReply)
                (_destinationPort, _checksum) = (_transport + 4, _transport + 2);
        }
        else
        {
            (_sourcePort, _destinationPort) = (_transport, _transport + 2);
            _checksum = _transport + (Protocol == IpProtocol.Udp ? 6 : 16);
            // A quoted TCP header may be cut off before its checksum; of UDP zero means that there is none.
            if (_checksum + 2 > bytes.Length || (Protocol == IpProtocol.Udp && Word(_checksum) == 0))
                _checksum = None;
        }
        Source = new(header.Source, PortAt(_sourcePort));
        Destination = new(header.Destination, PortAt(_destinationPort));
    }

    public IpProtocol Protocol { get; }

    /// <summary>Of an echo's answer the port is 0, of its request the identifier.</summary>
    public Endpoint Source { get; }

    public Endpoint Destination { get; }

    public IcmpType IcmpType => (IcmpType)_bytes[_transport];

    public TcpFlags TcpFlags => Protocol == IpProtocol.Tcp ? (TcpFlags)_bytes[_transport + 13] : TcpFlags.None;

    /// <summary>Not a redirect: it speaks to one link only (RFC 1122 §3.2.2.2).</summary>
    public bool IsIcmpError =>
        Protocol == IpProtocol.Icmp
        && IcmpType is IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or IcmpType.ParameterProblem;

    public bool IsEchoRequest => Protocol == IpProtocol.Icmp && IcmpType == IcmpType.EchoRequest;

    /// <summary>Has it ends that a table can know: ports, or an echo's identifier?</summary>
    public bool IsFlow => _sourcePort != None || _destinationPort != None;

    /// <summary>Reads a whole packet whose IP header is known to be right. If it cannot be translated, says why.</summary>
    public static bool TryRead(Span<byte> bytes, out NatPacket packet, out DropReason wrong)
    {
        packet = default;
        wrong = DropReason.BadIpHeader;
        if (!Ipv4Header.TryRead(bytes, out var header))
            return false;
        var transport = bytes.Length - header.Length;
        (var isWhole, wrong) = header switch
        {
            { IsFragment: true } => (false, DropReason.BadFragment),
            { Protocol: IpProtocol.Udp } => (transport >= UdpHeader.Size, DropReason.BadUdp),
            { Protocol: IpProtocol.Tcp } => (transport >= TcpHeader.MinLength, DropReason.BadTcp),
            { Protocol: IpProtocol.Icmp } => (transport >= IcmpHeader.Length, DropReason.BadIcmp),
            _ => (false, DropReason.NoTranslation),
        };
        if (isWhole)
            packet = new(bytes, 0, header, None);
        return isWhole;
    }

    /// <summary>Reads the packet that this error quotes. RFC 5508 REQ-3: not if one of the checksums is wrong that can be told.</summary>
    public bool TryReadQuoted(out NatPacket quoted)
    {
        quoted = default;
        var start = _transport + IcmpHeader.Length;
        if (
            InternetChecksum.Of(_bytes[_transport..]) != 0
            || !Ipv4Header.TryReadQuoted(_bytes[start..], out var header)
            || !header.HasRightChecksum
            || header.FragmentOffset != 0
            || header.Protocol is not (IpProtocol.Udp or IpProtocol.Tcp or IpProtocol.Icmp)
            || _bytes.Length < start + header.Length + 8
        )
            return false;
        quoted = new(_bytes, start, header, _transport + 2);
        return quoted.IsFlow;
    }

    public void SetSource(Endpoint to) => SetEnd(_start + 12, _sourcePort, to);

    public void SetDestination(Endpoint to) => SetEnd(_start + 16, _destinationPort, to);

    private void SetEnd(int address, int port, Endpoint to)
    {
        var bits = to.Address.AsV4;
        SetAddressWord(address, (ushort)(bits >> 16));
        SetAddressWord(address + 2, (ushort)bits);
        if (port != None)
        {
            var old = Word(port);
            Put(port, to.Port.Number);
            Correct(_checksum, old, to.Port.Number);
        }
        // RFC 768: a sum of zero is said by its other form.
        if (Protocol == IpProtocol.Udp && _checksum != None && Word(_checksum) == 0)
            Put(_checksum, ushort.MaxValue);
    }

    private void SetAddressWord(int at, ushort value)
    {
        var old = Word(at);
        Put(at, value);
        Correct(_start + 10, old, value);
        // UDP and TCP cover the addresses by their pseudo-header, ICMP does not.
        if (Protocol != IpProtocol.Icmp)
            Correct(_checksum, old, value);
    }

    private void Correct(int checksum, ushort old, ushort now)
    {
        if (checksum != None)
            Put(checksum, InternetChecksum.Update(Word(checksum), old, now));
    }

    private void Put(int at, ushort value)
    {
        var old = Word(at);
        BinaryPrimitives.WriteUInt16BigEndian(_bytes[at..], value);
        if (_outerChecksum != None)
            BinaryPrimitives.WriteUInt16BigEndian(
                _bytes[_outerChecksum..],
                InternetChecksum.Update(Word(_outerChecksum), old, value)
            );
    }

    private ushort Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]);

    private Port PortAt(int at) => at == None ? Port.Any : new(Word(at));
}
