using System.Net.Sockets;
using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

/// <summary>Clients that are slow on purpose, in virtual time: each is given up, and what it held is there for others.</summary>
public sealed class PatienceTests
{
    private const string H = "Host: www.lab.cyber.co.kr\r\n";
    private static readonly Endpoint s_www = new(IpAddress.Parse("192.0.2.226"), 80);

    private readonly Site _site = new();

    /// <summary>Says its text a byte at a time, until nobody listens any more.</summary>
    private async Task DripAsync(string text, Duration pause)
    {
        await using var stream = await _site.Pc.ConnectAsync(s_www);
        try
        {
            foreach (var octet in Encoding.Latin1.GetBytes(text))
            {
                await stream.WriteAsync(new[] { octet });
                await _site.Loop.DelayAsync(pause);
            }
        }
        catch (SocketException)
        {
            // It has been given up.
        }
    }

    [Fact]
    public void A_hundred_heads_that_drip_hold_their_places_for_twenty_seconds_and_no_longer() =>
        _site.Serve(
            async () =>
            {
                for (var i = 0; i < 100; i++)
                    _site.Loop.Start(
                        "slow",
                        () => DripAsync("GET / HTTP/1.1\r\nX: " + new string('x', 8000), Duration.FromSeconds(1))
                    );
                await _site.Loop.DelayAsync(Duration.FromSeconds(1));
                // Their number is all that are served at one time: one more waits, until the first of them are shed.
                var began = _site.Loop.Now;
                var answer = await _site.SendRawAsync("GET / HTTP/1.1\r\n" + H + "Connection: close\r\n\r\n");
                Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
                Assert.InRange((_site.Loop.Now - began).Nanoseconds / 1e9, 15, 25);
                await _site.Loop.DelayAsync(Duration.FromSeconds(5));
                Assert.Single(_site.Www.OpenDescriptors);
            },
            new() { MaxConnections = 100 }
        );

    [Fact]
    public void A_body_that_drips_is_refused_although_each_byte_comes_in_time()
    {
        var handler = new EchoHandler();
        _site.Serve(
            handler,
            async () =>
            {
                var answers = "";
                await using var stream = await _site.Pc.ConnectAsync(s_www);
                await stream.WriteAsync(
                    Encoding.Latin1.GetBytes("POST / HTTP/1.1\r\n" + H + "Content-Length: 100000\r\n\r\n")
                );
                _site.Loop.Start("drip", DripBodyAsync);
                answers = await Site.ReadToEndAsync(stream);
                Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", answers);
                Assert.InRange(_site.Loop.Now.Nanoseconds / 1e9, 20, 25);

                async Task DripBodyAsync()
                {
                    try
                    {
                        while (true)
                        {
                            await stream.WriteAsync("x"u8.ToArray());
                            await _site.Loop.DelayAsync(Duration.FromSeconds(3));
                        }
                    }
                    catch (Exception end) when (end is SocketException or ObjectDisposedException)
                    {
                        // It has been given up.
                    }
                }
            }
        );
    }

    [Fact]
    public void A_body_as_slow_as_the_slowest_line_is_still_taken()
    {
        const int length = 30_000;
        var handler = new EchoHandler();
        _site.Serve(
            handler,
            async () =>
            {
                await using var stream = await _site.Pc.ConnectAsync(s_www);
                await stream.WriteAsync(
                    Encoding.Latin1.GetBytes("POST / HTTP/1.1\r\n" + H + $"Content-Length: {length}\r\n\r\n")
                );
                for (var sent = 0; sent < length; sent += 300)
                {
                    await stream.WriteAsync(new byte[300]);
                    await _site.Loop.DelayAsync(Duration.FromSeconds(1));
                }
                stream.ShutdownWrite();
                Assert.StartsWith("HTTP/1.1 200 OK\r\n", await Site.ReadToEndAsync(stream));
            }
        );
    }

    [Fact]
    public void A_reader_that_sips_is_given_up_and_one_that_is_only_slow_gets_all()
    {
        _site.Internet.Window = 4096;
        const int length = 1_000_000;
        var root = new MemoryRoot(Site.Modified).Add("/large", new byte[length]);
        _site.Serve(
            new StaticFiles(root),
            async () =>
            {
                // 32 KiB at a time are written, each in a minute at most.
                Assert.InRange(await TakeAsync(100), 1, length - 1);
                Assert.InRange(await TakeAsync(1200), length + 1, length + 1000);
                Assert.Single(_site.Www.OpenDescriptors);
            }
        );

        async Task<int> TakeAsync(int bytesPerSecond)
        {
            await using var stream = await _site.Pc.ConnectAsync(s_www);
            await stream.WriteAsync(
                Encoding.Latin1.GetBytes("GET /large HTTP/1.1\r\n" + H + "Connection: close\r\n\r\n")
            );
            var (taken, buffer) = (0, new byte[bytesPerSecond]);
            try
            {
                while (await stream.ReadAsync(buffer) is > 0 and var length)
                {
                    taken += length;
                    await _site.Loop.DelayAsync(Duration.FromSeconds(1));
                }
            }
            catch (SocketException)
            {
                // It has been given up.
            }
            return taken;
        }
    }
}
