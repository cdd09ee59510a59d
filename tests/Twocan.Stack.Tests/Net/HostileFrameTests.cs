using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack.Tests;

/// <summary>What may come from a cable: anything. Each seed throws 50,000 frames at a router with open sockets.</summary>
public sealed class HostileFrameTests
{
    private const int FramesEach = 50_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_frame_throws_or_keeps_a_buffer(ulong seed)
    {
        var net = new Net(seed: seed, v6: true);
        (net.Lan.Keeps, net.Wan.Keeps) = (false, false);
        var random = new RandomSource(seed);
        net.Www.Adapters[0].Autoconfigure();
        net.Loop.Run(async () =>
        {
            var server = net.Router.OpenDatagram(new(IpAddress.Any6, 53));
            var client = net.Router.OpenDatagram();
            await client.ConnectAsync(new(Net.PcAddress, 53));
            var ping = net.Router.OpenIcmp();
            var buffer = new byte[65536];
            for (var i = 0; i < FramesEach; i++)
            {
                // A router on both of its links, and a host that listens to routers.
                var adapter = random.Chance(0.2) ? net.Www.Adapters[0] : net.Router.Adapters[random.Next(2)];
                var frame = net.Loop.Packets.Rent();
                Fill(frame, random, adapter, net);
                adapter.Receive(frame);
                if (i % 64 == 0)
                    await net.Loop.DelayAsync(Duration.FromMilliseconds(random.Next(50)));
            }
            // The lies that ARP was told are forgotten in time: the net works, and whoever is closed gives its buffers back.
            await net.Loop.DelayAsync(Duration.FromSeconds(1300));
            await net.PingAsync(net.Pc, Net.FarAddress);
            await net.PingAsync(net.Pc, Net.Far6);
            // What a liar has given for ever would keep the loop busy for ever.
            Assert.InRange(net.Www.Adapters[0].Configured.Count, 2, 30);
            net.Www.PowerOff();
            server.Dispose();
            client.Dispose();
            ping.Dispose();
        });
        net.AssertRest();
        Assert.True(net.Router.Counters.PacketsDelivered > FramesEach / 20);
        Assert.True(net.Router.Counters.PacketsForwarded > FramesEach / 100);
        var reasons = Enum.GetValues<DropReason>().Where(reason => net.Router.Counters.Dropped(reason) > 0);
        Assert.True(reasons.Count() >= 20, string.Join(' ', reasons));
    }

    /// <summary>A frame that is right in a random number of layers and random in the rest.</summary>
    private static void Fill(PacketBuffer frame, RandomSource random, Adapter adapter, Net net)
    {
        var bytes = frame.Append(random.Next(1, 300));
        random.Fill(bytes);
        if (random.Chance(0.05) || bytes.Length < 64)
            return;
        (random.Chance(0.9) ? adapter.Mac : MacAddress.Broadcast).Write(bytes);
        if (random.Chance(0.4))
        {
            HostileIpv6.Fill(bytes, random);
            if (random.Chance(0.98))
                BinaryPrimitives.WriteUInt32LittleEndian(bytes[^4..], Crc32.Of(bytes[..^4]));
            return;
        }
        var isArp = random.Chance(0.15);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[12..], (ushort)(isArp ? 0x0806 : 0x0800));
        if (isArp)
            FillArp(bytes[14..], random);
        else if (random.Chance(0.97))
            FillIp(bytes[14..^4], random);
        if (random.Chance(0.98))
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[^4..], Crc32.Of(bytes[..^4]));
    }

    private static void FillArp(Span<byte> bytes, RandomSource random)
    {
        new ArpMessage(
            (ArpOperation)random.Next(1, 3),
            new MacAddress(random.NextUInt64() >> 16),
            RandomAddress(random),
            default,
            RandomAddress(random)
        ).Write(bytes);
        if (random.Chance(0.1))
            bytes[random.Next(28)] ^= (byte)random.Next(256);
    }

    private static void FillIp(Span<byte> bytes, RandomSource random)
    {
        var protocol = random.Next(8) switch
        {
            < 3 => IpProtocol.Udp,
            < 6 => IpProtocol.Icmp,
            6 => IpProtocol.Tcp,
            _ => (IpProtocol)random.Next(256),
        };
        var (source, destination) = (RandomAddress(random), RandomAddress(random));
        var length = random.Chance(0.8) ? bytes.Length - 20 : random.Next(bytes.Length - 20);
        Ipv4Header.Write(
            bytes,
            length,
            1,
            (byte)random.Next(random.Chance(0.2) ? 3 : 256),
            protocol,
            source,
            destination
        );
        var payload = bytes.Slice(20, length);
        if (protocol == IpProtocol.Udp && length >= 8)
        {
            var port = (ushort)(random.Chance(0.5) ? 53 : random.NextUInt16());
            UdpHeader.Write(payload, new(source, random.NextUInt16()), new(destination, port));
        }
        if (protocol == IpProtocol.Icmp && length >= 8)
        {
            byte[] types = [0, 3, 4, 5, 8, 11, 12, 13, 200];
            if (length > 40 && random.Chance(0.7))
                Ipv4Header.Write(
                    payload[8..],
                    random.Next(40),
                    1,
                    64,
                    protocol: RandomProtocol(random),
                    destination,
                    source
                );
            IcmpHeader.Write(payload, (IcmpType)types[random.Next(types.Length)], (byte)random.Next(6), 1, 1);
        }
        // Sometimes a header that lies: another length, a fragment, options; with a right checksum or not.
        if (random.Chance(0.2))
        {
            bytes[random.Next(12)] ^= (byte)(1 << random.Next(8));
            if (random.Chance(0.7))
            {
                (bytes[10], bytes[11]) = (0, 0);
                var header = bytes[..Math.Clamp((bytes[0] & 15) * 4, 20, bytes.Length)];
                BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], InternetChecksum.Of(header));
            }
        }
    }

    private static IpProtocol RandomProtocol(RandomSource random) =>
        random.Next(3) switch
        {
            0 => IpProtocol.Udp,
            1 => IpProtocol.Icmp,
            _ => IpProtocol.Tcp,
        };

    private static IpAddress RandomAddress(RandomSource random) =>
        random.Next(12) switch
        {
            0 => IpAddress.V4(random.NextUInt32()),
            1 => IpAddress.Parse("255.255.255.255"),
            2 => IpAddress.Parse("10.0.0.255"),
            3 => IpAddress.Parse("127.0.0.1"),
            < 6 => IpAddress.Parse("10.0.0.254"),
            < 8 => IpAddress.Parse("10.0.9.1"),
            _ => IpAddress.V4((uint)(0x0A000000 + random.Next(2) * 0x900 + random.Next(256))),
        };
}
