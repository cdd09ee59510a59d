using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>
/// A net in mid-conversation into which somebody throws frames: what was really sent, broken in some place, sent again, in
/// pieces or in storms; and random bytes. Some seconds as a rule; <c>./test --fuzz 600</c> makes it about ten minutes.
/// A seed that fails says the line that plays it again.
/// </summary>
public sealed class LiveHostFuzzTests
{
    private const int FramesEach = 4_000;

    private static readonly string? Replay = Environment.GetEnvironmentVariable("TWOCAN_SEED");
    private static readonly string? Seconds = Environment.GetEnvironmentVariable("TWOCAN_FUZZ");

    [Fact]
    public void No_frame_breaks_a_host_or_a_router_in_mid_conversation() =>
        ForEachSeed(seed => new Assault(seed, nat: false).Run());

    [Fact]
    public void No_frame_breaks_a_router_that_translates_addresses() =>
        ForEachSeed(seed => new Assault(seed, nat: true).Run());

    /// <summary>As many seeds as always, or as many as fit into the time that is given.</summary>
    private static void ForEachSeed(Action<ulong> run)
    {
        var usual = 8UL;
        // A number of seeds and not a clock, so that two runs do the same: three a second, on a slow machine.
        if (int.TryParse(Seconds, out var seconds))
            usual = Math.Max(usual, (ulong)seconds * 3);
        var (first, last) = ulong.TryParse(Replay, out var one) ? (one, one) : (1UL, usual);
        for (var seed = first; seed <= last; seed++)
        {
            try
            {
                run(seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"Seed {seed} fails: play it again with TWOCAN_SEED={seed} ./test Stack",
                    failure
                );
            }
        }
    }

    private sealed class Assault
    {
        private const int Remembered = 256;

        private readonly Net _net;
        private readonly RandomSource _random;
        private readonly Adapter[] _targets;

        /// <summary>What has crossed the wires lately: the stuff of which the best lies are made.</summary>
        private readonly List<byte[]> _heard = [];

        public Assault(ulong seed, bool nat)
        {
            _net = new(seed: seed);
            _random = new RandomSource(seed).Fork("assault");
            if (nat)
                _net.Router.Ip.Nat = new(_net.Router, _net.Router.Adapters[1]);
            _targets = [_net.Pc.Adapters[0], _net.Www.Adapters[0], .. _net.Router.Adapters, _net.Far.Adapters[0]];
            foreach (var wire in new[] { _net.Lan, _net.Wan })
            {
                wire.Keeps = false;
                wire.Loses = Listen;
            }
        }

        public void Run()
        {
            using var stop = new CancellationTokenSource();
            _net.Loop.Run(async () =>
            {
                Converse(stop.Token);
                for (var i = 0; i < FramesEach; i++)
                {
                    Throw();
                    if (i % 8 == 0)
                        await _net.Loop.DelayAsync(Duration.FromMicroseconds(_random.Next(20_000)));
                }
                AssertBounded();
                stop.Cancel();
                // Lies are forgotten in time, of neighbours, routes, paths and fragments.
                await _net.Loop.DelayAsync(Duration.FromSeconds(1300));
                for (var i = 0; i < 5; i++)
                    await TryPingAsync();
                Assert.Equal(0, (await _net.PingAsync(_net.Pc, Net.FarAddress)).Message[0]);
            });
            Assert.True(_net.Loop.RunUntilIdle(_net.Loop.Now + Duration.FromSeconds(3600)), "it does not come to rest");
            Assert.Equal(0, _net.Loop.Packets.Outstanding);
        }

        /// <summary>The first after so much noise may fall to a line that has just been found to be a lie.</summary>
        private async Task TryPingAsync()
        {
            try
            {
                await _net.PingAsync(_net.Pc, Net.FarAddress);
            }
            catch (OperationCanceledException) { }
        }

        private bool Listen(PacketBuffer frame)
        {
            if (_heard.Count < Remembered)
                _heard.Add(frame.Span.ToArray());
            else
                _heard[_random.Next(Remembered)] = frame.Span.ToArray();
            return false;
        }

        /// <summary>Pings, datagrams and connections without end; whatever comes of them.</summary>
        private void Converse(CancellationToken stop)
        {
            Start("server", () => ServeAsync(_net.Far, stop), stop);
            Start("server", () => ServeAsync(_net.Www, stop), stop);
            Start("echo", () => EchoAsync(_net.Far, stop), stop);
            foreach (var to in new[] { Net.FarAddress, Net.WwwAddress })
            {
                Start("ping", () => _net.PingAsync(_net.Pc, to, length: _random.Next(3000), seconds: 1), stop);
                Start("ask", () => AskAsync(to, stop), stop);
                Start("talk", () => TalkAsync(to, stop), stop);
            }
        }

        private void Start(string name, Func<Task> again, CancellationToken stop) =>
            _net.Loop.Start(
                name,
                async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        try
                        {
                            await again();
                        }
                        catch (Exception failure)
                            when (failure
                                    is System.Net.Sockets.SocketException
                                        or OperationCanceledException
                                        or IOException
                            ) { }
                        await _net.Loop.DelayAsync(Duration.FromMilliseconds(_random.Next(1, 50)), stop);
                    }
                }
            );

        private static async Task ServeAsync(ProtocolStack on, CancellationToken stop)
        {
            using var listener = on.Listen(Port.Http);
            while (true)
            {
                await using var client = await listener.AcceptAsync(stop);
                var buffer = new byte[4096];
                using var time = new CancellationTokenSource(TimeSpan.FromSeconds(5), on.Loop.TimeProvider);
                var length = await client.ReadAsync(buffer, time.Token);
                await client.WriteAsync(buffer.AsMemory(0, length), time.Token);
            }
        }

        private static async Task EchoAsync(ProtocolStack on, CancellationToken stop)
        {
            using var socket = on.OpenDatagram(new(IpAddress.Any, 53));
            var buffer = new byte[65536];
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, stop);
                await socket.SendToAsync(buffer.AsMemory(0, received.Length), received.From, stop: stop);
            }
        }

        private async Task AskAsync(IpAddress to, CancellationToken stop)
        {
            using var socket = _net.Pc.OpenDatagram();
            await socket.ConnectAsync(new(to, 53));
            await socket.SendToAsync(new byte[_random.Next(2000)], default, stop: stop);
            using var time = new CancellationTokenSource(TimeSpan.FromSeconds(1), _net.Loop.TimeProvider);
            await socket.ReceiveFromAsync(new byte[4096], time.Token);
        }

        private async Task TalkAsync(IpAddress to, CancellationToken stop)
        {
            using var time = new CancellationTokenSource(TimeSpan.FromSeconds(5), _net.Loop.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, stop);
            await using var connection = await _net.Pc.ConnectAsync(new(to, 80), stop: either.Token);
            await connection.WriteAsync(new byte[_random.Next(1, 4000)], either.Token);
            _ = await connection.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, either.Token);
        }

        /// <summary>One frame, or a short storm of nearly the same one.</summary>
        private void Throw()
        {
            var target = _targets[_random.Next(_targets.Length)];
            var bytes = _heard.Count > 0 && _random.Chance(0.9) ? [.. _heard[_random.Next(_heard.Count)]] : Noise();
            Spoil(bytes, target);
            for (var times = _random.Chance(0.02) ? _random.Next(64) : 1; times > 0; times--)
            {
                var frame = _net.Loop.Packets.Rent(bytes.Length);
                frame.Append(bytes);
                target.Receive(frame);
                if (times > 1 && bytes.Length > 60)
                    Reseal(bytes, at: _random.Next(14, bytes.Length - 4));
            }
        }

        private byte[] Noise()
        {
            var bytes = new byte[_random.Next(1, 1600)];
            _random.Fill(bytes);
            return bytes;
        }

        private void Spoil(byte[] bytes, Adapter target)
        {
            if (bytes.Length < 64)
                return;
            if (_random.Chance(0.9))
                (_random.Chance(0.9) ? target.Mac : MacAddress.Broadcast).Write(bytes);
            var isIp = bytes[12] == 8 && bytes[13] == 0;
            if (isIp && _random.Chance(0.15))
                // The land packet, and a victim's name on whatever this was.
                bytes.AsSpan(_random.Chance(0.5) ? 30 : 26, 4).CopyTo(bytes.AsSpan(_random.Chance(0.5) ? 26 : 30));
            if (isIp && _random.Chance(0.15))
                BinaryPrimitives.WriteUInt16BigEndian(
                    bytes.AsSpan(20),
                    (ushort)(_random.Next(8) << 13 | _random.Next(64))
                );
            for (var flips = _random.Next(4); flips > 0; flips--)
            {
                // Headers are where lies live.
                var at = _random.Chance(0.8)
                    ? _random.Next(12, Math.Min(90, bytes.Length))
                    : _random.Next(bytes.Length);
                bytes[at] = _random.Chance(0.5) ? (byte)_random.Next(256) : (byte)(bytes[at] ^ 1 << _random.Next(8));
            }
            if (_random.Chance(0.95))
                Reseal(bytes, at: -1);
        }

        /// <summary>Makes the sums right again, so that the lie gets deeper than the first check.</summary>
        private void Reseal(byte[] bytes, int at)
        {
            if (at >= 0)
                bytes[at] = (byte)_random.Next(256);
            if (bytes[12] == 8 && bytes[13] == 0)
            {
                var packet = bytes.AsSpan(14, bytes.Length - 18);
                var header = (packet[0] & 15) * 4;
                if (header >= 20 && header <= packet.Length)
                {
                    Ipv4Header.WriteChecksum(packet[..header]);
                    var total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
                    SealTransport(packet[..Math.Clamp(total, header, packet.Length)], header);
                }
            }
            BinaryPrimitives.WriteUInt32LittleEndian(
                bytes.AsSpan(bytes.Length - 4),
                Crc32.Of(bytes.AsSpan(0, bytes.Length - 4))
            );
        }

        private static void SealTransport(Span<byte> packet, int header)
        {
            var payload = packet[header..];
            var protocol = (IpProtocol)packet[9];
            var at = protocol switch
            {
                IpProtocol.Icmp => 2,
                IpProtocol.Udp => 6,
                IpProtocol.Tcp => 16,
                _ => -1,
            };
            if (at < 0 || payload.Length < at + 2)
                return;
            (payload[at], payload[at + 1]) = (0, 0);
            var sum = new InternetChecksum();
            if (protocol != IpProtocol.Icmp)
            {
                sum.Add(IpAddress.Read(packet[12..16]));
                sum.Add(IpAddress.Read(packet[16..20]));
                sum.Add((ushort)protocol);
                sum.Add((ushort)payload.Length);
            }
            sum.Add(payload);
            BinaryPrimitives.WriteUInt16BigEndian(payload[at..], sum.Value);
        }

        private void AssertBounded()
        {
            foreach (var stack in new[] { _net.Pc, _net.Www, _net.Router, _net.Far })
            {
                Assert.True(stack.Ip.PathMtus.Count <= PathMtuCache.Capacity);
                Assert.True(stack.Ip.Redirects.Count <= RedirectCache.Capacity);
                Assert.True(stack.Udp.Sockets.Count < 1000, $"{stack.Name} has {stack.Udp.Sockets.Count} sockets");
                Assert.True(stack.Tcp.Connections.Count < 10_000);
                if (stack.Ip.Nat is { } nat)
                    Assert.True(nat.Rows.Count <= NatSettings.Default.Capacity);
            }
            // Some wait in queues, but not so many that a pool could not give them.
            Assert.True(_net.Loop.Packets.Outstanding < 20_000, $"{_net.Loop.Packets.Outstanding} buffers are out");
        }
    }
}
