using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Cuts a packet into pieces that fit a link (RFC 791 §3.2, RFC 8200 §4.5): told the packet, asked for fragments until there are
/// no more. The packet, which may be a fragment of IPv4 itself, stays its owner's.
/// </summary>
public ref struct Fragmentation
{
    private readonly PacketBuffer _packet;
    private readonly PacketPool _pool;
    private readonly int _mtu;
    private readonly bool _isV6;

    /// <summary>What stands before the payload in the packet; of IPv6 what every fragment repeats.</summary>
    private readonly int _headerLength;
    private readonly uint _identification;
    private readonly int _offset;
    private readonly bool _moreBehind;
    private int _done;

    /// <param name="mtu">At least <see cref="Ipv4Header.LeastMtu"/>, so that every fragment carries something.</param>
    /// <param name="identification">Of IPv6, whose header has none.</param>
    public Fragmentation(PacketBuffer packet, int mtu, PacketPool pool, uint identification = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mtu, Ipv4Header.LeastMtu);
        (_packet, _mtu, _pool, _identification) = (packet, mtu, pool, identification);
        if (Ipv4Header.TryRead(packet.Span, out var header))
        {
            (_headerLength, _offset, _moreBehind) = (header.Length, header.FragmentOffset, header.MoreFragments);
            return;
        }
        _isV6 = true;
        _headerLength = Ipv6Header.Length;
        // Only what routers look at is repeated, and of that this host writes hop-by-hop options at most.
        var walk = new Ipv6Extensions(packet.Span);
        if (walk.Next == IpProtocol.HopByHop && walk.MoveNext())
            _headerLength = walk.NextAt;
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
        Seal(fragment.Span, more: _moreBehind || length < left);
        _done += length;
        Count++;
        return true;
    }

    /// <summary>The first of IPv4 keeps the header as it is; the others only those options that say so.</summary>
    private readonly void WriteHeader(PacketBuffer fragment, ReadOnlySpan<byte> header)
    {
        if (_done == 0 || _isV6)
        {
            fragment.Append(header);
            if (_isV6)
                fragment.Append(FragmentHeader.Length);
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

    private readonly void Seal(Span<byte> fragment, bool more)
    {
        var offset = _offset + _done;
        if (!_isV6)
        {
            Ipv4Header.WriteFragment(fragment, offset, more);
            return;
        }
        // The last header that is repeated names the fragment header now, and that one what it named.
        var namedAt = _headerLength == Ipv6Header.Length ? Ipv6Header.NextHeaderAt : Ipv6Header.Length;
        FragmentHeader.Write(fragment[_headerLength..], (IpProtocol)fragment[namedAt], offset, more, _identification);
        fragment[namedAt] = (byte)IpProtocol.Fragment;
        Ipv6Header.WritePayloadLength(fragment, fragment.Length - Ipv6Header.Length);
    }
}
