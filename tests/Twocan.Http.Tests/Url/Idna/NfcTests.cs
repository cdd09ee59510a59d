namespace Twocan.Http.Tests;

public sealed class NfcTests
{
    [Theory]
    [InlineData("e\u0301", "é")]
    [InlineData("\u212b", "Å")]
    [InlineData("A\u030a\u0323", "\u1ea0\u030a")]
    [InlineData("a\u0328\u0301", "ą\u0301")]
    [InlineData("a\u0301\u0301", "á\u0301")]
    [InlineData("\u1100\u1161\u11a8", "각")]
    [InlineData("가\u11a8", "각")]
    [InlineData("각\u11a8", "각\u11a8")]
    [InlineData("\u0958", "\u0915\u093c")] // never composed again
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u0301e", "\u0301e")]
    [InlineData("\ud834\udd5e", "\ud834\udd57\ud834\udd65")]
    [InlineData("\uf900", "豈")]
    public void A_text_is_written_in_one_way(string text, string normalized)
    {
        Assert.Equal(normalized, Nfc.Normalize(text));
        Assert.True(Nfc.IsNormalized(normalized));
    }

    [Fact]
    public void Every_hangul_syllable_is_taken_apart_and_put_together()
    {
        for (var c = '가'; c <= '힣'; c++)
            Assert.Equal(c.ToString(), Nfc.Normalize(c.ToString()));
    }
}
