using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Twocan.Core;

/// <summary>
/// A stream of random numbers that follows from its seed alone, the same on every machine (xoshiro256**, seeded by
/// SplitMix64). Each host and each cable has one of its own, forked by name, so that one more draw here changes nothing there.
/// <para>
/// Whoever sees some of its numbers can compute the rest, which is what a world wants. Out in the open it would give away
/// ports, query numbers and keys (RFC 4086, RFC 5452 §9.2): there <see cref="Unpredictable"/> is for.
/// </para>
/// </summary>
public sealed class RandomSource
{
    private const int Ahead = 512;

    private readonly ulong _seed;

    /// <summary>Of an unpredictable source: what the operating system has given, and how much of it is used.</summary>
    private readonly byte[]? _given;
    private int _used = Ahead;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    public RandomSource(ulong seed)
    {
        _seed = seed;
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    private RandomSource(byte[] given) => _given = given;

    /// <summary>Follows from nothing: the operating system's own source for keys, also in all that is forked from it.</summary>
    public static RandomSource Unpredictable() => new(new byte[Ahead]);

    /// <summary>A source of its own for <paramref name="name"/>: depends on my seed and the name, not on what I have drawn.</summary>
    public RandomSource Fork(string name)
    {
        if (_given is not null)
            return Unpredictable();
        // FNV-1a over the name's UTF-8, then mixed with the seed: string.GetHashCode differs from run to run.
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ octet) * 1099511628211UL;
        var mixed = _seed ^ hash;
        return new(SplitMix(ref mixed));
    }

    public ulong NextUInt64()
    {
        if (_given is not null)
            return NextGiven(_given);
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    public uint NextUInt32() => (uint)(NextUInt64() >> 32);

    public ushort NextUInt16() => (ushort)(NextUInt64() >> 48);

    /// <summary>At least 0 and less than <paramref name="limit"/>, each equally likely.</summary>
    public int Next(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)Math.BigMul(NextUInt64(), (ulong)limit, out _);
    }

    /// <summary>At least <paramref name="low"/> and less than <paramref name="high"/>.</summary>
    public int Next(int low, int high) => low + Next(high - low);

    /// <summary>At least 0 and less than 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with the given probability. A probability of 0 or 1 still draws, so that the stream stays in step.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    public void Fill(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var word = NextUInt64();
            if (!BitConverter.IsLittleEndian)
                word = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
            var octets = MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in word));
            var count = Math.Min(8, bytes.Length);
            octets[..count].CopyTo(bytes);
            bytes = bytes[count..];
        }
    }

    private ulong NextGiven(byte[] given)
    {
        if (_used == Ahead)
        {
#pragma warning disable RS0030 // The one place where chance comes from outside.
            System.Security.Cryptography.RandomNumberGenerator.Fill(given);
#pragma warning restore RS0030
            _used = 0;
        }
        var word = given.AsSpan(_used, 8);
        _used += 8;
        var number = BitConverter.ToUInt64(word);
        // What was given away is not kept.
        word.Clear();
        return number;
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
