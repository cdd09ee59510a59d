using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

/// <summary>A place of the site that another server answers for: what goes through, when, and what becomes of it when something breaks.</summary>
public sealed class ReverseRouteTests
{
    private const string H = "Host: www.lab.cyber.co.kr\r\n";

    private readonly Site _site = new();
    private readonly PipeHost _back;

    public ReverseRouteTests() => _back = _site.Internet.Host("back", "192.0.2.230");

    /// <summary>Asks the site, which passes what is below <c>/api</c> on to the server behind it.</summary>
    private void Run(IRequestHandler? behind, Func<Task> test, string target = "http://192.0.2.230/v1/")
    {
        var timeouts = new FetchTimeouts { FirstByte = Duration.FromSeconds(60), Idle = Duration.FromSeconds(60) };
        var options = new WebClientOptions
        {
            UserAgent = null,
            Accept = null,
            Timeouts = timeouts,
        };
        var route = new ReverseRoute(new(_site.Www, _site.Names, options), "/api", Url.Parse(target), "www");
        var routes = new Routes(new StaticFiles(Site.Documents), [new("/api", route)]);
        _site.Serve(
            routes,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                if (behind is not null)
                    _site.Loop.Start("behind", () => new HttpServer(behind).RunAsync(_back, stop.Token));
                await _site.Loop.YieldAsync();
                await test();
                stop.Cancel();
            }
        );
    }

    private async Task<TcpStream> ConnectAsync() =>
        await _site.Pc.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 80));

    private static async Task<string> ReadUntilAsync(TcpStream stream, string end)
    {
        var all = new StringBuilder();
        var buffer = new byte[4096];
        while (!all.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            var length = await stream.ReadAsync(buffer);
            Assert.True(length > 0, $"it ended after: {all}");
            all.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }
        return all.ToString();
    }

    [Fact]
    public void A_request_goes_on_without_what_is_for_one_hop_alone_and_tells_whose_it_is()
    {
        Run(
            new EchoHandler(),
            async () =>
            {
                var answer = await _site.SendRawAsync(
                    "GET /api/a%20b?q=1 HTTP/1.1\r\n"
                        + H
                        + "Connection: X-Secret, close\r\nX-Secret: 1\r\nTE: trailers\r\nProxy-Authorization: Basic eA==\r\n"
                        + "X-Forwarded-For: 6.6.6.6\r\nX-Kept: yes\r\n\r\n"
                );
                Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
                Assert.Contains("\r\nVia: 1.1 www\r\n", answer);
                Assert.Contains("\r\n\r\nGET /v1/a%20b?q=1 HTTP/1.1\r\nHost: 192.0.2.230\r\n", answer);
                Assert.Contains("\r\nX-Forwarded-For: 10.11.12.13\r\n", answer);
                Assert.Contains("\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: www.lab.cyber.co.kr\r\n", answer);
                Assert.Contains("\r\nX-Kept: yes\r\n", answer);
                foreach (var gone in (string[])["X-Secret", "TE:", "Proxy-Authorization", "6.6.6.6"])
                    Assert.DoesNotContain(gone, answer);
            }
        );
    }

    [Fact]
    public void What_the_other_server_says_to_its_neighbour_alone_is_not_passed_on_and_its_own_name_neither()
    {
        var behind = new Told(_ =>
            new(302, new Fields().Add("Location", "http://192.0.2.230/v1/there?x=y").Add("Proxy-Authenticate", "Basic"))
        );
        Run(
            behind,
            async () =>
            {
                var answer = await _site.SendRawAsync("GET /api HTTP/1.1\r\n" + H + "Connection: close\r\n\r\n");
                Assert.StartsWith("HTTP/1.1 302 Found\r\n", answer);
                Assert.Contains("\r\nLocation: /api/there?x=y\r\n", answer);
                Assert.DoesNotContain("Proxy-Authenticate", answer);
            }
        );
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nfirst", "later", "Content-Length: 10")]
    [InlineData(
        "Transfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n",
        "5\r\nlater\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked"
    )]
    public void A_body_goes_on_as_it_comes(string begin, string rest, string framing)
    {
        var behind = new Reading();
        Run(
            behind,
            async () =>
            {
                await using var stream = await ConnectAsync();
                await stream.WriteAsync(Encoding.Latin1.GetBytes("POST /api/x HTTP/1.1\r\n" + H + begin));
                await _site.Loop.DelayAsync(Duration.FromSeconds(1));
                Assert.Equal("first", behind.Body.ToString());
                await stream.WriteAsync(Encoding.Latin1.GetBytes(rest));
                Assert.EndsWith("\r\n\r\n10", await ReadUntilAsync(stream, "\r\n\r\n10"));
                Assert.Equal("firstlater", behind.Body.ToString());
                Assert.Contains(framing, behind.Head);
                // The connection has been read to the end of the body, and goes on.
                await stream.WriteAsync(Encoding.Latin1.GetBytes("GET /dir/ HTTP/1.1\r\n" + H + "\r\n"));
                await ReadUntilAsync(stream, "<p>dir</p>");
            }
        );
    }

    [Fact]
    public void An_answer_comes_as_it_is_made()
    {
        var slow = new Slowly(_site.Loop, ["one", "two"], Duration.FromSeconds(5));
        Run(
            new Told(_ => new(200) { Body = slow }),
            async () =>
            {
                await using var stream = await ConnectAsync();
                await stream.WriteAsync(Encoding.Latin1.GetBytes("GET /api/ HTTP/1.1\r\n" + H + "\r\n"));
                await ReadUntilAsync(stream, "\r\n\r\n3\r\none\r\n");
                Assert.Equal(1, slow.Given);
                await ReadUntilAsync(stream, "3\r\ntwo\r\n0\r\n\r\n");
            }
        );
    }

    [Fact]
    public void A_client_that_takes_nothing_holds_the_server_behind_back()
    {
        var endless = new Endless();
        Run(
            new Told(_ => new(200) { Body = endless }),
            async () =>
            {
                await using var stream = await ConnectAsync();
                await stream.WriteAsync(Encoding.Latin1.GetBytes("GET /api/ HTTP/1.1\r\n" + H + "\r\n"));
                await _site.Loop.DelayAsync(Duration.FromSeconds(20));
                var given = endless.Given;
                Assert.InRange(given, 1, 1_000_000);
                await _site.Loop.DelayAsync(Duration.FromSeconds(20));
                Assert.Equal(given, endless.Given);
            }
        );
    }

    [Fact]
    public void A_server_behind_that_takes_nothing_holds_the_client_back()
    {
        Run(
            new Deaf(_site.Loop),
            async () =>
            {
                await using var stream = await ConnectAsync();
                var sent = 0;
                await stream.WriteAsync(
                    Encoding.Latin1.GetBytes("POST /api/ HTTP/1.1\r\n" + H + "Content-Length: 10000000\r\n\r\n")
                );
                _site.Loop.Start(
                    "client",
                    async () =>
                    {
                        try
                        {
                            for (; ; sent += 1000)
                                await stream.WriteAsync(new byte[1000]);
                        }
                        catch (Exception end)
                            when (end is System.Net.Sockets.SocketException or ObjectDisposedException)
                        {
                            // The test is over.
                        }
                    }
                );
                await _site.Loop.DelayAsync(Duration.FromSeconds(20));
                Assert.InRange(sent, 1, 1_000_000);
            }
        );
    }

    [Fact]
    public void Hints_ahead_of_the_answer_are_passed_on()
    {
        var behind = new Told(async request =>
        {
            await request.SendInterimAsync(new(103, new Fields().Add("Link", "</a.css>; rel=preload")));
            return new(204);
        });
        Run(
            behind,
            async () =>
                Assert.StartsWith(
                    "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 204 No Content\r\n",
                    await _site.SendRawAsync("GET /api/ HTTP/1.1\r\n" + H + "\r\n")
                )
        );
    }

    [Fact]
    public void A_client_that_waits_for_100_is_refused_by_the_server_behind_without_a_word_of_its_body()
    {
        Run(
            new Told(_ => Answer.Page(403, "no")),
            async () =>
            {
                var request = "POST /api/ HTTP/1.1\r\n" + H + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n";
                Assert.StartsWith("HTTP/1.1 403 Forbidden\r\n", await _site.SendRawAsync(request, shut: false));
            }
        );
    }

    [Fact]
    public void A_client_that_waits_for_100_gets_it_when_the_server_behind_wants_the_body()
    {
        Run(
            new Reading(),
            async () =>
            {
                await using var stream = await ConnectAsync();
                var request = "POST /api/ HTTP/1.1\r\n" + H + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n";
                await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
                Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await ReadUntilAsync(stream, "\r\n\r\n"));
                await stream.WriteAsync("hello"u8.ToArray());
                Assert.StartsWith("HTTP/1.1 200 OK\r\n", await ReadUntilAsync(stream, "\r\n\r\n5"));
            }
        );
    }

    [Fact]
    public void Hints_the_word_to_go_on_and_the_answer_do_not_get_mixed_up_where_each_takes_its_time()
    {
        _site.Internet.Window = 16;
        var behind = new Told(async request =>
        {
            var hint = new ResponseHead(103, new Fields().Add("Link", "</a.css>; rel=preload"));
            await request.SendInterimAsync(hint);
            await request.Body.ReadExactlyAsync(new byte[5]);
            await request.SendInterimAsync(hint);
            return new(204);
        });
        Run(
            behind,
            async () =>
            {
                const string request =
                    "POST /api/ HTTP/1.1\r\n"
                    + H
                    + "Content-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n";
                var answer = await _site.SendRawAsync(request + "hello");
                var lines = answer.Split("\r\n").Where(line => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal));
                Assert.Equal(
                    ["HTTP/1.1 103", "HTTP/1.1 100", "HTTP/1.1 103", "HTTP/1.1 204"],
                    lines.Select(line => line[..12])
                );
                Assert.Equal(
                    2,
                    answer.Split("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n").Length - 1
                );
            }
        );
    }

    [Fact]
    public void Who_answers_before_it_has_heard_all_is_heard_at_once()
    {
        Run(
            new Told(_ => Answer.Page(413, "enough")),
            async () =>
            {
                var request =
                    "POST /api/ HTTP/1.1\r\n" + H + "Content-Length: 500000\r\n\r\n" + new string('x', 400_000);
                var answer = await _site.SendRawAsync(request);
                Assert.StartsWith("HTTP/1.1 413 Content Too Large\r\n", answer);
                Assert.Contains("\r\nConnection: close\r\n", answer);
            }
        );
    }

    [Fact]
    public void Where_nobody_is_behind_it_is_502()
    {
        Run(
            null,
            async () =>
                Assert.StartsWith(
                    "HTTP/1.1 502 Bad Gateway\r\n",
                    await _site.SendRawAsync("GET /api/ HTTP/1.1\r\n" + H + "\r\n")
                )
        );
    }

    [Fact]
    public void Where_somebody_is_behind_who_says_nothing_it_is_504()
    {
        Run(
            new Deaf(_site.Loop),
            async () =>
            {
                var answer = await _site.SendRawAsync("GET /api/ HTTP/1.1\r\n" + H + "\r\n");
                Assert.StartsWith("HTTP/1.1 504 Gateway Timeout\r\n", answer);
                Assert.Contains("\r\nCache-Control: no-store\r\n", answer);
            }
        );
    }

    [Fact]
    public void What_is_no_HTTP_is_502()
    {
        _site.Internet.Listeners[new(IpAddress.Parse("192.0.2.230"), 80)] = new(_site.Loop);
        Run(
            null,
            async () =>
            {
                _site.Loop.Start("garbage", GarbageAsync);
                Assert.StartsWith(
                    "HTTP/1.1 502 Bad Gateway\r\n",
                    await _site.SendRawAsync("GET /api/ HTTP/1.1\r\n" + H + "\r\n")
                );
            }
        );

        async Task GarbageAsync()
        {
            using var listener = _back.Listen(Port.Http);
            using var stream = await listener.AcceptAsync();
            await stream.WriteAsync("220 mail.cyber.co.kr ESMTP\r\n"u8.ToArray());
            await _site.Loop.DelayAsync(Duration.FromSeconds(1));
        }
    }

    [Fact]
    public void An_answer_that_breaks_off_behind_breaks_off_here_too()
    {
        Run(
            new Told(_ => new(200) { Body = new Breaking() }),
            async () =>
            {
                var answer = await _site.SendRawAsync("GET /api/ HTTP/1.1\r\n" + H + "\r\n", shut: false);
                Assert.EndsWith("\r\n\r\n4\r\nhalf\r\n", answer);
            }
        );
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nhalf")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf!\r\n0\r\n\r\n")]
    public void A_body_that_breaks_off_is_400_here_and_never_whole_behind(string body)
    {
        var behind = new Reading();
        Run(
            behind,
            async () =>
            {
                var answer = await _site.SendRawAsync("POST /api/ HTTP/1.1\r\n" + H + body);
                Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer);
                await _site.Loop.DelayAsync(Duration.FromSeconds(1));
                Assert.False(behind.IsWhole);
            }
        );
    }

    [Fact]
    public void A_body_that_comes_to_a_halt_is_408()
    {
        Run(
            new Reading(),
            async () =>
            {
                var request = "POST /api/ HTTP/1.1\r\n" + H + "Content-Length: 10\r\n\r\nhalf";
                Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", await _site.SendRawAsync(request, shut: false));
            }
        );
    }

    [Fact]
    public void A_circle_is_508() =>
        Run(
            null,
            async () =>
                Assert.StartsWith(
                    "HTTP/1.1 508 Loop Detected\r\n",
                    await _site.SendRawAsync("GET /api/x HTTP/1.1\r\n" + H + "\r\n")
                ),
            "http://192.0.2.226/api/"
        );

    [Theory]
    [InlineData("/api/../index.html", "<p>root</p>")]
    [InlineData("/api/%2e%2e/dir/", "<p>dir</p>")]
    public void Dots_lead_out_of_the_place_and_not_into_the_other_server(string target, string page) =>
        Run(
            null,
            async () => Assert.EndsWith(page, await _site.SendRawAsync($"GET {target} HTTP/1.1\r\n" + H + "\r\n"))
        );

    /// <summary>Answers as it is told to.</summary>
    private sealed class Told(Func<ServerRequest, ValueTask<Answer>> answer) : IRequestHandler
    {
        public Told(Func<ServerRequest, Answer> answer)
            : this(request => new ValueTask<Answer>(answer(request))) { }

        public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) => answer(request);
    }

    /// <summary>Reads bodies as they come, and answers with their length.</summary>
    private sealed class Reading : IRequestHandler
    {
        public StringBuilder Body { get; } = new();

        public string Head { get; private set; } = "";

        public bool IsWhole { get; private set; }

        public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
        {
            Head = request.Head.ToString();
            var buffer = new byte[1000];
            while (await request.Body.ReadAsync(buffer, stop) is > 0 and var length)
                Body.Append(Encoding.Latin1.GetString(buffer, 0, length));
            IsWhole = true;
            return Answer.Of(200, Encoding.ASCII.GetBytes($"{Body.Length}"), "text/plain");
        }
    }

    /// <summary>Neither reads nor answers.</summary>
    private sealed class Deaf(EventLoop loop) : IRequestHandler
    {
        public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
        {
            await loop.DelayAsync(Duration.FromSeconds(1000), stop);
            return new(204);
        }
    }

    private sealed class Slowly(EventLoop loop, string[] pieces, Duration pause) : LoopStream
    {
        public int Given { get; private set; }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (Given == pieces.Length)
                return 0;
            if (Given > 0)
                await loop.DelayAsync(pause, cancellationToken);
            return Encoding.ASCII.GetBytes(pieces[Given++], buffer.Span);
        }
    }

    private sealed class Endless : LoopStream
    {
        public long Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given += buffer.Length;
            return new(buffer.Length);
        }
    }

    private sealed class Breaking : LoopStream
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
