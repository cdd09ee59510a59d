using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class DirectoryRootTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("twocan").FullName;
    private readonly DirectoryRoot _root;

    public DirectoryRootTests()
    {
        Directory.CreateDirectory(Path.Combine(_place, "root", "dir"));
        Directory.CreateDirectory(Path.Combine(_place, "root-beside"));
        File.WriteAllText(Path.Combine(_place, "secret"), "secret");
        File.WriteAllText(Path.Combine(_place, "root-beside", "secret"), "secret");
        File.WriteAllText(Path.Combine(_place, "root", "index.html"), "hello");
        File.WriteAllText(Path.Combine(_place, "root", "dir", "한글.txt"), "안녕");
        File.CreateSymbolicLink(Path.Combine(_place, "root", "out"), "../secret");
        File.CreateSymbolicLink(Path.Combine(_place, "root", "passwd"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(_place, "root", "up"), "..");
        Directory.CreateSymbolicLink(Path.Combine(_place, "root", "beside"), "../root-beside");
        File.CreateSymbolicLink(Path.Combine(_place, "root", "in"), "dir/../index.html");
        Directory.CreateSymbolicLink(Path.Combine(_place, "root", "again"), "dir");
        File.CreateSymbolicLink(Path.Combine(_place, "root", "loop"), "loop");
        _root = new(Path.Combine(_place, "root"), Site.Modified);
    }

    public void Dispose() => Directory.Delete(_place, recursive: true);

    [Fact]
    public async Task A_file_is_read_as_it_is_and_is_as_old_as_the_root_says()
    {
        var document = _root.Find(["dir", "한글.txt"])!;
        Assert.Equal(6, document.Length);
        Assert.Equal(Site.Modified, document.Modified);
        using var body = document.Open();
        var bytes = new byte[6];
        await body.ReadExactlyAsync(bytes);
        Assert.Equal("안녕", Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Without_a_date_of_its_own_a_root_gives_the_files_in_whole_seconds()
    {
        var document = new DirectoryRoot(Path.Combine(_place, "root")).Find(["index.html"])!;
        Assert.Equal(0, document.Modified.Ticks % TimeSpan.TicksPerSecond);
        Assert.Equal(
            File.GetLastWriteTimeUtc(Path.Combine(_place, "root", "index.html")),
            document.Modified.UtcDateTime,
            TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public void Links_within_the_root_are_followed()
    {
        Assert.Equal(5, _root.Find(["in"])!.Length);
        Assert.Equal(6, _root.Find(["again", "한글.txt"])!.Length);
        Assert.True(_root.IsDirectory(["again"]));
    }

    [Theory]
    [InlineData("out")]
    [InlineData("passwd")]
    [InlineData("up/secret")]
    [InlineData("up/root/index.html/x")]
    [InlineData("beside/secret")]
    [InlineData("../secret")]
    [InlineData("dir/../index.html")]
    [InlineData("loop")]
    [InlineData("nothing")]
    [InlineData("dir")]
    [InlineData("./index.html")]
    public void Nothing_else_is_found(string path) => Assert.Null(_root.Find(path.Split('/')));

    [Theory]
    [InlineData("up")]
    [InlineData("beside")]
    [InlineData("..")]
    [InlineData("index.html")]
    [InlineData("loop")]
    public void Nothing_outside_is_a_directory_of_the_root(string path) =>
        Assert.False(_root.IsDirectory(path.Split('/')));

    [Fact]
    public void A_name_with_a_separator_or_NUL_is_not_found()
    {
        Assert.Null(_root.Find(["dir/한글.txt"]));
        Assert.Null(_root.Find(["index.html\0"]));
        Assert.Null(_root.Find(["a\\b"]));
        Assert.Null(_root.Find([""]));
    }

    [Fact]
    public async Task No_path_whatever_leads_to_a_file_outside()
    {
        string[] pieces =
        [
            "/",
            "/",
            "/",
            "..",
            ".",
            "%2e",
            "%2E%2e",
            "%2f",
            "%5c",
            "\\",
            "//",
            "%00",
            "%252e",
            "secret",
            "root",
            "dir",
            "root-beside",
            "beside",
            "up",
            "out",
            "passwd",
            "again",
            "index.html",
            "http://a",
            "?",
            "#",
            "etc",
        ];
        var (random, files, served) = (new RandomSource(7), new StaticFiles(_root), 0);
        for (var round = 0; round < 5_000; round++)
        {
            var target =
                "/"
                + string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            using var answer = files.Answer(new(Methods.Get, target, HttpVersion.Http11));
            if (answer.Status != 200)
                continue;
            served++;
            var body = new byte[answer.BodyLength!.Value];
            await answer.Body!.ReadExactlyAsync(body);
            Assert.Equal("hello", Encoding.UTF8.GetString(body));
        }
        Assert.True(served > 30, $"only {served} paths led to a document");
    }

    [Fact]
    public void A_changed_file_has_another_tag()
    {
        var before = _root.Find(["index.html"])!.ETag;
        File.WriteAllText(Path.Combine(_place, "root", "index.html"), "hello again");
        Assert.NotEqual(before, _root.Find(["index.html"])!.ETag);
    }
}
