using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Worlds.Tests;

/// <summary>The world that ships, without its servers: those are of other rooms.</summary>
public sealed partial class CyberTests
{
    internal static readonly ServiceCatalog NoServices = (
        (string[])
            [
                "name-server",
                "resolver",
                "web",
                "proxy",
                "dhcp",
                "echo",
                "discard",
                "chargen",
                "daytime",
                "time",
                "finger",
                "whois",
                "tcp-source",
                "tcp-sink",
            ]
    ).Aggregate(new ServiceCatalog(), static (catalog, kind) => catalog.Add(kind, static _ => null));

    internal static readonly string Worlds = FindWorlds();

    [Fact]
    public void The_world_that_ships_has_no_mistake() =>
        Assert.Empty(WorldFile.Check(Path.Combine(Worlds, "cyber.yaml"), NoServices));

    [Fact]
    public void Its_clock_starts_on_a_wednesday_in_october()
    {
        using var world = Load();
        Assert.Equal("Wed, 07 Oct 2020 13:00:00 GMT", world.Loop.UtcNow.ToString("R"));
    }

    [Fact]
    public async Task Every_host_can_ping_every_other_but_nobody_outside_a_private_address_at_home()
    {
        using var world = Load();
        var wrong = new List<string>();
        await world.RunAsync(async () =>
        {
            foreach (var from in world.Hosts)
            {
                using var socket = from.Network.OpenIcmp();
                foreach (var to in world.Hosts)
                {
                    var isHidden = to.Address!.Value.IsPrivate && !from.Addresses.Any(own => own.Address.IsPrivate);
                    if (await Ping(from, socket, to.Address!.Value) == isHidden)
                        wrong.Add($"{from.Name} -> {to.Name}");
                }
            }
        });
        Assert.Empty(wrong);
        Assert.True(world.Settle());
        Assert.Equal(0, world.Loop.Packets.Outstanding);
    }

    [Fact]
    public async Task A_ping_from_home_to_korea_takes_twice_the_cables_delays()
    {
        using var world = Load();
        var pc = world.Host("pc");
        await world.RunAsync(async () =>
        {
            using var socket = pc.Network.OpenIcmp();
            var there = world.Host("www.lab.cyber.co.kr").Address!.Value;
            await Ping(pc, socket, there);
            var began = world.Loop.Now;
            await Ping(pc, socket, there);
            // 5 + 20 + 20 + 5 ms each way, and a little for the bits.
            Assert.InRange((world.Loop.Now - began).TotalMilliseconds, 100, 100.2);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("loss 20% pc--home-hub")]
    [InlineData("bursty loss 20% in bursts of 3 pc->home-hub; jitter 2ms isp--backbone; corrupt 10% home-router--isp")]
    [InlineData("reorder 20% by 30ms isp--backbone; duplicate 20% home-hub->pc; crash ns.isp at 100ms for 300ms")]
    public async Task The_same_seed_puts_the_same_bytes_on_every_cable(string fault)
    {
        var first = await BytesOnCables(seed: 11, fault);
        Assert.Equal(first, await BytesOnCables(seed: 11, fault));
        Assert.NotEqual(first, await BytesOnCables(seed: 12, fault));
    }

    [Fact]
    public void The_sample_page_has_632_bytes_and_one_picture()
    {
        var page = File.ReadAllText(Path.Combine(Worlds, "cyber/www.lab.cyber.co.kr/sample1.htm"));
        Assert.Equal(632, Encoding.UTF8.GetByteCount(page));
        Assert.Equal(["gazou.jpg"], ImageSource().Matches(page).Select(match => match.Groups["src"].Value));
    }

    [Fact]
    public void The_picture_is_a_jpeg_of_6419_bytes()
    {
        var picture = File.ReadAllBytes(Path.Combine(Worlds, "cyber/www.lab.cyber.co.kr/gazou.jpg"));
        Assert.Equal(6419, picture.Length);
        Assert.Equal([0xFF, 0xD8, 0xFF, 0xE0], picture[..4]);
        Assert.Equal([0xFF, 0xD9], picture[^2..]);
        Assert.Equal((320, 180), SizeOf(picture));
    }

    [Fact]
    public void Every_picture_of_a_page_is_there()
    {
        foreach (var page in Directory.EnumerateFiles(Worlds, "*.htm*", SearchOption.AllDirectories))
        {
            foreach (Match match in ImageSource().Matches(File.ReadAllText(page)))
                Assert.True(
                    File.Exists(Path.Combine(Path.GetDirectoryName(page)!, match.Groups["src"].Value)),
                    $"{page}: {match}"
                );
        }
    }

    private static World Load(ulong seed = 1, bool journal = false) =>
        WorldFile.Load(Path.Combine(Worlds, "cyber.yaml"), NoServices, new() { Seed = seed, Journal = journal });

    internal static async Task<bool> Ping(Host from, IpAddress to)
    {
        using var socket = from.Network.OpenIcmp();
        return await Ping(from, socket, to);
    }

    /// <summary>An echo request that carries its destination's last byte; false when no reply comes within a second.</summary>
    private static async Task<bool> Ping(Host from, DatagramSocket socket, IpAddress to)
    {
        // RFC 792: type 8, code 0, checksum, identifier, sequence number; the stack fills in what is its own.
        byte[] request = [8, 0, 0, 0, 0, 0, 0, 1, (byte)to.AsV4];
        var reply = new byte[1500];
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), from.Network.Loop.TimeProvider);
        try
        {
            await socket.SendToAsync(request, new Endpoint(to, Port.Any), stop: timeout.Token);
            while (true)
            {
                var received = await socket.ReceiveFromAsync(reply, timeout.Token);
                if (received.From.Address == to && reply[0] == 0 && reply[8] == (byte)to.AsV4)
                    return true;
            }
        }
        catch (Exception why) when (why is OperationCanceledException or SocketException)
        {
            return false;
        }
    }

    private static async Task<string> BytesOnCables(ulong seed, string fault)
    {
        using var world = Load(seed, journal: true);
        foreach (var sentence in fault.Split(';', StringSplitOptions.RemoveEmptyEntries))
            world.Fault(sentence);
        await world.RunAsync(async () =>
        {
            var pc = world.Host("pc");
            using var socket = pc.Network.OpenIcmp();
            foreach (var to in world.Hosts)
                await Ping(pc, socket, to.Address!.Value);
        });
        world.Settle();
        var all = new StringBuilder();
        foreach (var entry in world.Journal!.Entries)
        {
            if (entry.What is FrameSent frame)
                all.AppendLine(
                    $"{entry.At.Nanoseconds} {frame.Link} {frame.From} {Convert.ToHexString(frame.Bytes.Span)}"
                );
        }
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }

    /// <summary>The size that the frame header of a baseline JPEG says (marker FFC0).</summary>
    private static (int Width, int Height) SizeOf(byte[] jpeg)
    {
        for (var at = 2; at < jpeg.Length; )
        {
            if (jpeg[at + 1] == 0xC0)
                return (jpeg[at + 7] << 8 | jpeg[at + 8], jpeg[at + 5] << 8 | jpeg[at + 6]);
            at += 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
        }
        return default;
    }

    private static string FindWorlds()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var worlds = Path.Combine(at.FullName, "worlds");
            if (File.Exists(Path.Combine(worlds, "cyber.yaml")))
                return worlds;
        }
        throw new DirectoryNotFoundException($"no worlds/ above {AppContext.BaseDirectory}");
    }

    [GeneratedRegex("<img src=\"(?<src>[^\"]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ImageSource();
}
