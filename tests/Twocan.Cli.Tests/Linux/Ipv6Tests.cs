using System.Runtime.Versioning;
using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Cli.Tests;

/// <summary>IPv6 between our stack and the kernel's: neighbour discovery, echoes, fragments, TCP.</summary>
[SupportedOSPlatform("linux")]
public sealed class Ipv6Tests
{
    private const string Cable = "1 Gbit/s, 10 µs";
    private const string KernelJoins = "ip -6 address add 2001:db8:9::2/64 dev twocan0 nodad; ";

    private static void With(Func<Worlds.Host, string, Task> test)
    {
        Kernel.SkipUnlessHere("ping", "nc");
        Assert.SkipUnless(Directory.Exists("/proc/sys/net/ipv6"), "this kernel has no IPv6");
        Kernel.With(
            Cable,
            (www, netns) =>
            {
                www.AddAddress(www.Ends[0].Cable, InterfaceAddress.Parse("2001:db8:9::1/64"));
                return test(www, netns);
            }
        );
    }

    [Fact]
    public void Linux_pings_us_small_and_in_fragments() =>
        With(
            async (www, netns) =>
            {
                var said = await Kernel.RunAsync(
                    www.World.Loop,
                    netns,
                    KernelJoins + "ping -6 -c 2 -i 0.1 2001:db8:9::1 && ping -6 -c 1 -s 4000 2001:db8:9::1"
                );
                Assert.Contains("2 packets transmitted, 2 received, 0% packet loss", said, StringComparison.Ordinal);
                Assert.Contains("4008 bytes from 2001:db8:9::1", said, StringComparison.Ordinal);
            }
        );

    [Fact]
    public void A_connection_over_IPv6_carries_data_both_ways() =>
        With(
            async (www, netns) =>
            {
                using var listener = www.Network.Listen(new Endpoint(IpAddress.Any6, 9000));
                var said = Kernel.RunAsync(
                    www.World.Loop,
                    netns,
                    KernelJoins + "seq 20000 | nc -6 -N 2001:db8:9::1 9000"
                );
                await using var connection = await listener.AcceptAsync();
                using var received = new MemoryStream();
                await connection.CopyToAsync(received);
                Assert.EndsWith(
                    "19999\n20000\n",
                    Encoding.ASCII.GetString(received.ToArray()),
                    StringComparison.Ordinal
                );
                await connection.WriteAsync("over and out\n"u8.ToArray());
                connection.Dispose();
                Assert.Equal("over and out\n", await said);
            }
        );
}
