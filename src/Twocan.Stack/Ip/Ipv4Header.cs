using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The IPv4 header (RFC 791 §3.1), seen in the bytes that carry it.</summary>
public readonly ref struct Ipv4Header
{
    public const int MinLength = 20;
    public const int MaxPacketLength = 65535;
    public const int MaxOptions = 40;

    /// <summary>Every link takes this much (RFC 791 §3.2): the longest header and 8 bytes of a fragment.</summary>
    public const int LeastMtu = 68;

    private const ushort DontFragmentFlag = 0x4000;
    private const ushort MoreFragmentsFlag = 0x2000;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv4Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>False unless a whole header is there and its lengths agree with each other and with the bytes (RFC 1812 §5.2.2). The checksum is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out Ipv4Header header)
    {
        if (!TryReadQuoted(packet, out header))
            return false;
        return header.TotalLength >= header.Length && header.TotalLength <= packet.Length;
    }

    /// <summary>As <see cref="TryRead"/>, for the beginning of a packet that an ICMP error quotes: the rest may be cut off.</summary>
    public static bool TryReadQuoted(ReadOnlySpan<byte> packet, out Ipv4Header header)
    {
        header = default;
        if (packet.Length < MinLength || packet[0] >> 4 != 4)
            return false;
        var length = (packet[0] & 15) * 4;
        if (length < MinLength || length > packet.Length)
            return false;
        header = new(packet[..length]);
        return true;
    }

    public int Length => _bytes.Length;

    public byte TypeOfService => _bytes[1];

    /// <summary>Header and payload; what the buffer holds beyond is the frame's padding.</summary>
    public int TotalLength => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    public bool DontFragment => (_bytes[6] & 0x40) != 0;

    public bool MoreFragments => (_bytes[6] & 0x20) != 0;

    /// <summary>Where in the original's payload this fragment begins, in bytes.</summary>
    public int FragmentOffset => (BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & 0x1FFF) * 8;

    public bool IsFragment => MoreFragments || FragmentOffset != 0;

    public byte TimeToLive => _bytes[8];

    public IpProtocol Protocol => (IpProtocol)_bytes[9];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);

    public bool HasRightChecksum => InternetChecksum.Of(_bytes) == 0;

    public IpAddress Source => IpAddress.Read(_bytes[12..16]);

    public IpAddress Destination => IpAddress.Read(_bytes[16..20]);

    public ReadOnlySpan<byte> Options => _bytes[MinLength..];

    /// <summary>Sums a header up whose fields have changed.</summary>
    internal static void WriteChecksum(Span<byte> header)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Of(header));
    }

    /// <summary>
    /// Writes a header with its checksum: 20 bytes and the options, which fill whole words. Where 'don't fragment' is
    /// set, the identification means nothing (RFC 6864 §4).
    /// </summary>
    public static void Write(
        Span<byte> into,
        int payloadLength,
        ushort identification,
        byte timeToLive,
        IpProtocol protocol,
        IpAddress source,
        IpAddress destination,
        bool dontFragment = true,
        byte typeOfService = 0,
        ReadOnlySpan<byte> options = default
    )
    {
        into = into[..(MinLength + options.Length)];
        into[0] = (byte)(0x40 | into.Length / 4);
        into[1] = typeOfService;
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], checked((ushort)(into.Length + payloadLength)));
        BinaryPrimitives.WriteUInt16BigEndian(into[4..], identification);
        BinaryPrimitives.WriteUInt16BigEndian(into[6..], dontFragment ? DontFragmentFlag : (ushort)0);
        into[8] = timeToLive;
        into[9] = (byte)protocol;
        source.Write(into[12..]);
        destination.Write(into[16..]);
        options.CopyTo(into[MinLength..]);
        WriteChecksum(into);
    }

    /// <summary>Makes a packet whose header is in place a fragment at <paramref name="offset"/>, or a whole again: length, place and checksum.</summary>
    public static void WriteFragment(Span<byte> packet, int offset, bool more)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], checked((ushort)packet.Length));
        var place = (ushort)(offset / 8 | (more ? MoreFragmentsFlag : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], place);
        WriteChecksum(packet[..((packet[0] & 15) * 4)]);
    }

    /// <summary>Takes one from the time to live, and corrects the checksum by the difference alone (RFC 1624).</summary>
    public static void DecrementTimeToLive(Span<byte> packet)
    {
        var before = BinaryPrimitives.ReadUInt16BigEndian(packet[8..]);
        packet[8]--;
        var after = BinaryPrimitives.ReadUInt16BigEndian(packet[8..]);
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(packet[10..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Update(checksum, before, after));
    }
}
