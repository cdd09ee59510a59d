using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

// The messages of neighbour discovery (RFC 4861 §4), seen in the bytes that carry them, from the ICMPv6 type on. What
// TryRead takes is sound in itself; whether it may have come from there (§6.1, §7.1) is for the machine to judge.

/// <summary>'Is there a router?'</summary>
public readonly ref struct RouterSolicitation
{
    public const int FixedLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private RouterSolicitation(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Options => _bytes[FixedLength..];

    public static bool TryRead(ReadOnlySpan<byte> message, out RouterSolicitation solicitation)
    {
        var isOne = NdMessage.IsSound(message, Icmpv6Type.RouterSolicitation, FixedLength);
        solicitation = isOne ? new(message) : default;
        return isOne;
    }
}

/// <summary>'I am a router, and this is how one lives on this link.'</summary>
public readonly ref struct RouterAdvertisement
{
    public const int FixedLength = 16;

    private readonly ReadOnlySpan<byte> _bytes;

    private RouterAdvertisement(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The hop limit that hosts are to use; 0 leaves it to them.</summary>
    public byte CurHopLimit => _bytes[4];

    /// <summary>M: addresses are to be had by DHCPv6.</summary>
    public bool IsManaged => (_bytes[5] & 0x80) != 0;

    /// <summary>O: other settings are.</summary>
    public bool HasOtherConfiguration => (_bytes[5] & 0x40) != 0;

    /// <summary>In seconds; 0 means that it is no default router.</summary>
    public ushort RouterLifetime => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>In milliseconds; 0 leaves it to the hosts.</summary>
    public uint ReachableTime => BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);

    /// <summary>In milliseconds; 0 leaves it to the hosts.</summary>
    public uint RetransTimer => BinaryPrimitives.ReadUInt32BigEndian(_bytes[12..]);

    public ReadOnlySpan<byte> Options => _bytes[FixedLength..];

    public static bool TryRead(ReadOnlySpan<byte> message, out RouterAdvertisement advertisement)
    {
        var isOne = NdMessage.IsSound(message, Icmpv6Type.RouterAdvertisement, FixedLength);
        advertisement = isOne ? new(message) : default;
        return isOne;
    }
}

/// <summary>'Who has this address?'</summary>
public readonly ref struct NeighbourSolicitation
{
    public const int FixedLength = 24;

    private readonly ReadOnlySpan<byte> _bytes;

    private NeighbourSolicitation(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public IpAddress Target => IpAddress.Read(_bytes[8..24]);

    public ReadOnlySpan<byte> Options => _bytes[FixedLength..];

    public static bool TryRead(ReadOnlySpan<byte> message, out NeighbourSolicitation solicitation)
    {
        var isOne =
            NdMessage.IsSound(message, Icmpv6Type.NeighbourSolicitation, FixedLength)
            && NdMessage.IsOneHost(IpAddress.Read(message[8..24]));
        solicitation = isOne ? new(message) : default;
        return isOne;
    }
}

/// <summary>'I have this address.'</summary>
public readonly ref struct NeighbourAdvertisement
{
    public const int FixedLength = 24;

    internal const uint RouterFlag = 0x8000_0000;
    internal const uint SolicitedFlag = 0x4000_0000;
    internal const uint OverrideFlag = 0x2000_0000;

    private readonly ReadOnlySpan<byte> _bytes;

    private NeighbourAdvertisement(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public bool IsRouter => (_bytes[4] & 0x80) != 0;

    /// <summary>It answers a question: whoever says so can be reached.</summary>
    public bool IsSolicited => (_bytes[4] & 0x40) != 0;

    /// <summary>What it says is newer than what was known.</summary>
    public bool Overrides => (_bytes[4] & 0x20) != 0;

    public IpAddress Target => IpAddress.Read(_bytes[8..24]);

    public ReadOnlySpan<byte> Options => _bytes[FixedLength..];

    public static bool TryRead(ReadOnlySpan<byte> message, out NeighbourAdvertisement advertisement)
    {
        var isOne =
            NdMessage.IsSound(message, Icmpv6Type.NeighbourAdvertisement, FixedLength)
            && NdMessage.IsOneHost(IpAddress.Read(message[8..24]));
        advertisement = isOne ? new(message) : default;
        return isOne;
    }
}

/// <summary>'To that destination there is a shorter way than by me.'</summary>
public readonly ref struct NdRedirect
{
    public const int FixedLength = 40;

    private readonly ReadOnlySpan<byte> _bytes;

    private NdRedirect(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The better first hop: another router, or the destination itself.</summary>
    public IpAddress Target => IpAddress.Read(_bytes[8..24]);

    public IpAddress Destination => IpAddress.Read(_bytes[24..40]);

    public ReadOnlySpan<byte> Options => _bytes[FixedLength..];

    public static bool TryRead(ReadOnlySpan<byte> message, out NdRedirect redirect)
    {
        redirect = default;
        if (!NdMessage.IsSound(message, Icmpv6Type.Redirect, FixedLength))
            return false;
        redirect = new(message);
        // §8.1: a router is named by its link-local address; else the destination is meant itself.
        return NdMessage.IsOneHost(redirect.Destination)
            && NdMessage.IsOneHost(redirect.Target)
            && (redirect.Target.IsLinkLocal || redirect.Target == redirect.Destination);
    }
}

/// <summary>What all messages of neighbour discovery have in common, and how they are written.</summary>
public static class NdMessage
{
    /// <summary>A hop limit that no router can have counted down: it comes from this very link (RFC 4861 §3.1, §11.2).</summary>
    public const byte HopLimit = 255;

    public static bool IsOne(Icmpv6Type type) => type is >= Icmpv6Type.RouterSolicitation and <= Icmpv6Type.Redirect;

    internal static bool IsSound(ReadOnlySpan<byte> message, Icmpv6Type type, int fixedLength) =>
        message.Length >= fixedLength
        && (Icmpv6Type)message[0] == type
        && message[1] == 0
        && NdOptions.AreSound(message[fixedLength..]);

    internal static bool IsOneHost(IpAddress address) => !address.IsMulticast && !address.IsAny && !address.IsV4;

    public static void WriteRouterSolicitation(PacketBuffer into, MacAddress? source)
    {
        Begin(into, Icmpv6Type.RouterSolicitation, 0);
        AppendMac(into, NdOptionType.SourceLinkLayerAddress, source);
    }

    /// <param name="source">Null where nobody has an address yet (RFC 4861 §4.3): the question of duplicate address detection.</param>
    public static void WriteNeighbourSolicitation(PacketBuffer into, IpAddress target, MacAddress? source)
    {
        Begin(into, Icmpv6Type.NeighbourSolicitation, 0);
        target.Write(into.Append(16));
        AppendMac(into, NdOptionType.SourceLinkLayerAddress, source);
    }

    public static void WriteNeighbourAdvertisement(
        PacketBuffer into,
        IpAddress target,
        MacAddress mac,
        bool isRouter,
        bool isSolicited,
        bool overrides
    )
    {
        var flags =
            (isRouter ? NeighbourAdvertisement.RouterFlag : 0)
            | (isSolicited ? NeighbourAdvertisement.SolicitedFlag : 0)
            | (overrides ? NeighbourAdvertisement.OverrideFlag : 0);
        Begin(into, Icmpv6Type.NeighbourAdvertisement, flags);
        target.Write(into.Append(16));
        AppendMac(into, NdOptionType.TargetLinkLayerAddress, mac);
    }

    /// <param name="about">The packet that took the detour: as much of it as fits is quoted (§4.5).</param>
    public static void WriteRedirect(
        PacketBuffer into,
        IpAddress target,
        IpAddress destination,
        MacAddress? targetMac,
        ReadOnlySpan<byte> about
    )
    {
        Begin(into, Icmpv6Type.Redirect, 0);
        target.Write(into.Append(16));
        destination.Write(into.Append(16));
        AppendMac(into, NdOptionType.TargetLinkLayerAddress, targetMac);
        var room = Ipv6Header.LeastMtu - Ipv6Header.Length - into.Length - 8;
        about = about[..(Math.Min(about.Length, room) & ~7)];
        var option = into.Append(8 + about.Length);
        option[..8].Clear();
        (option[0], option[1]) = ((byte)NdOptionType.RedirectedHeader, (byte)(option.Length / 8));
        about.CopyTo(option[8..]);
    }

    public static void WriteRouterAdvertisement(
        PacketBuffer into,
        byte hopLimit,
        ushort routerLifetime,
        uint reachableTime,
        uint retransTimer
    )
    {
        Begin(into, Icmpv6Type.RouterAdvertisement, (uint)hopLimit << 24 | routerLifetime);
        BinaryPrimitives.WriteUInt32BigEndian(into.Append(4), reachableTime);
        BinaryPrimitives.WriteUInt32BigEndian(into.Append(4), retransTimer);
    }

    public static void AppendMac(PacketBuffer into, NdOptionType type, MacAddress? mac)
    {
        if (mac is not { } address)
            return;
        var option = into.Append(8);
        (option[0], option[1]) = ((byte)type, 1);
        address.Write(option[2..]);
    }

    public static void AppendMtu(PacketBuffer into, int mtu)
    {
        var option = into.Append(8);
        option.Clear();
        (option[0], option[1]) = ((byte)NdOptionType.Mtu, 1);
        BinaryPrimitives.WriteUInt32BigEndian(option[4..], (uint)mtu);
    }

    public static void AppendNameServers(PacketBuffer into, IReadOnlyList<IpAddress> servers, uint lifetime)
    {
        var option = into.Append(8);
        option.Clear();
        (option[0], option[1]) = ((byte)NdOptionType.RecursiveDnsServer, (byte)(1 + 2 * servers.Count));
        BinaryPrimitives.WriteUInt32BigEndian(option[4..], lifetime);
        foreach (var server in servers)
            server.Write(into.Append(16));
    }

    private static void Begin(PacketBuffer into, Icmpv6Type type, uint fourBytes)
    {
        var header = into.Append(Icmpv6Header.Length);
        header.Clear();
        header[0] = (byte)type;
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], fourBytes);
    }
}
