using Twocan.Core;

namespace Twocan.Http;

/// <summary>A URL told in sentences: what is written, and what is assumed in place of what is not.</summary>
internal static class UrlSentences
{
    public static IReadOnlyList<string> Of(UrlExplanation it, Language language) =>
        [.. language == Language.Korean ? InKorean(it) : InEnglish(it)];

    private static IEnumerable<string> InEnglish(UrlExplanation it)
    {
        yield return $"the way of access is {it.Scheme}";
        foreach (
            var sentence in it.Access switch
            {
                UrlAccess.Mail => MailInEnglish(it),
                UrlAccess.News => NewsInEnglish(it),
                UrlAccess.NoPlace => [$"it is a URI but no URL: it says what a thing is, not where: {it.Url.Path}"],
                _ when it.Url.HasOpaquePath => [$"{it.Url.Path} means something to those who know {it.Scheme}"],
                _ => PlaceInEnglish(it),
            }
        )
            yield return sentence;
        if (it.Access != UrlAccess.Mail && it.Query is { } query)
            yield return $"the query {query} goes to the server with the path";
        if (it.Fragment is { } fragment)
            yield return $"the fragment {fragment} stays in the browser: it is a place within the page";
    }

    private static IEnumerable<string> PlaceInEnglish(UrlExplanation it)
    {
        if (it.User is { } user)
            yield return it.Password is null ? $"the user is {user}" : $"the user is {user}, with a password";
        else if (it.AssumedUser is { } anonymous)
            yield return $"no user is written, so {anonymous} logs in";
        yield return it.HostIsAssumed ? "no server is written: it is on this machine" : $"the server is {it.Host}";
        if (!it.HostIsAssumed && it.Access != UrlAccess.LocalFile && it.Port != default)
            yield return it.PortIsAssumed
                ? $"no port is written, so port {it.Port} is assumed, the usual one of {it.Scheme}"
                : $"the port is {it.Port}";
        yield return it.RootIsAssumed
            ? "no path is written, so the root directory / is meant"
            : $"the directory is {it.Directory}";
        if (it.File is not { } file)
            yield return it.Access == UrlAccess.Web
                ? "no file is written, so the server takes its default file, such as index.html"
                : "no file is written, so the directory itself is meant";
        else if (it.MayBeDirectory && it.Access != UrlAccess.LocalFile)
            yield return $"{file} is a file, or a directory whose slash was left out: only the server knows";
        else
            yield return $"the file is {file}";
    }

    private static IEnumerable<string> MailInEnglish(UrlExplanation it)
    {
        yield return it.Mailboxes.Count == 0
            ? "nobody is written to write to"
            : $"the mail is for {string.Join(", ", it.Mailboxes)}";
        foreach (var (name, value) in it.MailHeaders)
            yield return $"its {name} is '{value}'";
        yield return $"no server is written: the mail program asks its own, by port {it.Port}, to deliver it";
    }

    private static IEnumerable<string> NewsInEnglish(UrlExplanation it)
    {
        yield return it.HostIsAssumed
            ? "no server is written, so the news server of the settings is asked"
            : $"the news server is {it.Host}";
        yield return it.PortIsAssumed
            ? $"no port is written, so port {it.Port} is assumed, the usual one of news"
            : $"the port is {it.Port}";
        if (it.Newsgroup is { } group)
            yield return $"the newsgroup is {group}";
        if (it.Article is { } article)
            yield return $"the article is {article}";
    }

    private static IEnumerable<string> InKorean(UrlExplanation it)
    {
        yield return $"액세스 방법은 {it.Scheme}입니다";
        foreach (
            var sentence in it.Access switch
            {
                UrlAccess.Mail => MailInKorean(it),
                UrlAccess.News => NewsInKorean(it),
                UrlAccess.NoPlace =>
                [
                    $"URI이지만 URL은 아닙니다. 어디에 있는지가 아니라 무엇인지를 나타냅니다: {it.Url.Path}",
                ],
                _ when it.Url.HasOpaquePath =>
                [
                    $"{it.Url.Path}의 뜻은 {it.Scheme}{Korean.Object(it.Scheme)} 아는 프로그램만 압니다",
                ],
                _ => PlaceInKorean(it),
            }
        )
            yield return sentence;
        if (it.Access != UrlAccess.Mail && it.Query is { } query)
            yield return $"쿼리 {query}{Korean.Topic(query)} 경로와 함께 서버에 전달됩니다";
        if (it.Fragment is { } fragment)
            yield return $"프래그먼트 {fragment}{Korean.Topic(fragment)} 서버에 보내지 않고 브라우저가 페이지 안의 위치를 찾는 데 씁니다";
    }

    private static IEnumerable<string> PlaceInKorean(UrlExplanation it)
    {
        if (it.User is { } user)
            yield return it.Password is null
                ? $"사용자 이름은 {user}입니다"
                : $"사용자 이름은 {user}이고 패스워드도 적혀 있습니다";
        else if (it.AssumedUser is { } anonymous)
            yield return $"사용자 이름이 생략되어 {anonymous}{Korean.Toward(anonymous)} 로그인합니다";
        yield return it.HostIsAssumed
            ? "서버가 생략되었으므로 이 컴퓨터를 나타냅니다"
            : $"서버의 이름은 {it.Host}입니다";
        if (!it.HostIsAssumed && it.Access != UrlAccess.LocalFile && it.Port != default)
            yield return it.PortIsAssumed
                ? $"포트 번호가 생략되어 {it.Scheme}의 기본값인 {it.Port}번을 사용합니다"
                : $"포트 번호는 {it.Port}번입니다";
        yield return it.RootIsAssumed
            ? "경로가 생략되어 루트 디렉토리 /를 나타냅니다"
            : $"디렉토리는 {it.Directory}입니다";
        if (it.File is not { } file)
            yield return it.Access == UrlAccess.Web
                ? "파일명이 생략되어 서버가 미리 정해 둔 파일(index.html 등)을 보내 줍니다"
                : "파일명이 생략되어 디렉토리 자체를 나타냅니다";
        else if (it.MayBeDirectory && it.Access != UrlAccess.LocalFile)
            yield return $"{file}{Korean.Topic(file)} 파일일 수도 있고 끝의 /가 생략된 디렉토리일 수도 있습니다. 서버만이 압니다";
        else
            yield return $"파일명은 {file}입니다";
    }

    private static IEnumerable<string> MailInKorean(UrlExplanation it)
    {
        yield return it.Mailboxes.Count == 0
            ? "받는 사람이 적혀 있지 않습니다"
            : $"받는 사람은 {string.Join(", ", it.Mailboxes)}입니다";
        foreach (var (name, value) in it.MailHeaders)
            yield return $"{name} 필드는 '{value}'입니다";
        yield return $"서버가 생략되었으므로 메일 프로그램에 설정된 메일 서버의 {it.Port}번 포트에 배달을 부탁합니다";
    }

    private static IEnumerable<string> NewsInKorean(UrlExplanation it)
    {
        yield return it.HostIsAssumed
            ? "서버가 생략되어 설정된 뉴스 서버에 묻습니다"
            : $"뉴스 서버의 이름은 {it.Host}입니다";
        yield return it.PortIsAssumed
            ? $"포트 번호가 생략되어 뉴스의 기본값인 {it.Port}번을 사용합니다"
            : $"포트 번호는 {it.Port}번입니다";
        if (it.Newsgroup is { } group)
            yield return $"뉴스그룹은 {group}입니다";
        if (it.Article is { } article)
            yield return $"기사는 {article}입니다";
    }
}
