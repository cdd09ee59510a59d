using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class FieldReadersTests
{
    [Theory]
    [InlineData("bytes=0-499", "0-499")]
    [InlineData("bytes=500-", "500-6418")]
    [InlineData("bytes=-500", "5919-6418")]
    [InlineData("bytes=-99999", "0-6418")]
    [InlineData("bytes=0-99999999999999999999", "0-6418")]
    [InlineData("Bytes = 0-0 , -1", "0-0 6418-6418")]
    [InlineData("bytes=1000-1009,0-9", "1000-1009 0-9")]
    [InlineData("bytes=0-9,5-20,22-30", "0-30")]
    [InlineData("bytes=0-0,9999-", "0-0")]
    public void Ranges_are_read_and_those_that_touch_are_joined(string field, string expected)
    {
        Assert.Equal(RangeAnswer.Parts, ByteRanges.Read(field, 6419, out var ranges));
        Assert.Equal(expected, string.Join(' ', ranges.Select(range => $"{range.First}-{range.Last}")));
    }

    [Theory]
    [InlineData("bytes=9-5")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=0-1,x")]
    [InlineData("lines=0-1")]
    [InlineData("bytes 0-1")]
    [InlineData("bytes=0-3100,3200-6418")]
    public void What_is_no_range_or_as_much_as_the_whole_is_not_heeded(string field) =>
        Assert.Equal(RangeAnswer.Whole, ByteRanges.Read(field, 6419, out _));

    [Theory]
    [InlineData("bytes=6419-", 6419)]
    [InlineData("bytes=-0", 6419)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=7000-8000,9000-", 6419)]
    public void What_lies_beyond_the_content_cannot_be_satisfied(string field, long length) =>
        Assert.Equal(RangeAnswer.Unsatisfiable, ByteRanges.Read(field, length, out _));

    [Fact]
    public void More_ranges_than_any_client_needs_are_not_heeded() =>
        Assert.Equal(
            RangeAnswer.Whole,
            ByteRanges.Read(
                "bytes=" + string.Join(',', Enumerable.Range(0, 65).Select(i => $"{i * 1000}-{i * 1000}")),
                1 << 20,
                out _
            )
        );

    [Fact]
    public void Ranges_of_any_text_lie_within_the_content()
    {
        var random = new RandomSource(77);
        const string alphabet = "0123456789-,= \tbytes";
        for (var round = 0; round < 2000; round++)
        {
            var text =
                "bytes="
                + string.Concat(
                    Enumerable.Range(0, random.Next(30)).Select(_ => alphabet[random.Next(alphabet.Length)])
                );
            if (ByteRanges.Read(text, 1000, out var ranges) != RangeAnswer.Parts)
                continue;
            Assert.NotEmpty(ranges);
            Assert.All(ranges, range => Assert.True(range is { First: >= 0, Last: < 1000, Length: > 0 }));
        }
    }

    [Theory]
    [InlineData("\"a\"", "\"a\"")]
    [InlineData("W/\"a\" , \"b,c\",\"\"", "W/\"a\" \"b,c\" \"\"")]
    [InlineData("\"a\\\", \"b\"", "\"a\\\" \"b\"")]
    [InlineData("a, b", "")]
    [InlineData("\"a", "")]
    public void Entity_tags_are_divided_by_their_quotes(string field, string expected) =>
        Assert.Equal(expected, string.Join(' ', EntityTag.List(field)));

    [Fact]
    public void A_weak_tag_is_equal_to_its_strong_one_only_for_who_does_not_mind()
    {
        Assert.True(EntityTag.TryParse("\"a\"", out var strong));
        Assert.True(EntityTag.TryParse("W/\"a\"", out var weak));
        Assert.True(weak.IsWeakly(strong));
        Assert.False(weak.IsStrongly(strong));
        Assert.False(weak.IsStrongly(weak));
        Assert.True(strong.IsStrongly(strong));
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0.5, gzip", "gzip")]
    [InlineData("*", "br")]
    [InlineData("gzip;q=0", null)]
    [InlineData("identity, gzip;q=0.5", null)]
    [InlineData("gzip;q=abc", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_coding_that_a_client_likes_best_is_chosen(string? field, string? expected) =>
        Assert.Equal(expected, AcceptEncoding.Choose(field, ["br", "gzip"]));

    [Fact]
    public void Keep_Alive_says_how_long_and_how_often()
    {
        var fields = new Fields().Add("Keep-Alive", "timeout=15, max=99, x=y");
        Assert.Equal(new KeepAlive(Duration.FromSeconds(15), 99), KeepAlive.Of(fields));
        Assert.Equal(default, KeepAlive.Of(new Fields().Add("Keep-Alive", "timeout=-1, max")));
        Assert.Equal("timeout=15, max=99", KeepAlive.Of(fields).ToString());
    }
}
