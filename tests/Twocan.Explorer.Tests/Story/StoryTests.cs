using Twocan.Core;

namespace Twocan.Explorer.Tests;

public sealed class StoryTests
{
    [Fact]
    public async Task The_chapters_go_from_the_url_to_the_last_socket()
    {
        var story = StoryWriter.Write(await Trip.OneAsync(), Language.English);
        Assert.Equal(
            [
                "url",
                "request",
                "names",
                "socket",
                "arp",
                "handshake",
                "segments",
                "response",
                "pictures",
                "close",
                "gone",
                "totals",
            ],
            story.Chapters.Select(chapter => chapter.Id)
        );
    }

    [Theory]
    [InlineData(Trip.Sample, "", Depth.Story)]
    [InlineData(Trip.Sample, "", Depth.Layers)]
    [InlineData(Trip.Sample, "loss 20% pc--home-hub", Depth.Story)]
    [InlineData("http://no.such.cyber.co.kr/", "", Depth.Story)]
    [InlineData("http://www.lab.cyber.co.kr/nothing.htm", "", Depth.Story)]
    public async Task Both_languages_tell_the_same_chapters(string url, string fault, Depth depth)
    {
        var journey = fault.Length > 0 ? await Trip.OneAsync(url, fault) : await Trip.OneAsync(url);
        var english = StoryWriter.Write(journey, Language.English, depth);
        var korean = StoryWriter.Write(journey, Language.Korean, depth);
        Assert.Equal(
            english.Chapters.Select(chapter => (chapter.Id, chapter.Blocks.Count)),
            korean.Chapters.Select(chapter => (chapter.Id, chapter.Blocks.Count))
        );
        Assert.DoesNotContain(Lines(english), line => line.Any(IsHangul));
        Assert.All(
            korean.Chapters,
            chapter =>
                Assert.Contains(
                    chapter.Blocks.SelectMany(block => Layout.Lines(block, 100)),
                    line => Say(line).Any(IsHangul)
                )
        );
    }

    [Fact]
    public async Task The_story_says_what_was_called_and_which_states_there_were()
    {
        var story = string.Join('\n', Lines(StoryWriter.Write(await Trip.OneAsync(), Language.English)));
        foreach (
            var fact in (string[])
                [
                    "socket(AF_INET, SOCK_STREAM, 0) = 3",
                    "connect(3, 192.0.2.226:80) = 0",
                    "write(3, ",
                    "read(3, ",
                    "close(3) = 0",
                    "SYN_SENT",
                    "ESTABLISHED",
                    "TIME_WAIT",
                    "CLOSED",
                    "a.root-servers.net",
                    "GET /sample1.htm HTTP/1.1",
                    "Who has 10.11.12.1?",
                    "TTL 64 → 63",
                ]
        )
            Assert.Contains(fact, story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_frames_that_the_story_names_are_there()
    {
        var journey = await Trip.OneAsync();
        var named = StoryWriter
            .Write(journey, Language.English)
            .Chapters.SelectMany(chapter => chapter.Blocks)
            .OfType<Table>()
            .SelectMany(table => table.Rows)
            .Select(row => row[0].ToString())
            .Where(cell => cell.StartsWith('#'))
            .Select(cell => int.Parse(cell[1..]))
            .ToList();
        Assert.NotEmpty(named);
        Assert.All(named, number => Assert.NotNull(journey.Packet(number)));
    }

    [Fact]
    public async Task Why_ends_at_the_click_and_bytes_shows_every_field()
    {
        var journey = await Trip.OneAsync();
        var request = journey.Packets.First(packet => packet.Dissection.Http is not null);
        var why = (Table)PacketWriter.Why(journey, request, Language.English).Opening[^1];
        Assert.StartsWith("Enter is pressed", why.Rows[^1][^1].ToString(), StringComparison.Ordinal);
        var bytes = PacketWriter.Bytes(journey, request, Language.English);
        var fields = bytes
            .Chapters.SelectMany(chapter => chapter.Blocks)
            .OfType<Table>()
            .Sum(table => table.Rows.Count);
        Assert.Equal(request.Dissection.Layers.Sum(layer => layer.Fields.Count), fields);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public async Task Sentences_keep_to_the_width_of_the_terminal(int width)
    {
        var journey = await Trip.OneAsync();
        foreach (var language in (Language[])[Language.English, Language.Korean])
        foreach (
            var paragraph in StoryWriter
                .Write(journey, language)
                .Chapters.SelectMany(chapter => chapter.Blocks)
                .OfType<Paragraph>()
        )
            Assert.All(
                Layout.Lines(paragraph, width),
                line => Assert.InRange(line.Sum(piece => CellWidth.Of(piece.Content)), 0, width)
            );
    }

    [Theory]
    [InlineData(Trip.Sample)]
    [InlineData("http://www.lab.cyber.co.kr/sample2.htm")]
    public async Task Nothing_is_wider_than_a_terminal_of_eighty_columns(string url)
    {
        var journey = await Trip.OneAsync(url);
        foreach (var language in (Language[])[Language.English, Language.Korean])
        foreach (var block in StoryWriter.Write(journey, language).Chapters.SelectMany(chapter => chapter.Blocks))
            Assert.All(
                Layout.Lines(block, 80),
                line => Assert.InRange(line.Sum(piece => CellWidth.Of(piece.Content)), 0, 80)
            );
    }

    [Fact]
    public async Task On_a_narrow_terminal_what_a_line_means_stands_below_it_and_bars_are_left_out()
    {
        var journey = await Trip.OneAsync("http://www.lab.cyber.co.kr/sample2.htm");
        var wanted = StoryWriter.Write(journey, Language.English).Chapters.Single(chapter => chapter.Id == "pictures");
        string[] At(int width) => [.. wanted.Blocks.SelectMany(block => Layout.Lines(block, width)).Select(Say)];
        Assert.Contains(
            At(100),
            line =>
                line.Contains("Accept: */*   ", StringComparison.Ordinal)
                && line.EndsWith("show", StringComparison.Ordinal)
        );
        Assert.Contains(At(100), line => line.Contains('█'));
        var narrow = At(60);
        Assert.Equal(
            "      kinds of data that the client can show",
            narrow[Array.IndexOf(narrow, "  Accept: */*") + 1]
        );
        Assert.DoesNotContain(narrow, line => line.Contains('█'));
    }

    [Theory]
    [InlineData("www.lab.cyber.co.kr", "이", "은")]
    [InlineData("home-router", "가", "는")]
    [InlineData("192.0.2.226", "이", "은")]
    [InlineData("서버", "가", "는")]
    [InlineData("소켓", "이", "은")]
    public void Particles_follow_the_sound_of_the_word(string word, string subject, string topic)
    {
        Assert.Equal((subject, topic), (Korean.Subject(word), Korean.Topic(word)));
    }

    private static IEnumerable<string> Lines(Document document) =>
        document
            .Opening.Concat(document.Chapters.SelectMany(chapter => chapter.Blocks))
            .SelectMany(block => Layout.Lines(block, 120))
            .Select(Say)
            .Concat(document.Chapters.Select(chapter => chapter.Title.ToString()));

    private static string Say(IReadOnlyList<Piece> line) => string.Concat(line.Select(piece => piece.Content));

    private static bool IsHangul(char letter) => letter is >= '가' and <= '힣';
}
