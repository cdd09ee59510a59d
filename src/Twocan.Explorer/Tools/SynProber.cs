using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>
/// Sends SYNs that no socket stands behind, and looks at what the host gets for them. The host itself answers a SYN+ACK with a
/// reset, as to any segment for a connection that it does not know, and so no connection is left on either side.
/// </summary>
internal sealed class SynProber : IDisposable
{
    private readonly ProtocolStack _stack;
    private readonly IpAddress _target;
    private readonly IpAddress _source;
    private readonly TcpWatch _watch;
    private readonly RandomSource _random;
    private readonly Signal _heard;
    private readonly Dictionary<(Port Local, Port Remote), (PortState, string)?> _asked = [];

    public SynProber(ProtocolStack stack, IpAddress target)
    {
        if (!stack.Ip.TryRoute(target, out var route))
            throw new SocketException((int)SocketError.NetworkUnreachable);
        (_stack, _target, _source) = (stack, target, route.Source);
        _random = stack.Random.Fork("syn scan");
        _heard = new(stack.Loop, stack.Name, $"answers to SYNs from {target}");
        _watch = new(stack) { Segment = OnSegment, Error = OnError };
    }

    public void Dispose() => _watch.Dispose();

    public async Task<(PortState, string)> ProbeAsync(Port port, CancellationToken end)
    {
        var local = ChoosePort(port);
        _asked.Add((local, port), null);
        try
        {
            var fields = new SegmentFields(
                new(_source, local),
                new(_target, port),
                new(_random.NextUInt32()),
                default,
                TcpFlags.Syn,
                1024
            );
            _stack.Tcp.SendAlone(fields);
            while (true)
            {
                if (_asked[(local, port)] is { } answer)
                    return answer;
                await _heard.WaitAsync(end);
            }
        }
        finally
        {
            _asked.Remove((local, port));
        }
    }

    private Port ChoosePort(Port remote)
    {
        while (true)
        {
            // RFC 6335 §6: the ports of those who ask.
            var port = new Port((ushort)_random.Next(49152, 65536));
            if (!_asked.ContainsKey((port, remote)) && !_stack.Tcp.Uses(new(_source, port)))
                return port;
        }
    }

    private void OnSegment(Endpoint from, Endpoint to, TcpFlags flags)
    {
        if (from.Address != _target)
            return;
        if (flags.HasFlag(TcpFlags.Rst))
            Hear(to.Port, from.Port, PortState.Closed, "reset");
        else if (flags.HasFlag(TcpFlags.Syn | TcpFlags.Ack))
            Hear(to.Port, from.Port, PortState.Open, "syn-ack");
    }

    private void OnError(Endpoint from, Endpoint to, SocketError meaning)
    {
        if (to.Address == _target)
            Hear(from.Port, to.Port, PortState.Filtered, Errno.NameOf(meaning));
    }

    private void Hear(Port local, Port remote, PortState state, string why)
    {
        if (!_asked.TryGetValue((local, remote), out var known) || known is not null)
            return;
        _asked[(local, remote)] = (state, why);
        _heard.Set();
    }
}
