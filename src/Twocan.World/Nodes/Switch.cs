using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// A learning bridge: it notes behind which port each source address was last seen, sends a frame only there, and floods
/// what it does not know. It takes a frame as a whole before it passes it on (store and forward).
/// </summary>
public sealed class Switch : Node
{
    /// <summary>As many addresses as a small switch holds.</summary>
    public const int UsualCapacity = 8192;

    /// <summary>Destination and source: what it needs to see of a frame.</summary>
    private const int AddressesLength = 2 * MacAddress.Length;

    private readonly Dictionary<MacAddress, Entry> _table = [];
    private readonly EventLoop _loop;

    internal Switch(World world, string name)
        : base(world, name)
    {
        _loop = world.Loop;
    }

    /// <summary>How long an address is believed that is not heard of again (IEEE 802.1D: 300 s).</summary>
    public Duration Ageing { get; set; } = Duration.FromSeconds(300);

    /// <summary>How many addresses the table holds; what is for others is flooded.</summary>
    public int Capacity { get; set; } = UsualCapacity;

    /// <summary>Frames that went out of the one port behind which their address is.</summary>
    public long FramesForwarded { get; private set; }

    /// <summary>Frames that went out of all ports but the one by which they came: broadcasts, and those to an unknown address.</summary>
    public long FramesFlooded { get; private set; }

    /// <summary>Of these, frames to an address that is not in the table.</summary>
    public long UnknownDestinations { get; private set; }

    /// <summary>Frames that went nowhere: their address is behind the port by which they came.</summary>
    public long FramesFiltered { get; private set; }

    /// <summary>Addresses that it had no room to learn.</summary>
    public long TableOverflows { get; private set; }

    /// <summary>Frames that came damaged and went no further.</summary>
    public long FrameCheckFailures { get; private set; }

    public override bool IsBridge => true;

    /// <summary>The forwarding table as it stands, by address.</summary>
    public IReadOnlyList<ForwardingEntry> Table =>
        [
            .. _table
                .Where(pair => !IsOld(pair.Value))
                .OrderBy(pair => pair.Key)
                .Select(pair => new ForwardingEntry(pair.Key, pair.Value.Port.Name, _loop.Now - pair.Value.Seen)),
        ];

    /// <summary>Its table is in its memory, and gone.</summary>
    private protected override void PowerOff()
    {
        base.PowerOff();
        _table.Clear();
    }

    private protected override IFrameReceiver MakeReceiver(CableEnd end) => new SwitchPort(this, end);

    private void Forward(PacketBuffer frame, CableEnd from)
    {
        if (frame.Length < AddressesLength)
        {
            frame.Dispose();
            return;
        }
        if (!EthernetHeader.HasRightCheck(frame.Span))
        {
            FrameCheckFailures++;
            Journal?.Tell(new SwitchDropped(from.Name), frame.Cause);
            frame.Dispose();
            return;
        }
        var destination = MacAddress.Read(frame.Span);
        Learn(MacAddress.Read(frame.Span[MacAddress.Length..]), from, frame.Cause);
        if (!destination.IsMulticast && _table.TryGetValue(destination, out var entry) && !IsOld(entry))
            SendTo(entry.Port, frame, from, destination);
        else
            Flood(frame, from, destination);
    }

    private void Learn(MacAddress source, CableEnd from, EventId because)
    {
        if (source.IsMulticast)
            return;
        var known = _table.TryGetValue(source, out var entry);
        if (!known && _table.Count >= Capacity && !ForgetOld())
        {
            TableOverflows++;
            return;
        }
        _table[source] = new(from, _loop.Now);
        if (!known || entry.Port != from || IsOld(entry))
            Journal?.Tell(new SwitchLearned(source, from.Name), because);
    }

    private void SendTo(CableEnd port, PacketBuffer frame, CableEnd from, MacAddress destination)
    {
        if (port == from)
        {
            // Both ends are behind the same port (a hub): it has heard the frame already.
            FramesFiltered++;
            frame.Dispose();
            return;
        }
        FramesForwarded++;
        frame.Cause =
            Journal?.Tell(new SwitchForwarded(destination, Known: true, from.Name, port.Name), frame.Cause)
            ?? frame.Cause;
        port.Transmit(frame);
    }

    private void Flood(PacketBuffer frame, CableEnd from, MacAddress destination)
    {
        FramesFlooded++;
        if (!destination.IsMulticast)
            UnknownDestinations++;
        var others = Ends.Count - 1;
        if (others == 0)
        {
            frame.Dispose();
            return;
        }
        if (Journal is not null)
        {
            var ports = string.Join(", ", Ends.Where(end => end != from).Select(end => end.Name));
            frame.Cause = Journal.Tell(new SwitchForwarded(destination, Known: false, from.Name, ports), frame.Cause);
        }
        foreach (var end in Ends)
        {
            if (end != from)
                end.Transmit(--others > 0 ? frame.Copy() : frame);
        }
    }

    private bool IsOld(Entry entry) => _loop.Now - entry.Seen > Ageing;

    /// <summary>Age is looked at when somebody asks; only a full table is swept.</summary>
    private bool ForgetOld()
    {
        foreach (var (address, entry) in _table)
        {
            if (IsOld(entry))
                _table.Remove(address);
        }
        return _table.Count < Capacity;
    }

    private readonly record struct Entry(CableEnd Port, Instant Seen);

    private sealed class SwitchPort(Switch bridge, CableEnd end) : IFrameReceiver
    {
        public void Receive(PacketBuffer frame) => bridge.Forward(frame, end);
    }
}

/// <summary>A line of a switch's table: the address, the cable behind which it is, and how long ago it was heard.</summary>
public readonly record struct ForwardingEntry(MacAddress Address, string Cable, Duration Age);
