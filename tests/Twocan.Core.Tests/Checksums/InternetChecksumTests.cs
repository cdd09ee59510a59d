namespace Twocan.Core.Tests;

public class InternetChecksumTests
{
    [Fact]
    public void It_is_the_definition_at_every_length_and_alignment()
    {
        var random = new RandomSource(1);
        var bytes = new byte[4096 + 8];
        random.Fill(bytes);
        for (var length = 0; length <= 4096; length++)
        {
            var piece = bytes.AsSpan(length % 8, length);
            Assert.Equal(Definition(piece), InternetChecksum.Of(piece));
        }
    }

    [Theory]
    [InlineData(0x00, 0xFFFF)]
    [InlineData(0xFF, 0x0000)]
    public void Carries_wrap_around_however_many_there_are(byte octet, int expected)
    {
        var bytes = new byte[65_536];
        Array.Fill(bytes, octet);
        Assert.Equal(expected, InternetChecksum.Of(bytes));
        Assert.Equal(expected, Definition(bytes));
    }

    [Fact]
    public void The_example_of_RFC_1071_comes_out_right() =>
        Assert.Equal(unchecked((ushort)~0xDDF2), InternetChecksum.Of([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]));

    [Fact]
    public void Data_that_carries_its_checksum_sums_to_zero()
    {
        var bytes = new byte[60];
        new RandomSource(2).Fill(bytes);
        bytes[10] = bytes[11] = 0;
        var checksum = InternetChecksum.Of(bytes);
        (bytes[10], bytes[11]) = ((byte)(checksum >> 8), (byte)checksum);
        Assert.Equal(0, InternetChecksum.Of(bytes));
    }

    [Fact]
    public void A_pseudo_header_added_by_parts_is_the_same_as_its_bytes()
    {
        foreach (var text in new[] { "192.0.2.226", "2001:db8::1:2" })
        {
            var address = IpAddress.Parse(text);
            var bytes = new byte[address.ByteLength + 6 + 100];
            new RandomSource(3).Fill(bytes);
            address.Write(bytes);
            bytes[^106] = 0x12;
            bytes[^105] = 0x34;
            bytes[^104] = 0x56;
            bytes[^103] = 0x78;
            bytes[^102] = 0x9A;
            bytes[^101] = 0xBC;

            var sum = new InternetChecksum();
            sum.Add(address);
            sum.Add(0x12345678u);
            sum.Add((ushort)0x9ABC);
            sum.Add(bytes.AsSpan(bytes.Length - 100, 40));
            sum.Add(bytes.AsSpan(bytes.Length - 60));
            Assert.Equal(Definition(bytes), sum.Value);
        }
    }

    [Fact]
    public void A_changed_word_updates_the_checksum_as_if_all_were_summed_again()
    {
        var random = new RandomSource(4);
        var bytes = new byte[20];
        for (var round = 0; round < 20_000; round++)
        {
            random.Fill(bytes);
            // Words of all zeros and all ones are where the older equations went wrong.
            var (old, @new) = (Word(random), Word(random));
            (bytes[8], bytes[9]) = ((byte)(old >> 8), (byte)old);
            var before = InternetChecksum.Of(bytes);
            (bytes[8], bytes[9]) = ((byte)(@new >> 8), (byte)@new);
            Assert.Equal(InternetChecksum.Of(bytes), InternetChecksum.Update(before, old, @new));
        }

        static ushort Word(RandomSource random) =>
            random.Next(4) switch
            {
                0 => 0,
                1 => 0xFFFF,
                _ => random.NextUInt16(),
            };
    }

    [Fact]
    public void The_example_of_RFC_1624_comes_out_right() =>
        Assert.Equal(0x0000, InternetChecksum.Update(0xDD2F, 0x5555, 0x3285));

    private static ushort Definition(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes.Length; i += 2)
        {
            sum += bytes[i] << 8 | (i + 1 < bytes.Length ? bytes[i + 1] : 0);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return (ushort)~sum;
    }
}
