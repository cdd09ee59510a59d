using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>Packets that are to die on the way, each with a number by which its answer is known.</summary>
internal abstract class TraceProbes : IDisposable
{
    /// <summary>The data that makes a packet of 60 bytes, as traceroute's are.</summary>
    protected const int DataLength = 32;

    public abstract ValueTask SendAsync(int number, int timeToLive, EventId because, CancellationToken stop);

    public abstract ValueTask<(int Number, TraceProbe Answer)> HearAsync(CancellationToken stop);

    public abstract void Dispose();

    public static TraceProbes Open(INetwork network, IpAddress target, TraceSettings settings, EventId because) =>
        settings.Echo
            ? new EchoProbes(network.OpenIcmp(because), target, settings.Scope)
            : new UdpProbes(network.OpenDatagram(because: because), target, settings.Scope);
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
    private readonly int _scope;

    public UdpProbes(DatagramSocket socket, IpAddress target, int scope)
    {
        (_socket, _target, _scope) = (socket, target, scope);
        socket.SetOption(SocketOption.ReceiveErrors, 1);
    }

    public override ValueTask SendAsync(int number, int timeToLive, EventId because, CancellationToken stop)
    {
        _socket.SetOption(SocketOption.TimeToLive, timeToLive);
        var to = new Endpoint(_target, (ushort)(FirstPort + number)) { Scope = _scope };
        return _socket.SendToAsync(new byte[DataLength], to, because, stop);
    }

    public override async ValueTask<(int, TraceProbe)> HearAsync(CancellationToken stop)
    {
        var error = await _socket.ReceiveErrorAsync(stop);
        return (error.To.Port.Number - FirstPort, new(error.From, default, error.Type, error.Code, error.Mtu));
    }

    public override void Dispose() => _socket.Dispose();
}

/// <summary>ICMP echo requests; the probe's number is their sequence number, in the reply and in the request that an error quotes.</summary>
internal sealed class EchoProbes(DatagramSocket socket, IpAddress target, int scope) : TraceProbes
{
    private readonly byte[] _buffer = new byte[ushort.MaxValue];

    public override ValueTask SendAsync(int number, int timeToLive, EventId because, CancellationToken stop)
    {
        socket.SetOption(SocketOption.TimeToLive, timeToLive);
        var message = new byte[EchoMessage.HeaderLength + DataLength];
        EchoMessage.WriteRequest(message, target, (ushort)number);
        var to = new Endpoint(target, Port.Any) { Scope = scope };
        return socket.SendToAsync(message, to, because, stop);
    }

    public override async ValueTask<(int, TraceProbe)> HearAsync(CancellationToken stop)
    {
        while (true)
        {
            var received = await socket.ReceiveFromAsync(_buffer, stop);
            var from = received.From.Address;
            if (EchoMessage.TryRead(_buffer.AsSpan(0, received.Length), from, out var message))
                return (message.Sequence, new(from, default, message.Type, message.Code, message.Mtu));
        }
    }

    public override void Dispose() => socket.Dispose();
}
