namespace Twocan.Core.Tests;

public class TimeTests
{
    [Fact]
    public void Never_is_later_than_everything_and_stays_never()
    {
        Assert.True(new Instant(long.MaxValue - 1) < Instant.Never);
        Assert.Equal(Instant.Never, Instant.Never + Duration.FromSeconds(1));
        Assert.Equal(Instant.Never, Instant.Never - Duration.FromSeconds(1));
        Assert.Equal(Instant.Never, new Instant(long.MaxValue - 5) + new Duration(6));
    }

    [Fact]
    public void A_negative_span_leads_back()
    {
        Assert.Equal(new Instant(5), new Instant(8) + new Duration(-3));
        Assert.Equal(new Instant(11), new Instant(8) - new Duration(-3));
        Assert.Equal(new Duration(-3), new Instant(5) - new Instant(8));
    }

    [Fact]
    public void Instants_and_spans_compare_by_their_nanoseconds()
    {
        var (early, late) = (new Instant(1), new Instant(2));
        Assert.True(early < late && late > early && early <= late && late >= early);
        Assert.Equal(early, Instant.Min(late, early));
        Assert.Equal(late, Instant.Max(late, early));
        var (brief, lasting) = (new Duration(1), new Duration(2));
        Assert.True(brief < lasting && lasting > brief && brief <= lasting && lasting >= brief);
        Assert.Equal(brief, Duration.Min(lasting, brief));
        Assert.Equal(lasting, Duration.Max(lasting, brief));
    }

    [Fact]
    public void Spans_add_subtract_and_scale()
    {
        var span = Duration.FromMilliseconds(3);
        Assert.Equal(4_000_000, (span + Duration.FromMicroseconds(1000)).Nanoseconds);
        Assert.Equal(-3_000_000, (-span).Nanoseconds);
        Assert.Equal(6_000_000, (span * 2).Nanoseconds);
        Assert.Equal(4_500_000, (span * 1.5).Nanoseconds);
        Assert.Equal(1_000_000, (span / 3).Nanoseconds);
        Assert.Equal(span, (Duration)TimeSpan.FromMilliseconds(3));
        Assert.Equal(TimeSpan.FromMilliseconds(3), span.ToTimeSpan());
        Assert.Equal(0.003, span.TotalSeconds);
    }

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(51, "51 ns")]
    [InlineData(-51, "-51 ns")]
    [InlineData(2_000, "2 µs")]
    [InlineData(20_005_000, "20.005 ms")]
    [InlineData(1_500_000_000, "1.5 s")]
    [InlineData(-1_500_000_000, "-1.5 s")]
    [InlineData(long.MinValue, "-9223372036.855 s")]
    public void A_span_is_said_as_people_say_it(long nanoseconds, string said)
    {
        Assert.Equal(said, new Duration(nanoseconds).ToString());
    }

    [Fact]
    public void Never_says_never() => Assert.Equal("never", Instant.Never.ToString());
}
