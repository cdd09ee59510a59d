namespace Twocan.Http.Tests;

public sealed class StaticFilesTests
{
    private static readonly StaticFiles Files = new(Site.Documents);

    private static Answer Ask(string target, string method = "GET", params (string Name, string Value)[] fields)
    {
        var head = new RequestHead(method, target, HttpVersion.Http11);
        foreach (var (name, value) in fields)
            head.Fields.Add(name, value);
        return Files.Answer(head);
    }

    [Theory]
    [InlineData("/", "text/html", 11)]
    [InlineData("/index.html", "text/html", 11)]
    [InlineData("/index.html?a=b", "text/html", 11)]
    [InlineData("/dir/", "text/html", 10)]
    [InlineData("/dir/file1.html", "text/html", 12)]
    [InlineData("/dir/%66ile1.html", "text/html", 12)]
    [InlineData("/dir/../dir/./file1.html", "text/html", 12)]
    [InlineData("http://www.lab.cyber.co.kr/gazou.jpg", "image/jpeg", 6419)]
    public void A_document_comes_with_its_type_and_length(string target, string type, long length)
    {
        using var answer = Ask(target);
        Assert.Equal(200, answer.Status);
        Assert.Equal(type, answer.Fields["Content-Type"]);
        Assert.Equal(length, answer.BodyLength);
        Assert.Equal(length, answer.Body!.Length);
        Assert.Equal("Thu, 01 Oct 2020 09:30:00 GMT", answer.Fields["Last-Modified"]);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/empty/")]
    [InlineData("/index.html/")]
    [InlineData("//index.html")]
    [InlineData("/dir//file1.html")]
    [InlineData("/Index.html")]
    [InlineData("/%2569ndex.html")]
    public void What_is_not_there_is_404(string target) => Assert.Equal(404, Ask(target).Status);

    [Theory]
    [InlineData("/..")]
    [InlineData("/../index.html")]
    [InlineData("/dir/../../index.html")]
    [InlineData("/%2e%2e/index.html")]
    [InlineData("/.%2E/index.html")]
    [InlineData("/dir%2ffile1.html")]
    [InlineData("/dir%5cfile1.html")]
    [InlineData("/dir\\file1.html")]
    [InlineData("/..\\index.html")]
    [InlineData("/%00")]
    [InlineData("/index.html%00.jpg")]
    [InlineData("/%")]
    [InlineData("/%2")]
    [InlineData("/%zz")]
    [InlineData("/%c0%ae%c0%ae/")]
    public void A_path_that_leaves_the_root_or_hides_something_is_400(string target) =>
        Assert.Equal(400, Ask(target).Status);

    [Theory]
    [InlineData("/dir", "/dir/")]
    [InlineData("/dir?a=b", "/dir/?a=b")]
    [InlineData("/x/../dir", "/x/../dir/")]
    public void A_directory_without_its_slash_is_redirected(string target, string place)
    {
        using var answer = Ask(target);
        Assert.Equal(301, answer.Status);
        Assert.Equal(place, answer.Fields["Location"]);
    }

    [Theory]
    [InlineData("POST", 405)]
    [InlineData("PUT", 405)]
    [InlineData("DELETE", 405)]
    [InlineData("TRACE", 405)]
    [InlineData("BREW", 501)]
    [InlineData("get", 501)]
    public void Only_GET_and_HEAD_are_served(string method, int status)
    {
        using var answer = Ask("/", method);
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 405 ? "GET, HEAD, OPTIONS" : null, answer.Fields["Allow"]);
    }

    [Fact]
    public void HEAD_tells_what_GET_would_bring()
    {
        using var get = Ask("/gazou.jpg");
        using var head = Ask("/gazou.jpg", "HEAD");
        Assert.Equal(get.Fields.ToString(), head.Fields.ToString());
        Assert.Equal(get.BodyLength, head.BodyLength);
        Assert.Null(head.Body);
    }

    [Theory]
    [InlineData("If-None-Match", "TAG", 304)]
    [InlineData("If-None-Match", "\"x\", W/TAG", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"x\"", 200)]
    [InlineData("If-Modified-Since", "Thu, 01 Oct 2020 09:30:00 GMT", 304)]
    [InlineData("If-Modified-Since", "Thu Oct  1 09:30:00 2020", 304)]
    [InlineData("If-Modified-Since", "Thu, 01 Oct 2020 09:29:59 GMT", 200)]
    [InlineData("If-Modified-Since", "yesterday", 200)]
    public void What_the_client_has_already_is_not_sent_again(string name, string value, int status)
    {
        var tag = Ask("/index.html").Fields["ETag"]!;
        using var answer = Ask("/index.html", "GET", (name, value.Replace("TAG", tag)));
        Assert.Equal(status, answer.Status);
        Assert.Equal(tag, answer.Fields["ETag"]);
        Assert.Equal(status == 304, answer.Body is null);
    }

    [Fact]
    public void A_tag_that_differs_counts_more_than_a_date()
    {
        using var answer = Ask(
            "/index.html",
            "GET",
            ("If-None-Match", "\"x\""),
            ("If-Modified-Since", "Thu, 01 Oct 2020 09:30:00 GMT")
        );
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public void The_tag_follows_from_the_content_alone()
    {
        var old = new MemoryRoot(DateTimeOffset.UnixEpoch).Add("/other", "<p>root</p>").Find(["other"])!;
        Assert.Equal(Site.Documents.Find(["index.html"])!.ETag, old.ETag);
        Assert.NotEqual(Site.Documents.Find(["sample1.htm"])!.ETag, old.ETag);
        Assert.Matches("^\"[0-9a-f]{16}\"$", old.ETag);
    }
}
