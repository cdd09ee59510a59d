using System.Globalization;
using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds.Tests;

/// <summary>
/// Two hosts with a router between them, whatever their cables are like and whatever befalls these, and two programs that
/// write, read, wait and end in their ways: all of it drawn from one seed. Whole stacks, from the socket calls to the frames' checksums.
/// </summary>
internal sealed class RandomTransfer : IDisposable
{
    private static readonly string[] Controls = [Cubic.NameOf, Reno.NameOf, Bbr.NameOf];
    private readonly RandomSource _random;
    private readonly World _world;
    private readonly End _left;
    private readonly End _right;
    private readonly bool _isFaulty;
    private readonly bool _isOverIpv6;

    public RandomTransfer(ulong seed)
    {
        _random = new(seed);
        _world = new(seed);
        var (left, right, router) = (_world.Host("left"), _world.Host("right"), _world.Router("router"));
        Link(left, router, "10.0.1.2/24", "10.0.1.1/24", "2001:db8:1::2/64", "2001:db8:1::1/64");
        Link(right, router, "10.0.2.2/24", "10.0.2.1/24", "2001:db8:2::2/64", "2001:db8:2::1/64");
        _isOverIpv6 = _random.Chance(0.3);
        _isFaulty = _random.Chance(0.8);
        for (var count = _isFaulty ? _random.Next(1, 4) : 0; count > 0; count--)
            _world.Fault(DrawFault());
        (_left, _right) = (new(this, left), new(this, right));
        (_left.Peer, _right.Peer) = (_right, _left);
    }

    public void Run()
    {
        var end = new Endpoint(IpAddress.Parse(_isOverIpv6 ? "2001:db8:2::2" : "10.0.2.2"), new Port(80));
        _world.Loop.Start("right", () => _right.AcceptAsync(end.Port));
        _world.Loop.Start("left", () => _left.ConnectAsync(end));
        // Twice what the most patient timer waits.
        var isAtRest = _world.Settle(Duration.FromSeconds(7200));
        Assert.True(isAtRest, $"never at rest: {this}");
        Check(_left);
        Check(_right);
        Assert.True(_world.Loop.Packets.Outstanding == 0, _world.Loop.Packets.DescribeOutstanding());
        Assert.Equal(0, _world.Loop.TimerCount);
    }

    public void Dispose() => _world.Dispose();

    public override string ToString() =>
        $"{string.Join("; ", _world.Cables.Select(cable => $"{cable.Name}: {cable.Settings}"))}; {string.Join("; ", _world.Faults)}; {_left}; {_right}";

    private void Check(End end)
    {
        Assert.Empty(end.Host.Stack.Tcp.Connections);
        Assert.Empty(end.Host.Stack.Tcp.Acceptors);
        Assert.True(end.Wrong is null, $"{end.Wrong}: {this}");
        // An end that was seen is the end of all that was written (once an error was told, a read says nothing more); and without an error, of either, everything arrives.
        if (end.SawEnd && end.Error == SocketError.Success)
            Assert.True(
                end.Received == end.Peer.Sent || end.Peer.MayLose && end.Received > end.Peer.Sent,
                $"the end came too early: {this}"
            );
        if (
            !end.MayLose
            && !end.Peer.MayLose
            && end.Error == SocketError.Success
            && end.Peer.Error == SocketError.Success
        )
            Assert.True(end.SawEnd || !end.IsConnected, $"the end was never seen: {this}");
        if (!_isFaulty && !end.MayLose && !end.Peer.MayLose && !end.IsImpatient && !end.Peer.IsImpatient)
            Assert.True(end.Error == SocketError.Success, $"{end.Error} without a reason: {this}");
    }

    private void Link(Host host, Router router, string own, string routers, string own6, string routers6)
    {
        var cable = _world.Link(host, router, DrawCable(), own, routers);
        host.AddAddress(cable, InterfaceAddress.Parse(own6));
        router.AddAddress(cable, InterfaceAddress.Parse(routers6));
    }

    private string DrawCable()
    {
        var queue = _random.Next(4) switch
        {
            0 => "codel",
            1 => "fq-codel",
            2 => $"{_random.Next(4, 20)}",
            _ => "256",
        };
        var loss = _random.Chance(0.3) ? $", loss {_random.Next(1, 100) / 10.0:0.#} %" : "";
        // IPv6 asks every link for 1,280 at least.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_random.Next(1, 200)} Mbit/s, {_random.Next(1, 60_000)} µs, queue {queue}, mtu {_random.Next(1280, 1501)}{loss}"
        );
    }

    private string DrawFault()
    {
        var cable = _random.Chance(0.5) ? "left--router" : "router->right";
        var what = _random.Next(8) switch
        {
            0 => $"loss {_random.Next(1, 50)}% {cable}",
            1 => $"bursty loss {_random.Next(1, 30)}% in bursts of 5 {cable}",
            2 => $"reorder {_random.Next(1, 50)}% by {_random.Next(1, 50)}ms {cable}",
            3 => $"duplicate {_random.Next(1, 50)}% {cable}",
            4 => $"corrupt {_random.Next(1, 20)}% {cable}",
            5 => $"jitter {_random.Next(1, 50)}ms {cable}",
            6 => $"rate {_random.Next(100, 2_000)} kbit/s {cable}",
            _ => $"cut {cable}",
        };
        return $"{what} at {_random.Next(3_000)}ms for {_random.Next(1, 40_000)}ms";
    }

    private TcpSettings DrawSettings() =>
        TcpSettings.Default with
        {
            CongestionControl = Controls[_random.Next(Controls.Length)],
            Sack = _random.Chance(0.7),
            Timestamps = _random.Chance(0.7),
            WindowScaling = _random.Chance(0.8),
            Ecn = (EcnUse)_random.Next(3),
            SendBufferSize = _random.Next(2_000, 100_000),
            ReceiveBufferSize = _random.Next(2_000, 65_536),
            Rack = _random.Chance(0.8),
            MaxSegmentSize = _random.Chance(0.2) ? _random.Next(100, 1_400) : 0,
            UserTimeout = _random.Chance(0.3) ? Duration.FromSeconds(_random.Next(10, 100)) : Duration.Zero,
        };

    /// <summary>One host's program: its settings, what it writes, how it reads, and how it ends.</summary>
    private sealed class End(RandomTransfer transfer, Host host)
    {
        private readonly TcpSettings _settings = transfer.DrawSettings();
        private readonly int _toSend = transfer._random.Chance(0.2) ? 0 : transfer._random.Next(200_000);
        private readonly int _chunk = transfer._random.Next(1, 30_000);
        private readonly bool _noDelay = transfer._random.Chance(0.5);
        private readonly Duration _sleep = Duration.FromMilliseconds(
            transfer._random.Chance(0.15) ? transfer._random.Next(60_000) : 0
        );
        private readonly Ending _ending = transfer._random.Next(10) switch
        {
            0 => Ending.Abort,
            1 => Ending.CloseUnread,
            _ => Ending.HalfClose,
        };
        private TcpStream? _stream;

        public Host Host { get; } = host;

        public End Peer { get; set; } = null!;

        public long Sent { get; private set; }

        public long Received { get; private set; }

        public bool SawEnd { get; private set; }

        public bool IsConnected => _stream is not null;

        public bool MayLose => _ending != Ending.HalfClose;

        /// <summary>Also a reader who sleeps makes it expire.</summary>
        public bool IsImpatient => _settings.UserTimeout > Duration.Zero;

        public SocketError Error { get; private set; }

        public string? Wrong { get; private set; }

        public override string ToString() =>
            $"{Host.Name}: {_ending}, {_settings.CongestionControl}, {Error}, sent {Sent} of {_toSend}, received {Received}, saw the end: {SawEnd}";

        public async Task ConnectAsync(Endpoint to)
        {
            Host.Stack.Tcp.Settings = _settings;
            await EndWellAsync(async () => await TalkAsync(await Host.Network.ConnectAsync(to)));
        }

        public async Task AcceptAsync(Port port)
        {
            Host.Stack.Tcp.Settings = _settings;
            var patience = new CancellationTokenSource(TimeSpan.FromMinutes(20), Host.World.Loop.TimeProvider);
            await EndWellAsync(async () =>
            {
                TcpStream stream;
                using (var listener = Host.Network.Listen(port))
                    stream = await listener.AcceptAsync(patience.Token);
                await TalkAsync(stream);
            });
            patience.Dispose();
        }

        private async Task EndWellAsync(Func<Task> talk)
        {
            try
            {
                await talk();
            }
            catch (SocketException failure)
            {
                Error = failure.SocketErrorCode;
            }
            catch (OperationCanceledException)
            {
                Error = SocketError.TimedOut; // nobody came
            }
        }

        private async Task TalkAsync(TcpStream stream)
        {
            _stream = stream;
            stream.NoDelay = _noDelay;
            // Who only reads must notice that the other end is gone (RFC 9293 §3.8.4).
            Host.Network.Calls.SetOption(stream.Descriptor, SocketOption.KeepAlive, 1);
            Host.Network.Calls.SetOption(stream.Descriptor, SocketOption.KeepAliveTime, 300);
            var (over, isOver) = (new Signal(Host.World.Loop, Host.Name, "writer"), false);
            Host.World.Loop.Start(
                "writer",
                async () =>
                {
                    // Two that only write would wait for one another for ever.
                    using var patience = new CancellationTokenSource(
                        MayLose ? TimeSpan.FromSeconds(30) : Timeout.InfiniteTimeSpan,
                        Host.World.Loop.TimeProvider
                    );
                    await EndWellAsync(() => WriteAsync(stream, patience.Token));
                    isOver = true;
                    over.Set();
                }
            );
            try
            {
                await Host.World.Loop.DelayAsync(_sleep);
                if (_ending == Ending.HalfClose)
                    await ReadAsync(stream);
                while (!isOver)
                    await over.WaitAsync();
            }
            finally
            {
                if (_ending == Ending.Abort)
                    Host.Network.Calls.SetOption(stream.Descriptor, SocketOption.Linger, 0);
                stream.Dispose();
            }
        }

        private async Task WriteAsync(TcpStream stream, CancellationToken stop)
        {
            while (Sent < _toSend)
            {
                var chunk = new byte[Math.Min(_chunk, _toSend - Sent)];
                for (var i = 0; i < chunk.Length; i++)
                    chunk[i] = Octet(Sent + i);
                await stream.WriteAsync(chunk, stop);
                Sent += chunk.Length;
            }
            if (_ending == Ending.HalfClose)
                stream.ShutdownWrite();
        }

        private async Task ReadAsync(TcpStream stream)
        {
            var buffer = new byte[_chunk];
            while (await stream.ReadAsync(buffer) is > 0 and var count)
            {
                for (var i = 0; i < count; i++)
                {
                    if (buffer[i] != Peer.Octet(Received + i))
                        Wrong ??= $"{Host.Name}: octet {Received + i} is wrong";
                }
                Received += count;
            }
            SawEnd = true;
        }

        private byte Octet(long position) => (byte)(position * 31 + position / 251 + Host.Name.Length);
    }

    private enum Ending
    {
        HalfClose,
        Abort,
        CloseUnread,
    }
}
