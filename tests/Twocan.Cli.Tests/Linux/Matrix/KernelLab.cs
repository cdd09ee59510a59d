using System.Net.Sockets;
using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Cli.Tests;

/// <summary>
/// One attached world for many cells: 'www', ours, and the kernel on one cable, which suffers what it is told to, and a
/// program in the kernel's namespace that is the other end of every cell. Cells run beside one another, each on a port of its own.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelLab
{
    private const ushort FirstPort = 9_000;
    private const string OurTimer = "timer is set: ";
    private static readonly Duration Glance = Duration.FromMilliseconds(20);

    /// <summary>How long an end may stay when the other has failed, before it is told: the network may not tell it.</summary>
    private static readonly Duration Grace = Duration.FromSeconds(5);

    /// <summary>What takes longer is told of with both control blocks of that moment.</summary>
    private static readonly Duration Slow = Duration.FromSeconds(60);
    private readonly Host _www;
    private readonly KernelPeer _peer;
    private readonly string _netns;
    private readonly Weather _weather;
    private readonly Agreement _agreement;
    private readonly Signal _over;
    private readonly List<CellResult> _results = [];

    private KernelLab(Host www, KernelPeer peer, string netns, Weather weather, Agreement agreement)
    {
        (_www, _peer, _netns, _weather, _agreement) = (www, peer, netns, weather, agreement);
        _over = new(www.World.Loop, "test", "cells");
    }

    private EventLoop Loop => _www.World.Loop;

    /// <summary>Runs all cells in this weather, with these options of both ends; the answer has one result for each.</summary>
    public static LabReport Run(Weather weather, Agreement agreement, IReadOnlyList<Cell> cells)
    {
        using var driver = new LinuxDriver();
        using var world = new World(seed: 7, driver: driver);
        var (www, lan) = (world.Host("www"), world.Switch("lan"));
        www.AddAddress(world.Link(www, lan, "", "10.9.0.1/24"), InterfaceAddress.Parse("2001:db8:9::1/64"));
        using var attachment = Attachment.Open(
            world,
            OutletPlan.For(world, lan),
            new() { Namespace = Kernel.NewNamespace(), Cable = CableSettings.Parse(weather.Cable) }
        );
        // Else the kernel soon gives up, and tells nobody, what its program has written and closed.
        string[] settings = ["tcp_orphan_retries=15", .. agreement.Kernels];
        using var peer = new KernelPeer(world.Loop, attachment.Namespace!, settings);
        KernelLab lab = new(www, peer, attachment.Namespace!, weather, agreement);
        world.RunAsync(() => lab.RunAsync(cells, attachment.Cable)).GetAwaiter().GetResult();
        var (to, from) = (attachment.Cable.AToB, attachment.Cable.BToA);
        return new(lab._results, to.Marks + from.Marks, to.FramesDropped + from.FramesDropped);
    }

    private async Task RunAsync(IReadOnlyList<Cell> cells, Cable cable)
    {
        var known = await _peer.CongestionAsync();
        await IntroduceAsync();
        foreach (var fault in _weather.Faults)
            _www.World.Fault(string.Format(null, fault, cable.Name));
        foreach (var cell in cells.Where(cell => !known.Contains(cell.Congestion)))
            _results.Add(new(cell, Outcome.Skipped, $"this kernel has no {cell.Congestion}", default));
        for (var number = 0; number < cells.Count; number++)
        {
            var (id, cell) = (number + 1, cells[number]);
            if (known.Contains(cell.Congestion))
                Loop.Start(cell.Name, () => RunAsync(id, cell));
        }
        while (_results.Count < cells.Count)
            await _over.WaitAsync();
    }

    /// <summary>Each end knows the other's MAC address for good. The subject is TCP: that ARP gives up after three questions is not.</summary>
    private async Task IntroduceAsync()
    {
        var adapter = _www.Adapters[0];
        var said = await Kernel.RunAsync(
            Loop,
            _netns,
            $"""
            ip -6 address add 2001:db8:9::254/64 dev twocan0 nodad
            ip neigh replace 10.9.0.1 lladdr {adapter.Mac} dev twocan0 nud permanent
            ip -6 neigh replace 2001:db8:9::1 lladdr {adapter.Mac} dev twocan0 nud permanent
            cat /sys/class/net/twocan0/address
            """
        );
        Assert.True(MacAddress.TryParse(said.Trim(), out var kernels), said);
        foreach (
            var (table, address) in ((NeighbourTable, string)[])
                [(adapter.Arp.Neighbours, "10.9.0.254"), (adapter.Discovery.Neighbours, "2001:db8:9::254")]
        )
        {
            table.ReachableTime = Duration.FromSeconds(24 * 3600);
            table.Hear(IpAddress.Parse(address), kernels, mayAdd: true, Loop.Now);
        }
    }

    private async Task RunAsync(int id, Cell cell)
    {
        var port = (ushort)(FirstPort + id);
        var begun = Loop.Now;
        using var stop = new CancellationTokenSource();
        var settings = _agreement.Ours with { CongestionControl = cell.Congestion };
        var kernels = IpAddress.Parse(_agreement.OverIpv6 ? "2001:db8:9::254" : "10.9.0.254");
        OurEnd ours = new(_www, cell, settings, new(kernels, new Port(port)), stop.Token);
        var listener = ours.Listen();
        await _peer.BeginAsync(id, cell, port, IpAddress.Parse(_agreement.OverIpv6 ? "2001:db8:9::1" : "10.9.0.1"));
        Loop.Start(cell.Name, () => ours.RunAsync(listener));

        var (wasClosed, slow, hung, failedAt) = (false, default(string), default(string), Instant.Never);
        while (!ours.IsOver || !_peer.IsOver(id))
        {
            await Loop.DelayAsync(Glance);
            wasClosed |= cell.ClosesWindow && SocketsAt(port).Any(socket => socket.Info is { } info && info.IsClosed);
            var hasFailed = ours.IsOver && !ours.Result.IsClean || _peer.EndOf(id) is { IsClean: false };
            if (hasFailed && failedAt == Instant.Never)
                failedAt = Loop.Now;
            if (slow is null && Loop.Now > begun + Slow + Duration.FromSeconds(_weather.Sleep))
                slow = await StateAsync(id, ours, port);
            if (hung is null && Loop.Now > begun + _weather.Patience)
                hung = await StateAsync(id, ours, port);
            if (stop.IsCancellationRequested || hung is null && !(failedAt < Loop.Now - Grace))
                continue;
            _peer.Abandon(id);
            stop.Cancel();
        }
        var result = Judge(cell, ours.Result, _peer.EndOf(id)!, hung, wasClosed) with { Took = Loop.Now - begun };
        _results.Add(result with { Slow = slow });
        _over.Set();
    }

    private CellResult Judge(Cell cell, CellEnd ours, CellEnd kernels, string? hung, bool wasClosed)
    {
        var story = $"{cell}: we {ours}; the kernel {kernels}";
        if (ours.Wrong is not null || kernels.Wrong is not null)
            return new(cell, Outcome.Wrong, story, default);
        if (hung is not null)
            return new(
                cell,
                _weather.MayFail && IsTrying(hung) ? Outcome.Trying : Outcome.Hung,
                $"{story}; {hung}",
                default
            );
        if (!ours.Ends.Keys.Concat(kernels.Ends.Keys).All(end => IsRight(cell, end)))
            return new(
                cell,
                _weather.MayFail && IsNetworks(ours, kernels) ? Outcome.Failed : Outcome.Wrong,
                story,
                default
            );
        if (!cell.IsReset && (ours.Sent, ours.Received) != (kernels.Received, kernels.Sent))
            return new(cell, Outcome.Wrong, story, default);
        if (cell.ClosesWindow && !wasClosed)
            return new(cell, Outcome.Wrong, $"{story}; no window was seen closed", default);
        return new(cell, Outcome.Whole, story, default);
    }

    private static bool IsRight(Cell cell, string end) =>
        end.Length == 0
        || cell.IsReset
            && end is nameof(SocketError.ConnectionReset) or nameof(SocketError.Shutdown) or "ECONNRESET" or "EPIPE";

    /// <summary>One end gave up, since nothing came back for long, perhaps in the handshake; what the other then saw follows from that.</summary>
    private static bool IsNetworks(CellEnd ours, CellEnd kernels) =>
        ours.Ends.Keys.Any(end => end is nameof(SocketError.TimedOut) or nameof(SocketError.ConnectionReset))
        || kernels.Ends.Keys.Any(end => end is "ETIMEDOUT" or "ECONNRESET");

    /// <summary>Somebody will send something again: with a third of all frames lost it may take minutes until that gets through.</summary>
    private static bool IsTrying(string state) =>
        state.Contains("timer:(on,", StringComparison.Ordinal) || state.Contains(OurTimer, StringComparison.Ordinal);

    private IEnumerable<TcpSocket> SocketsAt(ushort port) =>
        _www.Stack.Tcp.Connections.Where(socket =>
            socket.Local.Port.Number == port || socket.Remote.Port.Number == port
        );

    /// <summary>Both control blocks of a cell that does not come to its end.</summary>
    private async Task<string> StateAsync(int id, OurEnd ours, ushort port) =>
        $"{(ours.IsOver ? "the kernel" : _peer.IsOver(id) ? "our end" : "both")} not over\n  ours: {string.Join("\n  ours: ", SocketsAt(port).Select(socket => $"{(socket.NextTimer.Due == Instant.Never ? "" : OurTimer)}{socket.Info}"))}\n  kernel's: "
        + await Kernel.RunAsync(Loop, _netns, $"ss -atino 'sport = :{port} or dport = :{port}' 2>&1 || true");
}

internal enum Outcome
{
    /// <summary>Every octet, and the end that was meant.</summary>
    Whole,

    /// <summary>The network was so bad that an end gave up and said so.</summary>
    Failed,

    /// <summary>The network was so bad that it was not over in time; but an end had a timer running, and would have gone on.</summary>
    Trying,
    Skipped,
    Wrong,
    Hung,
}

internal sealed record CellResult(Cell Cell, Outcome Outcome, string Story, Duration Took)
{
    /// <summary>How things stood when it had taken long.</summary>
    public string? Slow { get; init; }
}

/// <param name="Marks">How many frames the cable's queues marked 'congestion experienced'.</param>
/// <param name="Dropped">How many found a queue full.</param>
internal sealed record LabReport(IReadOnlyList<CellResult> Results, long Marks, long Dropped);

file static class Windows
{
    extension(TcpInfo info)
    {
        public bool IsClosed =>
            info.State is TcpState.Established or TcpState.FinWait1
            && (info.SendWindow == 0 && info.SendQueue > 0 || info.ReceiveWindow < info.SegmentSize);
    }
}
