using System.Text;

namespace Twocan.Core;

/// <summary>The options at the end of a block, one after the other; what does not fit into the block is none.</summary>
internal ref struct PcapngOptions(CaptureBytes order, ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private PcapngOption _current;

    public readonly PcapngOption Current => _current;

    public readonly PcapngOptions GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length < 4)
            return false;
        var (code, length) = (order.U16(_rest), order.U16(_rest[2..]));
        if (code == PcapngFormat.EndOfOptions || length > _rest.Length - 4)
            return false;
        _current = new(code, _rest.Slice(4, length));
        _rest = _rest[Math.Min(_rest.Length, 4 + (length + 3 & ~3))..];
        return true;
    }
}

internal readonly ref struct PcapngOption(ushort code, ReadOnlySpan<byte> value)
{
    public ushort Code { get; } = code;

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>UTF-8, which some writers end with a zero although the format does not.</summary>
    public string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));
}
