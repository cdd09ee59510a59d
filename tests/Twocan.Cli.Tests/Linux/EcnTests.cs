using System.Globalization;
using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Cli.Tests;

/// <summary>The kernel with tcp_ecn=1, and a queue between us that marks: both see it, both slow down, and nothing is lost.</summary>
[SupportedOSPlatform("linux")]
public sealed class EcnTests
{
    private const string Marking = "20 Mbit/s, 5 ms, queue codel";
    private const int Length = 3_000_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_kernel_sees_the_marks_on_what_we_send_and_we_slow_down(bool kernelConnects)
    {
        Kernel.SkipUnlessHere("nc", "nstat");
        Kernel.With(
            Marking,
            async (www, netns) =>
            {
                var (stream, over) = await MeetAsync(www, netns, kernelConnects, "", "| wc -c >&2");
                await stream.WriteAsync(new byte[Length]);
                stream.ShutdownWrite();
                Assert.Equal(0, await stream.ReadAsync(new byte[1]));
                var info = www.Stack.Tcp.Connections.Single().Info!.Value;
                var counts = Counts(await over);
                stream.Dispose();
                // www's cable to the switch is not that one.
                var toKernel = www.World.Cables[^1].AToB;
                Assert.True(toKernel.Marks > 0);
                Assert.Equal(0, toKernel.FramesDropped);
                Assert.Equal(toKernel.Marks, counts["IpExtInCEPkts"]);
                Assert.True(info is { IsEcnOn: true, SegmentsMarked: > 0 }, $"{info}");
                Assert.True(info.SlowStartThreshold < 1 << 30, $"{info}");
            }
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_kernel_slows_down_when_we_tell_it_of_marks(bool kernelConnects)
    {
        Kernel.SkipUnlessHere("nc", "nstat", "head");
        Kernel.With(
            Marking,
            async (www, netns) =>
            {
                var (stream, over) = await MeetAsync(
                    www,
                    netns,
                    kernelConnects,
                    $"head -c {Length} /dev/zero |",
                    ">&2"
                );
                var (buffer, received) = (new byte[65_536], 0);
                while (await stream.ReadAsync(buffer) is > 0 and var count)
                    received += count;
                stream.Dispose();
                var counts = Counts(await over);
                Assert.Equal(Length, received);
                var fromKernel = www.World.Cables[^1].BToA;
                Assert.True(fromKernel.Marks > 0);
                // Linux lets data be marked, and nothing else: a FIN by itself is dropped where data would be.
                Assert.InRange(fromKernel.FramesDropped, 0, 1);
                Assert.True(counts["TcpExtTCPDeliveredCE"] > 0);
                // Nobody has told it of a hole.
                Assert.Equal((0, 0), (counts["TcpExtTCPSackRecovery"], counts["TcpExtTCPRenoRecovery"]));
            }
        );
    }

    /// <summary>A connection between us and nc, and what the kernel has counted when nc is over.</summary>
    private static async Task<(TcpStream Stream, Task<string> Over)> MeetAsync(
        Worlds.Host www,
        string netns,
        bool kernelConnects,
        string before,
        string after
    )
    {
        var how = before.Length == 0 ? "-d" : "-N";
        const string Settings = "echo 1 >/proc/sys/net/ipv4/tcp_ecn";
        const string Count =
            "nstat -asz IpExtInCEPkts TcpExtTCPDeliveredCE TcpExtTCPSackRecovery TcpExtTCPRenoRecovery";
        www.Stack.Tcp.Settings = www.Stack.Tcp.Settings with { Ecn = EcnUse.Ask };
        if (kernelConnects)
        {
            using var listener = www.Network.Listen(new Port(9000));
            var script = $"{Settings}; {before} nc {how} 10.9.0.1 9000 {after}; {Count}";
            var connecting = Kernel.RunAsync(www.World.Loop, netns, script);
            return (await listener.AcceptAsync(), connecting);
        }
        var listening = Kernel.RunAsync(
            www.World.Loop,
            netns,
            $"{Settings}; {before} nc {how} -l 9000 {after}; {Count}"
        );
        while (true)
        {
            try
            {
                return (await www.Network.ConnectAsync(new(IpAddress.Parse("10.9.0.254"), 9000)), listening);
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Not yet.
                await www.World.Loop.DelayAsync(Duration.FromMilliseconds(20));
            }
        }
    }

    private static Dictionary<string, long> Counts(string said) =>
        said.Split('\n')
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length == 3 && words[0][0] != '#')
            .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture));
}
