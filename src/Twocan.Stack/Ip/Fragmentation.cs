using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Cuts an IPv4 packet into pieces that fit a link (RFC 791 §3.2): told the packet, asked for fragments until there are
/// no more. The packet, which may be a fragment itself, stays its owner's.
/// </summary>
public ref struct Fragmentation
{
    private readonly PacketBuffer _packet;
    private readonly PacketPool _pool;
    private readonly int _mtu;
    private readonly int _headerLength;
    private readonly int _offset;
    private readonly bool _moreBehind;
    private int _done;

    /// <param name="mtu">At least <see cref="Ipv4Header.LeastMtu"/>, so that every fragment carries something.</param>
    public Fragmentation(PacketBuffer packet, int mtu, PacketPool pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mtu, Ipv4Header.LeastMtu);
        (_packet, _mtu, _pool) = (packet, mtu, pool);
        Ipv4Header.TryRead(packet.Span, out var header);
        (_headerLength, _offset, _moreBehind) = (header.Length, header.FragmentOffset, header.MoreFragments);
    }

    /// <summary>How many fragments have been taken.</summary>
    public int Count { get; private set; }

    public bool TryNext([NotNullWhen(true)] out PacketBuffer? fragment)
    {
        fragment = null;
        var whole = _packet.Span;
        var payload = whole[_headerLength..];
        if (_done == payload.Length)
            return false;
        fragment = _pool.Rent(_mtu);
        fragment.Cause = _packet.Cause;
        WriteHeader(fragment, whole[.._headerLength]);
        var room = _mtu - fragment.Length;
        var left = payload.Length - _done;
        // All but the last are counted in units of 8 bytes.
        var length = left <= room ? left : room & ~7;
        fragment.Append(payload.Slice(_done, length));
        var more = _moreBehind || length < left;
        Ipv4Header.WriteFragment(fragment.Span, _offset + _done, more);
        _done += length;
        Count++;
        return true;
    }

    /// <summary>The first keeps the header as it is; the others only those options that say so.</summary>
    private readonly void WriteHeader(PacketBuffer fragment, ReadOnlySpan<byte> header)
    {
        if (_done == 0)
        {
            fragment.Append(header);
            return;
        }
        fragment.Append(header[..Ipv4Header.MinLength]);
        var options = new Ipv4Options(header[Ipv4Header.MinLength..]);
        while (options.MoveNext())
        {
            if (options.IsCopied)
                fragment.Append(options.Current);
        }
        fragment.Append(-fragment.Length & 3).Clear();
        fragment.Span[0] = (byte)(4 << 4 | fragment.Length / 4);
    }
}
