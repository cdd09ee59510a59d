using System.Runtime.CompilerServices;

namespace Twocan.Stack;

/// <summary>A stretch that has arrived: from its first octet up to the one behind its last (RFC 2018 §3).</summary>
public readonly record struct SackBlock(SequenceNumber Start, SequenceNumber End)
{
    public int Length => End - Start;

    public bool Contains(in SackBlock other) => Start <= other.Start && other.End <= End;
}

/// <summary>As many stretches as one header has room for.</summary>
public struct SackBlocks
{
    /// <summary>Forty octets of options hold four blocks; beside time stamps three.</summary>
    public const int Max = 4;

    private Blocks _blocks;

    public int Count { get; private set; }

    public readonly bool IsEmpty => Count == 0;

    public readonly SackBlock this[int index] => _blocks[index];

    /// <summary>What is more than fits is left out.</summary>
    public void Add(in SackBlock block)
    {
        if (Count < Max)
            _blocks[Count++] = block;
    }

    public readonly bool Covers(in SackBlock wanted)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_blocks[i].Contains(wanted))
                return true;
        }
        return false;
    }

    [InlineArray(Max)]
    private struct Blocks
    {
        private SackBlock _first;
    }
}
