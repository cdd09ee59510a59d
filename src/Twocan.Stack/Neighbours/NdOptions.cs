using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

public enum NdOptionType : byte
{
    SourceLinkLayerAddress = 1,
    TargetLinkLayerAddress = 2,
    PrefixInformation = 3,
    RedirectedHeader = 4,
    Mtu = 5,

    /// <summary>Name servers (RFC 8106 §5.1).</summary>
    RecursiveDnsServer = 25,
}

/// <summary>The options of a neighbour discovery message, one after the other (RFC 4861 §4.6).</summary>
public ref struct NdOptions(ReadOnlySpan<byte> options)
{
    private ReadOnlySpan<byte> _rest = options;

    /// <summary>The option, from its type on.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly NdOptionType Type => (NdOptionType)Current[0];

    /// <summary>The MAC address of a source or target option; false if it is for other hardware.</summary>
    public readonly bool TryReadMac(out MacAddress mac)
    {
        mac = Current.Length == 8 ? MacAddress.Read(Current[2..]) : default;
        return Current.Length == 8 && !mac.IsMulticast && mac != MacAddress.Zero;
    }

    /// <summary>Of the MTU option.</summary>
    public readonly bool TryReadMtu(out uint mtu)
    {
        mtu = Current.Length == 8 ? BinaryPrimitives.ReadUInt32BigEndian(Current[4..]) : 0;
        return Current.Length == 8;
    }

    public bool MoveNext()
    {
        if (_rest.Length < 8 || _rest[1] == 0 || _rest[1] * 8 > _rest.Length)
            return false;
        Current = _rest[..(_rest[1] * 8)];
        _rest = _rest[Current.Length..];
        return true;
    }

    /// <summary>§6.1, §7.1: a message with an option of length 0, or with one that is longer than the message, is no message.</summary>
    public static bool AreSound(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty)
        {
            if (options.Length < 8 || options[1] == 0 || options[1] * 8 > options.Length)
                return false;
            options = options[(options[1] * 8)..];
        }
        return true;
    }

    /// <summary>The MAC address that the first option of a type says.</summary>
    public static bool TryFindMac(ReadOnlySpan<byte> options, NdOptionType type, out MacAddress mac)
    {
        var walk = new NdOptions(options);
        while (walk.MoveNext())
        {
            if (walk.Type == type && walk.TryReadMac(out mac))
                return true;
        }
        mac = default;
        return false;
    }
}

/// <summary>A prefix that a router advertises (RFC 4861 §4.6.2). Lifetimes in seconds; all ones mean for ever.</summary>
public readonly record struct PrefixInformation(
    Subnet Prefix,
    bool IsOnLink,
    bool IsAutonomous,
    uint ValidLifetime,
    uint PreferredLifetime
)
{
    public const int Length = 32;
    public const uint Infinite = uint.MaxValue;

    private const byte OnLinkFlag = 0x80;
    private const byte AutonomousFlag = 0x40;

    public static bool TryRead(ReadOnlySpan<byte> option, out PrefixInformation information)
    {
        information = default;
        if (option.Length != Length || option[2] > 128)
            return false;
        var prefix = IpAddress.Read(option[16..32]);
        if (prefix.IsV4)
            return false;
        information = new(
            new(prefix, option[2]),
            (option[3] & OnLinkFlag) != 0,
            (option[3] & AutonomousFlag) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(option[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(option[8..])
        );
        return true;
    }

    public void Write(Span<byte> into)
    {
        into[..Length].Clear();
        (into[0], into[1], into[2]) = ((byte)NdOptionType.PrefixInformation, Length / 8, (byte)Prefix.PrefixLength);
        into[3] = (byte)((IsOnLink ? OnLinkFlag : 0) | (IsAutonomous ? AutonomousFlag : 0));
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], ValidLifetime);
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], PreferredLifetime);
        Prefix.Network.Write(into[16..]);
    }
}

/// <summary>Name servers that a router advertises (RFC 8106 §5.1), seen in the bytes that carry them.</summary>
public readonly ref struct RecursiveDnsServers
{
    private const int FixedLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private RecursiveDnsServers(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public uint Lifetime => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    public int Count => (_bytes.Length - FixedLength) / 16;

    public IpAddress this[int index] => IpAddress.Read(_bytes.Slice(FixedLength + 16 * index, 16));

    public static bool TryRead(ReadOnlySpan<byte> option, out RecursiveDnsServers servers)
    {
        var isOne = option.Length >= FixedLength + 16 && (option.Length - FixedLength) % 16 == 0;
        servers = isOne ? new(option) : default;
        return isOne;
    }
}
