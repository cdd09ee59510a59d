using System.Buffers.Binary;
using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Somebody who sees each segment that comes to a host before its TCP does, as a raw socket does: for programs that send segments made
/// by hand. TCP gets them all the same.
/// </summary>
public sealed class TcpWatch : ITransport, IDisposable
{
    private const int LeastQuoted = 8;

    private readonly ProtocolStack _stack;
    private readonly ITransport _next;
    private bool _isOver;

    public TcpWatch(ProtocolStack stack)
    {
        _stack = stack;
        _next = stack.Ip.TransportOf(IpProtocol.Tcp)!;
        stack.Ip.Register(IpProtocol.Tcp, this);
    }

    /// <summary>Told from where, to where, and the flags of each segment that is whole.</summary>
    public required Action<Endpoint, Endpoint, TcpFlags> Segment { get; init; }

    /// <summary>Told of ICMP errors: about a segment from where, to where, and what they mean.</summary>
    public required Action<Endpoint, Endpoint, SocketError> Error { get; init; }

    public void OnPacket(in IpPacket packet)
    {
        if (
            !_isOver
            && TcpHeader.TryRead(packet.Payload, out var header)
            && TcpHeader.ComputeChecksum(packet.Source, packet.Destination, packet.Payload) == 0
        )
            Segment(
                new(packet.Source, header.SourcePort),
                new(packet.Destination, header.DestinationPort),
                header.Flags
            );
        _next.OnPacket(packet);
    }

    public void OnError(in IcmpError error)
    {
        var quoted = error.QuotedTransport;
        if (!_isOver && quoted.Length >= LeastQuoted)
            Error(
                new(error.Source, BinaryPrimitives.ReadUInt16BigEndian(quoted)),
                new(error.Destination, BinaryPrimitives.ReadUInt16BigEndian(quoted[2..])),
                error.Meaning
            );
        _next.OnError(error);
    }

    /// <summary>Who began to watch later goes on: then this one only passes on.</summary>
    public void Dispose()
    {
        _isOver = true;
        if (_stack.Ip.TransportOf(IpProtocol.Tcp) == this)
            _stack.Ip.Register(IpProtocol.Tcp, _next);
    }
}
