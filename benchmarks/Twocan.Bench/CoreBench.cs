using System.Net;
using Twocan.Core;

namespace Twocan.Bench;

/// <summary>The small things that every packet does several times: checksums, timers, addresses; each beside what .NET has for it.</summary>
internal sealed class CoreBench : IBench
{
    private const int PacketBytes = 1500;
    private const int Pending = 10_000;

    private readonly byte[] _from = new byte[PacketBytes];
    private readonly byte[] _to = new byte[PacketBytes];
    private double _seconds;
    private uint _sink;

    public string Name => "core";

    public string About => "checksum, CRC, timers and addresses, beside what .NET has";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        _seconds = quick ? 0.1 : 0.5;
        new RandomSource(1).Fill(_from);
        return [.. Checksums(), .. Timers(), .. Addresses()];
    }

    private IEnumerable<BenchResult> Checksums()
    {
        const string Unit = "GB/cpu-s";
        var copy = Rate(() => _from.AsSpan().CopyTo(_to)).PerSecond * PacketBytes / 1e9;
        var sum = Rate(() => _sink += InternetChecksum.Of(_from));
        yield return Case(
            $"Internet checksum of {PacketBytes} bytes",
            Unit,
            sum with
            {
                PerSecond = sum.PerSecond * PacketBytes / 1e9,
            },
            ("Span.CopyTo", copy)
        );
        var crc = Rate(() => _sink += Crc32.Of(_from));
        yield return Case(
            $"CRC-32 of {PacketBytes} bytes",
            Unit,
            crc with
            {
                PerSecond = crc.PerSecond * PacketBytes / 1e9,
            },
            ("Span.CopyTo", copy)
        );
        yield return Case(
            "checksum of a header after its TTL has changed",
            "updates/cpu-s",
            Rate(() => _sink += InternetChecksum.Update((ushort)_sink, 0x4011, 0x3F11)),
            ("whole header", Rate(() => _sink += InternetChecksum.Of(_from.AsSpan(0, 20))).PerSecond)
        );
    }

    private IEnumerable<BenchResult> Timers()
    {
        var loop = EventLoop.Virtual(seed: 1);
        var random = new RandomSource(1);
        for (var i = 0; i < Pending; i++)
            loop.CreateTimer(static () => { }).Set(loop.Now + Duration.FromMilliseconds(1 + random.Next(1000)));
        var ours = loop.CreateTimer(static () => { });
        var others = new List<Timer>();
        for (var i = 0; i < Pending; i++)
            others.Add(new(static _ => { }, null, 3_600_000 + random.Next(1000), Timeout.Infinite));
        using var theirs = new Timer(static _ => { });
        yield return Case(
            $"a time-out set and cancelled, {Pending} others set",
            "time-outs/cpu-s",
            Rate(() =>
            {
                ours.Set(loop.Now + Duration.FromMilliseconds(200));
                ours.Cancel();
            }),
            (
                "Threading.Timer",
                Rate(() =>
                {
                    theirs.Change(200_000, Timeout.Infinite);
                    theirs.Change(Timeout.Infinite, Timeout.Infinite);
                }).PerSecond
            )
        );
        others.ForEach(timer => timer.Dispose());

        var wheel = EventLoop.Virtual(seed: 1);
        long fired = 0;
        for (var i = 0; i < Pending; i++)
        {
            LoopTimer? timer = null;
            timer = wheel.CreateTimer(() =>
            {
                fired++;
                timer!.Set(wheel.Now + new Duration(1 + random.Next(1_000_000)));
            });
            timer.Set(wheel.Now + new Duration(1 + random.Next(1_000_000)));
        }
        var queue = new PriorityQueue<Action, (long Due, long Number)>();
        long number = 0;
        for (var i = 0; i < Pending; i++)
            queue.Enqueue(static () => { }, (random.Next(1_000_000), number++));
        var perRun = 0.0;
        var runs = Rate(() =>
        {
            var before = fired;
            wheel.RunFor(Duration.FromMicroseconds(100));
            perRun = 0.5 * (perRun + (fired - before));
        });
        yield return Case(
            $"a timer fires in order and is set again, {Pending} set",
            "timers/cpu-s",
            runs with
            {
                PerSecond = runs.PerSecond * perRun,
                AllocatedPerOp = runs.AllocatedPerOp / perRun,
            },
            (
                "PriorityQueue",
                Rate(() =>
                {
                    queue.TryDequeue(out var callback, out var at);
                    callback!();
                    queue.Enqueue(callback, (at.Due + 1 + random.Next(1_000_000), number++));
                }).PerSecond
            )
        );
    }

    private IEnumerable<BenchResult> Addresses()
    {
        foreach (var text in (string[])["203.0.113.226", "2001:db8:85a3::8a2e:370:7334"])
        {
            yield return Case(
                $"an address is read: {text}",
                "addresses/cpu-s",
                Rate(() => _sink += IpAddress.TryParse(text, out var address) ? (uint)address.Low : 0),
                ("IPAddress", Rate(() => _sink += IPAddress.TryParse(text, out _) ? 1u : 0).PerSecond)
            );
            var (ours, theirs) = (IpAddress.Parse(text), IPAddress.Parse(text));
            var into = new char[64];
            yield return Case(
                $"an address is written: {text}",
                "addresses/cpu-s",
                Rate(() => _sink += ours.TryFormat(into, out var length) ? (uint)length : 0),
                ("IPAddress", Rate(() => _sink += theirs.TryFormat(into, out var length) ? (uint)length : 0).PerSecond)
            );
        }
        var subnet = Subnet.Parse("203.0.113.0/24");
        var network = IPNetwork.Parse("203.0.113.0/24");
        var (mine, other) = (IpAddress.Parse("203.0.113.226"), IPAddress.Parse("203.0.113.226"));
        yield return Case(
            "is an address in a subnet?",
            "answers/cpu-s",
            Rate(() => _sink += subnet.Contains(mine) ? 1u : 0),
            ("IPNetwork", Rate(() => _sink += network.Contains(other) ? 1u : 0).PerSecond)
        );
    }

    private BenchResult Case(string what, string unit, Measured ours, params (string Name, double PerSecond)[] peers) =>
        new(
            Name,
            what,
            unit,
            "higher",
            ours.PerSecond,
            peers.ToDictionary(peer => peer.Name, peer => peer.PerSecond),
            ours.AllocatedPerOp,
            []
        );

    /// <summary>How often a second it can be done: the best of three rounds, after one for the compiler.</summary>
    private Measured Rate(Action once)
    {
        var batch = 1000L;
        Time(once, batch);
        while (Time(once, batch) is var seconds && seconds < _seconds / 4)
            batch *= 2;
        Time(once, batch);
        var best = double.MaxValue;
        var allocated = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            best = Math.Min(best, Time(once, batch));
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        // What the clock itself takes is no part of it.
        return new(batch / best, allocated < 1000 ? 0 : (double)allocated / batch);
    }

    private static double Time(Action once, long times)
    {
        var meter = new CpuMeter();
        for (var i = 0L; i < times; i++)
            once();
        return Math.Max(meter.Stop().CpuSeconds, 1e-6);
    }

    private readonly record struct Measured(double PerSecond, double AllocatedPerOp);
}
