using System.Net.Sockets;
using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class WebClientTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly Site _site = new();

    private static async Task<string> TextOf(ClientResponse response)
    {
        using (response)
            return Encoding.Latin1.GetString(await response.ReadAllAsync());
    }

    [Fact]
    public void A_page_and_its_picture_come_over_one_kept_connection() =>
        _site.Serve(async () =>
        {
            using var client = _site.Client();
            using var page = await client.GetAsync(Site.Url("/sample1.htm"));
            Assert.Equal(200, page.Status);
            Assert.False(page.Connection.WasReused);
            Assert.Equal("<img src=gazou.jpg>", await TextOf(page));
            using var picture = await client.GetAsync(Site.Url("/gazou.jpg"));
            Assert.True(picture.Connection.WasReused);
            Assert.Equal(page.Connection.Local, picture.Connection.Local);
            Assert.Equal(Site.Documents.Find(["gazou.jpg"])!.ETag, picture.Fields["ETag"]);
            Assert.Equal(6419, (await picture.ReadAllAsync()).Length);
            Assert.Equal(1, _site.Pc.Connects);
            Assert.Equal(1, client.IdleConnections);
        });

    [Fact]
    public void The_request_says_whom_and_what_it_asks() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                var request = new ClientRequest(Site.Url("/dir/?q=1#part"))
                {
                    Fields = new Fields().Add("Accept-Language", "ko"),
                };
                await TextOf(await client.SendAsync(request));
                Assert.Equal(
                    "GET /dir/?q=1 HTTP/1.1\r\nHost: www.lab.cyber.co.kr\r\nAccept-Language: ko\r\nUser-Agent: Twocan/0.1\r\nAccept: */*\r\n\r\n",
                    _site.Requests[0].ToString()
                );
            },
            [Ok]
        );

    [Fact]
    public void User_and_password_of_the_url_become_Basic_credentials() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                await TextOf(await client.GetAsync(Url.Parse("http://user:p%40w@www.lab.cyber.co.kr/")));
                Assert.Equal(
                    "Basic " + Convert.ToBase64String("user:p@w"u8),
                    _site.Requests[0].Fields["Authorization"]
                );
                Assert.Equal("www.lab.cyber.co.kr", _site.Requests[0].Fields["Host"]);
            },
            [Ok]
        );

    [Fact]
    public void Through_a_proxy_the_target_is_the_whole_url() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client(new() { Proxy = new("proxy.home", Port.Http) });
                await TextOf(await client.GetAsync(Url.Parse("http://u:p@www.cyber.co.kr:8080/dir/?q#f")));
                Assert.Equal("http://www.cyber.co.kr:8080/dir/?q", _site.Requests[0].Target);
                Assert.Equal("www.cyber.co.kr:8080", _site.Requests[0].Fields["Host"]);
                Assert.Equal(["proxy.home"], _site.Names.Asked);
            },
            [Ok]
        );

    [Fact]
    public void A_body_goes_out_with_its_length() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                var request = new ClientRequest(Site.Url()) { Method = "POST", Body = "name=twocan"u8.ToArray() };
                await TextOf(await client.SendAsync(request));
                Assert.Equal("11", _site.Requests[0].Fields["Content-Length"]);
            },
            [Ok]
        );

    [Theory]
    [InlineData(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n",
        "abcde"
    )]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc", "abc")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end")]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", "")]
    public void A_body_is_read_as_it_is_framed(string answer, string body) =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                Assert.Equal(body, await TextOf(await client.GetAsync(Site.Url())));
            },
            [answer]
        );

    [Fact]
    public void The_answer_to_HEAD_has_no_body_and_the_connection_is_kept() =>
        _site.Serve(async () =>
        {
            using var client = _site.Client();
            using var head = await client.SendAsync(new(Site.Url("/gazou.jpg")) { Method = "HEAD" });
            Assert.Equal("6419", head.Fields["Content-Length"]);
            Assert.True(head.HasEnded);
            Assert.Equal(1, client.IdleConnections);
            Assert.Equal("<p>root</p>", await TextOf(await client.GetAsync(Site.Url())));
            Assert.Equal(1, _site.Pc.Connects);
        });

    [Fact]
    public void No_more_connections_than_allowed_and_those_who_wait_get_their_turn_in_order() =>
        _site.Serve(async () =>
        {
            using var client = _site.Client(new() { ConnectionsPerOrigin = 2 });
            var order = new List<int>();
            await Task.WhenAll(Enumerable.Range(0, 7).Select(Fetch));
            Assert.Equal(2, _site.Pc.Connects);
            Assert.Equal([2, 3, 4, 5, 6], order.Where(number => number >= 2));

            async Task Fetch(int number)
            {
                using var response = await client.GetAsync(Site.Url("/gazou.jpg"));
                Assert.Equal(6419, (await response.ReadAllAsync()).Length);
                order.Add(number);
            }
        });

    [Fact]
    public void A_connection_that_the_server_closed_is_not_used_again() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                Assert.Equal("ok", await TextOf(await client.GetAsync(Site.Url())));
                await _site.Loop.DelayAsync(Duration.FromMilliseconds(1));
                Assert.Equal(0, client.IdleConnections);
                Assert.Equal("ok", await TextOf(await client.GetAsync(Site.Url())));
                Assert.Equal(2, _site.Pc.Connects);
            },
            [Ok],
            [Ok]
        );

    [Fact]
    public void An_idempotent_request_on_a_connection_that_turns_out_dead_is_sent_once_more() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                await TextOf(await client.GetAsync(Site.Url()));
                // The script reads the second request and closes without a word.
                Assert.Equal("ok", await TextOf(await client.GetAsync(Site.Url("/again"))));
                Assert.Equal(2, _site.Pc.Connects);
                Assert.Equal(["/", "/again", "/again"], _site.Requests.Select(request => request.Target));
            },
            [Ok, ""],
            [Ok]
        );

    [Fact]
    public void A_POST_on_a_dead_connection_fails_instead() =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                await TextOf(await client.GetAsync(Site.Url()));
                var post = new ClientRequest(Site.Url()) { Method = "POST", Body = new byte[1] };
                var failure = await Assert.ThrowsAsync<FetchFailedException>(() => client.SendAsync(post).AsTask());
                Assert.Equal(FetchStep.Receive, failure.Step);
            },
            [Ok, ""],
            [Ok]
        );

    [Fact]
    public void An_unknown_host_fails_at_the_resolver() =>
        _site.Serve(async () =>
        {
            using var client = _site.Client();
            var failure = await Assert.ThrowsAsync<FetchFailedException>(() =>
                client.GetAsync(Url.Parse("http://nobody.example/")).AsTask()
            );
            Assert.Equal((FetchStep.Resolve, SocketError.HostNotFound), (failure.Step, failure.Error));
            Assert.Empty(_site.Pc.OpenDescriptors);
        });

    [Fact]
    public void A_refused_port_fails_at_the_connection() =>
        _site.Serve(async () =>
        {
            using var client = _site.Client();
            var failure = await Assert.ThrowsAsync<FetchFailedException>(() =>
                client.GetAsync(Url.Parse("http://192.0.2.226:81/")).AsTask()
            );
            Assert.Equal((FetchStep.Connect, SocketError.ConnectionRefused), (failure.Step, failure.Error));
            Assert.Empty(_site.Pc.OpenDescriptors);
        });

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void What_is_no_response_fails_at_the_head(string answer) =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                var failure = await Assert.ThrowsAsync<FetchFailedException>(() =>
                    client.GetAsync(Site.Url()).AsTask()
                );
                Assert.Equal(FetchStep.Receive, failure.Step);
                Assert.Null(failure.Error);
                Assert.Empty(_site.Pc.OpenDescriptors);
            },
            [answer]
        );

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalfway\r\n")]
    public void A_body_that_breaks_off_is_an_error_and_not_a_short_body(string answer) =>
        _site.Script(
            async () =>
            {
                using var client = _site.Client();
                using var response = await client.GetAsync(Site.Url());
                await Assert.ThrowsAsync<FetchFailedException>(() => response.ReadAllAsync().AsTask());
                Assert.Empty(_site.Pc.OpenDescriptors);
            },
            [answer]
        );

    [Fact]
    public void Redirects_are_followed_only_when_asked() =>
        _site.Serve(async () =>
        {
            using var plain = _site.Client();
            using var redirect = await plain.GetAsync(Site.Url("/dir"));
            Assert.Equal(301, redirect.Status);
            using var client = _site.Client(new() { FollowRedirects = 5 });
            using var response = await client.GetAsync(Site.Url("/dir#part"));
            Assert.Equal("<p>dir</p>", await TextOf(response));
            Assert.Equal("http://www.lab.cyber.co.kr/dir/#part", response.Url.Href);
            Assert.Equal([Site.Url("/dir#part")], response.Redirects);
        });

    [Fact]
    public void A_circle_of_redirects_ends()
    {
        const string back = "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
        _site.Script(
            async () =>
            {
                using var client = _site.Client(new() { FollowRedirects = 3 });
                var failure = await Assert.ThrowsAsync<FetchFailedException>(() =>
                    client.GetAsync(Site.Url()).AsTask()
                );
                Assert.Contains("redirects", failure.Why);
                Assert.Equal(4, _site.Requests.Count);
            },
            [back, back, back, back, back]
        );
    }

    [Fact]
    public void Idle_connections_are_closed_when_asked_and_after_their_time() =>
        _site.Serve(async () =>
        {
            using var client = _site.Client(new() { IdleTimeout = Duration.FromSeconds(5) });
            await TextOf(await client.GetAsync(Site.Url()));
            Assert.Equal([3], _site.Pc.OpenDescriptors);
            client.CloseIdle();
            Assert.Empty(_site.Pc.OpenDescriptors);
            await TextOf(await client.GetAsync(Site.Url()));
            await _site.Loop.DelayAsync(Duration.FromSeconds(4));
            Assert.Equal([3], _site.Pc.OpenDescriptors);
            await _site.Loop.DelayAsync(Duration.FromSeconds(2));
            Assert.Empty(_site.Pc.OpenDescriptors);
        });

    [Fact]
    public void A_response_that_is_given_up_closes_its_connection() =>
        _site.Serve(async () =>
        {
            using var client = _site.Client(new() { ConnectionsPerOrigin = 1 });
            (await client.GetAsync(Site.Url("/gazou.jpg"))).Dispose();
            Assert.Empty(_site.Pc.OpenDescriptors);
            Assert.Equal("<p>root</p>", await TextOf(await client.GetAsync(Site.Url())));
        });

    [Fact]
    public void Every_event_has_its_cause_from_the_click_to_the_end()
    {
        var journal = _site.Internet.Journal = new(_site.Loop);
        _site.Serve(async () =>
        {
            using var client = _site.Client();
            var click = journal.Tell("pc", new RequestSent(0, "click", "", "", ""), default);
            using var response = await client.GetAsync(Site.Url("/sample1.htm"), click);
            await response.ReadAllAsync();
            var sent = journal.Entries.Single(entry => entry.What is RequestSent { Method: "GET" });
            Assert.Equal(click, sent.Because);
            Assert.Equal(sent.Id, _site.Pc.WriteCauses[0]);
            var received = journal.Entries.Single(entry => entry.What is RequestReceived);
            var answered = journal.Entries.Single(entry => entry.What is ResponseSent);
            Assert.Equal(received.Id, answered.Because);
            Assert.Equal(answered.Id, _site.Www.WriteCauses[0]);
            Assert.IsType<ResponseBegan>(journal.Find(sent.Id with { Value = answered.Id.Value + 1 })!.What);
            Assert.Equal(19, Assert.IsType<ResponseEnded>(journal.Find(response.Because)!.What).BodyLength);
        });
    }

    [Fact]
    public void A_request_can_be_cancelled_at_any_step()
    {
        for (var microseconds = 0; microseconds < 3000; microseconds += 250)
        {
            var site = new Site();
            var patience = Duration.FromMicroseconds(microseconds);
            site.Script(async () =>
            {
                using var client = site.Client();
                using var stop = new CancellationTokenSource(patience.ToTimeSpan(), site.Loop.TimeProvider);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                    client.GetAsync(Site.Url(), default, stop.Token).AsTask()
                );
                Assert.Empty(site.Pc.OpenDescriptors);
            });
        }
    }
}
