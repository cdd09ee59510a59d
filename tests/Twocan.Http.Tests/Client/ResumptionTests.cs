using System.Security.Cryptography;
using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Http.Tests;

public sealed class ResumptionTests
{
    [Theory]
    [InlineData("bytes 0-499/6419", 0L, 499L, 6419L)]
    [InlineData("bytes 500-500/*", 500L, 500L, null)]
    [InlineData("bytes */6419", null, null, 6419L)]
    public void A_content_range_is_read(string text, long? first, long? last, long? length)
    {
        Assert.True(ContentRange.TryParse(text, out var range));
        Assert.Equal((first, last, length), (range.Part?.First, range.Part?.Last, range.Length));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes 0-499")]
    [InlineData("bytes */*")]
    [InlineData("bytes 5-4/9")]
    [InlineData("bytes 0-9/9")]
    [InlineData("bytes -1-4/9")]
    [InlineData("bytes 0-499/6419/1")]
    [InlineData("bytes 0-99999999999999999999/*")]
    [InlineData("pages 0-1/9")]
    public void What_is_none_is_not(string? text) => Assert.False(ContentRange.TryParse(text, out _));

    [Fact]
    public void Whatever_comes_as_a_content_range_it_is_one_or_none()
    {
        var random = new RandomSource(9);
        for (var i = 0; i < 10_000; i++)
        {
            var text =
                "bytes "
                + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "0123456789-/* "[random.Next(14)]));
            if (ContentRange.TryParse(text, out var range) && range.Part is { } part)
                Assert.True(part.First <= part.Last && !(range.Length <= part.Last));
        }
    }

    [Theory]
    [InlineData(206, "bytes 100-199/200", ResumeVerdict.Append)]
    [InlineData(206, "bytes 99-199/200", ResumeVerdict.Unfit)]
    [InlineData(206, "", ResumeVerdict.Unfit)]
    [InlineData(200, "", ResumeVerdict.StartOver)]
    [InlineData(416, "bytes */100", ResumeVerdict.Complete)]
    [InlineData(416, "bytes */99", ResumeVerdict.Unfit)]
    [InlineData(404, "", ResumeVerdict.Unfit)]
    public void An_answer_is_the_rest_or_the_whole_or_neither(int status, string range, ResumeVerdict verdict)
    {
        var fields = new Fields();
        if (range.Length > 0)
            fields.Add("Content-Range", range);
        Assert.Equal(verdict, new Resumption(100, null).Judge(new(status, fields)));
    }

    [Fact]
    public async Task An_answer_without_a_body_on_a_connection_that_ends_with_it_is_an_answer()
    {
        await using var world = new World(seed: 6);
        var (pc, www) = (world.Host("pc"), world.Host("www"));
        world.Link(pc, www, "10 Mbit/s, 5 ms", "10.0.0.1/24", "10.0.0.2/24");
        www.Run(new WebServer(new MemoryRoot(Site.Modified)));
        await world.RunAsync(async () =>
        {
            using var client = new WebClient(pc.Network, new KnownNames(), new() { Version = HttpVersion.Http10 });
            using var answer = await client.SendAsync(new(Url.Parse("http://10.0.0.2/")) { Method = "HEAD" });
            Assert.Equal(404, answer.Status);
            Assert.True(answer.HasEnded);
            Assert.Equal(0, client.IdleConnections);
        });
    }

    /// <summary>A cable is cut while a file comes, so long that TCP gives up; then the rest is asked for.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_was_cut_in_the_middle_comes_whole_in_two_parts_unless_it_has_changed(bool hasChanged)
    {
        var file = new byte[2_000_000];
        new RandomSource(8).Fill(file);
        await using var world = new World(seed: 6);
        var (pc, www) = (world.Host("pc"), world.Host("www"));
        world.Link(pc, www, "10 Mbit/s, 5 ms", "10.0.0.1/24", "10.0.0.2/24");
        var root = new MemoryRoot(Site.Modified).Add("/file.bin", file);
        www.Run(new WebServer(root));
        await world.RunAsync(async () =>
        {
            var options = new WebClientOptions { Timeouts = new() { Idle = Duration.FromSeconds(20) } };
            using var client = new WebClient(pc.Network, new KnownNames(), options);
            var (have, url) = (new MemoryStream(), Url.Parse("http://10.0.0.2/file.bin"));
            string? validator;
            using (var cut = world.Fault("cut pc--www at 800ms"))
            {
                using var first = await client.GetAsync(url);
                validator = Resumption.ValidatorOf(first.Fields);
                await Assert.ThrowsAsync<FetchFailedException>(() => first.Body.CopyToAsync(have));
            }
            Assert.InRange(have.Length, 500_000, 1_500_000);
            if (hasChanged)
            {
                file = [.. file.Reverse()];
                root.Add("/file.bin", file);
            }
            var resumption = new Resumption(have.Length, validator);
            using var second = await client.SendAsync(new(url) { Fields = resumption.AddTo(new()) });
            var verdict = resumption.Judge(second.Head);
            Assert.Equal(hasChanged ? ResumeVerdict.StartOver : ResumeVerdict.Append, verdict);
            if (hasChanged)
                have.SetLength(0);
            await second.Body.CopyToAsync(have);
            Assert.Equal(SHA256.HashData(file), SHA256.HashData(have.ToArray()));
        });
    }
}
