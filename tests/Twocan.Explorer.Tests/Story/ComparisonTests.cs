using Twocan.Core;

namespace Twocan.Explorer.Tests;

public sealed class ComparisonTests
{
    private static async Task<Comparison> WithAsync(string fault, string url = Trip.Sample) =>
        new(await Trip.OneAsync(url), await Trip.OneAsync(url, fault));

    private static string Told(Comparison both, Language language)
    {
        var told = ComparisonWriter.Write(both, language);
        return string.Join(
            '\n',
            told.Opening.Concat(told.Chapters.SelectMany(static chapter => chapter.Blocks))
                .SelectMany(static block => Layout.Lines(block, 100))
                .Select(static line => string.Concat(line.Select(static piece => piece.Content)))
        );
    }

    [Fact]
    public async Task The_same_journey_parts_nowhere()
    {
        var both = await WithAsync("cut ns.com--backbone-us");
        Assert.Null(both.PartAt);
        Assert.Equal(Duration.Zero, both.Later);
        Assert.Contains("The fault cost nothing", Told(both, Language.English), StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_are_the_same_until_the_fault_begins_and_later_by_what_it_cost()
    {
        var both = await WithAsync("delay 100ms pc--home-hub at 600ms");
        var parting = both.Broken.Packet(both.PartAt!.Value)!;
        Assert.InRange((parting.At - both.Broken.Visits[0].Click.At).TotalMilliseconds, 600, 700);
        Assert.Equal(
            both.Healthy.Packets.Take(both.PartAt.Value - 1).Select(static packet => packet.Bytes.ToArray()),
            both.Broken.Packets.Take(both.PartAt.Value - 1).Select(static packet => packet.Bytes.ToArray())
        );
        var known = both.Milestones.Single(static stone => stone.Kind == MilestoneKind.NameKnown);
        Assert.Equal(known.Healthy, known.Broken);
        var done = both.Milestones.Single(static stone => stone.Kind == MilestoneKind.Done);
        Assert.Equal(both.Later, done.Broken!.Value - done.Healthy!.Value);
        Assert.True(both.Later > Duration.FromMilliseconds(100));
    }

    [Fact]
    public async Task What_was_sent_twice_stands_beside_what_was_sent_once()
    {
        var both = await WithAsync("loss 20% pc--home-hub");
        Assert.All(both.Carried, static row => Assert.True(row.Healthy.Count <= 1));
        Assert.Contains(both.Carried, static row => row.Broken.Count > 1 && row.Broken[0].LostAs is not null);
        Assert.Equal(0, Comparison.Retransmissions(both.Healthy));
        Assert.True(Comparison.Retransmissions(both.Broken) > 0);
    }

    [Fact]
    public async Task A_journey_that_fails_has_no_time_for_what_it_never_reached()
    {
        var both = await WithAsync("cut cyber-router--backbone-kr");
        Assert.False(both.Broken.IsWhole);
        var page = both.Milestones.Single(static stone => stone.Of == Trip.Sample);
        Assert.NotNull(page.Healthy);
        Assert.Null(page.Broken);
        Assert.Contains("it did not come", Told(both, Language.English), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_languages_compare_the_same()
    {
        var both = await WithAsync("loss 20% pc--home-hub");
        var (english, korean) = (
            ComparisonWriter.Write(both, Language.English),
            ComparisonWriter.Write(both, Language.Korean)
        );
        Assert.Equal(
            english.Chapters.Select(static chapter => (chapter.Id, chapter.Blocks.Count)),
            korean.Chapters.Select(static chapter => (chapter.Id, chapter.Blocks.Count))
        );
        Assert.DoesNotContain(Told(both, Language.English), static letter => letter is >= '가' and <= '힣');
        Assert.Contains("장애가 없으면", Told(both, Language.Korean), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_both_pictures_and_links_only_to_its_own_frames()
    {
        var both = await WithAsync("loss 20% pc--home-hub");
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(
            JourneyPage.Write(both.Broken, Language.English, both: both)
        );
        Assert.NotEmpty(page.QuerySelectorAll("#compare table"));
        Assert.NotEmpty(page.QuerySelectorAll("#sequence a[href]"));
        Assert.NotEmpty(page.QuerySelectorAll("#healthy svg a"));
        Assert.Empty(page.QuerySelectorAll("#healthy a[href]"));
    }
}
