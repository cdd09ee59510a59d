using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

public sealed class JourneyPageTests
{
    private static IDocument Read(string page) => new HtmlParser().ParseDocument(page);

    private static JsonElement Data(IDocument page) =>
        JsonDocument.Parse(page.GetElementById("data")!.TextContent).RootElement;

    [Fact]
    public async Task The_page_tells_every_chapter_of_the_story_and_has_every_frame()
    {
        var journey = await Trip.OneAsync();
        var page = Read(JourneyPage.Write(journey, Language.English));
        foreach (var chapter in StoryWriter.Write(journey, Language.English).Chapters)
        {
            Assert.Equal(chapter.Title.ToString(), page.QuerySelector($"main #{chapter.Id} h2")!.TextContent);
            Assert.NotNull(page.QuerySelector($"nav a[href='#{chapter.Id}']"));
        }
        var frames = Data(page).GetProperty("frames");
        Assert.Equal(journey.Packets.Count, frames.GetArrayLength());
        Assert.Equal(journey.Packet(104)!.Bytes.ToArray(), frames[103][9].GetBytesFromBase64());
        // Each reference in the text leads to a frame that is there.
        Assert.All(
            page.QuerySelectorAll("a.frame").Select(link => link.GetAttribute("href")![2..]),
            number => Assert.InRange(int.Parse(number), 1, journey.Packets.Count)
        );
    }

    [Fact]
    public async Task The_causes_of_every_frame_lead_up_to_the_click()
    {
        var journey = await Trip.OneAsync();
        var data = Data(Read(JourneyPage.Write(journey, Language.English)));
        var (causes, texts) = (data.GetProperty("causes"), data.GetProperty("texts"));
        var frame = data.GetProperty("frames")[103];
        var said = new List<string>();
        for (var at = frame[8].GetInt32(); at >= 0; at = causes[at][5].GetInt32())
            said.Add(texts[causes[at][3].GetInt32()].GetString()!);
        Assert.Equal(
            journey
                .Journal.Climb(journey.Packet(104)!.Entry)
                .Select(static entry => entry.What.Say(Language.English).ToString()),
            said
        );
    }

    [Fact]
    public async Task The_picture_has_a_line_for_each_host_that_speaks_and_an_arrow_for_each_packet()
    {
        var page = Read(JourneyPage.Write(await Trip.OneAsync(), Language.English));
        Assert.Equal(
            ["pc", "ns.isp", "a.root-servers.net", "ns.kr", "ns.co.kr", "ns.cyber.co.kr", "www.lab.cyber.co.kr"],
            page.QuerySelectorAll("svg.sequence text.lane").Select(static lane => lane.TextContent)
        );
        var said = page.QuerySelectorAll("svg.sequence a").Select(static arrow => arrow.LastElementChild!.TextContent);
        Assert.Equal(
            ["www.lab.cyber.co.kr A?", "www.lab.cyber.co.kr A?", "kr: ns.kr", "www.lab.cyber.co.kr A?"],
            said.Take(4)
        );
        Assert.Contains("GET /gazou.jpg HTTP/1.1", said);
        Assert.Empty(page.QuerySelectorAll("svg.sequence .lost"));
    }

    [Fact]
    public async Task What_was_lost_does_not_arrive_in_the_picture()
    {
        var journey = await Trip.OneAsync(Trip.Sample, "loss 25% pc--home-hub");
        var page = Read(JourneyPage.Write(journey, Language.Korean));
        Assert.NotEmpty(page.QuerySelectorAll("svg.sequence .lost"));
        // Nobody meant the router that only translates addresses.
        Assert.DoesNotContain(
            "home-router",
            page.QuerySelectorAll("svg.sequence text.lane").Select(static lane => lane.TextContent)
        );
    }

    [Fact]
    public async Task It_needs_nothing_else_and_says_its_language()
    {
        using var trip = new Trip();
        var journey = await trip.GoAsync();
        var map = SvgAtlas.Draw(trip.World, "cyber");
        var page = Read(JourneyPage.Write(journey, Language.Korean, Depth.Layers, map));
        Assert.Equal("ko", page.DocumentElement.GetAttribute("lang"));
        Assert.Empty(page.QuerySelectorAll("link, script[src], iframe, object"));
        Assert.All(
            page.QuerySelectorAll("[src]"),
            element => Assert.StartsWith("data:", element.GetAttribute("src"), StringComparison.Ordinal)
        );
        Assert.All(
            page.QuerySelectorAll("[href]"),
            element => Assert.StartsWith("#", element.GetAttribute("href"), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_journey_ends_with_the_page_and_its_picture_on_the_screen()
    {
        var seen = await ScreenOf(Trip.Sample);
        Assert.Equal("Hello from the other can!", seen.QuerySelector("h1")!.TextContent);
        Assert.Contains("This page is 632 bytes long.", seen.Body!.TextContent, StringComparison.Ordinal);
        var root = Path.Combine(Path.GetDirectoryName(WorldLibrary.PathOf("cyber"))!, "cyber", "www.lab.cyber.co.kr");
        Assert.Equal(
            "data:image/jpeg;base64," + Convert.ToBase64String(File.ReadAllBytes(Path.Combine(root, "gazou.jpg"))),
            seen.QuerySelector("img")!.GetAttribute("src")
        );
    }

    [Fact]
    public async Task Styles_and_pages_within_stand_in_the_page_on_the_screen_and_scripts_do_not()
    {
        var seen = await ScreenOf("http://www.lab.cyber.co.kr/sample2.htm");
        Assert.Empty(seen.QuerySelectorAll("script, link, base, [href], [srcset]"));
        Assert.Contains(
            "url(data:image/svg+xml;base64,",
            seen.QuerySelectorAll("style")[1].TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal(4, seen.QuerySelectorAll("img[src^='data:image/']").Length);
        var inner = Read(seen.QuerySelector("iframe:not([src])")!.GetAttribute("srcdoc")!);
        Assert.Equal("/dir/file1.html", inner.Title);
        // It may not fetch anything, by its own word.
        foreach (var document in (IDocument[])[seen, inner])
            Assert.StartsWith(
                "default-src 'none'; img-src data:",
                document.Head!.FirstElementChild!.GetAttribute("content"),
                StringComparison.Ordinal
            );
    }

    private static async Task<IDocument> ScreenOf(string url)
    {
        using var trip = new Trip { KeepsScreen = true };
        var page = JourneyPage.Write(await trip.GoAsync(url), Language.English);
        using var again = new Trip { KeepsScreen = true };
        Assert.Equal(page, JourneyPage.Write(await again.GoAsync(url), Language.English));
        var frame = Read(page).QuerySelector("#screen iframe")!;
        Assert.Equal("allow-same-origin", frame.GetAttribute("sandbox"));
        return Read(frame.GetAttribute("srcdoc")!);
    }

    [Fact]
    public async Task What_comes_from_outside_is_text_and_never_markup()
    {
        var journey = await Trip.OneAsync("http://www.lab.cyber.co.kr/%3C/script%3E%3Cimg%20src=x%3E'\"&#1;");
        var page = JourneyPage.Write(journey, Language.English);
        Assert.Single(Regex.Matches(page, "</script>", RegexOptions.None, TimeSpan.FromSeconds(1)).Skip(1));
        Assert.Empty(Read(page).QuerySelectorAll("main img, main b:not(header b)"));
    }

    [Theory]
    [InlineData("http://no.such.cyber.co.kr/")]
    [InlineData("http://www.lab.cyber.co.kr:81/")]
    public async Task A_journey_that_fails_has_a_page_too(string url)
    {
        var page = Read(JourneyPage.Write(await Trip.OneAsync(url), Language.English));
        Assert.NotNull(page.GetElementById("end"));
    }

    [Fact]
    public async Task The_same_seed_writes_the_same_page()
    {
        var fault = "loss 20% pc--home-hub";
        var first = JourneyPage.Write(await Trip.OneAsync(Trip.Sample, fault), Language.English);
        Assert.Equal(first, JourneyPage.Write(await Trip.OneAsync(Trip.Sample, fault), Language.English));
    }
}
