using System.Globalization;

namespace Twocan.Http.Tests;

public sealed class CookieDateTests
{
    // The first ones are of RFC 6265bis and RFC 9110, the others what servers have been seen to write.
    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06 08:49:37")]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06 08:49:37")]
    [InlineData("Sun Nov  6 08:49:37 1994", "1994-11-06 08:49:37")]
    [InlineData("Mon, 10-Dec-2007 17:02:24 GMT", "2007-12-10 17:02:24")]
    [InlineData("Wed, 09-Dec-69 16:27:23 GMT", "2069-12-09 16:27:23")]
    [InlineData("Wed, 09-Dec-70 16:27:23 GMT", "1970-12-09 16:27:23")]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01 00:00:00")]
    [InlineData("Thursday, 01-Jan-1970 00:00:00 GMT", "1970-01-01 00:00:00")]
    [InlineData("Tue, 20-Nov-07 7:3:9 GMT", "2007-11-20 07:03:09")]
    [InlineData("2007 Nov 20 12:34:56", "2007-11-20 12:34:56")]
    [InlineData("20 november 2007 12:34:56 -0800", "2007-11-20 12:34:56")]
    [InlineData("Sat, 15-Apr-17 21:01:22 GMT", "2017-04-15 21:01:22")]
    [InlineData("Thu, 19-Apr-2007 16:00:00 GMT", "2007-04-19 16:00:00")]
    [InlineData("Mon, 10-Dec-2007 17:02:24abc GMT", "2007-12-10 17:02:24")]
    [InlineData("29 Feb 2020 00:00:00", "2020-02-29 00:00:00")]
    public void A_date_is_read_however_it_is_written(string text, string expected)
    {
        Assert.True(CookieDate.TryParse(text, out var date));
        Assert.Equal(expected, date.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("Sun, 06 Nov 1994")]
    [InlineData("06 Nov 08:49:37")]
    [InlineData("Sun, 06 Nov 1600 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 24:00:00 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:60:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 08:49:60 GMT")]
    [InlineData("Sun, 31 Feb 2020 08:49:37 GMT")]
    [InlineData("Sun, 00 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 06 Nov 1994 108:49:37 GMT")]
    [InlineData("29 Feb 2019 00:00:00")]
    public void What_lacks_a_part_or_is_no_day_is_no_date(string text) =>
        Assert.False(CookieDate.TryParse(text, out _));
}
