using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

/// <summary>Messages with their bytes flipped, cut, doubled and exchanged: the readers never throw, never hang, and say the same however the bytes are cut.</summary>
public sealed class MutationTests
{
    private const int Rounds = 100_000;

    private static readonly byte[][] Requests =
    [
        .. new[]
        {
            "GET /dir/file1.html HTTP/1.1\r\nHost: www.lab.cyber.co.kr\r\nAccept: */*\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a:80\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
            "PUT /x HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\"\r\nhello\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
            "GET http://a/b?c HTTP/1.1\r\nHost: a\r\nConnection: close, x\r\nExpect: 100-continue\r\n\r\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private static readonly byte[][] Responses =
    [
        .. new[]
        {
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\nhello",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.0 200 OK\r\nDate: Wed, 07 Oct 2020 13:00:00 GMT\r\n\r\nuntil the end",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    [Fact]
    public void No_bytes_whatever_make_the_request_reader_fail_or_differ() =>
        Check(2001, Requests, () => new RequestReader());

    [Fact]
    public void Nor_one_that_reuses_its_head() => Check(2004, Requests, () => new RequestReader { ReusesHead = true });

    [Fact]
    public void No_bytes_whatever_make_the_response_reader_fail_or_differ() =>
        Check(
            2002,
            Responses,
            () =>
            {
                var reader = new ResponseReader();
                reader.Expect("GET");
                return reader;
            }
        );

    [Fact]
    public void No_text_whatever_makes_the_url_fail_and_what_it_writes_it_reads_again_as_the_same()
    {
        string[] texts =
        [
            "http://user:pw@www.lab.cyber.co.kr:80/dir/../file1.html?a=b&c#d",
            "http://[2001:db8::192.0.2.1]:8080//a/./%2e%2e/b?",
            "HTTP:\\\\0x7f.1\\x",
            "../gazou.jpg",
            "//10.1/?q'",
        ];
        const string alphabet = "/\\:@?#[]%.&= \t\n0x1fg\u00e4\uac00\ud83d";
        var (random, relativeTo) = (new RandomSource(2003), Url.Parse("http://u@a:1/b/c?d#e"));
        for (var round = 0; round < Rounds; round++)
        {
            var text = new StringBuilder(texts[random.Next(texts.Length)]);
            for (var changes = random.Next(1, 6); changes > 0 && text.Length > 0; changes--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0:
                        text[at] = alphabet[random.Next(alphabet.Length)];
                        break;
                    case 1:
                        text.Insert(at, alphabet[random.Next(alphabet.Length)]);
                        break;
                    default:
                        text.Remove(at, 1);
                        break;
                }
            }
            if (!Url.TryParse(text.ToString(), relativeTo, out var url, out var why))
                Assert.NotEmpty(why);
            else
                Assert.Equal(url.Href, Url.Parse(url.Href).Href);
        }
    }

    private static void Check(ulong seed, byte[][] messages, Func<MessageReader> make)
    {
        var random = new RandomSource(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Mutate(messages[random.Next(messages.Length)], random);
            var whole = Transcript.Of(make(), [bytes], ends: true);
            var inParts = Transcript.Of(make(), Transcript.Cut(bytes, random), ends: true);
            if (whole != inParts)
                Assert.Fail($"round {round} of seed {seed}:\n{Encoding.Latin1.GetString(bytes)}\n{whole}\n{inParts}");
        }
    }

    private static byte[] Mutate(byte[] message, RandomSource random)
    {
        var bytes = new List<byte>(message);
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = "\r\n :;,0\t\0\"=%"u8[random.Next(12)];
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, "\r\n :;,0\t\0\"=%"u8[random.Next(12)]);
                    break;
                case 4:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(20), bytes.Count - at)));
                    break;
            }
        }
        return [.. bytes];
    }
}
