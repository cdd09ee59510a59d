using System.Buffers;
using System.Text;

namespace Twocan.Explorer;

/// <summary>
/// What of HTTP can be seen in one segment: a start line and fields where a message begins in it, else a piece of one.
/// A message may begin in the middle of a segment's stream; only its beginning at a segment's first byte is recognised.
/// </summary>
internal static class HttpDissector
{
    private const int MaxShown = 120;
    private static readonly SearchValues<char> Separators = SearchValues.Create(" \r\n");

    public static int Read(Dissection dissection, int start, int end)
    {
        var bytes = dissection.Frame.Span[start..end];
        var head = HeadOf(bytes);
        var lineEnd = head.IndexOf("\r\n"u8);
        if (lineEnd < 0 || !TryStartLine(Encoding.Latin1.GetString(head[..lineEnd]), out var facts, out var summary))
            return Dissector.Data(dissection, start, end, "TCP data");
        dissection.Protocol = "HTTP";
        dissection.Http = facts;
        dissection.Summary = summary;
        Fields(dissection, start, start + head.Length, facts.Status > 0);
        return Dissector.Data(dissection, start + head.Length, end, "HTTP body");
    }

    /// <summary>Up to and with the blank line, or all where it has not come yet.</summary>
    private static ReadOnlySpan<byte> HeadOf(ReadOnlySpan<byte> bytes)
    {
        var blank = bytes.IndexOf("\r\n\r\n"u8);
        return blank < 0 ? bytes : bytes[..(blank + 4)];
    }

    private static bool TryStartLine(string line, out HttpFacts facts, out string summary)
    {
        (facts, summary) = (default, line);
        var first = line.AsSpan().IndexOfAny(Separators);
        if (first <= 0)
            return false;
        var rest = line[(first + 1)..];
        if (line.StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            if (rest.Length < 3 || !int.TryParse(rest.AsSpan(0, 3), out var status) || status is < 100 or > 999)
                return false;
            facts = new("", "", status);
            return true;
        }
        var version = rest.LastIndexOf(" HTTP/1.", StringComparison.Ordinal);
        if (version <= 0)
            return false;
        foreach (var letter in line.AsSpan(0, first))
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_'))
                return false;
        facts = new(line[..first], rest[..version], 0);
        return true;
    }

    private static void Fields(Dissection dissection, int start, int end, bool isResponse)
    {
        var http = new FieldWalk(dissection, "HTTP", start, end);
        var isFirst = true;
        while (http.Left > 0)
        {
            var length = http.Rest.IndexOf("\r\n"u8);
            length = length < 0 ? http.Left : length + 2;
            var line = Encoding.Latin1.GetString(http.Rest[..length]).TrimEnd('\r', '\n');
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (isFirst)
                http.Note(
                    isResponse ? "Status line" : "Request line",
                    Cut(line),
                    length,
                    StartLine(isResponse).English,
                    StartLine(isResponse).Korean
                );
            else if (line.Length == 0)
                http.Note("Blank line", "CRLF", length, "the head ends here", "헤더가 여기서 끝납니다");
            else if (colon > 0)
                http.Note(
                    Cut(line[..colon]),
                    Cut(line[(colon + 1)..].Trim()),
                    length,
                    Meaning(line[..colon]).English,
                    Meaning(line[..colon]).Korean
                );
            else
                http.Note("Line", Cut(line), length, "is not a field", "필드가 아닙니다");
            isFirst = false;
        }
        http.Finish();
    }

    private static string Cut(string text)
    {
        var shown = text.Length > MaxShown ? text[..MaxShown] + "…" : text;
        return string.Create(
            shown.Length,
            shown,
            static (into, from) =>
            {
                for (var i = 0; i < from.Length; i++)
                    into[i] = char.IsControl(from[i]) ? '·' : from[i];
            }
        );
    }

    internal static Phrase StartLine(bool isResponse) =>
        isResponse
            ? new("version, status code, and the code in words", "버전과 상태 코드, 그리고 그 뜻을 적은 문구입니다")
            : new("method, what is wanted, version", "메소드와 대상(URI)과 버전입니다");

    internal static Phrase Meaning(string field) =>
        field.ToUpperInvariant() switch
        {
            "HOST" => new(
                "which of the names that share this server is meant",
                "이 서버의 여러 이름 가운데 어느 것인지 알립니다"
            ),
            "USER-AGENT" => new("the program that asks", "요청하는 프로그램의 이름입니다"),
            "ACCEPT" => new("kinds of data that the client can show", "클라이언트가 다룰 수 있는 데이터의 종류입니다"),
            "ACCEPT-LANGUAGE" => new("languages that the client likes", "클라이언트가 원하는 언어입니다"),
            "ACCEPT-ENCODING" => new("packings that the client can undo", "클라이언트가 풀 수 있는 압축 방식입니다"),
            "AUTHORIZATION" => new("who asks, and the proof", "요청하는 사용자와 그 증명입니다"),
            "CONNECTION" => new("whether the pipe stays open afterwards", "끝난 뒤에도 파이프를 유지할지 정합니다"),
            "KEEP-ALIVE" => new("for how long, and for how many requests", "얼마 동안, 몇 번까지 유지할지 알립니다"),
            "CONTENT-LENGTH" => new("bytes of the body", "본문의 바이트 수입니다"),
            "CONTENT-TYPE" => new("what the body is", "본문 데이터의 종류입니다"),
            "TRANSFER-ENCODING" => new("how the body is cut up on the way", "본문을 나누어 보내는 방식입니다"),
            "DATE" => new("when the answer was made", "응답을 만든 시각입니다"),
            "LAST-MODIFIED" => new("when the file last changed", "파일이 마지막으로 바뀐 시각입니다"),
            "ETAG" => new("a mark of exactly this version of the file", "파일의 이 판을 가리키는 표시입니다"),
            "ACCEPT-RANGES" => new("a part of it may be asked for", "일부만 요청할 수 있음을 알립니다"),
            "RANGE" => new("the part that is wanted", "원하는 부분입니다"),
            "CONTENT-RANGE" => new("which part this is, and of how much", "전체 가운데 어느 부분인지 알립니다"),
            "CONTENT-ENCODING" => new("how the body is packed", "본문을 압축한 방식입니다"),
            "VARY" => new(
                "what in the request decides between versions",
                "리퀘스트의 무엇에 따라 내용이 달라지는지 알립니다"
            ),
            "REFERER" => new("the page that mentions it", "이것을 가리킨 페이지입니다"),
            "COOKIE" => new("what the server asked to be reminded of", "서버가 기억해 달라고 한 것입니다"),
            "SET-COOKIE" => new("something to be sent back from now on", "앞으로 되돌려 보내 달라는 것입니다"),
            "ALLOW" => new("methods that may be used on it", "쓸 수 있는 메소드입니다"),
            "WWW-AUTHENTICATE" => new("how to prove who asks", "누구인지 증명하는 방법입니다"),
            "SERVER" => new("the program that answers", "응답하는 프로그램의 이름입니다"),
            "LOCATION" => new("where to go instead", "대신 찾아갈 곳입니다"),
            "CACHE-CONTROL" => new("what a cache may do with it", "캐시가 지켜야 할 규칙입니다"),
            "EXPIRES" => new("until when it stays fresh", "유효기간이 끝나는 시각입니다"),
            "AGE" => new("seconds that it has been in a cache", "캐시에 머문 시간(초)입니다"),
            "VIA" => new("the proxies on the way", "지나온 프록시입니다"),
            "CACHE-STATUS" => new("what the cache did", "캐시가 한 일입니다"),
            "IF-NONE-MATCH" => new("send it only if its mark is another", "표시가 다를 때만 보내 달라는 뜻입니다"),
            "IF-MODIFIED-SINCE" => new(
                "send it only if it changed since",
                "그 뒤에 바뀌었을 때만 보내 달라는 뜻입니다"
            ),
            _ => new("a field", "헤더 필드입니다"),
        };
}
