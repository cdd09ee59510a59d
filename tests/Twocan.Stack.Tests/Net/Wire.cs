using Twocan.Core;

namespace Twocan.Stack.Tests;

/// <summary>The simplest cable for a test: every end hears what the others send, a little later, whole and in order.</summary>
internal sealed class Wire(EventLoop loop, string name, int mtu = 1500)
{
    private readonly List<End> _ends = [];

    public Duration Delay { get; set; } = Duration.FromMicroseconds(10);

    /// <summary>What crosses it, as it leaves.</summary>
    public List<byte[]> Frames { get; } = [];

    /// <summary>When each of them left.</summary>
    public List<Instant> Times { get; } = [];

    public bool Keeps { get; set; } = true;

    /// <summary>It is a wire in memory only: large segments cross it uncut where all who are on it can do with them.</summary>
    public bool TakesOffload { get; set; }

    /// <summary>What arrives at one moment is handed over in one turn of the loop, as from a driver that empties a queue.</summary>
    public bool Batches { get; set; }

    /// <summary>A fault: true means that the frame is lost.</summary>
    public Func<PacketBuffer, bool>? Loses { get; set; }

    public Adapter Plug(ProtocolStack stack, string? address)
    {
        var end = new End(this, loop, name, mtu);
        var number = address is null ? (uint)_ends.Count + 1 : InterfaceAddress.Parse(address).Address.AsV4;
        var mac = new MacAddress(0x02_00_00_00_00_00UL | number);
        end.Adapter = stack.AddAdapter($"eth{stack.Adapters.Count}", mac, end);
        if (address is not null)
            end.Adapter.AddAddress(InterfaceAddress.Parse(address));
        _ends.Add(end);
        return end.Adapter;
    }

    private void Carry(End from, PacketBuffer frame)
    {
        if (Keeps)
        {
            Frames.Add(PacketChecks.WholeCopy(frame));
            Times.Add(loop.Now);
        }
        if (Loses?.Invoke(frame) != true)
        {
            foreach (var end in _ends)
            {
                if (end != from)
                    end.Deliver(frame.Copy(), loop.Now + Delay);
            }
        }
        frame.Dispose();
    }

    private sealed class End : ILink
    {
        private readonly Wire _wire;
        private readonly Queue<(Instant At, PacketBuffer Frame)> _arriving = new();
        private readonly LoopTimer _timer;

        public End(Wire wire, EventLoop loop, string name, int mtu)
        {
            (_wire, Name, Mtu) = (wire, name, mtu);
            _timer = loop.CreateTimer(() =>
            {
                bool isNextDue;
                do
                {
                    var frame = _arriving.Dequeue().Frame;
                    var hasNext = _arriving.TryPeek(out var next);
                    isNextDue = hasNext && wire.Batches && next.At <= loop.Now;
                    if (hasNext && !isNextDue)
                        _timer!.Set(next.At);
                    Adapter.Receive(frame);
                } while (isNextDue);
            });
        }

        public Adapter Adapter { get; set; } = null!;

        public string Name { get; }

        public int Mtu { get; }

        public bool TakesOffload =>
            _wire.TakesOffload && _wire._ends.TrueForAll(end => end == this || end.Adapter.Offload);

        public void Transmit(PacketBuffer frame) => _wire.Carry(this, frame);

        public void Deliver(PacketBuffer frame, Instant at)
        {
            _arriving.Enqueue((at, frame));
            if (!_timer.IsSet)
                _timer.Set(at);
        }
    }
}
