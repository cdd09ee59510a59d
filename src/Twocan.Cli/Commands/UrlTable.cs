using Twocan.Core;
using Twocan.Explorer;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary>A URL as a table: each part, and what it means; what was left out is faint, with what is assumed in its place.</summary>
internal sealed class UrlTable(UrlExplanation it, Terminal terminal)
{
    private readonly List<IReadOnlyList<Text>> _rows = [];

    public void Write(string written, Url? relativeTo, IEnumerable<ValidationError> errors)
    {
        terminal.Line($"{it.Url.Href:strong}");
        if (relativeTo is not null)
            terminal.Line(
                terminal.Say($"{written}, seen from {relativeTo.Href}", $"{relativeTo.Href}에서 본 {written}")
            );
        else if (written != it.Url.Href)
            terminal.Line(terminal.Say($"written {written}", $"적힌 대로는 {written}"));
        terminal.Line();
        Scheme();
        User();
        Server();
        switch (it.Access)
        {
            case UrlAccess.Mail:
                Mail();
                break;
            case UrlAccess.News:
                News();
                break;
            default:
                Path();
                break;
        }
        QueryAndFragment();
        Uses();
        terminal.Write(new Table([new(""), new(""), new("", Flows: true)], _rows));
        foreach (var error in errors.Distinct())
            terminal.Write(new Paragraph($"{error.Name():bad}: {error.Say(terminal.Language)}", "  ! "));
    }

    private void Scheme() =>
        Row(
            ("scheme", "스킴"),
            it.Scheme,
            it.Access switch
            {
                UrlAccess.Web when it.Scheme == "https" => terminal.Say(
                    "the way of access: a web server, by HTTP through TLS",
                    "액세스 방법: TLS로 암호화한 HTTP로 웹 서버에"
                ),
                UrlAccess.Web => terminal.Say(
                    "the way of access: a web server, by HTTP",
                    "액세스 방법: HTTP로 웹 서버에"
                ),
                UrlAccess.WebSocket => terminal.Say(
                    "the way of access: a lasting connection to a web server",
                    "액세스 방법: 웹 서버와 계속 이어지는 접속"
                ),
                UrlAccess.FileTransfer => terminal.Say(
                    "the way of access: a file of an FTP server",
                    "액세스 방법: FTP 서버의 파일"
                ),
                UrlAccess.LocalFile => terminal.Say(
                    "the way of access: a file, without any network",
                    "액세스 방법: 네트워크 없이 읽는 파일"
                ),
                UrlAccess.Mail => terminal.Say("the way of access: a letter to somebody", "액세스 방법: 메일 보내기"),
                UrlAccess.News => terminal.Say(
                    "the way of access: a newsgroup, or one article of it",
                    "액세스 방법: 뉴스그룹이나 그 기사"
                ),
                UrlAccess.NoPlace => terminal.Say(
                    "no way of access: it names a thing, or is the thing itself",
                    "액세스 방법이 아니라 사물의 이름이거나 사물 그 자체입니다"
                ),
                _ => terminal.Say(
                    "a way of access that a browser leaves to other programs",
                    "브라우저가 다른 프로그램에 맡기는 액세스 방법입니다"
                ),
            }
        );

    private void User()
    {
        if (it.User is { } user)
            Row(("user", "사용자"), user, terminal.Say("logs in", "로그인합니다"));
        else if (it.AssumedUser is { } anonymous)
            Assumed(("user", "사용자"), anonymous, terminal.Say("none is written", "생략되었습니다"));
        if (it.Password is { } password)
            Row(
                ("password", "패스워드"),
                new string('•', Math.Min(password.Length, 8)),
                terminal.Say(
                    $"of {password.Length} characters; whoever sees the URL can read it",
                    $"{password.Length}글자입니다. URL을 보는 사람은 누구나 읽을 수 있습니다"
                )
            );
    }

    private void Server()
    {
        if (it.Access == UrlAccess.NoPlace || (it.Access == UrlAccess.Unknown && it.Url.Host.Kind == UrlHostKind.None))
            return;
        var label = ("server", "서버");
        if (it.HostIsAssumed)
            Assumed(
                label,
                it.Access switch
                {
                    UrlAccess.LocalFile => terminal.Say("this machine", "이 컴퓨터"),
                    UrlAccess.Mail => terminal.Say("your mail server", "설정된 메일 서버"),
                    UrlAccess.News => terminal.Say("your news server", "설정된 뉴스 서버"),
                    _ => "–",
                },
                terminal.Say("none is written", "생략되었습니다")
            );
        else
            Row(label, it.Host, HostNote());
        if (it.Port == default)
            return;
        if (it.PortIsAssumed)
            Assumed(
                ("port", "포트"),
                $"{it.Port}",
                terminal.Say($"the usual one of {it.Scheme}", $"{it.Scheme}의 기본값입니다")
            );
        else
            Row(("port", "포트"), $"{it.Port}", "");
    }

    private string HostNote() =>
        it.Url.Host switch
        {
            { Kind: UrlHostKind.Domain } host when host.Text != it.Host => terminal.Say(
                $"a name; in the DNS it is {host.Text}",
                $"이름입니다. DNS에서는 {host.Text}입니다"
            ),
            { Kind: UrlHostKind.Domain } => terminal.Say(
                "a name: the resolver finds its address",
                "이름입니다. 리졸버가 주소를 알아냅니다"
            ),
            { Kind: UrlHostKind.Opaque } => terminal.Say(
                $"understood by programs for {it.Scheme}",
                $"{it.Scheme}용 프로그램이 이해합니다"
            ),
            _ => terminal.Say("an address: no resolver is needed", "주소입니다. 리졸버가 필요 없습니다"),
        };

    private void Path()
    {
        if (it.Directory is not { } directory)
        {
            Row(("path", "경로"), it.Url.Path, terminal.Say("has no directories", "디렉토리가 없습니다"));
            return;
        }
        if (it.RootIsAssumed)
            Assumed(
                ("directory", "디렉토리"),
                "/",
                terminal.Say("no path is written: the root", "경로가 생략되어 루트입니다")
            );
        else if (directory.Length > 0)
            Row(("directory", "디렉토리"), directory, "");
        if (it.File is { } file)
            Row(
                ("file", "파일"),
                file,
                it.MayBeDirectory && it.Access != UrlAccess.LocalFile
                    ? terminal.Say(
                        "or a directory without its slash: only the server knows",
                        "또는 끝의 /가 생략된 디렉토리입니다. 서버만이 압니다"
                    )
                    : ""
            );
        else if (it.Access == UrlAccess.Web)
            Assumed(
                ("file", "파일"),
                terminal.Say("the default file", "기본 파일"),
                terminal.Say(
                    "none is written: the server takes index.html or the like",
                    "생략되어 서버가 index.html 등을 보내 줍니다"
                )
            );
    }

    private void Mail()
    {
        Row(("to", "받는 사람"), string.Join(", ", it.Mailboxes), "");
        foreach (var (name, value) in it.MailHeaders)
            Row((name, name), value, terminal.Say("a field of the letter", "메일의 필드"));
    }

    private void News()
    {
        if (it.Newsgroup is { } group)
            Row(("newsgroup", "뉴스그룹"), group, "");
        if (it.Article is { } article)
            Row(
                ("article", "기사"),
                article,
                article.Contains('@')
                    ? terminal.Say("by its message-ID", "메시지 ID로 찾습니다")
                    : terminal.Say("by its number in the group", "그룹 안의 번호로 찾습니다")
            );
    }

    private void QueryAndFragment()
    {
        if (it.Access != UrlAccess.Mail && it.Query is { } query)
            Row(
                ("query", "쿼리"),
                query,
                terminal.Say("goes to the server with the path", "경로와 함께 서버에 전달됩니다")
            );
        if (it.Fragment is { } fragment)
            Row(
                ("fragment", "프래그먼트"),
                fragment,
                terminal.Say(
                    "stays in the browser: a place within the page",
                    "서버에 보내지 않습니다. 페이지 안의 위치입니다"
                )
            );
    }

    /// <summary>What is made of it.</summary>
    private void Uses()
    {
        Row(
            ("kind", "종류"),
            it.IsLocator ? "URL" : "URI",
            it.IsLocator
                ? terminal.Say(
                    "a URI that says where a thing is and how to get there",
                    "어디에 있고 어떻게 가는지 나타내는 URI입니다"
                )
                : terminal.Say("it says what a thing is, not where", "어디에 있는지가 아니라 무엇인지를 나타냅니다")
        );
        if (it.Url.Origin != "null")
            Row(
                ("origin", "출처"),
                it.Url.Origin,
                terminal.Say(
                    "what scripts of this page may read without asking",
                    "이 페이지의 스크립트가 허락 없이 읽을 수 있는 범위입니다"
                )
            );
        if (it.Access == UrlAccess.Web)
            Row(
                ("request", "리퀘스트"),
                $"GET {it.Url.OriginForm}",
                terminal.Say($"with the field Host: {it.Url.Authority}", $"Host: {it.Url.Authority} 필드와 함께")
            );
    }

    private void Row((string English, string Korean) label, string value, string note) =>
        _rows.Add([$"  {terminal.Say(label.English, label.Korean):faint}", new Text(value), new Text(note)]);

    private void Assumed((string English, string Korean) label, string value, string note) =>
        _rows.Add([$"  {terminal.Say(label.English, label.Korean):faint}", $"{$"({value})":faint}", $"{note:faint}"]);
}
