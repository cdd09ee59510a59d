using System.IO.Compression;
using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

/// <summary>What a client makes of answers: redirects, questions for a password, packed bodies, refusals.</summary>
public sealed class FetchTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly Site _site = new();

    private static string Redirect(int status, string to) =>
        $"HTTP/1.1 {status} Elsewhere\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n";

    private static async Task<string> TextOf(ClientResponse response)
    {
        using (response)
            return Encoding.Latin1.GetString(await response.ReadAllAsync());
    }

    [Theory]
    [InlineData(301, "GET", "GET", false)]
    [InlineData(301, "POST", "GET", false)]
    [InlineData(302, "POST", "GET", false)]
    [InlineData(302, "PUT", "PUT", true)]
    [InlineData(303, "PUT", "GET", false)]
    [InlineData(303, "POST", "GET", false)]
    [InlineData(303, "HEAD", "HEAD", false)]
    [InlineData(307, "POST", "POST", true)]
    [InlineData(308, "POST", "POST", true)]
    public void A_redirect_keeps_or_changes_the_method_as_RFC_9110_has_it(
        int status,
        string method,
        string then,
        bool keepsBody
    ) =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client(new() { FollowRedirects = 5 });
                var request = new ClientRequest(Site.Url()) { Method = method };
                if (method is "POST" or "PUT")
                    request = request with
                    {
                        Body = "name=twocan"u8.ToArray(),
                        Fields = new Fields().Add("Content-Type", "text/plain"),
                    };
                using var response = await client.SendAsync(request);
                Assert.Equal(then, _site.Requests[1].Method);
                Assert.Equal(keepsBody ? "11" : null, _site.Requests[1].Fields["Content-Length"]);
                Assert.Equal(keepsBody, _site.Requests[1].Fields.Contains("Content-Type"));
            },
            [Redirect(status, "/next"), "HTTP/1.1 204 No Content\r\n\r\n"]
        );

    [Fact]
    public void What_was_meant_for_one_server_is_not_shown_to_another() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client(new() { FollowRedirects = 5 });
                var request = new ClientRequest(Site.Url())
                {
                    Fields = new Fields().Add("Cookie", "a=1").Add("X-Own", "1"),
                    Credentials = new("user", "secret"),
                };
                await TextOf(await client.SendAsync(request));
                Assert.NotNull(_site.Requests[1].Fields["Authorization"]);
                Assert.Equal("192.0.2.226", _site.Requests[2].Fields["Host"]);
                Assert.Null(_site.Requests[2].Fields["Authorization"]);
                Assert.Null(_site.Requests[2].Fields["Cookie"]);
                Assert.Equal("1", _site.Requests[2].Fields["X-Own"]);
            },
            [Redirect(302, "/same"), Redirect(302, "http://192.0.2.226/other")],
            [Ok]
        );

    [Fact]
    public void A_cookie_that_comes_with_a_redirect_goes_along_to_the_next_place() =>
        _site.Script(
            async () =>
            {
                var jar = new CookieJar();
                using var client = _site.Client(new() { FollowRedirects = 5, Cookies = jar });
                await TextOf(await client.GetAsync(Site.Url("/login")));
                Assert.Null(_site.Requests[0].Fields["Cookie"]);
                Assert.Equal("session=1", _site.Requests[1].Fields["Cookie"]);
                Assert.Equal(1, jar.Count);
            },
            [
                "HTTP/1.1 303 See Other\r\nLocation: /\r\nSet-Cookie: session=1; Path=/\r\nSet-Cookie: bad=1; Domain=kr\r\nContent-Length: 0\r\n\r\n",
                Ok,
            ]
        );

    [Fact]
    public void A_body_that_cannot_be_sent_twice_is_not_redirected() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client(new() { FollowRedirects = 5 });
                var body = RequestBody.From(() => new MemoryStream(new byte[9]), canReplay: false);
                var post = new ClientRequest(Site.Url()) { Method = "POST", Body = body };
                var failure = await Assert.ThrowsAsync<FetchFailedException>(() => client.SendAsync(post).AsTask());
                Assert.Contains("cannot be sent twice", failure.Why);
            },
            [Redirect(307, "/next")]
        );

    [Fact]
    public void Digest_is_answered_and_then_remembered_and_a_stale_nonce_is_renewed() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client(new() { Authentication = AuthenticationScheme.Digest });
                var request = new ClientRequest(Site.Url("/dir/?q")) { Credentials = new("user", "secret") };
                Assert.Equal("ok", await TextOf(await client.SendAsync(request)));
                Assert.Equal("ok", await TextOf(await client.SendAsync(request)));
                Assert.Equal("ok", await TextOf(await client.SendAsync(request)));
                var told = _site.Requests.Select(one => one.Fields["Authorization"]).ToList();
                Assert.Null(told[0]);
                Assert.Contains("nonce=\"one\", uri=\"/dir/?q\", algorithm=MD5", told[1]);
                Assert.Contains("nc=00000002", told[2]);
                Assert.Contains("nonce=\"one\"", told[3]);
                Assert.Contains("nonce=\"two\"", told[4]);
                Assert.DoesNotContain("secret", string.Concat(told));
            },
            [
                "HTTP/1.1 401 Who?\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"one\", qop=\"auth\"\r\nContent-Length: 3\r\n\r\nwho",
                Ok,
                Ok,
                "HTTP/1.1 401 Who?\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"two\", qop=\"auth\", stale=true\r\nContent-Length: 0\r\n\r\n",
                Ok,
            ]
        );

    [Fact]
    public void A_wrong_password_is_told_once() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                var request = new ClientRequest(Site.Url()) { Credentials = new("user", "wrong") };
                using var response = await client.SendAsync(request);
                Assert.Equal(401, response.Status);
                Assert.Equal(2, _site.Requests.Count);
            },
            [
                "HTTP/1.1 401 Who?\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"one\"\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 401 Who?\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"two\"\r\nContent-Length: 0\r\n\r\n",
            ]
        );

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("bare")]
    [InlineData("gzip, br")]
    public void A_packed_body_is_unpacked_and_the_connection_kept(string coding) =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client(new() { Decodes = true });
                using var response = await client.GetAsync(Site.Url());
                Assert.Equal(new string('a', 5000), await TextOf(response));
                Assert.Equal(coding == "bare" ? "deflate" : coding, response.Decoded);
                Assert.Equal("gzip, deflate, br", _site.Requests[0].Fields["Accept-Encoding"]);
                Assert.Equal(1, client.IdleConnections);
            },
            [Packed(coding, Enumerable.Repeat((byte)'a', 5000).ToArray())]
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_packed_body_that_is_broken_or_unpacks_without_end_is_an_error(bool isBroken) =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client(new() { Decodes = true, MostDecoded = 100_000 });
                using var response = await client.GetAsync(Site.Url());
                await Assert.ThrowsAsync<IOException>(() => response.ReadAllAsync().AsTask());
            },
            [isBroken ? Packed("gzip", new byte[9]).Replace('\x1f', 'x') : Packed("gzip", new byte[1_000_000])]
        );

    private static string Packed(string coding, byte[] body)
    {
        foreach (var one in coding.Split(", "))
        {
            var packed = new MemoryStream();
            using (
                Stream packer = one switch
                {
                    "gzip" => new GZipStream(packed, CompressionMode.Compress),
                    "br" => new BrotliStream(packed, CompressionMode.Compress),
                    "deflate" => new ZLibStream(packed, CompressionMode.Compress),
                    _ => new DeflateStream(packed, CompressionMode.Compress),
                }
            )
                packer.Write(body);
            body = packed.ToArray();
        }
        var name = coding == "bare" ? "deflate" : coding;
        return $"HTTP/1.1 200 OK\r\nContent-Encoding: {name}\r\nContent-Length: {body.Length}\r\n\r\n"
            + Encoding.Latin1.GetString(body);
    }

    [Fact]
    public void A_long_body_goes_out_in_chunks_as_it_comes() =>
        _site.Serve(
            new Echo(),
            async () =>
            {
                using var client = _site.Client();
                var data = new byte[300_000];
                new RandomSource(3).Fill(data);
                var watcher = new Counter();
                var request = new ClientRequest(Site.Url())
                {
                    Method = "POST",
                    Body = RequestBody.From(() => new MemoryStream(data)),
                    Watcher = watcher,
                };
                using var response = await client.SendAsync(request);
                Assert.Equal(data, await response.ReadAllAsync());
                Assert.Equal(data.Length, watcher.Sent);
            }
        );

    [Fact]
    public void A_body_that_is_waited_for_goes_out_when_the_server_says_so() =>
        _site.Serve(
            new Echo(),
            async () =>
            {
                using var client = _site.Client();
                var watcher = new Counter();
                var request = new ClientRequest(Site.Url())
                {
                    Method = "PUT",
                    Body = new byte[100_000],
                    ExpectsContinue = true,
                    Watcher = watcher,
                };
                using var response = await client.SendAsync(request);
                Assert.Equal(100_000, (await response.ReadAllAsync()).Length);
                Assert.Equal([100], watcher.Interims);
                Assert.True(response.Timing.HeadArrived - response.Timing.Began < Duration.FromSeconds(1));
            }
        );

    [Fact]
    public void A_server_that_refuses_before_the_body_never_gets_it() =>
        _site.Serve(
            new Refusal(),
            async () =>
            {
                using var client = _site.Client();
                var body = RequestBody.From(() => throw new IOException("nobody may read this"));
                var request = new ClientRequest(Site.Url())
                {
                    Method = "PUT",
                    Body = body,
                    ExpectsContinue = true,
                };
                using var response = await client.SendAsync(request);
                Assert.Equal(413, response.Status);
                await response.ReadAllAsync();
                Assert.Equal(0, client.IdleConnections);
            }
        );

    [Fact]
    public void A_body_that_cannot_be_read_says_so() =>
        _site.Serve(
            new Echo(),
            async () =>
            {
                using var client = _site.Client();
                var body = RequestBody.From(() => throw new IOException("the file has gone"), 5);
                var request = new ClientRequest(Site.Url()) { Method = "PUT", Body = body };
                var failure = await Assert.ThrowsAsync<IOException>(() => client.SendAsync(request).AsTask());
                Assert.Contains("the file has gone", failure.Message);
                Assert.Empty(_site.Pc.OpenDescriptors);
            }
        );

    [Theory]
    [InlineData("first byte", "the server did not begin to answer within 5 s")]
    [InlineData("idle", "nothing more of the answer came within 7 s")]
    [InlineData("total", "it has not come to its end within 3 s")]
    public void Each_phase_has_its_time_and_says_what_was_missing(string phase, string why) =>
        _site.Internet.Run(async () =>
        {
            using var listener = Sockets.NetworkExtensions.Listen(_site.Www, Port.Http);
            _site.Loop.Start("slow", () => SayLittleAsync(listener, phase == "first byte" ? "" : Ok[..^1]));
            var timeouts = new FetchTimeouts
            {
                FirstByte = Duration.FromSeconds(5),
                Idle = Duration.FromSeconds(7),
                Total = phase == "total" ? Duration.FromSeconds(3) : null,
            };
            using var client = _site.Client(new() { Timeouts = timeouts });
            var failure = await Assert.ThrowsAsync<FetchFailedException>(async () =>
            {
                using var response = await client.GetAsync(Site.Url());
                await response.ReadAllAsync();
            });
            Assert.Equal(why, failure.Why);
            Assert.Equal(System.Net.Sockets.SocketError.TimedOut, failure.Error);
            // The listener's own are left.
            Assert.Empty(_site.Pc.OpenDescriptors);
        });

    private static async Task SayLittleAsync(Sockets.Listener listener, string text)
    {
        using var stream = await listener.AcceptAsync();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        await Site.ReadToEndAsync(stream);
    }

    [Fact]
    public void Over_all_routes_no_more_connections_than_allowed_and_an_idle_one_makes_room() =>
        _site.Serve(async () =>
        {
            using var client = _site.Client(new() { Connections = 2 });
            using var other = Sockets.NetworkExtensions.Listen(_site.Www, new Port(81));
            await TextOf(await client.GetAsync(Site.Url()));
            using var one = await client.GetAsync(Site.Url("/gazou.jpg"));
            using var two = await client.GetAsync(Url.Parse("http://192.0.2.226/gazou.jpg"));
            var third = client.GetAsync(Url.Parse("http://proxy.home/dir/")).AsTask();
            await _site.Loop.DelayAsync(Duration.FromSeconds(1));
            Assert.False(third.IsCompleted);
            await TextOf(two);
            Assert.Equal("<p>dir</p>", await TextOf(await third));
            Assert.Equal(3, _site.Pc.Connects);
            Assert.Equal(1, client.IdleConnections);
        });

    [Fact]
    public void A_connection_is_kept_no_longer_than_its_server_says() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                await TextOf(await client.GetAsync(Site.Url()));
                Assert.Equal(1, client.IdleConnections);
                await _site.Loop.DelayAsync(Duration.FromSeconds(5));
                Assert.Equal(0, client.IdleConnections);
            },
            [Ok.Replace("\r\n\r\n", "\r\nKeep-Alive: timeout=5, max=99\r\n\r\n"), Ok]
        );

    private sealed class Counter : FetchWatcher
    {
        public long Sent { get; private set; }

        public List<int> Interims { get; } = [];

        public override void OnUpload(long sent) => Sent = sent;

        public override void OnInterim(ResponseHead head) => Interims.Add(head.Status);
    }

    /// <summary>Gives back what it gets.</summary>
    private sealed class Echo : IRequestHandler
    {
        public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
        {
            var all = new MemoryStream();
            await request.Body.CopyToAsync(all, stop);
            return Answer.Of(200, all.ToArray(), MimeTypes.Unknown);
        }
    }

    private sealed class Refusal : IRequestHandler
    {
        public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) =>
            ValueTask.FromResult(Answer.Page(413, "no"));
    }
}
