using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class UrlExplanationTests
{
    private static UrlExplanation Explain(string text) => UrlExplanation.Of(Url.Parse(text), text);

    [Theory]
    [InlineData("http://a/dir/file1.html", "/dir/", "file1.html", false)]
    [InlineData("http://a/dir/", "/dir/", null, false)]
    [InlineData("http://a/", "/", null, false)]
    [InlineData("http://a/file1.html", "/", "file1.html", false)]
    [InlineData("http://a/whatisthis", "/", "whatisthis", true)]
    public void Directory_and_file_are_told_apart(string text, string directory, string? file, bool mayBeDirectory)
    {
        var explanation = Explain(text);
        Assert.Equal(
            (directory, file, mayBeDirectory),
            (explanation.Directory, explanation.File, explanation.MayBeDirectory)
        );
        Assert.Equal(file is null, explanation.FileIsAssumed);
    }

    [Fact]
    public void What_was_left_out_is_named_with_what_is_assumed()
    {
        var short_ = Explain("http://www.lab.cyber.co.kr");
        Assert.True(short_ is { RootIsAssumed: true, PortIsAssumed: true, FileIsAssumed: true });
        Assert.Equal(new Port(80), short_.Port);
        var whole = Explain("http://user:p%40ss@www.lab.cyber.co.kr:8080/dir/file1.html");
        Assert.True(whole is { RootIsAssumed: false, PortIsAssumed: false, FileIsAssumed: false });
        Assert.Equal(("user", "p@ss"), (whole.User, whole.Password));
    }

    [Fact]
    public void It_is_said_in_sentences_in_both_languages()
    {
        var explanation = Explain("http://user:pw@www.lab.cyber.co.kr/dir/?q=1#top");
        Assert.Equal(
            [
                "the way of access is http",
                "the user is user, with a password",
                "the server is www.lab.cyber.co.kr",
                "no port is written, so port 80 is assumed, the usual one of http",
                "the directory is /dir/",
                "no file is written, so the server takes its default file, such as index.html",
                "the query q=1 goes to the server with the path",
                "the fragment top stays in the browser: it is a place within the page",
            ],
            explanation.Say(Language.English)
        );
        var korean = explanation.Say(Language.Korean);
        Assert.Equal(8, korean.Count);
        Assert.Contains("포트 번호가 생략되어 http의 기본값인 80번을 사용합니다", korean);
        Assert.DoesNotContain(korean, sentence => sentence.Contains("pw"));
    }
}
