using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class RequestReaderTests
{
    private const string Get =
        "GET /dir/file1.html HTTP/1.1\r\nHost: www.lab.cyber.co.kr\r\nAccept-Language: ko\r\n\r\n";

    [Fact]
    public void A_request_is_its_head_and_its_end() => Assert.Equal($"head {Get}end\n", Transcript.OfRequests(Get));

    [Fact]
    public void Pipelined_requests_are_read_in_order() =>
        Assert.Equal($"head {Get}end\nhead {Get}end\nclosed\n", Transcript.OfRequests(Get + Get, ends: true));

    [Fact]
    public void A_body_has_the_length_that_Content_Length_says()
    {
        const string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
        Assert.Equal($"head {head}body helloend\n".Replace("end", "\nend"), Transcript.OfRequests(head + "hello"));
    }

    [Fact]
    public void Chunks_are_joined_and_their_trailers_kept()
    {
        const string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n";
        const string chunks = "5;a=b;c=\"d\\\"e\"\r\nhello\r\n00a ; x = y\r\n, world!!!\r\n0\r\nX-Sum: 1\r\n\r\n";
        Assert.Equal($"head {head}body hello, world!!!\nend X-Sum: 1\r\n", Transcript.OfRequests(head + chunks));
    }

    [Fact]
    public void One_empty_line_before_a_request_is_skipped_and_two_are_not()
    {
        Assert.Equal($"head {Get}end\n", Transcript.OfRequests("\r\n" + Get));
        Assert.Equal("error 400\n", Transcript.OfRequests("\r\n\r\n" + Get));
    }

    [Fact]
    public void Order_and_case_of_the_fields_are_kept()
    {
        const string head = "GET / HTTP/1.0\r\nb: 2\r\nA:1\r\nB: \t3 3\t\r\nEmpty:\r\n\r\n";
        Assert.Equal(
            "head GET / HTTP/1.0\r\nb: 2\r\nA: 1\r\nB: 3 3\r\nEmpty: \r\n\r\nend\n",
            Transcript.OfRequests(head)
        );
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.0\r\n\r\n", false)]
    [InlineData("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\nConnection: close\r\n\r\n", false)]
    public void A_connection_is_kept_as_version_and_Connection_say(string text, bool kept)
    {
        var reader = new RequestReader();
        ReadOnlyMemory<byte> input = Transcript.Bytes(text);
        Assert.Equal(MessageEvent.Head, reader.Read(ref input, out _));
        Assert.Equal(kept, reader.Head!.KeepsAlive);
    }

    [Theory]
    [InlineData(400, "hello\r\n\r\n")]
    [InlineData(400, "GET /\r\n\r\n")]
    [InlineData(400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n")]
    [InlineData(400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET / http/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n")]
    [InlineData(400, "G(T / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET file HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET /a\"b HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET /<b> HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nContent-Length: 3\r\n\r\nabc")]
    [InlineData(400, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData(400, "NOTIFY * HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(400, "OPTIONS / RTSP/1.0\r\nHost: a\r\n\r\n")]
    [InlineData(400, "GET /\"a\" HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData(505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n")]
    [InlineData(505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n")]
    [InlineData(501, "GETGETGETGETGETGETGETGETGETGETGETGET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    public void A_bad_request_line_is_refused(int status, string text) =>
        Assert.Equal($"error {status}\n", Transcript.OfRequests(text));

    [Theory]
    [InlineData("GET / HTTP/1.1\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\n")]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost\t: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n Host: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX(: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: \u0000\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\u007fb\r\n\r\n")]
    public void A_bad_field_line_is_refused_with_400(string text) =>
        Assert.Equal("error 400\n", Transcript.OfRequests(text));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a:70000\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: [::g]\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n")]
    [InlineData("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n")]
    [InlineData("GET http://a:8080/ HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET https://a/ HTTP/1.1\r\nHost: a:80\r\n\r\n")]
    public void A_missing_doubled_or_bad_Host_is_refused_with_400(string text) =>
        Assert.Equal("error 400\n", Transcript.OfRequests(text));

    [Theory]
    [InlineData("a")]
    [InlineData("a:80")]
    [InlineData("a:")]
    [InlineData("192.0.2.226:8080")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[::1]:80")]
    public void A_host_with_or_without_port_is_accepted(string host)
    {
        var text = $"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n";
        Assert.Equal($"head {text}end\n", Transcript.OfRequests(text));
    }

    [Theory]
    [InlineData("http://a/", "A:80")]
    [InlineData("http://A:80/x?y", "a:")]
    [InlineData("https://a:443", "a")]
    [InlineData("http://[::1]/", "[::1]:80")]
    public void A_whole_url_may_stand_in_the_line_if_Host_names_the_same(string target, string host)
    {
        var text = $"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n";
        Assert.Equal($"head {text}end\n", Transcript.OfRequests(text));
    }

    [Fact]
    public void A_reader_that_reuses_its_head_reads_the_same_and_makes_nothing()
    {
        byte[] requests = Transcript.Bytes(Get + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" + Get);
        var text = Encoding.Latin1.GetString(requests);
        Assert.Equal(
            Transcript.OfRequests(text),
            Transcript.Of(new RequestReader { ReusesHead = true }, [requests], false)
        );
        var reader = new RequestReader { ReusesHead = true };
        for (var round = 0; round < 3; round++)
            ReadAll(reader, requests);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
            ReadAll(reader, requests);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void ReadAll(RequestReader reader, ReadOnlyMemory<byte> input)
    {
        while (reader.Read(ref input, out _) is not (MessageEvent.NeedMore or MessageEvent.Error)) { }
    }

    [Theory]
    [InlineData(400, "Content-Length: 5\r\nContent-Length: 6\r\n")]
    [InlineData(400, "Content-Length: 5\r\nContent-Length: 5\r\n")]
    [InlineData(400, "Content-Length: 5, 5\r\n")]
    [InlineData(400, "Content-Length: 5,\r\n")]
    [InlineData(400, "Content-Length: +5\r\n")]
    [InlineData(400, "Content-Length: -5\r\n")]
    [InlineData(400, "Content-Length: 0x5\r\n")]
    [InlineData(400, "Content-Length:\r\n")]
    [InlineData(400, "Content-Length: 99999999999999999999\r\n")]
    [InlineData(400, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData(400, "Transfer-Encoding: identity\r\n")]
    [InlineData(400, "Transfer-Encoding: chunked, gzip\r\n")]
    [InlineData(400, "Transfer-Encoding: chunked, chunked\r\n")]
    [InlineData(400, "Transfer-Encoding: ,chunked\r\n")]
    [InlineData(400, "Transfer-Encoding: chunked;a=b\r\n")]
    [InlineData(400, "Transfer-Encoding: \u000bchunked\r\n")]
    [InlineData(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData(501, "Transfer-Encoding: gzip, chunked\r\n")]
    public void A_body_whose_end_two_readers_could_see_elsewhere_is_refused(int status, string fields) =>
        Assert.Equal($"error {status}\n", Transcript.OfRequests($"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n"));

    [Fact]
    public void An_http_1_0_request_cannot_be_chunked() =>
        Assert.Equal("error 400\n", Transcript.OfRequests("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"));

    [Theory]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("g\r\n")]
    [InlineData("\r\n")]
    [InlineData("-5\r\nhello\r\n")]
    [InlineData("0x5\r\nhello\r\n")]
    [InlineData("5 \r\nhello\r\n")]
    [InlineData(" 5\r\nhello\r\n")]
    [InlineData("5;\r\nhello\r\n")]
    [InlineData("5;a=\r\nhello\r\n")]
    [InlineData("5;a=\"b\r\nhello\r\n")]
    [InlineData("5;a\nhello\r\n")]
    [InlineData("11111111111111111\r\n")]
    [InlineData("8000000000000000\r\n")]
    public void A_bad_chunk_size_is_refused_with_400(string chunks) =>
        Assert.EndsWith(
            "\r\n\r\nerror 400\n",
            Transcript.OfRequests("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
        );

    [Theory]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nBad Trailer: x\r\n\r\n")]
    public void What_does_not_fit_its_chunk_is_refused_with_400(string chunks) =>
        Assert.EndsWith(
            "body hello\nerror 400\n",
            Transcript.OfRequests("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
        );

    [Fact]
    public void Every_dimension_has_its_limit_and_its_status()
    {
        var limits = new MessageLimits
        {
            StartLine = 40,
            FieldLine = 30,
            FieldSection = 80,
            FieldCount = 4,
            Body = 8,
        };
        const string head = "POST / HTTP/1.1\r\nHost: a\r\n";
        Assert.Equal("error 414\n", Transcript.OfRequests("GET /" + new string('x', 40), limits));
        Assert.Equal("error 400\n", Transcript.OfRequests(new string('x', 40) + " / HTTP/1.1\r\n", limits));
        Assert.Equal("error 431\n", Transcript.OfRequests(head + "X: " + new string('x', 40), limits));
        Assert.Equal("error 431\n", Transcript.OfRequests(head + "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\n", limits));
        var line = "X: " + new string('x', 25) + "\r\n";
        Assert.Equal("error 431\n", Transcript.OfRequests(head + line + line + line, limits));
        Assert.Equal("error 413\n", Transcript.OfRequests(head + "Content-Length: 9\r\n\r\n", limits));
        const string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
        Assert.EndsWith("body hello\nerror 413\n", Transcript.OfRequests(chunked + "5\r\nhello\r\n4\r\n", limits));
    }

    [Fact]
    public void A_connection_that_ends_within_a_request_is_an_error()
    {
        for (var length = 1; length < Get.Length; length++)
            Assert.Equal("error 400\n", Transcript.OfRequests(Get[..length], ends: true));
    }

    [Fact]
    public void Any_cut_gives_the_same_events()
    {
        const string text =
            Get
            + "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello\r\n"
            + "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n"
            + "GET / HTTP/1.1\r\nHost : a\r\n\r\n";
        var whole = Transcript.OfRequests(text);
        var bytes = Transcript.Bytes(text);
        for (var at = 0; at <= bytes.Length; at++)
            Assert.Equal(whole, Transcript.Of(new RequestReader(), [bytes[..at], bytes[at..]], ends: false));
        Assert.Equal(whole, Transcript.Of(new RequestReader(), bytes.Select(octet => new[] { octet }), ends: false));
        var random = new RandomSource(1);
        for (var round = 0; round < 200; round++)
            Assert.Equal(whole, Transcript.Of(new RequestReader(), Transcript.Cut(bytes, random), ends: false));
    }
}
