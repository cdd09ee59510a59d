using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

public sealed class HttpServerTests
{
    private const string Host = "Host: www.lab.cyber.co.kr\r\n";

    private readonly Site _site = new();

    /// <summary>The status lines in what came back.</summary>
    private static List<int> Statuses(string answers)
    {
        var reader = new ResponseReader();
        ReadOnlyMemory<byte> input = Encoding.Latin1.GetBytes(answers);
        var statuses = new List<int>();
        while (!input.IsEmpty)
        {
            reader.Expect("GET");
            MessageEvent happened;
            do
            {
                happened = reader.Read(ref input, out _);
                if (happened == MessageEvent.Head)
                    statuses.Add(reader.Head!.Status);
            } while (happened is MessageEvent.Head or MessageEvent.Body or MessageEvent.Interim);
            Assert.Equal(MessageEvent.End, happened);
        }
        return statuses;
    }

    [Fact]
    public void An_answer_has_the_fields_of_the_book() =>
        _site.Serve(async () =>
        {
            var answer = await _site.SendRawAsync($"GET /dir/ HTTP/1.1\r\n{Host}Connection: keep-alive\r\n\r\n");
            Assert.Equal(
                "HTTP/1.1 200 OK\r\nDate: Wed, 07 Oct 2020 13:00:00 GMT\r\nServer: Twocan/0.1\r\n"
                    + "Last-Modified: Thu, 01 Oct 2020 09:30:00 GMT\r\n"
                    + $"ETag: {Site.Documents.Find(["dir", "default.html"])!.ETag}\r\n"
                    + "Accept-Ranges: bytes\r\nContent-Type: text/html\r\nContent-Length: 10\r\n"
                    + "Connection: Keep-Alive\r\nKeep-Alive: timeout=15, max=99\r\n\r\n<p>dir</p>",
                answer
            );
        });

    [Fact]
    public void A_small_document_goes_out_together_with_its_head_in_one_write() =>
        _site.Serve(async () =>
        {
            await _site.SendRawAsync($"GET / HTTP/1.1\r\n{Host}\r\n");
            Assert.Single(_site.Www.Writes);
        });

    [Fact]
    public void Pipelined_requests_are_answered_in_their_order() =>
        _site.Serve(async () =>
        {
            var answers = await _site.SendRawAsync(
                $"GET / HTTP/1.1\r\n{Host}\r\nGET /none HTTP/1.1\r\n{Host}\r\nPOST / HTTP/1.1\r\n{Host}Content-Length: 3\r\n\r\nabcGET /dir HTTP/1.1\r\n{Host}\r\n"
            );
            Assert.Equal([200, 404, 405, 301], Statuses(answers));
        });

    [Fact]
    public void HTTP_1_0_gets_one_answer_and_the_end_unless_it_asks_to_go_on() =>
        _site.Serve(async () =>
        {
            var one = await _site.SendRawAsync("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n", shut: false);
            Assert.Equal([200], Statuses(one));
            Assert.Contains("\r\nConnection: close\r\n", one);
            const string keep = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
            Assert.Equal([200, 200], Statuses(await _site.SendRawAsync(keep + keep)));
        });

    [Fact]
    public void Connection_close_is_obeyed_and_announced() =>
        _site.Serve(async () =>
        {
            var answer = await _site.SendRawAsync($"GET / HTTP/1.1\r\n{Host}Connection: close\r\n\r\n", shut: false);
            Assert.Contains("\r\nConnection: close\r\n", answer);
        });

    [Fact]
    public void After_its_maximum_of_requests_a_connection_is_closed() =>
        _site.Serve(
            async () =>
            {
                var request = $"GET / HTTP/1.1\r\n{Host}\r\n";
                var answers = await _site.SendRawAsync(string.Concat(Enumerable.Repeat(request, 5)), shut: false);
                Assert.Equal([200, 200, 200], Statuses(answers));
                Assert.Contains("\r\nConnection: close\r\n", answers);
            },
            new() { MaxRequests = 3 }
        );

    [Fact]
    public void A_kept_connection_that_says_nothing_is_closed_after_its_time() =>
        _site.Serve(async () =>
        {
            Assert.Equal([200], Statuses(await _site.SendRawAsync($"GET / HTTP/1.1\r\n{Host}\r\n", shut: false)));
            Assert.Equal(15, Math.Round(_site.Loop.Now.Nanoseconds / 1e9));
        });

    [Fact]
    public void A_head_that_does_not_end_in_time_is_answered_with_408() =>
        _site.Serve(async () =>
        {
            Assert.Equal([408], Statuses(await _site.SendRawAsync("GET / HTTP/1.1\r\nHost:", shut: false)));
            Assert.Equal(20, Math.Round(_site.Loop.Now.Nanoseconds / 1e9));
        });

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\n", 400)]
    [InlineData("GET / HTTP/3.0\r\n\r\n", 505)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413)]
    [InlineData("GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    public void A_bad_request_is_refused(string request, int status) =>
        _site.Serve(async () => Assert.Equal([status], Statuses(await _site.SendRawAsync(request))));

    [Fact]
    public void After_a_refusal_nothing_more_is_read_from_the_connection() =>
        _site.Serve(async () =>
        {
            var smuggled = $"GET / HTTP/1.1\r\n{Host}Content-Length: x\r\n\r\nGET /dir/ HTTP/1.1\r\n{Host}\r\n";
            Assert.Equal([400], Statuses(await _site.SendRawAsync(smuggled, shut: false)));
        });

    [Fact]
    public void A_client_that_expects_100_gets_its_answer_and_need_not_send_a_body_that_nobody_reads() =>
        _site.Serve(async () =>
        {
            var post = $"POST / HTTP/1.1\r\n{Host}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n";
            Assert.Equal([405], Statuses(await _site.SendRawAsync(post, shut: false)));
        });

    [Fact]
    public void A_handler_that_reads_the_body_asks_for_it_with_100() =>
        _site.Serve(
            new Echo(),
            async () =>
            {
                var post = $"POST / HTTP/1.1\r\n{Host}Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello";
                var answer = await _site.SendRawAsync(post);
                Assert.StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", answer);
                Assert.EndsWith("\r\n\r\nhello", answer);
            }
        );

    [Fact]
    public void A_body_of_unknown_length_is_chunked_for_1_1_and_ends_with_the_connection_for_1_0() =>
        _site.Serve(
            new Echo { TellsLength = false },
            async () =>
            {
                var chunked = await _site.SendRawAsync(
                    $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n{Host}\r\n"
                );
                Assert.Contains("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP/1.1 200", chunked);
                Assert.Equal([200, 200], Statuses(chunked));
                var plain = await _site.SendRawAsync("POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello", shut: false);
                Assert.EndsWith("Connection: close\r\n\r\nhello", plain);
            }
        );

    [Theory]
    [InlineData("5\r\nhellX")]
    [InlineData("zz\r\n")]
    public void A_broken_body_is_refused_with_400_when_the_handler_reads_it(string chunks) =>
        _site.Serve(
            new Echo(),
            async () =>
            {
                var post = $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n{chunks}";
                Assert.Equal([400], Statuses(await _site.SendRawAsync(post)));
            }
        );

    [Fact]
    public void An_answer_that_breaks_off_ends_without_its_last_chunk() =>
        _site.Serve(
            new Echo { BreaksOff = true },
            async () =>
            {
                var answer = await _site.SendRawAsync($"GET / HTTP/1.1\r\n{Host}\r\n", shut: false);
                Assert.EndsWith("\r\n\r\n4\r\nhalf\r\n", answer);
            }
        );

    [Fact]
    public void A_reader_that_takes_nothing_more_is_given_up()
    {
        _site.Internet.Window = 1024;
        _site.Serve(async () =>
        {
            await using var stream = await _site.Pc.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 80));
            await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET /gazou.jpg HTTP/1.1\r\n{Host}\r\n"));
            await _site.Loop.DelayAsync(Duration.FromSeconds(61));
            Assert.Single(_site.Www.OpenDescriptors);
        });
    }

    [Fact]
    public void A_refusal_does_not_wait_for_a_client_that_takes_nothing()
    {
        _site.Internet.Window = 100;
        _site.Serve(async () =>
        {
            await using var stream = await _site.Pc.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 80));
            await stream.WriteAsync("GET /\r\n\r\n"u8.ToArray());
            await _site.Loop.DelayAsync(Duration.FromSeconds(3));
            Assert.Single(_site.Www.OpenDescriptors);
        });
    }

    [Fact]
    public void Beyond_its_connections_a_server_lets_others_wait_their_turn() =>
        _site.Serve(
            async () =>
            {
                var request = $"GET / HTTP/1.1\r\n{Host}Connection: close\r\n\r\n";
                var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _site.SendRawAsync(request)));
                Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 200", answer));
                Assert.InRange(_site.Www.MostOpen, 2, 3);
            },
            new() { MaxConnections = 2 }
        );

    [Fact]
    public void A_large_document_is_written_in_pieces()
    {
        var root = new MemoryRoot(Site.Modified).Add("/large", new byte[1_000_000]);
        _site.Serve(
            new StaticFiles(root),
            async () =>
            {
                var answer = await _site.SendRawAsync($"GET /large HTTP/1.1\r\n{Host}\r\n");
                Assert.True(answer.Length > 1_000_000);
                Assert.InRange(_site.Www.Writes.Max(), 1, 64 * 1024);
            }
        );
    }

    [Fact]
    public void No_bytes_whatever_bring_the_server_down()
    {
        var random = new RandomSource(11);
        var request = Encoding.Latin1.GetBytes($"GET /dir/file1.html HTTP/1.1\r\n{Host}Content-Length: 3\r\n\r\nabc");
        _site.Serve(async () =>
        {
            for (var round = 0; round < 300; round++)
            {
                var bytes = (byte[])request.Clone();
                for (var flips = random.Next(1, 4); flips > 0; flips--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                await _site.SendRawAsync(Encoding.Latin1.GetString(bytes));
            }
            Assert.Equal([200], Statuses(await _site.SendRawAsync($"GET / HTTP/1.1\r\n{Host}\r\n")));
            Assert.Single(_site.Www.OpenDescriptors);
        });
    }

    /// <summary>Answers with the body that it was sent.</summary>
    private sealed class Echo : IRequestHandler
    {
        public bool TellsLength { get; init; } = true;

        public bool BreaksOff { get; init; }

        public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
        {
            var body = new MemoryStream();
            var buffer = new byte[100];
            while (await request.Body.ReadAsync(buffer, stop) is > 0 and var length)
                body.Write(buffer, 0, length);
            body.Position = 0;
            if (BreaksOff)
                return new(200) { Body = new HalfABody() };
            return new(200) { Body = body, BodyLength = TellsLength ? body.Length : null };
        }
    }

    private sealed class HalfABody : MemoryStream
    {
        private bool _given;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given)
                throw new IOException("gone");
            _given = true;
            "half"u8.CopyTo(buffer.Span);
            return new(4);
        }
    }
}
