namespace Twocan.Http.Tests;

public sealed class PercentEncodingTests
{
    /// <summary>What the standard's sets hold of printable ASCII, written out.</summary>
    public static TheoryData<string, string> Sets =>
        new()
        {
            { nameof(PercentEncodeSet.C0Control), "" },
            { nameof(PercentEncodeSet.Fragment), " \"<>`" },
            { nameof(PercentEncodeSet.Query), " \"#<>" },
            { nameof(PercentEncodeSet.SpecialQuery), " \"#'<>" },
            { nameof(PercentEncodeSet.Path), " \"#<>?^`{}" },
            { nameof(PercentEncodeSet.UserInfo), " \"#/:;<=>?@[\\]^`{|}" },
            { nameof(PercentEncodeSet.Component), " \"#$%&+,/:;<=>?@[\\]^`{|}" },
            { nameof(PercentEncodeSet.FormUrlEncoded), " !\"#$%&'()+,/:;<=>?@[\\]^`{|}~" },
        };

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_set_has_its_characters_and_no_other(string name, string members)
    {
        var set = (PercentEncodeSet)typeof(PercentEncodeSet).GetProperty(name)!.GetValue(null)!;
        for (var c = 0; c <= char.MaxValue; c++)
            Assert.Equal(c is < 0x20 or > 0x7E || members.Contains((char)c), set.Contains((char)c));
    }

    [Fact]
    public void Component_is_what_a_browser_calls_encodeURIComponent() =>
        Assert.Equal(
            "-_.!~*'()%C3%A9%20%26%3D%2B",
            PercentEncoding.Encode("-_.!~*'()é &=+", PercentEncodeSet.Component)
        );

    [Fact]
    public void Every_byte_comes_back()
    {
        for (var octet = 0; octet < 256; octet++)
        {
            Assert.Equal([(byte)octet], PercentEncoding.Decode($"%{octet:X2}"));
            Assert.Equal([(byte)octet], PercentEncoding.Decode($"%{octet:x2}"));
        }
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%4g%41", "%4gA")]
    [InlineData("%%41", "%A")]
    [InlineData("%2541", "%41")]
    [InlineData("%E2%98%83", "☃")]
    [InlineData("%E2%98", "\ufffd")]
    public void What_is_no_encoded_byte_stands_for_itself(string text, string decoded) =>
        Assert.Equal(decoded, PercentEncoding.DecodeText(text));

    [Fact]
    public void Every_character_comes_back_from_every_set()
    {
        for (var c = 0; c < 0x3000; c++)
        {
            var text = $"x{(char)c}%";
            foreach (var set in new[] { PercentEncodeSet.Component, PercentEncodeSet.UserInfo, PercentEncodeSet.Path })
                Assert.Equal(text, PercentEncoding.DecodeText(PercentEncoding.Encode(text, set)));
        }
    }
}
