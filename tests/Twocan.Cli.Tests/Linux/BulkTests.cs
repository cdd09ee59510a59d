using System.Runtime.Versioning;
using System.Security.Cryptography;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Sockets;

namespace Twocan.Cli.Tests;

/// <summary>Our stack and the kernel's, against each other on one cable.</summary>
[SupportedOSPlatform("linux")]
public sealed class BulkTests
{
    private const string Lossless = "1 Gbit/s, 10 µs";
    private const string Lossy = "1 Gbit/s, 100 µs, loss 3 %";

    [Theory]
    [InlineData(Lossless, 20_000_000, false, true)]
    [InlineData(Lossy, 2_000_000, false, true)]
    [InlineData(Lossless, 20_000_000, true, true)]
    [InlineData(Lossless, 40_000_000, true, false)]
    [InlineData(Lossy, 4_000_000, true, false)]
    public void Every_byte_comes_from_the_kernel_in_order(string cable, int length, bool offload, bool withSwitch)
    {
        Kernel.SkipUnlessHere("nc", "sha256sum", "head");
        Kernel.With(
            cable,
            async (www, netns) =>
            {
                using var listener = www.Network.Listen(new Port(9000));
                var sending = Kernel.RunAsync(
                    www.World.Loop,
                    netns,
                    $"head -c {length} /dev/urandom | tee >(nc -N 10.9.0.1 9000 >&2) | sha256sum"
                );
                using var connection = await listener.AcceptAsync();
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var buffer = new byte[65536];
                var received = 0;
                while (await connection.ReadAsync(buffer) is > 0 and var count)
                {
                    received += count;
                    hash.AppendData(buffer, 0, count);
                }
                Assert.Equal(length, received);
                Assert.StartsWith(
                    Convert.ToHexStringLower(hash.GetHashAndReset()),
                    await sending,
                    StringComparison.Ordinal
                );
            },
            offload,
            withSwitch
        );
    }

    [Theory]
    [InlineData(Lossless, 20_000_000, false, true)]
    [InlineData(Lossy, 2_000_000, false, true)]
    [InlineData(Lossless, 20_000_000, true, true)]
    [InlineData(Lossless, 40_000_000, true, false)]
    [InlineData(Lossy, 4_000_000, true, false)]
    public void Every_byte_comes_to_the_kernel_in_order(string cable, int length, bool offload, bool withSwitch)
    {
        Kernel.SkipUnlessHere("nc", "sha256sum");
        Kernel.With(
            cable,
            async (www, netns) =>
            {
                var data = new byte[length];
                www.Network.Random.Fill(data);
                using var listener = www.Network.Listen(new Port(9000));
                var receiving = Kernel.RunAsync(www.World.Loop, netns, "nc -d 10.9.0.1 9000 | sha256sum");
                using (var connection = await listener.AcceptAsync())
                {
                    await connection.WriteAsync(data);
                    connection.ShutdownWrite();
                    Assert.Equal(0, await connection.ReadAsync(new byte[1]));
                }
                Assert.StartsWith(
                    Convert.ToHexStringLower(SHA256.HashData(data)),
                    await receiving,
                    StringComparison.Ordinal
                );
            },
            offload,
            withSwitch
        );
    }

    [Fact]
    public void We_ping_the_kernel_and_trace_the_way_to_it()
    {
        Kernel.SkipUnlessHere();
        Kernel.With(
            Lossless,
            async (www, _) =>
            {
                var kernel = IpAddress.Parse("10.9.0.254");
                var settings = new PingSettings
                {
                    Count = 3,
                    Interval = Duration.FromMilliseconds(10),
                    Size = 5000,
                };
                var ping = await new Pinger(www.Network, kernel, settings).RunAsync();
                Assert.Equal((3, 3, 0), (ping.Sent, ping.Received, ping.Errors));
                var trace = await new Tracer(www.Network, kernel, new()).RunAsync();
                Assert.True(trace.IsReached);
                Assert.Single(trace.Hops);
            }
        );
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void A_program_of_ours_is_an_echo_to_a_datagram_of_the_kernels(bool offload, bool withSwitch)
    {
        Kernel.SkipUnlessHere("nc");
        Kernel.With(
            Lossless,
            async (www, netns) =>
            {
                using var socket = www.Network.OpenDatagram(new(IpAddress.Any, 7));
                var answer = Kernel.RunAsync(www.World.Loop, netns, "echo over and out | nc -u -W 1 10.9.0.1 7");
                var buffer = new byte[100];
                var received = await socket.ReceiveFromAsync(buffer);
                await socket.SendToAsync(buffer.AsMemory(0, received.Length), received.From);
                Assert.Equal("over and out\n", await answer);
            },
            offload,
            withSwitch
        );
    }
}
