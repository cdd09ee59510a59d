using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

public sealed class PunycodeTests
{
    /// <summary>RFC 3492 §7.1.</summary>
    [Theory]
    [InlineData("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn")]
    [InlineData("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a")]
    [InlineData(
        "세계의모든사람들이한국어를이해한다면얼마나좋을까",
        "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c"
    )]
    [InlineData("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b")]
    [InlineData("-> $1.00 <-", "-> $1.00 <--")]
    public void The_rfc_s_samples_come_out(string text, string encoded)
    {
        Assert.Equal(encoded, Punycode.Encode(text));
        Assert.True(Punycode.TryDecode(encoded, out var decoded));
        Assert.Equal(text, decoded);
    }

    [Theory]
    [InlineData("é-x")]
    [InlineData("99999999")]
    [InlineData("a-z")]
    [InlineData("a_b")]
    public void What_no_encoder_writes_is_not_read(string encoded) => Assert.False(Punycode.TryDecode(encoded, out _));

    [Fact]
    public void What_is_encoded_comes_back()
    {
        var random = new RandomSource(7);
        for (var round = 0; round < 2000; round++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(20); i >= 0; i--)
                text.Append(
                    random.Next(3) == 0 ? new Rune('a' + random.Next(26)) : new Rune(0x80 + random.Next(0xD000))
                );
            Assert.True(Punycode.TryDecode(Punycode.Encode(text.ToString()), out var decoded));
            Assert.Equal(text.ToString(), decoded);
        }
    }
}
