using System.Runtime.InteropServices;

namespace Twocan.Sockets;

/// <summary>What stands beside a message (cmsg(3)): length, level, type, and a value, each aligned to a word.</summary>
internal ref struct ControlItems(ReadOnlySpan<byte> rest)
{
    private static readonly int s_header = IntPtr.Size + 8;

    private ReadOnlySpan<byte> _rest = rest;

    public ControlItem Current { get; private set; }

    public readonly ControlItems GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length < s_header)
            return false;
        var length = (int)MemoryMarshal.Read<nint>(_rest);
        if (length < s_header || length > _rest.Length)
            return false;
        Current = new(
            BitConverter.ToInt32(_rest[IntPtr.Size..]),
            BitConverter.ToInt32(_rest[(IntPtr.Size + 4)..]),
            _rest[s_header..length]
        );
        _rest = _rest[Math.Min((length + IntPtr.Size - 1) & ~(IntPtr.Size - 1), _rest.Length)..];
        return true;
    }
}

internal readonly ref struct ControlItem(int level, int type, ReadOnlySpan<byte> value)
{
    public int Level => level;

    public int Type => type;

    public ReadOnlySpan<byte> Value { get; } = value;
}
