using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What tells connections apart: both ends of them (RFC 9293 §3.2).</summary>
internal readonly record struct ConnectionKey(Endpoint Local, Endpoint Remote)
{
    // Looked up for each segment. The remote end differs most; nothing depends on the order that this gives.
    public override int GetHashCode()
    {
        var address = Remote.Address.Low ^ Remote.Address.High ^ Local.Address.Low << 7;
        var ports = (ulong)Local.Port.Number << 16 | Remote.Port.Number;
        return (int)((address ^ ports * 0x9E3779B97F4A7C15UL) * 0xD6E8FEB86659FD93UL >> 32);
    }
}
