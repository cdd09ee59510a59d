namespace Twocan.Http.Tests;

public sealed class IdnaTests
{
    [Theory]
    [InlineData("한글.kr", "xn--bj0bj06e.kr")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("faß.de", "xn--fa-hia.de")]
    [InlineData("ẞ.de", "xn--zca.de")]
    [InlineData("βόλος.com", "xn--nxasmm1c.com")]
    [InlineData("نامه\u200cای.com", "xn--mgba3gch31f060k.com")]
    [InlineData("☕.example", "xn--53h.example")]
    [InlineData("日本語。ＪＰ", "xn--wgv71a119e.jp")]
    [InlineData("\u1112\u1161\u11ab\u1100\u1173\u11af.kr", "xn--bj0bj06e.kr")]
    [InlineData("e\u0301.fr", "xn--9ca.fr")]
    [InlineData("xn--bcher-kva.ü", "xn--bcher-kva.xn--tda")]
    [InlineData("a\u00ad.ü", "a.xn--tda")]
    [InlineData("ü..x", "xn--tda..x")]
    [InlineData("-ü-.x", "xn-----xka.x")]
    [InlineData("≠.x", "xn--1ch.x")]
    [InlineData("אב.x", "xn--4dbc.x")]
    [InlineData("क्\u200dष", "xn--11b2ezcw70k")]
    public void A_name_is_written_in_ascii(string name, string ascii)
    {
        Assert.True(Idna.TryToAscii(name, out var written));
        Assert.Equal(ascii, written);
    }

    [Theory]
    [InlineData("\u0301a.x")] // begins with a mark
    [InlineData("א1a.x")] // ends left to right
    [InlineData("1א.x")] // begins with a digit
    [InlineData("א\u06601.x")] // two kinds of digits
    [InlineData("a.אa")]
    [InlineData("a\u200cb.ü")] // nothing that would join
    [InlineData("a\u200db.ü")]
    [InlineData("xn--a.ü")] // no Punycode
    [InlineData("xn--abc-.ü")] // nothing that needs it
    [InlineData("xn--.ü")]
    [InlineData("xn--ü.x")]
    [InlineData("xn--8i7caa.ü")] // what would be mapped
    [InlineData("\ufffd.x")]
    [InlineData("\u2488.x")] // 1. in one character
    [InlineData("\u200e.x")]
    public void What_cannot_be_a_name_is_none(string name) => Assert.False(Idna.TryToAscii(name, out _));

    [Theory]
    [InlineData("xn--bj0bj06e.kr", "한글.kr")]
    [InlineData("xn--53h.example", "☕.example")]
    [InlineData("xn--8i7caa.com", "xn--8i7caa.com")]
    [InlineData("xn--a.com", "xn--a.com")]
    [InlineData("www.cyber.co.kr", "www.cyber.co.kr")]
    public void A_name_is_shown_as_people_write_it(string ascii, string name) =>
        Assert.Equal(name, Idna.ToUnicode(ascii));

    [Theory]
    [InlineData("http://xn--a/", "http://xn--a/")]
    [InlineData("http://XN--8i7caa/", "http://xn--8i7caa/")]
    [InlineData("http://한글.kr/", "http://xn--bj0bj06e.kr/")]
    [InlineData("http://%ED%95%9C글.kr/", "http://xn--bj0bj06e.kr/")]
    public void A_url_takes_any_name_in_ascii_as_it_is(string text, string href) =>
        Assert.Equal(href, Url.Parse(text).Href);

    [Fact]
    public void A_host_is_shown_as_people_write_it()
    {
        Assert.Equal("한글.kr", Url.Parse("http://한글.kr/").Host.Display);
        Assert.Equal("xn--bj0bj06e.kr", Url.Parse("http://한글.kr/").Host.Name);
    }

    [Fact]
    public void Half_a_character_is_no_part_of_a_name() => Assert.False(Idna.TryToAscii("\ud800.x", out _));

    [Fact]
    public void A_name_that_is_far_too_long_is_none() =>
        Assert.False(Idna.TryToAscii(string.Concat(Enumerable.Repeat("한", 5000)), out _));

    [Fact]
    public void What_is_shown_leads_back_to_the_same_name()
    {
        // A prime step, so that all blocks are met.
        for (var character = 0x80; character < 0x30000; character += 11)
        {
            if (character is >= 0xD800 and < 0xE000)
                continue;
            if (!Idna.TryToAscii($"a{char.ConvertFromUtf32(character)}b", out var ascii))
                continue;
            Assert.True(Idna.TryToAscii(Idna.ToUnicode(ascii), out var again) && again == ascii, $"U+{character:X4}");
        }
    }
}
