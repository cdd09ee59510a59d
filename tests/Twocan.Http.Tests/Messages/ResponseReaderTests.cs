using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class ResponseReaderTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "hello")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n")]
    public void The_body_is_what_the_head_says(string head, string body) =>
        Assert.Equal($"head {head}body {body}\nend\n", Until(Transcript.OfResponses(head + body), "end\n"));

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("CONNECT", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    public void Some_answers_never_have_a_body(string method, string head) =>
        Assert.Equal($"head {head}end\nclosed\n", Transcript.OfResponses(head, method));

    [Fact]
    public void Interim_responses_come_before_the_final_one() =>
        Assert.Equal(
            "interim HTTP/1.1 100 Continue\r\n\r\ninterim HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nhead HTTP/1.1 204 \r\n\r\nend\nclosed\n",
            Transcript.OfResponses(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204\r\n\r\n"
            )
        );

    [Theory]
    [InlineData("ICY 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 O\u0001K\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/0.9 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1\t200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, br\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunkedchunked\r\n\r\n1\r\na\r\n0\r\n\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n folded\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nConte")]
    public void What_is_no_response_is_an_error_502(string text) =>
        Assert.Equal("error 502\n", Transcript.OfResponses(text));

    [Fact]
    public void Interim_responses_without_end_are_an_error() =>
        Assert.EndsWith(
            "error 502\n",
            Transcript.OfResponses(string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 17)))
        );

    [Fact]
    public void Bytes_that_nobody_asked_for_are_an_error() =>
        Assert.EndsWith("end\nerror 502\n", Transcript.OfResponses("HTTP/1.1 204\r\n\r\nH"));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", true)]
    public void A_connection_can_go_on_when_the_end_of_the_body_is_known_and_nobody_closes(string text, bool kept)
    {
        var reader = new ResponseReader();
        reader.Expect("GET");
        ReadOnlyMemory<byte> input = Transcript.Bytes(text);
        Assert.Equal(MessageEvent.Head, reader.Read(ref input, out _));
        Assert.Equal(kept, reader.KeepsAlive);
    }

    [Fact]
    public void Any_cut_gives_the_same_events()
    {
        const string text =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nT: 1\r\n\r\n";
        var whole = Transcript.OfResponses(text);
        var bytes = Transcript.Bytes(text);
        for (var at = 0; at <= bytes.Length; at++)
            Assert.Equal(whole, Transcript.Of(Expecting(), [bytes[..at], bytes[at..]], ends: true));
        var random = new RandomSource(1);
        for (var round = 0; round < 200; round++)
            Assert.Equal(whole, Transcript.Of(Expecting(), Transcript.Cut(bytes, random), ends: true));
    }

    private static ResponseReader Expecting()
    {
        var reader = new ResponseReader();
        reader.Expect("GET");
        return reader;
    }

    private static string Until(string text, string end) =>
        text[..(text.LastIndexOf(end, StringComparison.Ordinal) + end.Length)];

    /// <summary>RFC 9112 §6.3, first: whatever its fields say, a 101 ends with its blank line; what comes then is the other protocol's.</summary>
    [Theory]
    [InlineData("Content-Length: 3")]
    [InlineData("Transfer-Encoding: chunked")]
    public void A_switch_of_protocols_has_no_body_whatever_its_fields_say(string field)
    {
        var reader = new ResponseReader();
        reader.Expect("GET", offersUpgrade: true);
        ReadOnlyMemory<byte> input = Transcript.Bytes($"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n{field}\r\n\r\nabc");
        Assert.Equal(MessageEvent.Head, reader.Read(ref input, out _));
        Assert.Equal(MessageEvent.End, reader.Read(ref input, out _));
        Assert.True(reader.HasSwitched);
        Assert.Equal("abc"u8.ToArray(), input.ToArray());
    }

    [Fact]
    public void A_reason_may_begin_with_a_blank()
    {
        Assert.StartsWith("head HTTP/1.1 200  Fine\r\n", Transcript.OfResponses("HTTP/1.1 200  Fine\r\n\r\n"));
    }

    [Fact]
    public void An_upgrade_that_was_offered_ends_the_messages_and_one_that_was_not_is_an_error()
    {
        const string text = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: can\r\n\r\n";
        var reader = new ResponseReader();
        reader.Expect("GET", offersUpgrade: true);
        Assert.Equal($"head {text}end\n", Transcript.Of(reader, [Transcript.Bytes(text)], ends: false));
        Assert.True(reader.HasSwitched);
        Assert.False(reader.KeepsAlive);
        Assert.Equal("error 502\n", Transcript.OfResponses(text));
    }
}
