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

    [Theory]
    [InlineData("http://a/", UrlAccess.Web, 80, true)]
    [InlineData("https://a/", UrlAccess.Web, 443, true)]
    [InlineData("wss://a/", UrlAccess.WebSocket, 443, true)]
    [InlineData("ftp://a/", UrlAccess.FileTransfer, 21, true)]
    [InlineData("file:///a", UrlAccess.LocalFile, 0, true)]
    [InlineData("mailto:tone@cyber.co.kr", UrlAccess.Mail, 25, true)]
    [InlineData("news:comp.protocols.tcp-ip", UrlAccess.News, 119, true)]
    [InlineData("nntp://news.cyber.co.kr/comp.infosystems.www/12", UrlAccess.News, 119, true)]
    [InlineData("urn:isbn:9780307476463", UrlAccess.NoPlace, 0, false)]
    [InlineData("data:,hello", UrlAccess.NoPlace, 0, false)]
    [InlineData("ssh://a/", UrlAccess.Unknown, 0, true)]
    public void A_scheme_is_a_way_of_access(string text, UrlAccess access, int port, bool isLocator)
    {
        var explanation = Explain(text);
        Assert.Equal(
            (access, new Port((ushort)port), isLocator),
            (explanation.Access, explanation.Port, explanation.IsLocator)
        );
    }

    [Fact]
    public void An_ftp_url_without_a_user_is_anonymous()
    {
        Assert.Equal("anonymous", Explain("ftp://ftp.cyber.co.kr/pub/").AssumedUser);
        Assert.Null(Explain("ftp://hong@ftp.cyber.co.kr/pub/").AssumedUser);
        Assert.Contains("no user is written, so anonymous logs in", Explain("ftp://a/").Say(Language.English));
    }

    [Fact]
    public void A_file_is_on_this_machine_unless_another_is_written()
    {
        Assert.True(Explain("file:///etc/hosts") is { HostIsAssumed: true, Directory: "/etc/", File: "hosts" });
        Assert.Contains("이 컴퓨터", Explain("file:///etc/hosts").Say(Language.Korean)[1]);
        Assert.Equal("server", Explain("file://server/share/x").Host);
    }

    [Fact]
    public void A_mail_is_for_somebody()
    {
        var mail = Explain("mailto:tone@cyber.co.kr,hong%20gil@cyber.co.kr?Subject=1+1%3D2&to=x@y");
        Assert.Equal(["tone@cyber.co.kr", "hong gil@cyber.co.kr", "x@y"], mail.Mailboxes);
        Assert.Contains(("Subject", "1+1=2"), mail.MailHeaders);
        Assert.Null(mail.Directory);
        Assert.Equal(
            ["the way of access is mailto", "the mail is for a@b"],
            Explain("mailto:a@b").Say(Language.English).Take(2)
        );
    }

    [Theory]
    [InlineData("news:comp.lang.c", "comp.lang.c", null)]
    [InlineData("news:123@a.b", null, "123@a.b")]
    [InlineData("news://host/comp.lang.c", "comp.lang.c", null)]
    [InlineData("nntp://host:1119/comp.lang.c/7", "comp.lang.c", "7")]
    [InlineData("nntp://host/", null, null)]
    public void News_is_a_group_or_an_article(string text, string? group, string? article) =>
        Assert.Equal((group, article), (Explain(text).Newsgroup, Explain(text).Article));

    [Fact]
    public void A_name_of_a_thing_is_a_uri_but_no_url() =>
        Assert.Contains(
            "it is a URI but no URL: it says what a thing is, not where: isbn:9780307476463",
            Explain("urn:isbn:9780307476463").Say(Language.English)
        );

    [Fact]
    public void An_international_name_is_shown_as_people_write_it() =>
        Assert.Contains("서버의 이름은 한글.kr입니다", Explain("http://xn--bj0bj06e.kr/").Say(Language.Korean));

    [Theory]
    [InlineData("http://a", true)]
    [InlineData("http://a?x/y", true)]
    [InlineData("http://a/", false)]
    [InlineData("a", true)]
    [InlineData("a/b", false)]
    public void A_path_that_is_left_out_is_the_root(string typed, bool isAssumed)
    {
        Assert.True(Url.TryParseTyped(typed, out var url, out _));
        Assert.Equal(isAssumed, UrlExplanation.Of(url, typed).RootIsAssumed);
    }
}
