using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

/// <summary>What holds for every URL, found by breaking good ones at random; a failing text is in the message.</summary>
public sealed class UrlPropertyTests
{
    private static readonly string[] Seeds =
    [
        "http://user:pass@www.lab.cyber.co.kr:8080/dir/file1.html?q=1#top",
        "https://[2001:db8::1]:443/a/../b/%2e%2e/c?x=%zz#",
        "file:///C|/Windows/../x",
        "file://localhost/etc/passwd?x",
        "ftp://anonymous@ftp.cyber.co.kr/pub/%20/",
        "mailto:tone@cyber.co.kr?subject=a b",
        "sc:/..//a?b",
        "sc://h%5Eost/p a\\t{h}",
        "news:comp.lang.c ",
        "data:text/plain, x #y",
        "blob:https://a:1/uuid",
        "//한글.kr\\..\\x",
        "../../x?y#z",
        "http:\\\\0x7f.1\\",
        "?q",
        "#f",
        "",
        "javascript:alert('1')//\n",
    ];

    private static readonly string[] Pieces =
    [
        "/",
        "\\",
        "?",
        "#",
        ":",
        "@",
        "[",
        "]",
        "%",
        "%2e",
        "..",
        ".",
        "|",
        "C:",
        "//",
        "\t",
        " ",
        "\0",
        "é",
        "한",
        "\ud800",
        "\udc00",
        "\ud83d\ude00",
        "xn--",
        "0x",
        "\u00ad",
        "\u200d",
        "א",
        "\u0301",
        "<",
        "^",
        "'",
        "\u007f",
        "file:",
        "http:",
        "localhost",
    ];

    [Fact]
    public void Reading_never_throws_and_what_is_written_is_read_as_the_same()
    {
        var random = new RandomSource(11);
        var read = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var text = Mutate(Seeds[random.Next(Seeds.Length)], random);
            var page = random.Next(2) == 0 ? null : Url.Parse(Seeds[random.Next(11)]);
            var errors = new List<ValidationError>();
            if (!Url.TryParse(text, page, errors, out var url, out var why))
            {
                Assert.True(why.Length > 0 && errors.Count > 0, text);
                continue;
            }
            read++;
            Check(url, text);
        }
        Assert.InRange(read, 5000, 30_000);
    }

    [Fact]
    public void A_setter_makes_a_url_of_a_url()
    {
        var random = new RandomSource(12);
        for (var round = 0; round < 30_000; round++)
        {
            var url = Url.Parse(Seeds[random.Next(11)]);
            var value = Mutate(Pieces[random.Next(Pieces.Length)], random);
            var (part, after) = random.Next(9) switch
            {
                0 => ("protocol", url.WithProtocol(value)),
                1 => ("username", url.WithUsername(value)),
                2 => ("password", url.WithPassword(value)),
                3 => ("host", url.WithHost(value)),
                4 => ("hostname", url.WithHostname(value)),
                5 => ("port", url.WithPort(value)),
                6 => ("pathname", url.WithPathname(value)),
                7 => ("search", url.WithSearch(value)),
                _ => ("hash", url.WithHash(value)),
            };
            Check(after, $"{url.Href} {part}='{value}'");
        }
    }

    private static void Check(Url url, string from)
    {
        Assert.True(Ascii.IsValid(url.Href), from);
        Assert.True(Url.TryParse(url.Href, out var again), $"{from} became {url.Href}, which is none");
        Assert.True(
            (url.Scheme, url.Username, url.Password, url.Host, url.WrittenPort, url.Path, url.Query, url.Fragment)
                == (
                    again.Scheme,
                    again.Username,
                    again.Password,
                    again.Host,
                    again.WrittenPort,
                    again.Path,
                    again.Query,
                    again.Fragment
                )
                && url.Segments.SequenceEqual(again.Segments),
            $"{from} became {url.Href}, which is {again.Href}"
        );
        // Whatever it is, it can be told.
        Assert.NotEmpty(UrlExplanation.Of(url, from).Say(Language.English));
        Assert.NotEmpty(UrlExplanation.Of(url, from).Say(Language.Korean));
    }

    private static string Mutate(string text, RandomSource random)
    {
        var mutated = new StringBuilder(text);
        for (var change = random.Next(4); change >= 0; change--)
        {
            var at = random.Next(mutated.Length + 1);
            switch (random.Next(4))
            {
                case 0 when at < mutated.Length:
                    mutated.Remove(at, 1);
                    break;
                case 1 when at < mutated.Length:
                    mutated[at] = (char)random.Next(0x10000);
                    break;
                case 2 when at < mutated.Length:
                    mutated.Length = at;
                    break;
                default:
                    mutated.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }
        return mutated.ToString();
    }
}
