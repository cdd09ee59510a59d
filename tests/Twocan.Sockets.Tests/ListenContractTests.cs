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

    [Theory]
    [MemberData(nameof(UnixNetworks))]
    public void Listeners_that_share_a_place_share_those_who_come(string kind) =>
        On(
            kind,
            async network =>
            {
                const int Clients = 60;
                using var first = network.Listen(Here, new() { SharesPort = true });
                using var second = network.Listen(first.LocalEndpoint, new() { SharesPort = true });
                var served = new int[2];
                for (var i = 0; i < Clients; i++)
                {
                    using var client = await network.ConnectAsync(first.LocalEndpoint);
                    PollDescriptor[] both =
                    [
                        new(first.Descriptor, PollEvents.In),
                        new(second.Descriptor, PollEvents.In),
                    ];
                    Assert.Equal(1, await network.Calls.PollAsync(both));
                    var number = both[0].Found == PollEvents.In ? 0 : 1;
                    served[number]++;
                    using var server = await (number == 0 ? first : second).AcceptAsync();
                    Assert.Equal(client.LocalEndpoint, server.RemoteEndpoint);
                }
                Assert.Equal(Clients, served.Sum());
                Assert.All(served, count => Assert.InRange(count, Clients / 6, Clients * 5 / 6));
            }
        );

    [Fact]
    public void In_a_world_the_same_seed_shares_them_out_the_same_way()
    {
        List<int> runs = [];
        for (var run = 0; run < 2; run++)
        {
            On(
                Ours,
                async network =>
                {
                    using var first = network.Listen(Here, new() { SharesPort = true });
                    using var second = network.Listen(first.LocalEndpoint, new() { SharesPort = true });
                    var order = 0;
                    for (var i = 0; i < 20; i++)
                    {
                        using var client = await network.ConnectAsync(first.LocalEndpoint);
                        await network.Loop.DelayAsync(Duration.FromMilliseconds(1));
                        var isFirst = network.Calls.Poll(first.Descriptor) == PollEvents.In;
                        order = order << 1 | (isFirst ? 1 : 0);
                        using var server = await (isFirst ? first : second).AcceptAsync();
                    }
                    runs.Add(order);
                }
            );
        }
        Assert.Equal(runs[0], runs[1]);
    }

    [Theory]
    [MemberData(nameof(UnixNetworks))]
    public void When_one_of_them_goes_the_other_gets_all(string kind) =>
        On(
            kind,
            async network =>
            {
                using var first = network.Listen(Here, new() { SharesPort = true });
                var at = first.LocalEndpoint;
                network.Listen(at, new() { SharesPort = true }).Dispose();
                for (var i = 0; i < 10; i++)
                {
                    using var client = await network.ConnectAsync(at);
                    using var server = await first.AcceptAsync();
                }
            }
        );

    [Theory]
    [MemberData(nameof(UnixNetworks))]
    public void A_place_is_shared_only_if_all_say_so(string kind) =>
        On(
            kind,
            async network =>
            {
                using (var alone = network.Listen(Here))
                {
                    var refused = () => network.Listen(alone.LocalEndpoint, new() { SharesPort = true }).Dispose();
                    Assert.Equal(SocketError.AddressAlreadyInUse, FailureOf(refused));
                }
                using var sharing = network.Listen(Here, new() { SharesPort = true });
                Assert.Equal(
                    SocketError.AddressAlreadyInUse,
                    FailureOf(() => network.Listen(sharing.LocalEndpoint).Dispose())
                );
                await Task.CompletedTask;
            }
        );

    [Theory]
    [MemberData(nameof(UnixNetworks))]
    public void Datagrams_of_one_sender_come_to_one_of_those_who_share_a_place(string kind) =>
        On(
            kind,
            async network =>
            {
                var calls = network.Calls;
                var sockets = new int[3];
                for (var i = 0; i < sockets.Length; i++)
                {
                    sockets[i] = calls.Socket(SocketKind.Datagram);
                    calls.SetOption(sockets[i], SocketOption.ReusePort, 1);
                    calls.Bind(sockets[i], i == 0 ? Here : calls.LocalEndpoint(sockets[0]));
                }
                var heard = new int[sockets.Length];
                for (var i = 0; i < 40; i++)
                {
                    using var sender = network.OpenDatagram(Here);
                    await sender.SendToAsync("one"u8.ToArray(), calls.LocalEndpoint(sockets[0]));
                    await sender.SendToAsync("two"u8.ToArray(), calls.LocalEndpoint(sockets[0]));
                    var list = Array.ConvertAll(sockets, socket => new PollDescriptor(socket, PollEvents.In));
                    Assert.Equal(1, await calls.PollAsync(list));
                    var one = Array.FindIndex(list, socket => socket.Found == PollEvents.In);
                    heard[one]++;
                    Assert.Equal(sender.LocalEndpoint, (await calls.ReceiveFromAsync(sockets[one], new byte[9])).From);
                    Assert.Equal(sender.LocalEndpoint, (await calls.ReceiveFromAsync(sockets[one], new byte[9])).From);
                }
                Assert.All(heard, count => Assert.InRange(count, 3, 30));
                Array.ForEach(sockets, socket => calls.Close(socket));
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
