using System.Text;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Proxy.Tests;

/// <summary>Parts of what is stored, and what an origin says before its answer.</summary>
public sealed class PartsAndHintsTests
{
    private const string Minute = "ETag: \"a\" | Cache-Control: max-age=60";

    [Theory]
    [InlineData("Range: bytes=1-3", 206, "ell", "bytes 1-3/5")]
    [InlineData("Range: bytes=-2", 206, "lo", "bytes 3-4/5")]
    [InlineData("Range: bytes=1-3 | If-Range: \"a\"", 206, "ell", "bytes 1-3/5")]
    [InlineData("Range: bytes=1-3 | If-Range: \"b\"", 200, "hello", null)]
    [InlineData("Range: bytes=0-0,4-4", 206, "hello", "bytes 0-4/5")]
    [InlineData("Range: pages=1-2", 200, "hello", null)]
    [InlineData("Range: bytes=9-", 416, "", "bytes */5")]
    public void A_part_is_cut_out_of_the_stored_whole(string fields, int status, string body, string? range)
    {
        using var home = new Home();
        home.Origin.Fields = Minute;
        home.Run(async () =>
        {
            await home.Get();
            var part = await home.Get(fields: fields);
            Assert.Equal((status, body, range), (part.Status, part.Body, part.Fields["Content-Range"]));
            Assert.Contains("; hit", part.CacheStatus);
        });
        Assert.Single(home.Origin.Requests);
    }

    [Fact]
    public void A_part_that_the_origin_sends_is_passed_on_and_not_stored()
    {
        using var home = new Home();
        (home.Origin.Fields, home.Origin.Status) = (Minute + " | Content-Range: bytes 0-4/9", 206);
        home.Run(async () =>
        {
            var part = await home.Get(fields: "Range: bytes=0-4");
            Assert.Equal((206, "hello"), (part.Status, part.Body));
            (home.Origin.Fields, home.Origin.Status, home.Origin.Body) = (Minute, 200, "hello all");
            Assert.Equal("hello all", (await home.Get()).Body);
        });
        Assert.Equal(2, home.Origin.Requests.Count);
        Assert.Equal("bytes=0-4", home.Origin.Requests[0].Fields["Range"]);
    }

    [Fact]
    public void Early_hints_reach_the_client_before_the_answer()
    {
        using var home = new Home();
        home.Origin.Hint = new(103, new Fields().Add("Link", "</style.css>; rel=preload"));
        home.Origin.Thinks = Duration.FromSeconds(1);
        home.Run(async () =>
        {
            var answer = await home.Raw(
                "GET http://www.home/page HTTP/1.1\r\nHost: www.home\r\nConnection: close\r\n\r\n"
            );
            Assert.StartsWith(
                "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n",
                answer
            );
        });
    }

    [Theory]
    [InlineData("Content-Length: 8\r\n\r\nhalf", "more")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "4\r\nmore\r\n0\r\n\r\n")]
    public void A_body_is_passed_on_as_it_comes(string begin, string rest)
    {
        // Longer than the origin's silence would be borne.
        using var home = new Home(new() { OriginTimeout = Duration.FromSeconds(5) });
        home.Run(async () =>
        {
            using var stream = await home.Pc.Network.ConnectAsync(
                new Endpoint(home.Proxy.Address!.Value, Port.HttpProxy)
            );
            const string head = "POST http://www.home/page HTTP/1.1\r\nHost: www.home\r\nConnection: close\r\n";
            await stream.WriteAsync(Encoding.Latin1.GetBytes(head + begin));
            await home.Pass(4);
            Assert.Single(home.Origin.Requests);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(rest));
            home.Origin.Thinks = Duration.FromSeconds(3);
            var (all, piece) = (new StringBuilder(), new byte[4096]);
            while (await stream.ReadAsync(piece) is > 0 and var length)
                all.Append(Encoding.Latin1.GetString(piece, 0, length));
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", all.ToString());
        });
        Assert.Equal("halfmore", home.Origin.LastBody);
    }

    [Fact]
    public void A_body_that_breaks_off_is_400_and_never_whole_at_the_origin()
    {
        using var home = new Home();
        home.Run(async () =>
        {
            var answer = await home.Raw(
                "POST http://www.home/page HTTP/1.1\r\nHost: www.home\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf!\r\n"
            );
            Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", answer);
        });
        Assert.Equal("", home.Origin.LastBody);
    }

    [Fact]
    public void An_upgrade_is_not_passed_on_and_the_plain_answer_comes()
    {
        using var home = new Home();
        home.Run(async () =>
        {
            var answer = await home.Raw(
                "GET http://www.home/page HTTP/1.1\r\nHost: www.home\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
            );
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer);
        });
        Assert.Null(Assert.Single(home.Origin.Requests).Fields["Upgrade"]);
    }
}
