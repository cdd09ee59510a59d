using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

public sealed class UdpTests
{
    private readonly byte[] _buffer = new byte[65536];

    private static async Task<SocketError> FailureOf(Func<ValueTask> call) =>
        (await Assert.ThrowsAnyAsync<SocketException>(async () => await call())).SocketErrorCode;

    private static SocketError FailureOf(Action call) => Assert.ThrowsAny<SocketException>(call).SocketErrorCode;

    [Fact]
    public void A_datagram_arrives_with_its_sender_and_is_answered()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var server = net.Far.OpenDatagram(new(IpAddress.Any, 53));
            using var client = net.Pc.OpenDatagram();
            await client.SendToAsync("question"u8.ToArray(), new(Net.FarAddress, 53));
            var question = await server.ReceiveFromAsync(_buffer);
            Assert.Equal("question"u8, _buffer.AsSpan(0, question.Length));
            Assert.Equal(new(Net.PcAddress, client.LocalEndpoint.Port), question.From);
            Assert.Equal(63, question.TimeToLive);
            await server.SendToAsync("answer"u8.ToArray(), question.From);
            var answer = await client.ReceiveFromAsync(_buffer);
            Assert.Equal("answer"u8, _buffer.AsSpan(0, answer.Length));
            Assert.Equal(new(Net.FarAddress, 53), answer.From);
        });
    }

    [Fact]
    public void What_does_not_fit_into_the_callers_memory_is_lost_and_the_next_datagram_is_whole()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var server = net.Www.OpenDatagram(new(IpAddress.Any, 53));
            using var client = net.Pc.OpenDatagram();
            await client.SendToAsync("0123456789"u8.ToArray(), new(Net.WwwAddress, 53));
            await client.SendToAsync("next"u8.ToArray(), new(Net.WwwAddress, 53));
            Assert.Equal(4, (await server.ReceiveFromAsync(_buffer.AsMemory(0, 4))).Length);
            Assert.Equal(4, (await server.ReceiveFromAsync(_buffer)).Length);
            Assert.Equal("next"u8, _buffer.AsSpan(0, 4));
        });
    }

    [Fact]
    public void A_port_where_nobody_listens_refuses_the_connected_sockets_next_call()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var client = net.Pc.OpenDatagram();
            await client.ConnectAsync(new(Net.FarAddress, 9));
            await client.SendToAsync("x"u8.ToArray(), default);
            Assert.Equal(
                SocketError.ConnectionRefused,
                await FailureOf(async () => await client.ReceiveFromAsync(_buffer))
            );
            // Told once; the socket lives on.
            await client.SendToAsync("x"u8.ToArray(), default);
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.Equal(
                SocketError.ConnectionRefused,
                await FailureOf(() => client.SendToAsync("x"u8.ToArray(), default))
            );
        });
    }

    [Fact]
    public void A_silent_neighbour_is_an_unreachable_host_to_a_connected_socket()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var client = net.Pc.OpenDatagram();
            await client.ConnectAsync(new(Net.Nobody, 53));
            await client.SendToAsync("x"u8.ToArray(), default);
            Assert.Equal(
                SocketError.HostUnreachable,
                await FailureOf(async () => await client.ReceiveFromAsync(_buffer))
            );
        });
    }

    [Fact]
    public void A_connected_socket_hears_its_peer_only()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var client = net.Pc.OpenDatagram();
            await client.ConnectAsync(new(Net.WwwAddress, 53));
            using var stranger = net.Www.OpenDatagram(new(IpAddress.Any, 54));
            using var peer = net.Www.OpenDatagram(new(IpAddress.Any, 53));
            await stranger.SendToAsync("bad"u8.ToArray(), client.LocalEndpoint);
            await peer.SendToAsync("good"u8.ToArray(), client.LocalEndpoint);
            Assert.Equal(4, (await client.ReceiveFromAsync(_buffer)).Length);
        });
        Assert.Equal(1, net.Pc.Counters.Dropped(DropReason.NoPort));
    }

    [Fact]
    public void A_port_belongs_to_one_socket_at_a_time()
    {
        var net = new Net();
        net.Run(() =>
        {
            var first = net.Pc.OpenDatagram(new(IpAddress.Any, 53));
            Assert.Equal(SocketError.AddressAlreadyInUse, FailureOf(() => net.Pc.OpenDatagram(new(IpAddress.Any, 53))));
            Assert.Equal(SocketError.AddressAlreadyInUse, FailureOf(() => net.Pc.OpenDatagram(new(Net.PcAddress, 53))));
            first.Dispose();
            using var a = net.Pc.OpenDatagram(new(Net.PcAddress, 53));
            using var b = net.Pc.OpenDatagram(new(IpAddress.Loopback, 53));
            Assert.Equal(
                SocketError.AddressNotAvailable,
                FailureOf(() => net.Pc.OpenDatagram(new(Net.WwwAddress, 54)))
            );
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Ephemeral_ports_are_random_distinct_and_end_with_an_error()
    {
        var net = new Net();
        net.Run(async () =>
        {
            var calls = net.Pc.Calls;
            var seen = new List<ushort>();
            for (var i = 0; i < EphemeralPorts.Count; i++)
            {
                var descriptor = calls.Socket(SocketKind.Datagram);
                calls.Bind(descriptor, Endpoint.Any);
                seen.Add(calls.LocalEndpoint(descriptor).Port.Number);
            }
            Assert.Equal(EphemeralPorts.Count, seen.Distinct().Count());
            Assert.True(seen.Min() >= 49152);
            Assert.True(seen.Take(100).Zip(seen.Skip(1).Take(99)).Count(pair => pair.Second == pair.First + 1) < 5);
            var one = calls.Socket(SocketKind.Datagram);
            Assert.Equal(SocketError.AddressAlreadyInUse, FailureOf(() => calls.Bind(one, Endpoint.Any)));
            await Task.CompletedTask;
        });
    }

    [Fact]
    public void A_full_receive_queue_loses_the_latest_and_counts_it()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var server = net.Www.OpenDatagram(new(IpAddress.Any, 53));
            server.SetOption(SocketOption.ReceiveBuffer, 10 * PacketPool.BufferSize);
            using var client = net.Pc.OpenDatagram();
            for (byte i = 0; i < 25; i++)
                await client.SendToAsync(new[] { i }, new(Net.WwwAddress, 53));
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
            for (byte i = 0; i < 10; i++)
            {
                await server.ReceiveFromAsync(_buffer);
                Assert.Equal(i, _buffer[0]);
            }
        });
        Assert.Equal(15, net.Www.Counters.Dropped(DropReason.ReceiveQueueFull));
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.255")]
    public void A_broadcast_needs_permission_reaches_all_and_earns_no_error(string address)
    {
        var net = new Net();
        net.Run(async () =>
        {
            var everybody = new Endpoint(IpAddress.Parse(address), 67);
            using var server = net.Www.OpenDatagram(new(IpAddress.Any, 67));
            using var client = net.Pc.OpenDatagram();
            Assert.Equal(
                SocketError.AccessDenied,
                await FailureOf(() => client.SendToAsync("x"u8.ToArray(), everybody))
            );
            client.SetOption(SocketOption.Broadcast, 1);
            await client.SendToAsync("x"u8.ToArray(), everybody);
            Assert.Equal(Net.PcAddress, (await server.ReceiveFromAsync(_buffer)).From.Address);
        });
        Assert.Equal(1, net.Router.Counters.Dropped(DropReason.NoPort));
        Assert.Equal(0, net.Router.Counters.IcmpMessagesSent);
        Assert.Single(net.Lan.Frames);
        Assert.Empty(net.Wan.Frames);
    }

    [Fact]
    public void A_socket_bound_to_an_adapter_sends_and_hears_by_that_one_alone()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var lan = OpenOn(net.Router, 1);
            using var wan = OpenOn(net.Router, 2);
            using var pc = OpenOn(net.Pc, 1);
            using var far = OpenOn(net.Far, 1);
            Endpoint everybody = new(IpAddress.Broadcast, 67);
            await wan.SendToAsync("wan"u8.ToArray(), everybody);
            Assert.Equal(IpAddress.Parse("10.0.9.1"), (await far.ReceiveFromAsync(_buffer)).From.Address);
            await pc.SendToAsync("lan"u8.ToArray(), everybody);
            Assert.Equal(Net.PcAddress, (await lan.ReceiveFromAsync(_buffer)).From.Address);
            Assert.Equal(
                SocketError.NetworkUnreachable,
                await FailureOf(() => wan.SendToAsync("x"u8.ToArray(), new(Net.PcAddress, 67)))
            );
            Assert.Equal(2, net.Router.Calls.GetOption(wan.Descriptor, SocketOption.BindToDevice));
            Assert.Equal(SocketError.AddressAlreadyInUse, FailureOf(() => OpenOn(net.Router, 2)));
            Assert.Equal(
                SocketError.AddressAlreadyInUse,
                FailureOf(() => net.Router.OpenDatagram(new(IpAddress.Any, 67)))
            );
            Assert.Equal(SocketError.AddressNotAvailable, FailureOf(() => OpenOn(net.Router, 3)));
        });
        Assert.Equal(0, net.Router.Counters.Dropped(DropReason.NoPort));
    }

    [Fact]
    public void A_host_without_an_address_broadcasts_from_none_and_hears_what_is_for_all()
    {
        var net = new Net();
        var bare = net.Host("bare");
        net.Lan.Plug(bare, address: null);
        net.Run(async () =>
        {
            using var asking = OpenOn(bare, 1);
            using var server = OpenOn(net.Www, 1);
            await asking.SendToAsync("who am I?"u8.ToArray(), new(IpAddress.Broadcast, 67));
            var question = await server.ReceiveFromAsync(_buffer);
            Assert.Equal(new(IpAddress.Any, 67), question.From);
            await server.SendToAsync("you"u8.ToArray(), new(IpAddress.Broadcast, 67));
            Assert.Equal(Net.WwwAddress, (await asking.ReceiveFromAsync(_buffer)).From.Address);
        });
    }

    private static DatagramSocket OpenOn(ProtocolStack stack, int adapter)
    {
        var socket = stack.OpenDatagram();
        try
        {
            socket.SetOption(SocketOption.Broadcast, 1);
            socket.SetOption(SocketOption.BindToDevice, adapter);
            stack.Calls.Bind(socket.Descriptor, new(IpAddress.Any, 67));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [Fact]
    public void A_datagram_to_myself_comes_back_after_I_have_gone_on()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var server = net.Pc.OpenDatagram(new(IpAddress.Any, 53));
            using var client = net.Pc.OpenDatagram();
            await client.SendToAsync(new byte[9000], new(IpAddress.Loopback, 53));
            var received = await server.ReceiveFromAsync(_buffer);
            Assert.Equal((9000, IpAddress.Loopback), (received.Length, received.From.Address));
            await client.ConnectAsync(new(Net.PcAddress, 99));
            await client.SendToAsync("x"u8.ToArray(), default);
            Assert.Equal(
                SocketError.ConnectionRefused,
                await FailureOf(async () => await client.ReceiveFromAsync(_buffer))
            );
        });
        Assert.Empty(net.Lan.Frames);
    }

    [Fact]
    public void A_datagram_damaged_behind_a_right_frame_check_is_dropped()
    {
        var net = new Net();
        net.Run(async () =>
        {
            using var server = net.Www.OpenDatagram(new(IpAddress.Any, 53));
            using var client = net.Pc.OpenDatagram();
            net.Lan.Loses = frame =>
            {
                if (frame.Span[13] == 6)
                    return false;
                frame.Span[50] ^= 1;
                var end = frame.Length - 4;
                BitConverter.TryWriteBytes(frame.Span[end..], Reference.FrameCheck(frame.Span[..end]));
                return false;
            };
            await client.SendToAsync(new byte[100], new(Net.WwwAddress, 53));
            await net.Loop.DelayAsync(Duration.FromSeconds(1));
        });
        Assert.Equal(1, net.Www.Counters.Dropped(DropReason.BadUdp));
    }
}
