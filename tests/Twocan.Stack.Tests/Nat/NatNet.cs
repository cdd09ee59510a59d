using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>
/// Two hosts <c>a</c> 192.168.1.2 and <c>b</c> .3 behind <c>home</c> (203.0.113.1 outside); behind <c>core</c> 203.0.113.254
/// the hosts <c>far</c> 198.51.100.2 and <c>other</c> .3. Nobody out there knows a way to 192.168.1.0/24.
/// </summary>
internal sealed class NatNet
{
    public NatNet(bool journaled = false, NatSettings? settings = null, ulong seed = 1)
    {
        Loop = EventLoop.Virtual(seed);
        Journal = journaled ? new Journal(Loop) : null;
        (Lan, Wan, Net) = (new(Loop, "lan"), new(Loop, "wan"), new(Loop, "net"));
        A = Host("a", Lan, "192.168.1.2/24", "192.168.1.1");
        B = Host("b", Lan, "192.168.1.3/24", "192.168.1.1");
        Home = Host("home", Lan, "192.168.1.1/24", null);
        Outside = Wan.Plug(Home, "203.0.113.1/24");
        Home.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse("203.0.113.254"));
        Core = Host("core", Wan, "203.0.113.254/24", null);
        Net.Plug(Core, "198.51.100.254/24");
        Far = Host("far", Net, "198.51.100.2/24", "198.51.100.254");
        Other = Host("other", Net, "198.51.100.3/24", "198.51.100.254");
        (Home.Ip.Forwarding, Core.Ip.Forwarding) = (true, true);
        Home.Ip.Nat = Nat = new(Home, Outside, settings);
    }

    public static readonly IpAddress HomeAddress = IpAddress.Parse("203.0.113.1");
    public static readonly IpAddress FarAddress = IpAddress.Parse("198.51.100.2");
    public static readonly IpAddress OtherAddress = IpAddress.Parse("198.51.100.3");

    public EventLoop Loop { get; }

    public Journal? Journal { get; }

    public Wire Lan { get; }

    public Wire Wan { get; }

    public Wire Net { get; }

    public ProtocolStack A { get; }

    public ProtocolStack B { get; }

    public ProtocolStack Home { get; }

    public ProtocolStack Core { get; }

    public ProtocolStack Far { get; }

    public ProtocolStack Other { get; }

    public Adapter Outside { get; }

    public Nat Nat { get; }

    public static Endpoint End(string text) =>
        Endpoint.TryParse(text, out var end) ? end : throw new FormatException(text);

    /// <summary>Runs the test on the loop, then lets the net come to rest: no timer and no buffer may be left.</summary>
    public void Run(Func<Task> test)
    {
        Loop.Run(test);
        Assert.True(Loop.RunUntilIdle(Loop.Now + Duration.FromSeconds(600)), "the net does not come to rest");
        Assert.Equal(0, Loop.Packets.Outstanding);
    }

    public CancellationTokenSource Within(double seconds) => new(TimeSpan.FromSeconds(seconds), Loop.TimeProvider);

    public async Task<Endpoint> HearAsync(DatagramSocket socket, double seconds = 2)
    {
        using var stop = Within(seconds);
        return (await socket.ReceiveFromAsync(new byte[2000], stop.Token)).From;
    }

    public async Task HearNothingAsync(DatagramSocket socket) =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await HearAsync(socket, 1));

    public async Task<(Received Received, byte[] Message)> PingAsync(
        ProtocolStack from,
        IpAddress to,
        byte timeToLive = 64
    )
    {
        using var socket = from.OpenIcmp();
        socket.SetOption(SocketOption.TimeToLive, timeToLive);
        await socket.SendToAsync(Tests.Net.EchoRequest(1, 56), new Endpoint(to, Port.Any));
        using var stop = Within(10);
        var buffer = new byte[2000];
        var received = await socket.ReceiveFromAsync(buffer, stop.Token);
        return (received, buffer[..received.Length]);
    }

    private ProtocolStack Host(string name, Wire wire, string address, string? gateway)
    {
        var host = new ProtocolStack(name, Loop, Loop.Random.Fork(name), Journal?.For(name));
        wire.Plug(host, address);
        if (gateway is not null)
            host.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse(gateway));
        return host;
    }
}
