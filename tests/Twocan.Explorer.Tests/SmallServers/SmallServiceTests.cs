using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public sealed class SmallServiceTests
{
    private static readonly IpAddress s_www = IpAddress.Parse("10.0.0.2");

    [Fact]
    public async Task Echo_sends_back_what_it_gets()
    {
        using var world = With(EchoService.Service);
        Assert.Equal("hello", Encoding.ASCII.GetString((await TalkAsync(world, 7, "hello"u8)).Heard));
        Assert.Equal("hello", Encoding.ASCII.GetString(await SendAsync(world, 7, "hello"u8)));
    }

    [Fact]
    public async Task Discard_takes_all_and_says_nothing()
    {
        using var world = With(DiscardService.Service);
        var (report, heard) = await TalkAsync(world, 9, "hello"u8);
        Assert.Equal((5, 0), (report.Sent, heard.Length));
        Assert.Empty(await SendAsync(world, 9, "hello"u8));
    }

    [Fact]
    public async Task Daytime_and_time_tell_the_worlds_clock()
    {
        using var world = With(DaytimeService.Service, TimeService.Service);
        const string line = "Wednesday, October 7, 2020 13:00:00-UTC\r\n";
        Assert.Equal(line, Encoding.ASCII.GetString((await TalkAsync(world, 13, default)).Heard));
        Assert.Equal(line, Encoding.ASCII.GetString(await SendAsync(world, 13, "?"u8)));
        var seconds = BinaryPrimitives.ReadUInt32BigEndian((await TalkAsync(world, 37, default)).Heard);
        // RFC 868: 2,208,988,800 is 1970.
        Assert.InRange(seconds - 2_208_988_800L, 1_602_075_600, 1_602_075_610);
    }

    [Fact]
    public async Task Chargen_sends_lines_of_72_characters_each_begun_one_later_until_the_client_goes()
    {
        using var world = With(ChargenService.Service);
        var lines = await world.RunAsync(async () =>
        {
            using var stream = await world.Host("pc").Network.ConnectAsync(new(s_www, 19));
            var bytes = new byte[200 * 74];
            await stream.ReadExactlyAsync(bytes);
            return Encoding.ASCII.GetString(bytes).Split("\r\n")[..200];
        });
        Assert.All(lines, line => Assert.Equal(72, line.Length));
        Assert.StartsWith(" !\"#", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("!\"#$", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[0], lines[95]);
        Assert.InRange((await SendAsync(world, 19, "?"u8)).Length, 0, 512);
    }

    [Fact]
    public async Task A_datagram_from_another_such_service_is_not_answered()
    {
        using var world = With(EchoService.Service);
        var heard = await world.RunAsync(async () =>
        {
            using var socket = world.Host("pc").Network.OpenDatagram(new Endpoint(IpAddress.Any, 19));
            await socket.SendToAsync("x"u8.ToArray(), new(s_www, 7));
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), world.Loop.TimeProvider);
            try
            {
                return (await socket.ReceiveFromAsync(new byte[10], patience.Token)).Length;
            }
            catch (OperationCanceledException)
            {
                return -1;
            }
        });
        Assert.Equal(-1, heard);
    }

    [Fact]
    public async Task The_source_sends_so_many_bytes_and_the_sink_takes_them()
    {
        using var world = With(MeasuringServices.Source(1_000_000), MeasuringServices.Sink);
        var (report, _) = await TalkAsync(world, 5002, default);
        Assert.Equal(1_000_000, report.Received);
        Assert.Equal(100_000, (await TalkAsync(world, 5001, new byte[100_000])).Report.Sent);
    }

    [Fact]
    public void Finger_lists_tells_of_one_and_does_not_pass_questions_on()
    {
        FingerUser[] users = [new("hong", "Hong Gildong", "Rest.\n"), new("kim", "Kim Yuna")];
        Assert.Equal(
            "Login        Name\nhong         Hong Gildong\nkim          Kim Yuna\n",
            FingerService.Answer(users, "")
        );
        Assert.Equal("Login: hong\nName: Hong Gildong\nPlan:\nRest.", FingerService.Answer(users, "/W gildong"));
        Assert.Equal("Login: kim\nName: Kim Yuna\nNo Plan.", FingerService.Answer(users, "KIM"));
        Assert.Equal("lee?: no such user", FingerService.Answer(users, "lee\u001b"));
        Assert.Equal("Finger forwarding service denied", FingerService.Answer(users, "hong@elsewhere"));
    }

    [Fact]
    public void Whois_finds_a_name_or_the_smallest_block_of_an_address()
    {
        KeyValuePair<string, string>[] records =
        [
            new("Cyber.co.kr", "a domain"),
            new("192.0.2.0/24", "many"),
            new("192.0.2.192/26", "few"),
        ];
        Assert.Equal("a domain", WhoisService.Find(records, "cyber.co.kr."));
        Assert.Equal("few", WhoisService.Find(records, "192.0.2.226"));
        Assert.Equal("many", WhoisService.Find(records, "192.0.2.1"));
        Assert.Null(WhoisService.Find(records, "192.0.3.1"));
    }

    [Fact]
    public async Task Questions_without_end_and_of_any_bytes_are_survived()
    {
        using var world = With(FingerService.For([new("hong", "Hong")]), WhoisService.For([new("a", "b")]));
        var random = new RandomSource(7);
        for (var round = 0; round < 50; round++)
        {
            var question = new byte[random.Next(3000)];
            random.Fill(question);
            foreach (var port in (ushort[])[79, 43])
            {
                try
                {
                    await TalkAsync(world, port, question);
                }
                catch (SocketException broken)
                {
                    // Who says more than a line may hear that nobody listened.
                    Assert.Equal(SocketError.ConnectionReset, broken.SocketErrorCode);
                }
            }
        }
        Assert.Equal("b\r\n", Encoding.ASCII.GetString((await TalkAsync(world, 43, "A\r\n"u8)).Heard));
    }

    [Fact]
    public void Mistakes_in_small_services_are_told_at_their_place()
    {
        var errors = Assert
            .Throws<WorldFileException>(() =>
                WorldFile.Read(
                    """
                    hosts:
                      a:
                        address: 10.0.0.1/24
                        services:
                          echo: {prot: 7}
                          time: {port: 0}
                          finger:
                          whois: {records: {a: [b]}}
                          tcp-source: {bytes: many}
                    hubs: [hub]
                    links: {a--hub: }
                    """,
                    "w.yaml",
                    WorldServices.Catalog
                )
            )
            .Errors.Select(error => error.ToString());
        Assert.Equal(
            [
                "5:14: the echo service has no 'prot': did you mean 'port'?",
                "6:20: '0' is not a number from 1 to 65535",
                "7:7: a finger server tells of its users: write 'users:'",
                "8:28: a record's text stands behind its name, after '|', not ",
                "9:27: ",
            ],
            errors,
            (says, error) => error.StartsWith($"w.yaml:{says}", StringComparison.Ordinal)
        );
    }

    private static World With(params SmallService[] services)
    {
        var world = new World(seed: 1);
        var www = world.Host("www", "10.0.0.2/24");
        world.Link(world.Host("pc", "10.0.0.1/24"), www, "1 Gbit/s, 1 ms");
        foreach (var service in services)
            www.Run(new SmallServer(service));
        return world;
    }

    private static Task<(NetCatReport Report, byte[] Heard)> TalkAsync(
        World world,
        ushort port,
        ReadOnlySpan<byte> said
    ) => TalkAsync(world, said, cat => cat.ConnectAsync(new(s_www, port)));

    private static Task<byte[]> SendAsync(World world, ushort port, ReadOnlySpan<byte> said) =>
        HeardAsync(TalkAsync(world, said, cat => cat.SendAsync(new(s_www, port))));

    private static async Task<byte[]> HeardAsync(Task<(NetCatReport, byte[] Heard)> talk) => (await talk).Heard;

    private static async Task<(NetCatReport, byte[])> TalkAsync(
        World world,
        ReadOnlyMemory<byte> said,
        Func<NetCat, Task<NetCatReport>> talk
    )
    {
        var heard = new MemoryStream();
        var report = await world.RunAsync(() =>
            talk(
                new(world.Host("pc").Network, Input(said), bytes => heard.Write(bytes.Span))
                {
                    Wait = Duration.FromSeconds(2),
                }
            )
        );
        return (report, heard.ToArray());
    }

    private static Task<(NetCatReport, byte[])> TalkAsync(
        World world,
        ReadOnlySpan<byte> said,
        Func<NetCat, Task<NetCatReport>> talk
    ) => TalkAsync(world, (ReadOnlyMemory<byte>)said.ToArray(), talk);

    private static Func<Memory<byte>, CancellationToken, ValueTask<int>> Input(ReadOnlyMemory<byte> said) =>
        (buffer, _) =>
        {
            var count = Math.Min(buffer.Length, said.Length);
            said[..count].CopyTo(buffer);
            said = said[count..];
            return ValueTask.FromResult(count);
        };
}
