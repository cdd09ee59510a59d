using System.Text;

namespace Twocan.Http.Tests;

/// <summary>Conditions, parts, variants, and documents that are written.</summary>
public sealed class DocumentsTests : IDisposable
{
    private const string Host = "Host: www.lab.cyber.co.kr\r\n";
    private const string Date = "Thu, 01 Oct 2020 09:30:00 GMT";
    private const string Later = "Thu, 01 Oct 2020 09:30:01 GMT";

    private readonly Site _site = new();
    private readonly string _place = Directory.CreateTempSubdirectory("twocan").FullName;
    private readonly string _tag = Site.Documents.Find(["gazou.jpg"])!.ETag;

    public void Dispose() => Directory.Delete(_place, recursive: true);

    private Answer Ask(string method, params (string Name, string Value)[] fields)
    {
        var head = new RequestHead(method, "/gazou.jpg", HttpVersion.Http11);
        foreach (var (name, value) in fields)
            head.Fields.Add(name, value.Replace("TAG", _tag));
        return new StaticFiles(Site.Documents).Answer(head);
    }

    private static async Task<byte[]> BodyOf(Answer answer)
    {
        var body = new byte[answer.BodyLength!.Value];
        await answer.Body!.ReadExactlyAsync(body);
        return body;
    }

    [Theory]
    [InlineData("If-Match", "TAG", 200)]
    [InlineData("If-Match", "\"x\", TAG", 200)]
    [InlineData("If-Match", "*", 200)]
    [InlineData("If-Match", "\"x\"", 412)]
    [InlineData("If-Match", "W/TAG", 412)]
    [InlineData("If-Unmodified-Since", Date, 200)]
    [InlineData("If-Unmodified-Since", Later, 200)]
    [InlineData("If-Unmodified-Since", "Thu, 01 Oct 2020 09:29:59 GMT", 412)]
    [InlineData("If-Unmodified-Since", "tomorrow", 200)]
    public void Who_takes_it_for_something_else_is_told_so(string name, string value, int status)
    {
        using var answer = Ask("GET", (name, value));
        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public void Conditions_are_looked_at_in_the_order_of_the_RFC()
    {
        // If-Match holds: then If-Unmodified-Since is not looked at, but If-None-Match is.
        Assert.Equal(
            304,
            Ask(
                "GET",
                ("If-Match", "TAG"),
                ("If-Unmodified-Since", "Thu, 01 Oct 2020 09:29:59 GMT"),
                ("If-None-Match", "TAG")
            ).Status
        );
        Assert.Equal(412, Ask("GET", ("If-Match", "\"x\""), ("If-None-Match", "TAG")).Status);
        Assert.Equal(200, Ask("GET", ("If-None-Match", "\"x\""), ("If-Modified-Since", Later)).Status);
        Assert.Equal(304, Ask("HEAD", ("If-None-Match", "TAG"), ("Range", "bytes=0-9")).Status);
        Assert.Equal(304, Ask("GET", ("If-None-Match", "TAG"), ("Range", "bytes=0-9")).Status);
    }

    [Theory]
    [InlineData("TAG", 206)]
    [InlineData("\"x\"", 200)]
    [InlineData("W/TAG", 200)]
    [InlineData(Date, 206)]
    [InlineData(Later, 200)]
    [InlineData("Thu Oct  1 09:30:00 2020", 206)]
    [InlineData("yesterday", 200)]
    public void A_range_of_another_content_is_not_given(string condition, int status)
    {
        using var answer = Ask("GET", ("Range", "bytes=0-9"), ("If-Range", condition));
        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task One_range_is_a_part_with_its_place()
    {
        using var answer = Ask("GET", ("Range", "bytes=256-300"));
        Assert.Equal(206, answer.Status);
        Assert.Equal("bytes 256-300/6419", answer.Fields["Content-Range"]);
        Assert.Equal("image/jpeg", answer.Fields["Content-Type"]);
        Assert.Equal(Enumerable.Range(256, 45).Select(i => (byte)i), await BodyOf(answer));
    }

    [Fact]
    public async Task Several_ranges_are_parts_of_one_body()
    {
        using var answer = Ask("GET", ("Range", "bytes=0-3,1000-1003"));
        Assert.Equal(206, answer.Status);
        Assert.False(answer.Fields.Contains("Content-Range"));
        var type = answer.Fields["Content-Type"]!;
        Assert.StartsWith("multipart/byteranges; boundary=", type);
        var boundary = type[(type.IndexOf('=') + 1)..];
        Assert.Equal(
            $"\r\n--{boundary}\r\nContent-Type: image/jpeg\r\nContent-Range: bytes 0-3/6419\r\n\r\n\0\u0001\u0002\u0003"
                + $"\r\n--{boundary}\r\nContent-Type: image/jpeg\r\nContent-Range: bytes 1000-1003/6419\r\n\r\n\u00e8\u00e9\u00ea\u00eb"
                + $"\r\n--{boundary}--\r\n",
            Encoding.Latin1.GetString(await BodyOf(answer))
        );
    }

    [Fact]
    public void A_range_beyond_the_end_is_416_and_HEAD_knows_no_ranges()
    {
        using var beyond = Ask("GET", ("Range", "bytes=6419-"));
        Assert.Equal((416, "bytes */6419"), (beyond.Status, beyond.Fields["Content-Range"]));
        using var head = Ask("HEAD", ("Range", "bytes=0-9"));
        Assert.Equal((200, 6419), (head.Status, head.BodyLength));
    }

    [Fact]
    public void OPTIONS_tells_what_a_place_knows()
    {
        Assert.Equal("GET, HEAD, OPTIONS", Ask("OPTIONS").Fields["Allow"]);
        var site = new StaticFiles(Site.Documents, new() { Writable = ["/dir"] });
        string? Allowed(string target) => site.Answer(new("OPTIONS", target, HttpVersion.Http11)).Fields["Allow"];
        Assert.Equal("GET, HEAD, OPTIONS, PUT, DELETE", Allowed("/dir/new.html"));
        Assert.Equal("GET, HEAD, OPTIONS", Allowed("/directory"));
        Assert.Equal("GET, HEAD, OPTIONS", Allowed("/dir/"));
        Assert.Equal("GET, HEAD, OPTIONS, PUT, DELETE", Allowed("*"));
    }

    [Theory]
    [InlineData("br, gzip", "br", "brotli")]
    [InlineData("gzip", "gzip", "zipped!")]
    [InlineData("gzip;q=0", null, "plain")]
    [InlineData(null, null, "plain")]
    public async Task A_sibling_in_a_coding_that_the_client_takes_is_given_in_its_place(
        string? accept,
        string? coding,
        string body
    )
    {
        var root = new MemoryRoot(Site.Modified)
            .Add("a.css", "plain")
            .Add("a.css.br", "brotli")
            .Add("a.css.gz", "zipped!");
        var head = new RequestHead("GET", "/a.css", HttpVersion.Http11);
        if (accept is not null)
            head.Fields.Add("Accept-Encoding", accept);
        using var answer = new StaticFiles(root, new() { ServesPrecompressed = true }).Answer(head);
        Assert.Equal(coding, answer.Fields["Content-Encoding"]);
        Assert.Equal("Accept-Encoding", answer.Fields["Vary"]);
        Assert.Equal("text/css", answer.Fields["Content-Type"]);
        Assert.Equal(body, Encoding.UTF8.GetString(await BodyOf(answer)));
    }

    [Fact]
    public async Task A_directory_is_listed_only_where_that_is_wanted_and_hidden_names_stay_hidden()
    {
        var root = new MemoryRoot(Site.Modified).Add("d/<b>.txt", "").Add("d/.git/config", "").Add("d/e/f", "");
        var head = new RequestHead("GET", "/d/", HttpVersion.Http11);
        Assert.Equal(404, new StaticFiles(root).Answer(head).Status);
        using var page = new StaticFiles(root, new() { ListsDirectories = true }).Answer(head);
        var text = Encoding.UTF8.GetString(await BodyOf(page));
        Assert.Contains("<a href=\"./%3Cb%3E.txt\">&lt;b&gt;.txt</a>", text);
        Assert.Contains("<a href=\"./e/\">e/</a>", text);
        Assert.DoesNotContain(".git", text);
        Assert.Equal(404, new StaticFiles(root).Answer(new("GET", "/d/.git/config", HttpVersion.Http11)).Status);
    }

    [Fact]
    public void A_directory_whose_name_begins_with_slashes_does_not_redirect_to_another_host()
    {
        using var answer = new StaticFiles(Site.Documents).Answer(new("GET", "//dir", HttpVersion.Http11));
        Assert.NotEqual("//dir/", answer.Fields["Location"]);
    }

    private void Serve(Func<Task> test) =>
        _site.Serve(new StaticFiles(new DirectoryRoot(_place), new() { Writable = ["/"] }), test);

    private async Task<int> Status(string request) => int.Parse((await _site.SendRawAsync(request)).Split(' ')[1]);

    private Task<int> Put(string name, string body, string fields = "") =>
        Status($"PUT /{name} HTTP/1.1\r\n{Host}{fields}Content-Length: {body.Length}\r\n\r\n{body}");

    [Fact]
    public void PUT_makes_a_file_and_then_changes_it_and_DELETE_takes_it_away() =>
        Serve(async () =>
        {
            Assert.Equal(201, await Put("a.txt", "hello"));
            Assert.Equal("hello", File.ReadAllText(Path.Combine(_place, "a.txt")));
            Assert.Equal(204, await Put("a.txt", "bye"));
            Assert.Equal("bye", File.ReadAllText(Path.Combine(_place, "a.txt")));
            Assert.EndsWith("\r\n\r\nbye", await _site.SendRawAsync($"GET /a.txt HTTP/1.1\r\n{Host}\r\n"));
            Assert.Equal(204, await Status($"DELETE /a.txt HTTP/1.1\r\n{Host}\r\n"));
            Assert.Equal(404, await Status($"DELETE /a.txt HTTP/1.1\r\n{Host}\r\n"));
            Assert.Empty(Directory.EnumerateFileSystemEntries(_place));
        });

    [Fact]
    public void A_chunked_PUT_is_written_as_its_bytes() =>
        Serve(async () =>
        {
            const string body = "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";
            Assert.Equal(201, await Status($"PUT /a HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n{body}"));
            Assert.Equal("hello!", File.ReadAllText(Path.Combine(_place, "a")));
        });

    [Fact]
    public void Whoever_writes_may_say_what_he_takes_it_for() =>
        Serve(async () =>
        {
            Assert.Equal(412, await Put("a", "1", "If-Match: *\r\n"));
            Assert.Equal(201, await Put("a", "1", "If-None-Match: *\r\n"));
            Assert.Equal(412, await Put("a", "2", "If-None-Match: *\r\n"));
            var tag = new DirectoryRoot(_place).Find(["a"])!.ETag;
            Assert.Equal(412, await Put("a", "2", "If-Match: \"x\"\r\n"));
            Assert.Equal(204, await Put("a", "2", $"If-Match: {tag}\r\n"));
            Assert.Equal(412, await Status($"DELETE /a HTTP/1.1\r\n{Host}If-Match: {tag}\r\n\r\n"));
            Assert.Equal("2", File.ReadAllText(Path.Combine(_place, "a")));
        });

    [Theory]
    [InlineData("PUT /a HTTP/1.1\r\n", 411)]
    [InlineData("PUT /a HTTP/1.1\r\nContent-Range: bytes 0-0/1\r\nContent-Length: 0\r\n", 400)]
    [InlineData("PUT /none/a HTTP/1.1\r\nContent-Length: 0\r\n", 409)]
    [InlineData("PUT /.htaccess HTTP/1.1\r\nContent-Length: 0\r\n", 405)]
    [InlineData("PUT / HTTP/1.1\r\nContent-Length: 0\r\n", 405)]
    [InlineData("PUT /../a HTTP/1.1\r\nContent-Length: 0\r\n", 400)]
    [InlineData("PATCH /a HTTP/1.1\r\nContent-Length: 0\r\n", 405)]
    public void Nothing_else_is_written(string request, int status) =>
        Serve(async () => Assert.Equal(status, await Status(request + Host + "\r\n")));

    [Fact]
    public void A_PUT_that_breaks_off_leaves_the_old_file_and_nothing_else() =>
        Serve(async () =>
        {
            Assert.Equal(201, await Put("a", "old"));
            Assert.Equal(400, await Status($"PUT /a HTTP/1.1\r\n{Host}Content-Length: 9\r\n\r\nnew"));
            Assert.Equal("old", File.ReadAllText(Path.Combine(_place, "a")));
            Assert.Single(Directory.EnumerateFileSystemEntries(_place));
        });

    [Fact]
    public void No_link_leads_a_PUT_out_of_the_root()
    {
        var outside = Directory.CreateTempSubdirectory("twocan").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(_place, "out"), outside);
            Serve(async () => Assert.Equal(409, await Put("out/a", "x")));
            Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public void Links_are_refused_altogether_where_the_site_says_so()
    {
        File.WriteAllText(Path.Combine(_place, "a"), "a");
        File.CreateSymbolicLink(Path.Combine(_place, "b"), "a");
        Assert.NotNull(new DirectoryRoot(_place).Find(["b"]));
        Assert.Null(new DirectoryRoot(_place, links: SymbolicLinks.Refused).Find(["b"]));
    }

    [Fact]
    public void A_file_that_changes_is_served_as_it_is_now() =>
        Serve(async () =>
        {
            var get = $"GET /a HTTP/1.1\r\n{Host}\r\n";
            for (var round = 0; round < 3; round++)
            {
                File.WriteAllText(Path.Combine(_place, "a"), $"{round}{round}");
                await _site.Loop.DelayAsync(Core.Duration.FromMilliseconds(10));
                Assert.EndsWith($"\r\n\r\n{round}{round}", await _site.SendRawAsync(get));
                Assert.EndsWith($"\r\n\r\n{round}{round}", await _site.SendRawAsync(get));
            }
        });
}
