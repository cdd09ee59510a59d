using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Twocan.Cli.Tests;

/// <summary>The octets that both ends know: what is lost, doubled or out of place shows at once, wherever a connection ends.</summary>
internal static class Pattern
{
    /// <summary>A prime: no segment and no buffer fits into it, so what is out of place does not look right by accident.</summary>
    private const int Period = 65_521;

    private static readonly byte[] s_octets = Make();

    /// <summary>What belongs at <paramref name="position"/> of a connection's stream; each direction has its own.</summary>
    public static ReadOnlySpan<byte> Kernels(int salt, long position, int length) => At(salt + position, length);

    public static ReadOnlyMemory<byte> OursToSend(int salt, long position, int length) =>
        s_octets.AsMemory((int)((salt + Period / 2 + position) % Period), length);

    private static ReadOnlySpan<byte> At(long place, int length) => s_octets.AsSpan((int)(place % Period), length);

    private static byte[] Make()
    {
        var number = new byte[4];
        var all = new byte[2048 * SHA256.HashSizeInBytes];
        for (var i = 0; i < 2048; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, i);
            SHA256.HashData(number, all.AsSpan(i * SHA256.HashSizeInBytes));
        }
        return [.. all.AsSpan(0, Period), .. all.AsSpan(0, Period)];
    }
}
