using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>Packets that are to die on the way, each with a number by which its answer is known.</summary>
internal abstract class TraceProbes : IDisposable
{
    /// <summary>The data that makes a packet of 60 bytes, as traceroute's are.</summary>
    protected const int DataLength = 32;

    public abstract ValueTask SendAsync(int number, int timeToLive, EventId because, CancellationToken stop);

    public abstract ValueTask<(int Number, IpAddress From, IcmpType Type, byte Code, ushort Mtu)> HearAsync(
        CancellationToken stop
    );

    public abstract void Dispose();

    public static TraceProbes Open(INetwork network, IpAddress target, bool echo, EventId because) =>
        echo
            ? new EchoProbes(network.OpenIcmp(because), target)
            : new UdpProbes(network.OpenDatagram(because: because), target);
}

/// <summary>
/// UDP datagrams to ports on which nobody waits, each to the next: an ICMP error quotes the port, and so names the probe;
/// 'port unreachable' is how the target says that they have arrived.
/// </summary>
internal sealed class UdpProbes : TraceProbes
{
    private const int FirstPort = 33434 - 1; // probes count from 1

    private readonly DatagramSocket _socket;
    private readonly IpAddress _target;

    public UdpProbes(DatagramSocket socket, IpAddress target)
    {
        (_socket, _target) = (socket, target);
        socket.SetOption(SocketOption.ReceiveErrors, 1);
    }

    public override ValueTask SendAsync(int number, int timeToLive, EventId because, CancellationToken stop)
    {
        _socket.SetOption(SocketOption.TimeToLive, timeToLive);
        var to = new Endpoint(_target, (ushort)(FirstPort + number));
        return _socket.SendToAsync(new byte[DataLength], to, because, stop);
    }

    public override async ValueTask<(int, IpAddress, IcmpType, byte, ushort)> HearAsync(CancellationToken stop)
    {
        var error = await _socket.ReceiveErrorAsync(stop);
        return (error.To.Port.Number - FirstPort, error.From, (IcmpType)error.Type, error.Code, error.Mtu);
    }

    public override void Dispose() => _socket.Dispose();
}

/// <summary>ICMP echo requests; the probe's number is their sequence number, in the reply and in the request that an error quotes.</summary>
internal sealed class EchoProbes(DatagramSocket socket, IpAddress target) : TraceProbes
{
    private readonly byte[] _buffer = new byte[ushort.MaxValue];

    public override ValueTask SendAsync(int number, int timeToLive, EventId because, CancellationToken stop)
    {
        socket.SetOption(SocketOption.TimeToLive, timeToLive);
        var message = new byte[IcmpHeader.Length + DataLength];
        IcmpHeader.Write(message, IcmpType.EchoRequest, 0, 0, (ushort)number);
        return socket.SendToAsync(message, new Endpoint(target, Port.Any), because, stop);
    }

    public override async ValueTask<(int, IpAddress, IcmpType, byte, ushort)> HearAsync(CancellationToken stop)
    {
        while (true)
        {
            var received = await socket.ReceiveFromAsync(_buffer, stop);
            if (TryRead(_buffer.AsSpan(0, received.Length), out var number, out var type, out var code, out var mtu))
                return (number, received.From.Address, type, code, mtu);
        }
    }

    public override void Dispose() => socket.Dispose();

    private static bool TryRead(
        ReadOnlySpan<byte> bytes,
        out ushort number,
        out IcmpType type,
        out byte code,
        out ushort mtu
    )
    {
        (number, type, code, mtu) = (0, default, 0, 0);
        if (!IcmpHeader.TryRead(bytes, out var message))
            return false;
        (number, type, code) = (message.Sequence, message.Type, message.Code);
        if (type == IcmpType.EchoReply)
            return true;
        if (
            !Ipv4Header.TryReadQuoted(message.Data, out var quoted)
            || !IcmpHeader.TryRead(message.Data[quoted.Length..], out var request)
        )
            return false;
        (number, mtu) = (request.Sequence, message.Mtu);
        return true;
    }
}
