using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>
/// A loop with a few hosts: <c>pc</c> 10.0.0.1, <c>www</c> 10.0.0.2 on one wire; with a router, <c>far</c> 10.0.9.2 behind it.
/// With <c>v6</c> they have IPv6 addresses beside these: 2001:db8::1 and 2, 2001:db8:9::2.
/// </summary>
internal sealed class Net
{
    public Net(bool journaled = false, ulong seed = 1, int farMtu = 1500, bool v6 = false)
    {
        Loop = EventLoop.Virtual(seed);
        Journal = journaled ? new Journal(Loop) : null;
        Lan = new Wire(Loop, "lan");
        Wan = new Wire(Loop, "wan", farMtu);
        Pc = Host("pc");
        Www = Host("www");
        Router = Host("router");
        Far = Host("far");
        Lan.Plug(Pc, "10.0.0.1/24");
        Lan.Plug(Www, "10.0.0.2/24");
        Lan.Plug(Router, "10.0.0.254/24");
        Wan.Plug(Router, "10.0.9.1/24");
        Wan.Plug(Far, "10.0.9.2/24");
        Router.Ip.Forwarding = true;
        Pc.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse("10.0.0.254"));
        Far.Ip.AddRoute(Subnet.AllV4, IpAddress.Parse("10.0.9.1"));
        if (!v6)
            return;
        Pc.Adapters[0].AddAddress(InterfaceAddress.Parse("2001:db8::1/64"));
        Www.Adapters[0].AddAddress(InterfaceAddress.Parse("2001:db8::2/64"));
        Router.Adapters[0].AddAddress(InterfaceAddress.Parse("2001:db8::fe/64"));
        Router.Adapters[1].AddAddress(InterfaceAddress.Parse("2001:db8:9::1/64"));
        Far.Adapters[0].AddAddress(InterfaceAddress.Parse("2001:db8:9::2/64"));
        Pc.Ip.AddRoute(AllV6, Router6);
        Far.Ip.AddRoute(AllV6, IpAddress.Parse("2001:db8:9::1"));
    }

    public static readonly IpAddress PcAddress = IpAddress.Parse("10.0.0.1");
    public static readonly IpAddress WwwAddress = IpAddress.Parse("10.0.0.2");
    public static readonly IpAddress FarAddress = IpAddress.Parse("10.0.9.2");
    public static readonly IpAddress Nobody = IpAddress.Parse("10.0.0.77");

    public static readonly IpAddress Pc6 = IpAddress.Parse("2001:db8::1");
    public static readonly IpAddress Www6 = IpAddress.Parse("2001:db8::2");
    public static readonly IpAddress Router6 = IpAddress.Parse("2001:db8::fe");
    public static readonly IpAddress Far6 = IpAddress.Parse("2001:db8:9::2");
    public static readonly IpAddress Nobody6 = IpAddress.Parse("2001:db8::77");
    public static readonly Subnet AllV6 = new(IpAddress.Any6, 0);

    public EventLoop Loop { get; }

    public Journal? Journal { get; }

    public Wire Lan { get; }

    public Wire Wan { get; }

    public ProtocolStack Pc { get; }

    public ProtocolStack Www { get; }

    public ProtocolStack Router { get; }

    public ProtocolStack Far { get; }

    public ProtocolStack Host(string name) => new(name, Loop, Loop.Random.Fork(name), Journal?.For(name));

    /// <summary>Runs the test on the loop, then lets the net come to rest: no timer and no buffer may be left.</summary>
    public void Run(Func<Task> test)
    {
        Loop.Run(test);
        AssertRest();
    }

    public void AssertRest()
    {
        Assert.True(Loop.RunUntilIdle(Loop.Now + Duration.FromSeconds(600)), "the net does not come to rest");
        Assert.Equal(0, Loop.Packets.Outstanding);
    }

    /// <summary>A packet as it would come out of a frame, whatever is in it, and all that follows.</summary>
    public void Inject(ProtocolStack to, byte[] packet, int adapter = 0, bool linkBroadcast = false)
    {
        Loop.Run(() =>
        {
            var buffer = Loop.Packets.Rent(packet.Length);
            buffer.Append(packet);
            if (packet.Length > 0 && packet[0] >> 4 == 6)
                to.Ip.ReceiveV6(buffer, to.Adapters[adapter], linkBroadcast);
            else
                to.Ip.Receive(buffer, to.Adapters[adapter], linkBroadcast);
            return Task.CompletedTask;
        });
        AssertRest();
    }

    /// <summary>One echo with a deadline: the ICMP message that came back.</summary>
    public async Task<(Received Received, byte[] Message)> PingAsync(
        ProtocolStack from,
        IpAddress to,
        int length = 56,
        byte timeToLive = 64,
        double seconds = 10,
        bool dontFragment = false,
        int scope = 0
    )
    {
        using var socket = from.OpenIcmp();
        socket.SetOption(SocketOption.TimeToLive, timeToLive);
        socket.SetOption(SocketOption.DontFragment, dontFragment ? 1 : 0);
        var request = EchoRequest(1, length);
        request[0] = to.IsV4 ? (byte)8 : (byte)128;
        await socket.SendToAsync(request, new Endpoint(to, Port.Any) { Scope = scope });
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), Loop.TimeProvider);
        var buffer = new byte[65536];
        var received = await socket.ReceiveFromAsync(buffer, stop.Token);
        return (received, buffer[..received.Length]);
    }

    public static byte[] EchoRequest(ushort sequence, int dataLength)
    {
        var message = new byte[8 + dataLength];
        message[0] = 8;
        (message[6], message[7]) = ((byte)(sequence >> 8), (byte)sequence);
        for (var i = 0; i < dataLength; i++)
            message[8 + i] = (byte)i;
        return message;
    }
}
