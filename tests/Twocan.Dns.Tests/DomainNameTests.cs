using Twocan.Core;

namespace Twocan.Dns.Tests;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("www.cyber.co.kr", "www.cyber.co.kr.")]
    [InlineData("www.cyber.co.kr.", "www.cyber.co.kr.")]
    [InlineData(".", ".")]
    [InlineData("a\\.b.c", "a\\.b.c.")]
    [InlineData("\\065\\000\\255\\032.c", "A\\000\\255\\032.c.")]
    [InlineData("\\@\\;\\(.c", "\\@\\;\\(.c.")]
    [InlineData("*.c", "*.c.")]
    public void Text_is_read_and_written(string text, string expected)
    {
        Assert.True(DomainName.TryParse(text, out var name));
        Assert.Equal(expected, name.ToString());
        Assert.Equal(name, DomainName.Parse(name.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a\\")]
    [InlineData("a\\25")]
    [InlineData("a\\256")]
    [InlineData("한국.kr")]
    public void Text_that_is_no_name_is_refused(string text) => Assert.False(DomainName.TryParse(text, out _));

    [Fact]
    public void A_label_has_at_most_63_octets_and_a_name_255()
    {
        Assert.True(DomainName.TryParse(new string('a', 63) + ".b", out _));
        Assert.False(DomainName.TryParse(new string('a', 64) + ".b", out _));
        var label = new string('a', 63) + ".";
        var longest = label + label + label + new string('b', 61);
        Assert.True(DomainName.TryParse(longest, out var name));
        Assert.Equal(255, name.Wire.Length);
        Assert.False(DomainName.TryParse(longest + "b", out _));
        Assert.False(name.TryPrepend("a"u8, out _));
        Assert.Equal(127, DomainName.Parse(string.Concat(Enumerable.Repeat("a.", 127))).LabelCount);
        Assert.False(DomainName.TryParse(string.Concat(Enumerable.Repeat("a.", 128)), out _));
    }

    [Fact]
    public void Names_that_differ_in_case_are_one()
    {
        var (small, large) = (DomainName.Parse("www.cyber.co.kr"), DomainName.Parse("WWW.Cyber.CO.KR"));
        Assert.Equal(small, large);
        Assert.Equal(small.GetHashCode(), large.GetHashCode());
        Assert.Equal(0, small.CompareTo(large));
        Assert.Equal("WWW.Cyber.CO.KR.", large.ToString());
    }

    [Fact]
    public void Names_are_ordered_as_rfc_4034_shows()
    {
        string[] ordered =
        [
            "example.",
            "a.example.",
            "yljkjljk.a.example.",
            "Z.a.example.",
            "zABC.a.EXAMPLE.",
            "z.example.",
            "\\001.z.example.",
            "*.z.example.",
            "\\200.z.example.",
        ];
        Assert.Equal(ordered, ordered.Reverse().Select(DomainName.Parse).Order().Select(name => name.ToString()));
    }

    [Theory]
    [InlineData("www.cyber.co.kr", "co.kr", true)]
    [InlineData("co.kr", "CO.kr", true)]
    [InlineData("xco.kr", "co.kr", false)]
    [InlineData("kr", "co.kr", false)]
    [InlineData("anything", ".", true)]
    [InlineData("a\\.co.kr", "co.kr", false)]
    public void A_name_lies_below_another(string name, string ancestor, bool expected) =>
        Assert.Equal(expected, DomainName.Parse(name).IsAtOrBelow(DomainName.Parse(ancestor)));

    [Fact]
    public void Ancestors_lose_labels_from_the_left()
    {
        var name = DomainName.Parse("www.lab.cyber.co.kr");
        Assert.Equal("lab.cyber.co.kr.", name.Parent.ToString());
        Assert.Equal("co.kr.", name.Ancestor(2).ToString());
        Assert.Equal(DomainName.Root, name.Ancestor(0));
        Assert.Equal(DomainName.Root, DomainName.Root.Parent);
        Assert.Equal("www"u8, name.FirstLabel);
        Assert.True(DomainName.Root.FirstLabel.IsEmpty);
    }

    [Fact]
    public void A_pointer_leads_back_and_the_reader_goes_on_behind_it()
    {
        byte[] message = [1, (byte)'a', 0, 1, (byte)'b', 0xC0, 0, 99];
        var offset = 3;
        Assert.True(DomainName.TryRead(message, ref offset, out var name));
        Assert.Equal("b.a.", name.ToString());
        Assert.Equal(7, offset);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0 })] // to itself
    [InlineData(new byte[] { 1, 97, 0xC0, 0 })] // to its own beginning
    [InlineData(new byte[] { 0xC0, 2, 0 })] // forward
    [InlineData(new byte[] { 0xC0 })] // cut off
    [InlineData(new byte[] { 0x40, 97, 0 })] // a reserved label type
    [InlineData(new byte[] { 0x80, 97, 0 })]
    [InlineData(new byte[] { 5, 97 })] // a label beyond the end
    [InlineData(new byte[] { 1, 97 })] // no root
    [InlineData(new byte[0])]
    public void A_name_that_does_not_end_is_refused(byte[] message)
    {
        var offset = 0;
        Assert.False(DomainName.TryRead(message, ref offset, out _));
        Assert.Equal(0, offset);
    }

    [Fact]
    public void A_name_may_not_grow_beyond_255_octets_by_pointers()
    {
        var message = new byte[512];
        var at = 1;
        var starts = new List<int> { 0 };
        while (at < 400)
        {
            starts.Add(at);
            message[at++] = 2;
            at += 2;
            message[at++] = 0xC0;
            message[at++] = (byte)starts[^2];
            if (starts[^1] > 200)
                break;
        }
        var lengths = new List<int>();
        foreach (var start in starts)
        {
            var offset = start;
            if (DomainName.TryRead(message, ref offset, out var name))
                lengths.Add(name.Wire.Length);
        }
        Assert.True(lengths.Max() <= DomainName.MaxLength);
        Assert.Equal(starts.Count, lengths.Count);
    }

    [Fact]
    public void Random_names_survive_text_and_wire()
    {
        var random = new RandomSource(1);
        Span<byte> label = stackalloc byte[20];
        for (var i = 0; i < 2000; i++)
        {
            var name = DomainName.Root;
            for (var labels = random.Next(6); labels > 0; labels--)
            {
                var length = random.Next(1, 20);
                random.Fill(label);
                name.TryPrepend(label[..length], out name);
            }
            Assert.Equal(name, DomainName.Parse(name.ToString()));
            var offset = 0;
            Assert.True(DomainName.TryRead(name.Wire, ref offset, out var read));
            Assert.True(name.Wire.SequenceEqual(read.Wire));
        }
    }
}
