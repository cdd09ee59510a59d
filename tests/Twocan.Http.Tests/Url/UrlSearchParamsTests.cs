namespace Twocan.Http.Tests;

public sealed class UrlSearchParamsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("?", "")]
    [InlineData("&&a&&", "a=")]
    [InlineData("a=b=c", "a=b%3Dc")]
    [InlineData("=a&b=", "=a&b=")]
    [InlineData("a+b=c%20d%2B", "a+b=c+d%2B")]
    [InlineData("%zz=%f&%FF", "%25zz=%25f&%EF%BF%BD=")]
    [InlineData("é=한글", "%C3%A9=%ED%95%9C%EA%B8%80")]
    [InlineData("*-._~!'()", "*-._%7E%21%27%28%29=")]
    [InlineData("%EF%BB%BFa=1", "%EF%BB%BFa=1")]
    public void A_query_is_read_and_written(string text, string written) =>
        Assert.Equal(written, UrlSearchParams.Parse(text).ToString());

    [Fact]
    public void Half_a_character_becomes_the_replacement_character()
    {
        var list = UrlSearchParams.Parse("a=\ud800");
        list.Append("\udc00", "");
        Assert.Equal("a=%EF%BF%BD&%EF%BF%BD=", list.ToString());
        Assert.True(list.Has("\ud801") && list.Get("a") == "\ufffd");
    }

    [Fact]
    public void A_name_may_stand_there_more_than_once()
    {
        var list = UrlSearchParams.Parse("a=1&b=2&a=3");
        Assert.Equal(("1", null), (list.Get("a"), list.Get("c")));
        Assert.Equal(["1", "3"], list.GetAll("a"));
        Assert.Empty(list.GetAll("c"));
        Assert.True(list.Has("a") && list.Has("a", "3") && !list.Has("a", "2") && !list.Has("c"));
        Assert.Equal(3, list.Count);
    }

    [Fact]
    public void Set_replaces_the_first_and_takes_the_others_away()
    {
        var list = UrlSearchParams.Parse("a=1&b=2&a=3&c=4");
        list.Set("a", "5");
        list.Set("d", "6");
        Assert.Equal("a=5&b=2&c=4&d=6", list.ToString());
    }

    [Fact]
    public void Delete_takes_all_of_a_name_or_those_with_a_value()
    {
        var list = UrlSearchParams.Parse("a=1&a=2&b=1&a=1");
        list.Delete("a", "1");
        Assert.Equal("a=2&b=1", list.ToString());
        list.Delete("a");
        Assert.Equal("b=1", list.ToString());
    }

    [Fact]
    public void Sorting_goes_by_code_units_and_keeps_the_order_of_equals()
    {
        // U+FB03 sorts after the surrogates of U+1F308, though it is the smaller character.
        var list = UrlSearchParams.Parse("\ufb03=1&\ud83c\udf08=2&z=b&a=b&z=a&a=a");
        list.Sort();
        Assert.Equal(
            ["a=b", "a=a", "z=b", "z=a", "\ud83c\udf08=2", "\ufb03=1"],
            list.Select(static pair => $"{pair.Key}={pair.Value}")
        );
    }

    [Fact]
    public void In_a_url_a_question_mark_within_the_query_is_part_of_it()
    {
        Assert.Equal("%3Fa=b", Url.Parse("http://a/??a=b").SearchParams.ToString());
        Assert.Equal("a=b", UrlSearchParams.Parse("?a=b").ToString());
    }
}
