using Twocan.Core;
using Twocan.Http;

namespace Twocan.Proxy.Tests;

public class CachingProxyTests
{
    private const string Minute = "ETag: \"a\" | Cache-Control: max-age=60";

    [Fact]
    public void The_first_request_goes_to_the_origin_and_the_second_ends_at_the_proxy()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            var first = await home.Get();
            Assert.Equal((200, "hello"), (first.Status, first.Body));
            Assert.Equal("proxy.home; fwd=uri-miss; fwd-status=200; stored", first.CacheStatus);
            Assert.Equal("1.1 proxy.home", first.Fields["Via"]);
            Assert.False(first.Fields.Contains("Age"));

            await home.Pass(30);
            var second = await home.Get();
            Assert.Equal((200, "hello", 30), (second.Status, second.Body, second.Age));
            Assert.Equal("proxy.home; hit; ttl=30", second.CacheStatus);
            Assert.Equal(first.Fields["Date"], second.Fields["Date"]);
        });
        Assert.Single(home.Origin.Requests);
    }

    [Fact]
    public void The_origin_is_asked_in_origin_form_by_the_proxy_itself()
    {
        using var home = new Home();
        home.Run(() =>
            home.Raw(
                "GET http://user:secret@www.home/page?a=b HTTP/1.1\r\nHost: elsewhere\r\nUser-Agent: test\r\n"
                    + "Connection: close, X-Hop\r\nX-Hop: 1\r\nProxy-Authorization: Basic eA==\r\nAccept-Language: ko\r\n\r\n"
            )
        );
        var request = Assert.Single(home.Origin.Requests);
        Assert.Equal(
            "GET /page?a=b HTTP/1.1\r\nHost: www.home\r\nUser-Agent: test\r\nAccept-Language: ko\r\nVia: 1.1 proxy.home\r\n\r\n",
            request.ToString()
        );
    }

    [Fact]
    public void What_has_expired_is_checked_and_a_304_makes_it_good_again()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get();
            await home.Pass(3600);
            var checkedAgain = await home.Get();
            Assert.Equal((200, "hello", 0), (checkedAgain.Status, checkedAgain.Body, checkedAgain.Age));
            Assert.Equal("proxy.home; fwd=stale; fwd-status=304; ttl=60", checkedAgain.CacheStatus);
            Assert.Equal("\"a\"", home.Origin.Requests[1].Fields["If-None-Match"]);
            await home.Pass(59);
            Assert.Equal("proxy.home; hit; ttl=1", (await home.Get()).CacheStatus);
        });
        Assert.Equal(2, home.Origin.Requests.Count);
    }

    [Fact]
    public void What_has_changed_is_fetched_anew_and_takes_the_old_one_s_place()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get();
            await home.Pass(60);
            (home.Origin.Fields, home.Origin.Body) = ("ETag: \"b\" | Cache-Control: max-age=60", "news");
            var changed = await home.Get();
            Assert.Equal(
                ("news", "proxy.home; fwd=stale; fwd-status=200; stored"),
                (changed.Body, changed.CacheStatus)
            );
            Assert.Equal(
                ("news", "proxy.home; hit; ttl=60"),
                ((await home.Get()).Body, (await home.Get()).CacheStatus)
            );
        });
    }

    [Fact]
    public void Without_a_lifetime_it_is_good_for_a_tenth_of_how_long_it_has_not_changed()
    {
        using var home = new Home();
        home.Origin.Fields = "Last-Modified: @-36000";
        home.Run(async () =>
        {
            await home.Get();
            await home.Pass(3500);
            Assert.Equal("proxy.home; hit; ttl=100", (await home.Get()).CacheStatus);
            await home.Pass(100);
            Assert.StartsWith("proxy.home; fwd=stale", (await home.Get()).CacheStatus, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("Cache-Control: no-store, max-age=60", "")]
    [InlineData("Cache-Control: private, max-age=60", "")]
    [InlineData("Cache-Control: max-age=60 | Vary: *", "")]
    [InlineData("", "")]
    [InlineData("Cache-Control: max-age=60", "Cache-Control: no-store")]
    [InlineData("Cache-Control: max-age=60", "Authorization: Basic eA==")]
    public void What_must_not_be_stored_is_asked_for_each_time(string response, string request)
    {
        using var home = new Home();
        home.Origin.Fields = response;
        home.Run(async () =>
        {
            for (var i = 0; i < 2; i++)
                Assert.DoesNotContain(
                    "stored",
                    (await home.Get(Home.Page, request)).CacheStatus,
                    StringComparison.Ordinal
                );
        });
        Assert.Equal(2, home.Origin.Requests.Count);
    }

    [Fact]
    public void Each_language_is_stored_for_itself()
    {
        using var home = new Home();
        home.Origin.Fields = "Cache-Control: max-age=60 | Vary: Accept-Language";
        home.Run(async () =>
        {
            home.Origin.Body = "안녕";
            await home.Get(Home.Page, "Accept-Language: ko");
            home.Origin.Body = "hello";
            var english = await home.Get(Home.Page, "Accept-Language: en");
            Assert.Equal("proxy.home; fwd=vary-miss; fwd-status=200; stored", english.CacheStatus);
            Assert.Equal("안녕", (await home.Get(Home.Page, "Accept-Language: ko")).Body);
            Assert.Equal("hello", (await home.Get(Home.Page, "Accept-Language: en")).Body);
        });
        Assert.Equal(2, home.Origin.Requests.Count);
    }

    [Fact]
    public void A_client_that_has_it_already_gets_304_from_the_store()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get();
            var got = await home.Get(Home.Page, "If-None-Match: \"a\"");
            Assert.Equal((304, "", "proxy.home; hit; ttl=60"), (got.Status, got.Body, got.CacheStatus));
            await home.Pass(60);
            Assert.Equal(304, (await home.Get(Home.Page, "If-None-Match: \"a\"")).Status);
        });
        Assert.Equal(2, home.Origin.Requests.Count);
    }

    [Fact]
    public void HEAD_is_answered_from_what_GET_has_stored()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get();
            var head = await home.Send("HEAD");
            Assert.Equal(
                (200, "5", "", "proxy.home; hit; ttl=60"),
                (head.Status, head.Fields["Content-Length"], head.Body, head.CacheStatus)
            );
        });
        Assert.Single(home.Origin.Requests);
    }

    [Fact]
    public void HEAD_of_what_is_not_stored_passes_through_with_its_length_and_stores_nothing()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            Assert.Equal("5", (await home.Send("HEAD")).Fields["Content-Length"]);
            Assert.StartsWith("proxy.home; fwd=uri-miss", (await home.Get()).CacheStatus, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_HEAD_that_shows_a_change_throws_the_stored_one_away()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get();
            (home.Origin.Fields, home.Origin.Body) = ("ETag: \"b\" | Cache-Control: max-age=60", "longer than before");
            await home.Send("HEAD", fields: "Cache-Control: no-cache");
            Assert.Equal("longer than before", (await home.Get()).Body);
        });
    }

    [Fact]
    public void POST_passes_through_with_its_body_and_invalidates_what_is_stored()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get();
            var posted = await home.Send("POST", body: "a=1");
            Assert.Equal((200, "proxy.home; fwd=method; fwd-status=200"), (posted.Status, posted.CacheStatus));
            Assert.Equal("a=1", home.Origin.LastBody);
            Assert.StartsWith("proxy.home; fwd=uri-miss", (await home.Get()).CacheStatus, StringComparison.Ordinal);
        });
        Assert.Equal(["GET", "POST", "GET"], home.Origin.Requests.Select(request => request.Method));
    }

    [Fact]
    public void A_chunked_body_is_stored_once_it_is_whole()
    {
        using var home = new Home();
        (home.Origin.Fields, home.Origin.IsChunked, home.Origin.Body) = (Minute, true, new string('x', 100_000));
        home.Run(async () =>
        {
            Assert.Equal(home.Origin.Body, (await home.Get()).Body);
            var second = await home.Get();
            Assert.Equal((home.Origin.Body, "100000"), (second.Body, second.Fields["Content-Length"]));
        });
        Assert.Single(home.Origin.Requests);
    }

    [Fact]
    public void A_response_that_breaks_off_is_passed_on_as_broken_and_not_stored()
    {
        using var home = new Home();
        (home.Origin.Fields, home.Origin.Body, home.Origin.BreaksAfter) = (Minute, new string('x', 50_000), 20_000);
        home.Run(async () =>
        {
            await Assert.ThrowsAsync<FetchFailedException>(() => home.Get());
            home.Origin.BreaksAfter = null;
            Assert.Equal(50_000, (await home.Get()).Body.Length);
        });
        Assert.Equal(2, home.Origin.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_larger_than_the_store_takes_only_passes_through(bool isChunked)
    {
        using var home = new Home(new() { OpenStore = () => new MemoryStore(mostBodyBytes: 1000) });
        (home.Origin.Fields, home.Origin.Body, home.Origin.IsChunked) = (Minute, new string('x', 50_000), isChunked);
        home.Run(async () =>
        {
            Assert.Equal(50_000, (await home.Get()).Body.Length);
            Assert.Equal(50_000, (await home.Get()).Body.Length);
        });
        Assert.Equal(2, home.Origin.Requests.Count);
    }

    [Fact]
    public void A_crowd_that_wants_the_same_at_once_asks_the_origin_once()
    {
        using var home = new Home();
        (home.Origin.Fields, home.Origin.Thinks, home.Origin.Body) = (
            Minute,
            Duration.FromSeconds(1),
            new string('x', 30_000)
        );
        home.Run(async () =>
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => home.Get()));
            Assert.All(all, got => Assert.Equal((200, 30_000), (got.Status, got.Body.Length)));
            Assert.Equal(1, all.Count(got => got.CacheStatus == "proxy.home; fwd=uri-miss; fwd-status=200; stored"));
            Assert.Equal(
                9,
                all.Count(got =>
                    got.CacheStatus!.StartsWith("proxy.home; fwd=uri-miss; collapsed; ttl=", StringComparison.Ordinal)
                )
            );
        });
        Assert.Single(home.Origin.Requests);
    }

    [Fact]
    public void A_crowd_does_not_wait_for_what_may_not_be_shared()
    {
        using var home = new Home();
        (home.Origin.Fields, home.Origin.Thinks) = ("Cache-Control: private", Duration.FromSeconds(1));
        home.Run(async () =>
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => home.Get()));
            Assert.All(all, got => Assert.Equal("proxy.home; fwd=uri-miss; fwd-status=200", got.CacheStatus));
            Assert.InRange(home.Loop.Now.Nanoseconds / 1e9, 2, 2.5);
        });
        Assert.Equal(4, home.Origin.Requests.Count);
    }

    [Fact]
    public void Nobody_waits_for_another_s_slow_fetch_longer_than_the_patience()
    {
        using var home = new Home();
        (home.Origin.Fields, home.Origin.Thinks) = (Minute, Duration.FromSeconds(20));
        home.Run(async () =>
        {
            var first = home.Get();
            await home.Pass(1);
            home.Origin.Thinks = Duration.Zero;
            Assert.Equal(200, (await home.Get()).Status);
            Assert.InRange(home.Loop.Now.Nanoseconds / 1e9, 6, 7);
            await first;
        });
    }

    [Theory]
    [InlineData("http://unknown.home/", 502, "dns_error")]
    [InlineData("http://www.home:81/", 502, "connection_refused")]
    [InlineData("http://nobody.home/", 502, "destination_ip_unroutable")]
    public void An_origin_that_cannot_be_reached_is_502_and_says_why(string url, int status, string error)
    {
        using var home = new Home();
        home.Run(async () =>
        {
            var got = await home.Get(url);
            Assert.Equal((status, $"proxy.home; error={error}"), (got.Status, got.Fields["Proxy-Status"]));
            Assert.Contains("The proxy could not get", got.Body, StringComparison.Ordinal);
            Assert.Equal("no-store", got.Fields["Cache-Control"]);
        });
    }

    [Fact]
    public void An_origin_that_never_answers_is_504()
    {
        using var home = new Home(new() { OriginTimeout = Duration.FromSeconds(10) });
        home.Origin.Thinks = Duration.FromSeconds(1000);
        home.Run(async () =>
        {
            var got = await home.Get();
            Assert.Equal((504, "proxy.home; error=http_response_timeout"), (got.Status, got.Fields["Proxy-Status"]));
            Assert.InRange(home.Loop.Now.Nanoseconds / 1e9, 10, 10.5);
        });
    }

    [Theory]
    [InlineData(", stale-if-error=100", 200, 200)]
    // Whether there is no way to it or no answer depends on what ARP still remembers.
    [InlineData(", stale-if-error=10", 502, 504)]
    [InlineData("", 502, 504)]
    [InlineData(", stale-if-error=100, must-revalidate", 504, 504)]
    public void A_dead_origin_is_stood_in_for_only_as_far_as_it_allowed(string more, int status, int or)
    {
        using var home = new Home();
        home.Origin.Fields = Minute + more;
        home.Run(async () =>
        {
            await home.Get();
            await home.Pass(100);
            using var cut = home.World.Fault("cut www--switch");
            var got = await home.Get();
            Assert.True(got.Status == status || got.Status == or, $"{got.Status}");
            if (status == 200)
                Assert.Equal(
                    ("hello", "proxy.home; fwd=stale; ttl=-"),
                    (got.Body, got.CacheStatus!.TrimEnd("0123456789".ToCharArray()))
                );
        });
    }

    [Fact]
    public void A_server_error_is_passed_on_unless_the_stale_one_may_stand_in()
    {
        using var home = new Home();
        home.Origin.Fields = Minute + ", stale-if-error=100";
        home.Run(async () =>
        {
            await home.Get();
            await home.Pass(61);
            (home.Origin.Status, home.Origin.Fields) = (503, "");
            var stale = await home.Get();
            Assert.Equal(
                (200, "hello", "proxy.home; fwd=stale; fwd-status=503; ttl=-1"),
                (stale.Status, stale.Body, stale.CacheStatus)
            );
            await home.Pass(100);
            Assert.Equal(503, (await home.Get()).Status);
        });
    }

    [Fact]
    public void Only_if_cached_never_goes_to_the_origin()
    {
        using var home = new Home();
        home.Run(async () => Assert.Equal(504, (await home.Get(Home.Page, "Cache-Control: only-if-cached")).Status));
        Assert.Empty(home.Origin.Requests);
    }

    [Theory]
    [InlineData("CONNECT www.home:25 HTTP/1.1\r\nHost: www.home:25", 403)]
    [InlineData("GET / HTTP/1.1\r\nHost: proxy.home", 400)]
    [InlineData("GET https://www.home/ HTTP/1.1\r\nHost: www.home", 501)]
    [InlineData("GET ftp://www.home/ HTTP/1.1\r\nHost: www.home", 501)]
    [InlineData("GET http://www.home:99999/ HTTP/1.1\r\nHost: www.home", 400)]
    [InlineData("GET http://www.home/ HTTP/1.1\r\nHost: www.home\r\nVia: 1.0 other, 1.1 proxy.home", 508)]
    [InlineData("TRACE http://www.home/ HTTP/1.1\r\nHost: www.home\r\nMax-Forwards: 0", 405)]
    [InlineData("OPTIONS http://www.home/ HTTP/1.1\r\nHost: www.home\r\nMax-Forwards: 0", 200)]
    [InlineData("OPTIONS http://www.home/ HTTP/1.1\r\nHost: www.home\r\nMax-Forwards: many", 400)]
    public void What_a_proxy_cannot_carry_out_is_refused_by_itself(string request, int status)
    {
        using var home = new Home();
        home.Run(async () =>
        {
            var answer = await home.Raw($"{request}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        });
        Assert.Empty(home.Origin.Requests);
    }

    [Fact]
    public void Max_Forwards_is_counted_down()
    {
        using var home = new Home();
        home.Run(() =>
            home.Raw(
                "OPTIONS http://www.home/ HTTP/1.1\r\nHost: www.home\r\nMax-Forwards: 3\r\nConnection: close\r\n\r\n"
            )
        );
        Assert.Equal("2", home.Origin.Requests.Single().Fields["Max-Forwards"]);
    }

    [Fact]
    public void An_old_client_gets_an_answer_that_ends_with_the_connection()
    {
        using var home = new Home();
        (home.Origin.Fields, home.Origin.IsChunked) = (Minute, true);
        home.Run(async () =>
        {
            var answer = await home.Raw("GET http://www.home/page HTTP/1.0\r\n\r\n");
            Assert.EndsWith("\r\n\r\nhello", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("chunked", answer, StringComparison.Ordinal);
        });
        Assert.Equal("1.0 proxy.home", home.Origin.Requests.Single().Fields["Via"]);
    }

    [Fact]
    public void A_store_on_disk_survives_the_end_of_the_world()
    {
        var directory = Directory.CreateTempSubdirectory("twocan-proxy-").FullName;
        try
        {
            var options = new ProxyOptions { OpenStore = () => new DiskStore(directory) };
            using (var home = new Home(options))
            {
                home.Origin.Fields = Minute;
                home.Run(() => home.Get());
            }
            using (var home = new Home(options))
            {
                home.Run(async () =>
                {
                    var got = await home.Get();
                    Assert.Equal(("hello", "proxy.home; hit; ttl=60"), (got.Body, got.CacheStatus));
                });
                Assert.Empty(home.Origin.Requests);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_stored_body_that_is_damaged_is_fetched_again()
    {
        var directory = Directory.CreateTempSubdirectory("twocan-proxy-").FullName;
        try
        {
            using var home = new Home(new() { OpenStore = () => new DiskStore(directory) });
            home.Origin.Fields = Minute;
            home.Run(async () =>
            {
                await home.Get();
                var path = Directory.GetFiles(directory, "*.response").Single();
                File.WriteAllBytes(path, [.. File.ReadAllBytes(path)[..^1], (byte)'!']);
                Assert.Equal("hello", (await home.Get()).Body);
                Assert.Equal("proxy.home; hit; ttl=60", (await home.Get()).CacheStatus);
            });
            Assert.Equal(2, home.Origin.Requests.Count);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Causes_climb_from_the_origin_s_request_through_the_proxy_to_the_browser()
    {
        using var home = new Home(journal: true);
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get();
            await home.Get();
        });
        var journal = home.World.Journal!;
        var received = journal.Entries.Single(entry => entry is { Host: "www", What: RequestReceived });
        Assert.Equal(
            [
                "www RequestReceived",
                "proxy.home RequestSent",
                "proxy.home CacheDecided",
                "proxy.home RequestReceived",
                "pc RequestSent",
            ],
            Climb(received.Id)
        );
        var served = journal.Entries.Last(entry => entry is { Host: "proxy.home", What: ResponseSent });
        Assert.Equal(
            ["proxy.home ResponseSent", "proxy.home CacheDecided", "proxy.home RequestReceived", "pc RequestSent"],
            Climb(served.Id)
        );
        var stored = journal.Entries.Single(entry => entry.What is CacheStored);
        Assert.Equal(["proxy.home CacheStored", "proxy.home ResponseEnded"], Climb(stored.Id).Take(2));
        Assert.Equal(
            "www ResponseSent",
            Climb(stored.Id).First(step => step.StartsWith("www", StringComparison.Ordinal))
        );

        string[] Climb(EventId id) =>
            [
                .. journal
                    .Causes(id)
                    .Where(entry => entry.What.Layer is Layer.Http or Layer.Proxy)
                    .Select(entry => $"{entry.Host} {entry.What.GetType().Name}"),
            ];
    }

    [Fact]
    public void A_304_that_names_more_fields_to_vary_on_is_stored_for_this_request()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get(Home.Page, "Accept-Language: ko");
            await home.Pass(60);
            home.Origin.Fields = Minute + " | Vary: Accept-Language";
            await home.Get(Home.Page, "Accept-Language: ko");
            Assert.Equal("proxy.home; hit; ttl=60", (await home.Get(Home.Page, "Accept-Language: ko")).CacheStatus);
            Assert.StartsWith(
                "proxy.home; fwd=vary-miss",
                (await home.Get(Home.Page, "Accept-Language: en")).CacheStatus,
                StringComparison.Ordinal
            );
        });
    }

    [Fact]
    public void The_same_world_tells_the_same_story_every_time()
    {
        Assert.Equal(Story(), Story());

        static string[] Story()
        {
            using var home = new Home(journal: true);
            home.Origin.Fields = Minute;
            home.Run(async () =>
            {
                using var fault = home.World.Fault("loss 10% proxy.home--switch");
                await Task.WhenAll(Enumerable.Range(0, 8).Select(i => home.Get($"http://www.home/{i % 3}")));
                await home.Pass(61);
                await Task.WhenAll(Enumerable.Range(0, 4).Select(i => home.Get($"http://www.home/{i % 3}")));
            });
            return
            [
                .. home.World.Journal!.Entries.Select(entry =>
                    $"{entry.Id} {entry.At} {entry.Host} {entry.What.Say(Language.English)} {entry.Because}"
                ),
            ];
        }
    }

    [Fact]
    public void Afterwards_no_buffer_is_left_and_both_ends_are_at_rest()
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
            await Task.WhenAll(home.Get(), home.Get("http://www.home/other"), home.Get("http://nobody.home/"))
        );
        Assert.True(home.World.Settle());
        Assert.Equal((0, 0), (home.Loop.Packets.Outstanding, home.Loop.TimerCount));
    }
}
