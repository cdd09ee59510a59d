using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets.Tests;

/// <summary>Whom a listener lets in, how errors are told, and several listeners at one place.</summary>
public sealed class ListenContractTests : Contract
{
    [Theory]
    [MemberData(nameof(Networks))]
    public void Who_comes_from_elsewhere_than_the_admitted_subnets_gets_a_reset(string kind) =>
        On(
            kind,
            async network =>
            {
                var only = new ListenOptions { Admits = [Subnet.Parse("192.0.2.0/24"), Subnet.Parse("2001:db8::/32")] };
                await using var listener = network.Listen(Here, only);
                network.Loop.Start(
                    "server",
                    async () =>
                    {
                        try
                        {
                            using var _ = await listener.AcceptAsync();
                            Assert.Fail("It was let in.");
                        }
                        catch (SocketException over)
                        {
                            Assert.Equal(SocketError.OperationAborted, over.SocketErrorCode);
                        }
                    }
                );
                // Our own stack refuses the first segment; the machine's kernel has shaken hands before anybody is asked.
                var error = await FailureOf(async () =>
                {
                    using var stream = await network.ConnectAsync(listener.LocalEndpoint);
                    Assert.NotEqual(0, await stream.ReadAsync(new byte[1]));
                });
                Assert.Equal(kind == Ours ? SocketError.ConnectionRefused : SocketError.ConnectionReset, error);
                if (network is HostNetwork host)
                    Assert.Equal(1, host.Refused);
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void Who_comes_from_an_admitted_subnet_is_let_in(string kind) =>
        On(
            kind,
            async network =>
            {
                using var listener = network.Listen(Here, new() { Admits = [Subnet.Parse("127.0.0.0/8")] });
                using var client = await network.ConnectAsync(listener.LocalEndpoint);
                using var server = await listener.AcceptAsync();
                Assert.Equal(client.LocalEndpoint, server.RemoteEndpoint);
            }
        );

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_reset_is_told_once_and_then_the_connection_is_at_its_end(string kind) =>
        On(
            kind,
            async network =>
            {
                var (client, server) = await PipeAsync(network);
                network.Calls.SetOption(server.Descriptor, SocketOption.Linger, 0);
                server.Dispose();
                var buffer = new byte[10];
                Assert.Equal(
                    SocketError.ConnectionReset,
                    await FailureOf(async () => Assert.NotEqual(0, await client.ReadAsync(buffer)))
                );
                Assert.Equal(0, await client.ReadAsync(buffer));
                Assert.True(client.TryRead(buffer, out var length));
                Assert.Equal(0, length);
                Assert.Equal(SocketError.Shutdown, await FailureOf(() => client.WriteAsync(buffer)));
                client.Dispose();
            }
        );

    [Fact]
    public void Several_loops_share_a_port_and_all_who_come_are_served()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs SO_REUSEPORT");
        const int Loops = 3;
        const int Clients = 60;
        var served = new int[Loops];
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var loop = HostNetwork.OpenLoop();
        using var driver = (IDisposable)loop.Driver;
        var calls = new HostNetwork(loop).Calls;
        // Bound but not listening: it keeps the port for them, and takes nobody.
        var place = calls.Socket(SocketKind.Stream);
        calls.SetOption(place, SocketOption.ReusePort, 1);
        calls.Bind(place, Here);
        var at = calls.LocalEndpoint(place);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            HostLoops.Run(
                Loops,
                async (network, number, over) =>
                {
                    using var listener = network.Listen(at, new() { SharesPort = true });
                    network.Loop.Start("server", () => ServeAsync(listener, () => served[number]++, over));
                    while (number == 0 && served.Sum() < Clients)
                    {
                        await network.Loop.DelayAsync(Duration.FromMilliseconds(1), over);
                        using var client = await network.ConnectAsync(at, default, over);
                        Assert.Equal(1, await client.ReadAsync(new byte[1], over));
                    }
                    if (number == 0)
                        stop.Cancel();
                    await network.Loop.DelayUntilAsync(Instant.Never, over);
                },
                stop.Token
            )
        );
        calls.Close(place);
        Assert.True(served.Sum() >= Clients);
    }

    [Fact]
    public void What_one_loop_throws_ends_the_others_and_is_thrown()
    {
        var failure = Assert.Throws<InvalidOperationException>(() =>
            HostLoops.Run(
                3,
                (network, number, over) =>
                    number == 1
                        ? throw new InvalidOperationException("one of them")
                        : network.Loop.DelayUntilAsync(Instant.Never, over).AsTask(),
                CancellationToken.None
            )
        );
        Assert.Equal("one of them", failure.Message);
    }

    private static async Task ServeAsync(Listener listener, Action onServed, CancellationToken stop)
    {
        await foreach (var stream in listener.AcceptAllAsync(stop))
        {
            using (stream)
            {
                onServed();
                await stream.WriteAsync(new byte[1], stop);
            }
        }
    }
}
