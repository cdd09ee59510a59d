using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

/// <summary>
/// What public probes of HTTP/1.1 servers ask, against our server as it runs: framing that two readers could take differently,
/// malformed messages, and what RFC 9110 and 9112 demand of an answer. Refused is what may be refused: with 400 and the end of the
/// connection, so that nothing behind it is ever taken for a request.
/// </summary>
public sealed class ConformanceTests
{
    private const string H = "Host: www.lab.cyber.co.kr\r\n";
    private const string Post = "POST / HTTP/1.1\r\n" + H;
    private const string Chunked = Post + "Transfer-Encoding: chunked\r\n";

    /// <summary>A page to GET, and an echo of what is POSTed.</summary>
    private sealed class PageAndEcho : IRequestHandler
    {
        private readonly StaticFiles _files = new(Site.Documents);
        private readonly EchoHandler _echo = new();

        public bool ForgetsRequests => true;

        public ReadyAnswer? FindReady(RequestHead head, Instant now) => _files.FindReady(head, now);

        public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) =>
            (request.Head.Method == Methods.Post ? (IRequestHandler)_echo : _files).AnswerAsync(request, stop);
    }

    private static string Ask(string request)
    {
        var site = new Site();
        var answers = "";
        site.Serve(new PageAndEcho(), async () => answers = await site.SendRawAsync(request));
        return answers;
    }

    private static int StatusOf(string answers) =>
        answers.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answers[9..12]) : 0;

    public static TheoryData<string, string> Refused =>
        new()
        {
            // Request lines.
            { "a bare LF ends the request line", "GET / HTTP/1.1\n" + H + "\r\n" },
            { "a bare CR ends the request line", "GET / HTTP/1.1\r" + H + "\r\n" },
            { "two blanks", "GET  / HTTP/1.1\r\n" + H + "\r\n" },
            { "a tab for a blank", "GET\t/ HTTP/1.1\r\n" + H + "\r\n" },
            { "a blank behind the version", "GET / HTTP/1.1 \r\n" + H + "\r\n" },
            { "a blank within the target", "GET /pa th HTTP/1.1\r\n" + H + "\r\n" },
            { "no target", "GET HTTP/1.1\r\n" + H + "\r\n" },
            { "no version: HTTP/0.9", "GET /\r\n" },
            { "a fragment", "GET /path#frag HTTP/1.1\r\n" + H + "\r\n" },
            { "an asterisk for GET", "GET * HTTP/1.1\r\n" + H + "\r\n" },
            { "a relative target", "GET index.html HTTP/1.1\r\n" + H + "\r\n" },
            { "CONNECT with a path", "CONNECT / HTTP/1.1\r\n" + H + "\r\n" },
            { "a version without its minor", "GET / HTTP/1\r\n" + H + "\r\n" },
            { "a version with zeros before it", "GET / HTTP/01.01\r\n" + H + "\r\n" },
            { "a version with a blank in it", "GET / HTTP/ 1.1\r\n" + H + "\r\n" },
            { "a version in small letters", "GET / http/1.1\r\n" + H + "\r\n" },
            { "another protocol's version", "GET / HTCPCP/1.1\r\n" + H + "\r\n" },
            { "a version with more digits", "GET / HTTP/1.12\r\n" + H + "\r\n" },
            { "a method that is no token", "G{T / HTTP/1.1\r\n" + H + "\r\n" },
            { "a method longer than a line", new string('A', 100_000) + " / HTTP/1.1\r\n" + H + "\r\n" },
            { "NUL in the target", "GET /\0test HTTP/1.1\r\n" + H + "\r\n" },
            { "a control in the target", "GET /\u0007 HTTP/1.1\r\n" + H + "\r\n" },
            { "DEL in the target", "GET /\u007f HTTP/1.1\r\n" + H + "\r\n" },
            { "bytes beyond ASCII in the target", "GET /caf\u00c3\u00a9 HTTP/1.1\r\n" + H + "\r\n" },
            { "only blanks", "   \r\n\r\n" },
            { "garbage", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\n" },
            // Field lines.
            { "a bare LF ends a field", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n" },
            { "a bare LF ends the head", "GET / HTTP/1.1\r\n" + H + "\n" },
            { "a bare CR in a value", "GET / HTTP/1.1\r\n" + H + "X: a\rb\r\n\r\n" },
            { "CR CR LF", "GET / HTTP/1.1\r\n" + H + "X: a\r\r\n\r\n" },
            { "a folded line", "GET / HTTP/1.1\r\n" + H + "X: a\r\n b\r\n\r\n" },
            { "a line folded with a tab", "GET / HTTP/1.1\r\n" + H + "X: a\r\n\tb\r\n\r\n" },
            { "a blank before the first field", "GET / HTTP/1.1\r\n " + H + "\r\n" },
            { "a line of blanks before the fields", "GET / HTTP/1.1\r\n \r\n" + H + "\r\n" },
            { "a blank before the colon", "GET / HTTP/1.1\r\n" + H + "X : a\r\n\r\n" },
            { "a tab before the colon", "GET / HTTP/1.1\r\n" + H + "X\t: a\r\n\r\n" },
            { "no colon", "GET / HTTP/1.1\r\n" + H + "NoColonHere\r\n\r\n" },
            { "no name", "GET / HTTP/1.1\r\n" + H + ": a\r\n\r\n" },
            { "a bracket in the name", "GET / HTTP/1.1\r\n" + H + "Bad[Name: a\r\n\r\n" },
            { "a quote in the name", "GET / HTTP/1.1\r\n" + H + "Bad\"Name: a\r\n\r\n" },
            { "NUL in the name", "GET / HTTP/1.1\r\n" + H + "X\0Y: a\r\n\r\n" },
            { "bytes beyond ASCII in the name", "GET / HTTP/1.1\r\n" + H + "X-T\u00c3\u00abst: a\r\n\r\n" },
            { "NUL in a value", "GET / HTTP/1.1\r\n" + H + "X: a\0b\r\n\r\n" },
            { "controls in a value", "GET / HTTP/1.1\r\n" + H + "X: abc\u0007\u0008\u000bdef\r\n\r\n" },
            { "DEL in a value", "GET / HTTP/1.1\r\n" + H + "X: a\u007f\r\n\r\n" },
            // Host.
            { "no Host", "GET / HTTP/1.1\r\n\r\n" },
            { "an empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n" },
            { "two Hosts", "GET / HTTP/1.1\r\n" + H + "Host: other.example.com\r\n\r\n" },
            { "the same Host twice", "GET / HTTP/1.1\r\n" + H + H + "\r\n" },
            { "two Hosts in one field", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n" },
            { "a user in Host", "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n" },
            { "a path in Host", "GET / HTTP/1.1\r\nHost: a/path\r\n\r\n" },
            { "a query in Host", "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n" },
            { "a blank in Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n" },
            { "a port that is none", "GET / HTTP/1.1\r\nHost: a:http\r\n\r\n" },
            { "a port beyond all", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n" },
            { "a bracket that is open", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n" },
            { "a URL for another host", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n" },
            { "a user in the URL", "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n" },
            // Content-Length.
            { "a length that is a word", Post + "Content-Length: abc\r\n\r\n" },
            { "a length with a plus", Post + "Content-Length: +5\r\n\r\nhello" },
            { "a length below nothing", Post + "Content-Length: -1\r\n\r\n" },
            { "a length of minus nothing", Post + "Content-Length: -0\r\n\r\n" },
            { "a length in hexadecimal", Post + "Content-Length: 0x5\r\n\r\nhello" },
            { "a length in octal's way", Post + "Content-Length: 0o5\r\n\r\nhello" },
            { "a length with a blank in it", Post + "Content-Length: 1 0\r\n\r\nhello12345" },
            { "a length with an underscore", Post + "Content-Length: 1_0\r\n\r\nhello12345" },
            { "a length with a decimal point", Post + "Content-Length: 5.0\r\n\r\nhello" },
            { "an empty length", Post + "Content-Length: \r\n\r\n" },
            { "a length beyond any number", Post + "Content-Length: 99999999999999999999\r\n\r\n" },
            { "two lengths", Post + "Content-Length: 5\r\nContent-Length: 10\r\n\r\nhelloworld" },
            { "the same length twice", Post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" },
            { "two lengths in one field", Post + "Content-Length: 5, 10\r\n\r\nhelloworld" },
            { "the same length twice in one field", Post + "Content-Length: 5, 5\r\n\r\nhello" },
            { "the same length three times", Post + "Content-Length: 5, 5, 5\r\n\r\nhello" },
            { "a tab in front of nothing", Post + "Content-Length: \t\r\n\r\n" },
            { "a length with zeros before it", Post + "Content-Length: 007\r\n\r\nhello!!" },
            { "a length of nothing, twice", Post + "Content-Length: 00\r\n\r\n" },
            { "a length that may be octal", Post + "Content-Length: 010\r\n\r\nhello!!!!!" },
            // What the body is.
            {
                "two types",
                Post + "Content-Type: text/csv\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
            },
            {
                "a second type that says nothing",
                Post + "Content-Type: text/csv\r\nContent-Type:\r\nContent-Length: 5\r\n\r\nhello"
            },
            // Transfer-Encoding.
            { "a length and chunks", Chunked + "Content-Length: 6\r\n\r\n0\r\n\r\nX" },
            { "chunks and a length", Post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
            { "xchunked", Post + "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\nhello" },
            { "xchunked by itself", Post + "Transfer-Encoding: xchunked\r\n\r\n" },
            {
                "chunked and a length behind a blank",
                Post + "Transfer-Encoding: chunked \r\nContent-Length: 5\r\n\r\nhello"
            },
            {
                "Transfer-Encoding with a blank",
                Post + "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\nhello"
            },
            { "chunked twice", Post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" },
            {
                "chunked in two fields",
                Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            },
            {
                "chunked and then another",
                Post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
            },
            { "chunked not last", Post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" },
            { "identity", Post + "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello" },
            { "an empty coding", Post + "Transfer-Encoding: \r\nContent-Length: 5\r\n\r\nhello" },
            { "a comma before", Post + "Transfer-Encoding: , chunked\r\n\r\n0\r\n\r\n" },
            { "a comma behind", Post + "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n" },
            { "a parameter", Post + "Transfer-Encoding: chunked;ext=val\r\n\r\n0\r\n\r\n" },
            { "quotes", Post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" },
            { "a vertical tab", Post + "Transfer-Encoding: \u000bchunked\r\nContent-Length: 5\r\n\r\nhello" },
            { "a form feed", Post + "Transfer-Encoding: \u000cchunked\r\nContent-Length: 5\r\n\r\nhello" },
            { "NUL behind the coding", Post + "Transfer-Encoding: chunked\0\r\nContent-Length: 5\r\n\r\nhello" },
            { "a folded coding", Post + "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\nhello" },
            { "chunks in HTTP/1.0", "POST / HTTP/1.0\r\n" + H + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
            { "gzip by itself", Post + "Transfer-Encoding: gzip\r\n\r\n" },
            // Chunks.
            { "a semicolon by itself", Chunked + "\r\n5;\r\nhello\r\n0\r\n\r\n" },
            { "a size with 0x", Chunked + "\r\n0x5\r\nhello\r\n0\r\n\r\n" },
            { "a size with an underscore", Chunked + "\r\n1_0\r\nhello world!!!!!\r\n0\r\n\r\n" },
            { "a blank before the size", Chunked + "\r\n 5\r\nhello\r\n0\r\n\r\n" },
            { "a blank behind the size", Chunked + "\r\n5 \r\nhello\r\n0\r\n\r\n" },
            { "a size below nothing", Chunked + "\r\n-1\r\nhello\r\n0\r\n\r\n" },
            { "a size with a plus", Chunked + "\r\n+5\r\nhello\r\n0\r\n\r\n" },
            { "a size beyond any number", Chunked + "\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n" },
            { "no size", Chunked + "\r\n\r\nhello\r\n0\r\n\r\n" },
            { "a bare LF behind the size", Chunked + "\r\n5\nhello\r\n0\r\n\r\n" },
            { "a bare LF in an extension", Chunked + "\r\n5;a\nhello\r\n0\r\n\r\n" },
            { "a bare CR in an extension", Chunked + "\r\n5;a\rb\r\nhello\r\n0\r\n\r\n" },
            { "a control in an extension", Chunked + "\r\n5;a\0b\r\nhello\r\n0\r\n\r\n" },
            { "an extension longer than any", Chunked + "\r\n5;" + new string('a', 9000) + "\r\nhello\r\n0\r\n\r\n" },
            { "more bytes than the size", Chunked + "\r\n5\r\nhello!\r\n0\r\n\r\n" },
            { "no line break behind the bytes", Chunked + "\r\n5\r\nhello0\r\n\r\n" },
            { "a bare LF behind the bytes", Chunked + "\r\n5\r\nhello\n0\r\n\r\n" },
            { "a bare CR behind the bytes", Chunked + "\r\n5\r\nhello\r0\r\n\r\n" },
            { "chunks that break off", Chunked + "\r\n5\r\nhello\r\n" },
            { "a bare LF behind a trailer", Chunked + "\r\n5\r\nhello\r\n0\r\nX: a\n\r\n" },
            { "a bare LF for the last line", Chunked + "\r\n5\r\nhello\r\n0\r\n\n" },
            { "a folded trailer", Chunked + "\r\n0\r\nX: a\r\n b\r\n\r\n" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_and_nothing_behind_it_is_read(string what, string request)
    {
        // Whoever took the end of it elsewhere would answer this.
        var answers = Ask(request + "GET /dir/ HTTP/1.1\r\n" + H + "\r\n");
        var status = StatusOf(answers);
        Assert.True(status is 400 or 501, $"{what}: {status}");
        Assert.DoesNotContain("<p>dir</p>", answers);
        Assert.Equal(1, answers.Split("HTTP/1.1 ").Length - 1);
    }

    [Theory]
    [InlineData(400, "5;\r\nhello\r\n0\r\n\r\n")]
    [InlineData(400, "5\r\nhello0\r\n\r\n")]
    [InlineData(405, "5\r\nhello\r\n0\r\n\r\n")]
    public void Where_nothing_can_be_posted_a_broken_body_is_still_told_from_a_whole_one(int status, string body)
    {
        var site = new Site();
        site.Serve(async () => Assert.Equal(status, StatusOf(await site.SendRawAsync(Chunked + "\r\n" + body))));
    }

    [Theory]
    [InlineData(400, "GET /%c0%af HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(400, "GET /% HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(400, "GET /index.html%00.jpg HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(400, "GET /%0d%0aX:y HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(400, "GET /..\\..\\etc HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(400, "GET /../../etc/passwd HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(505, "GET / HTTP/2.0\r\n" + H + "\r\n")]
    [InlineData(505, "GET / HTTP/9.9\r\n" + H + "\r\n")]
    [InlineData(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData(501, "FOOBAR / HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(501, "get / HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(501, Post + "Transfer-Encoding: gzip, chunked\r\n\r\n")]
    [InlineData(405, "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n")]
    [InlineData(405, "TRACE / HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(405, "DELETE / HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(417, "GET / HTTP/1.1\r\n" + H + "Expect: 200-ok\r\n\r\n")]
    [InlineData(204, "OPTIONS * HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(204, "OPTIONS / HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(
        200,
        "GET / HTTP/1.1\r\n" + H + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\n\r\n"
    )]
    [InlineData(200, "GET / HTTP/1.1\r\n" + H + "Upgrade: websocket\r\n\r\n")]
    [InlineData(200, "GET / HTTP/1.1\r\n" + H + "Range: bytes=abc-xyz\r\n\r\n")]
    [InlineData(200, "GET / HTTP/1.1\r\n" + H + "Content-Length: 5\r\n\r\nhello")]
    [InlineData(200, "GET / HTTP/1.2\r\n" + H + "\r\n")]
    [InlineData(200, "GET / HTTP/1.0\r\n\r\n")]
    [InlineData(200, "\r\nGET / HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(200, "GET http://www.lab.cyber.co.kr/ HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(200, "GET /?a=[b]|{c}^`\\ HTTP/1.1\r\n" + H + "\r\n")]
    [InlineData(200, "GET / HTTP/1.1\r\nhOsT:www.lab.cyber.co.kr\r\n\r\n")]
    [InlineData(200, "GET / HTTP/1.1\r\n" + H + "X: \u00e4\u00ff\r\nEmpty:\r\n\r\n")]
    public void It_is_answered_as_the_RFC_says(int status, string request) =>
        Assert.Equal(status, StatusOf(Ask(request)));

    [Theory]
    [InlineData("hello", Post + "Content-Length: 5\r\n\r\nhello")]
    [InlineData("hello", Post + "Content-Type: a/b\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nhello")]
    [InlineData("hello", Post + "Content-Length: \t5 \r\n\r\nhello")]
    [InlineData("", Post + "Content-Length: 0\r\n\r\n")]
    [InlineData("", Post + "\r\n")]
    [InlineData("hello", Chunked + "\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("hello world", Chunked + "\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")]
    [InlineData("helloworld", Chunked + "\r\nA\r\nhelloworld\r\n0\r\n\r\n")]
    [InlineData("helloworld", Chunked + "\r\n00a\r\nhelloworld\r\n000\r\n\r\n")]
    [InlineData("hello", Chunked + "\r\n5;ext=value\r\nhello\r\n0\r\n\r\n")]
    [InlineData("hello", Chunked + "\r\n5;a=\"b;c\";d\r\nhello\r\n0;x\r\n\r\n")]
    [InlineData("hello", Chunked + "\r\n5\r\nhello\r\n0\r\nX-Checksum: abc\r\n\r\n")]
    [InlineData("", Chunked + "\r\n0\r\n\r\n")]
    [InlineData("hello", Post + "Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("hello", Post + "Content-Length: 5\r\nRange: bytes=0-1\r\n\r\nhello")]
    [InlineData("hello", "POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello")]
    public void A_body_arrives_as_it_was_sent(string body, string request)
    {
        var reader = new ResponseReader();
        reader.Expect("POST");
        ReadOnlyMemory<byte> input = Encoding.Latin1.GetBytes(Ask(request));
        var arrived = "";
        MessageEvent happened;
        do
        {
            happened = reader.Read(ref input, out var piece);
            arrived += Encoding.Latin1.GetString(piece.Span);
        } while (happened is not (MessageEvent.End or MessageEvent.Error or MessageEvent.NeedMore));
        if (happened == MessageEvent.NeedMore)
            happened = reader.ReadEnd();
        Assert.Equal((MessageEvent.End, 200, body), (happened, reader.Head!.Status, arrived));
        Assert.Equal(MessageEvent.NeedMore, new RequestReader().Read(ref input, out _));
    }

    [Theory]
    [InlineData("X-Big: ", 100_000, 431)]
    [InlineData("", 100_000, 431)]
    public void What_is_too_long_is_refused_with_its_own_status(string name, int length, int status) =>
        Assert.Equal(status, StatusOf(Ask("GET / HTTP/1.1\r\n" + H + name + new string('B', length) + ": x\r\n\r\n")));

    [Fact]
    public void Long_targets_are_served_up_to_8000_bytes_and_refused_beyond()
    {
        Assert.Equal(404, StatusOf(Ask("GET /" + new string('a', 7900) + " HTTP/1.1\r\n" + H + "\r\n")));
        Assert.Equal(414, StatusOf(Ask("GET /" + new string('a', 100_000) + " HTTP/1.1\r\n" + H + "\r\n")));
        var many = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-H-{i}: value\r\n"));
        Assert.Equal(431, StatusOf(Ask("GET / HTTP/1.1\r\n" + H + many + "\r\n")));
    }

    [Fact]
    public void Answers_have_what_the_RFC_demands_and_nothing_that_it_forbids()
    {
        var get = Ask("GET / HTTP/1.1\r\n" + H + "\r\n");
        Assert.Matches("\r\nDate: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT\r\n", get);
        Assert.Contains("\r\nContent-Type: text/html\r\n", get);
        Assert.EndsWith("\r\n\r\n", Ask("HEAD / HTTP/1.1\r\n" + H + "\r\n"));
        Assert.Contains("\r\nAllow: ", Ask("DELETE / HTTP/1.1\r\n" + H + "\r\n"));
        var options = Ask("OPTIONS / HTTP/1.1\r\n" + H + "\r\n");
        Assert.Contains("\r\nAllow: ", options);
        Assert.DoesNotContain("Content-Length", options);
        Assert.Contains("\r\nConnection: close\r\n", Ask("GET / HTTP/1.1\r\n" + H + "Connection: close\r\n\r\n"));
        Assert.Contains("\r\nConnection: close\r\n", Ask("GET / HTTP/1.0\r\n\r\n"));
    }

    [Fact]
    public void Pipelined_requests_after_a_body_begin_where_it_ends()
    {
        var answers = Ask(
            Post
                + "Content-Length: 5\r\n\r\nhelloGET /dir/ HTTP/1.1\r\n"
                + H
                + "\r\n"
                + Chunked
                + "\r\n3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\n"
                + H
                + "\r\n"
        );
        Assert.Equal(4, answers.Split("HTTP/1.1 200 OK").Length - 1);
        Assert.Contains("\r\n\r\nhello", answers);
        Assert.EndsWith("<p>root</p>", answers);
    }

    [Fact]
    public void TRACE_where_it_is_wanted_leaves_secrets_out()
    {
        var site = new Site();
        site.Serve(
            async () =>
            {
                var answer = await site.SendRawAsync(
                    "TRACE /x HTTP/1.1\r\n" + H + "Cookie: a=b\r\nAuthorization: Basic eA==\r\nX: y\r\n\r\n"
                );
                Assert.Contains("Content-Type: message/http\r\n", answer);
                Assert.EndsWith("\r\n\r\nTRACE /x HTTP/1.1\r\n" + H + "X: y\r\n\r\n", answer);
            },
            new() { AnswersTrace = true }
        );
    }
}
