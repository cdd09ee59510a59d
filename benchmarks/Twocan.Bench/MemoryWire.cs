using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Bench;

/// <summary>
/// Two hosts and a wire in memory without a rate or a delay, as the peers' programs have it: what is on the way arrives when
/// the loop comes to it. So nothing but the stacks costs time.
/// </summary>
internal sealed class MemoryWire
{
    private const string Subnet = "/24";
    private readonly EventLoop _loop = EventLoop.Virtual(seed: 1);
    private readonly Queue<(PacketBuffer Frame, IFrameReceiver To)> _onTheWay = new();
    private bool _isDue;

    /// <param name="offload">Large segments cross it uncut, and nobody makes or checks sums.</param>
    public MemoryWire(int mtu, bool offload)
    {
        var (here, there) = (new End(this, mtu), new End(this, mtu));
        (Client, var client) = Plug("client", here, $"10.0.0.1{Subnet}");
        (Server, var server) = Plug("server", there, $"10.0.0.2{Subnet}");
        (there.Peer, here.Peer) = (client, server);
        client.Offload = server.Offload = offload;
    }

    public EventLoop Loop => _loop;

    public ProtocolStack Client { get; }

    public ProtocolStack Server { get; }

    public long Frames { get; private set; }

    private (ProtocolStack, Adapter) Plug(string name, End end, string address)
    {
        var stack = new ProtocolStack(name, _loop, _loop.Random.Fork(name));
        var interfaceAddress = InterfaceAddress.Parse(address);
        var adapter = stack.AddAdapter("eth0", new(0x0200_0000_0000UL | interfaceAddress.Address.AsV4), end);
        adapter.AddAddress(interfaceAddress);
        return (stack, adapter);
    }

    private void Deliver()
    {
        _isDue = false;
        while (_onTheWay.TryDequeue(out var next))
            next.To.Receive(next.Frame);
    }

    private sealed class End(MemoryWire wire, int mtu) : ILink
    {
        public string Name => "wire";

        public int Mtu => mtu;

        public bool TakesOffload => Peer.TakesOffload;

        public IFrameReceiver Peer { get; set; } = null!;

        public void Transmit(PacketBuffer frame)
        {
            wire.Frames++;
            wire._onTheWay.Enqueue((frame, Peer));
            if (wire._isDue)
                return;
            wire._isDue = true;
            wire._loop.Post(static wire => ((MemoryWire)wire!).Deliver(), wire);
        }
    }
}
