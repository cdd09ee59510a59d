using System.Numerics;

namespace Twocan.Stack;

/// <summary>SipHash-2-4: a short keyed hash. Who does not know the key cannot tell what it will answer.</summary>
internal struct SipHash
{
    private ulong _v0;
    private ulong _v1;
    private ulong _v2;
    private ulong _v3;
    private ulong _words;

    public SipHash(ulong key0, ulong key1)
    {
        _v0 = key0 ^ 0x736f6d6570736575;
        _v1 = key1 ^ 0x646f72616e646f6d;
        _v2 = key0 ^ 0x6c7967656e657261;
        _v3 = key1 ^ 0x7465646279746573;
    }

    public void Add(ulong word)
    {
        _words++;
        Compress(word);
    }

    /// <summary>The hash of the words added, as of a message of eight times so many bytes.</summary>
    public ulong Finish()
    {
        Compress(_words * 8 << 56);
        _v2 ^= 0xFF;
        for (var round = 0; round < 4; round++)
            Round();
        return _v0 ^ _v1 ^ _v2 ^ _v3;
    }

    private void Compress(ulong word)
    {
        _v3 ^= word;
        Round();
        Round();
        _v0 ^= word;
    }

    private void Round()
    {
        _v0 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
        _v0 = BitOperations.RotateLeft(_v0, 32);
        _v2 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
        _v0 += _v3;
        _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
        _v2 += _v1;
        _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
        _v2 = BitOperations.RotateLeft(_v2, 32);
    }
}
