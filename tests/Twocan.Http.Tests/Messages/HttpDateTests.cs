namespace Twocan.Http.Tests;

public sealed class HttpDateTests
{
    private static readonly DateTimeOffset Now = new(2020, 10, 7, 13, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Example = new(1994, 11, 6, 8, 49, 37, TimeSpan.Zero);

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sun Nov  6 08:49:37 1994")]
    public void All_three_forms_of_the_standard_are_read(string text)
    {
        Assert.True(HttpDate.TryParse(text, Now, out var at));
        Assert.Equal(Example, at);
    }

    [Fact]
    public void Only_the_first_is_written() =>
        Assert.Equal("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.Format(Example.ToOffset(TimeSpan.FromHours(9))));

    [Theory]
    [InlineData("Wednesday, 01-Jan-70 00:00:00 GMT", 2070)]
    [InlineData("Friday, 01-Jan-71 00:00:00 GMT", 1971)]
    public void Two_digits_of_a_year_are_at_most_fifty_years_ahead(string text, int year)
    {
        Assert.True(HttpDate.TryParse(text, Now, out var at));
        Assert.Equal(year, at.Year);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 KST")]
    [InlineData("Sun, 31 Feb 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 25:49:37 GMT")]
    [InlineData("Someday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sunday, 06-Nov-xx 08:49:37 GMT")]
    [InlineData("Sun Nov 31 08:49:37 1994")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT Sun, 06 Nov 1994 08:49:37 GMT")]
    public void Anything_else_is_not_a_date(string? text) => Assert.False(HttpDate.TryParse(text, Now, out _));
}
