using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// A URL as a browser reads it before it does anything: by which way of access, from which server, which directory and
/// file; and what was left out, with what is assumed in its place.
/// </summary>
public sealed record UrlExplanation
{
    private UrlExplanation(Url url, bool rootIsAssumed) => (Url, RootIsAssumed) = (url, rootIsAssumed);

    public Url Url { get; }

    /// <summary>The way of access.</summary>
    public string Scheme => Url.Scheme;

    public string? User => Url.Username.Length == 0 ? null : Decoded(Url.Username);

    public string? Password => Url.Password.Length == 0 ? null : Decoded(Url.Password);

    public string Host => Url.Host.Text;

    public Port Port => Url.Port;

    /// <summary>The port was left out, or is the scheme's own.</summary>
    public bool PortIsAssumed => Url.WrittenPort is null;

    /// <summary>From the root, with a slash at both ends.</summary>
    public string Directory => Url.Path[..(Url.Path.LastIndexOf('/') + 1)];

    /// <summary>Null when the path ends in a slash: the server then takes its default file.</summary>
    public string? File => Url.Segments[^1].Length == 0 ? null : Url.Segments[^1];

    public bool FileIsAssumed => File is null;

    /// <summary>Nothing was written after the server: the root directory is meant.</summary>
    public bool RootIsAssumed { get; }

    /// <summary>A last part without a slash and without a dot: a file, or a directory whose slash was left out; only the server knows.</summary>
    public bool MayBeDirectory => File is { } file && !file.Contains('.');

    public string? Query => Url.Query;

    public string? Fragment => Url.Fragment;

    /// <summary>Explains <paramref name="url"/>; <paramref name="written"/> is what was typed, where that is known.</summary>
    public static UrlExplanation Of(Url url, string? written = null) =>
        new(url, written is not null && !HasPath(written));

    /// <summary>The parts and the assumptions, a sentence each.</summary>
    public IReadOnlyList<string> Say(Language language) =>
        (language == Language.Korean ? SayInKorean() : SayInEnglish()).ToList();

    private IEnumerable<string> SayInEnglish()
    {
        yield return $"the way of access is {Scheme}";
        if (User is { } user)
            yield return Password is null ? $"the user is {user}" : $"the user is {user}, with a password";
        yield return $"the server is {Host}";
        yield return PortIsAssumed
            ? $"no port is written, so port {Port} is assumed, the usual one of {Scheme}"
            : $"the port is {Port}";
        yield return RootIsAssumed
            ? "no path is written, so the root directory / is meant"
            : $"the directory is {Directory}";
        if (File is not { } file)
            yield return "no file is written, so the server takes its default file, such as index.html";
        else if (MayBeDirectory)
            yield return $"{file} is a file, or a directory whose slash was left out: only the server knows";
        else
            yield return $"the file is {file}";
        if (Query is { } query)
            yield return $"the query {query} goes to the server with the path";
        if (Fragment is { } fragment)
            yield return $"the fragment {fragment} stays in the browser: it is a place within the page";
    }

    private IEnumerable<string> SayInKorean()
    {
        yield return $"액세스 방법은 {Scheme}입니다";
        if (User is { } user)
            yield return Password is null
                ? $"사용자 이름은 {user}입니다"
                : $"사용자 이름은 {user}이고 패스워드도 적혀 있습니다";
        yield return $"서버의 이름은 {Host}입니다";
        yield return PortIsAssumed
            ? $"포트 번호가 생략되어 {Scheme}의 기본값인 {Port}번을 사용합니다"
            : $"포트 번호는 {Port}번입니다";
        yield return RootIsAssumed ? "경로가 생략되어 루트 디렉토리 /를 나타냅니다" : $"디렉토리는 {Directory}입니다";
        if (File is not { } file)
            yield return "파일명이 생략되어 서버가 미리 정해 둔 파일(index.html 등)을 보내 줍니다";
        else if (MayBeDirectory)
            yield return $"{file}은(는) 파일일 수도 있고 끝의 /가 생략된 디렉토리일 수도 있습니다. 서버만이 압니다";
        else
            yield return $"파일명은 {file}입니다";
        if (Query is { } query)
            yield return $"쿼리 {query}은(는) 경로와 함께 서버에 전달됩니다";
        if (Fragment is { } fragment)
            yield return $"프래그먼트 {fragment}은(는) 서버에 보내지 않고 브라우저가 페이지 안의 위치를 찾는 데 씁니다";
    }

    private static bool HasPath(string written)
    {
        var authority = written.IndexOf("//", StringComparison.Ordinal) + 2;
        return authority < 2 || written.AsSpan(authority).ContainsAny('/', '\\');
    }

    private static string Decoded(string part) => Encoding.UTF8.GetString(PercentEncoding.Decode(part));
}
