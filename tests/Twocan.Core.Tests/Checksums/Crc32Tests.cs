using System.Runtime.Intrinsics.X86;

namespace Twocan.Core.Tests;

public class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_catalogue_comes_out_right() =>
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));

    [Fact]
    public void It_is_the_definition_at_every_length_and_alignment_folded_widely_and_narrowly_and_by_tables()
    {
        var bytes = new byte[4096 + 16];
        new RandomSource(1).Fill(bytes);
        for (var length = 0; length <= 4096; length += length < 300 ? 1 : 13)
        {
            var piece = bytes.AsSpan(length % 16, length);
            var expected = Definition(piece);
            Assert.Equal(expected, Crc32.Of(piece));
            Assert.Equal(expected, ~Crc32.ByTables(uint.MaxValue, piece));
            if (Pclmulqdq.IsSupported && length >= 16)
                Assert.Equal(expected, Crc32.ByFolding(piece));
            if (Pclmulqdq.V512.IsSupported && length >= Crc32Wide.Turn)
                Assert.Equal(expected, Crc32Wide.Of(piece));
        }
    }

    [Fact]
    public void Any_flipped_bit_changes_it()
    {
        var bytes = new byte[100];
        new RandomSource(2).Fill(bytes);
        var right = Crc32.Of(bytes);
        for (var bit = 0; bit < 800; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.NotEqual(right, Crc32.Of(bytes));
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    private static uint Definition(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
