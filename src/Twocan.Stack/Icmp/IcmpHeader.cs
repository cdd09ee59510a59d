using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The types of RFC 792 that are still in use.</summary>
public enum IcmpType : byte
{
    EchoReply = 0,
    DestinationUnreachable = 3,
    Redirect = 5,
    EchoRequest = 8,
    TimeExceeded = 11,
    ParameterProblem = 12,
}

/// <summary>Codes: what they mean depends on the type.</summary>
public static class IcmpCode
{
    // Of DestinationUnreachable:
    public const byte NetworkUnreachable = 0;
    public const byte HostUnreachable = 1;
    public const byte ProtocolUnreachable = 2;
    public const byte PortUnreachable = 3;
    public const byte FragmentationNeeded = 4;

    public const byte SourceRouteFailed = 5;
    public const byte NetworkUnknown = 6;
    public const byte HostUnknown = 7;
    public const byte HostIsolated = 8;
    public const byte NetworkProhibited = 9;
    public const byte HostProhibited = 10;
    public const byte NetworkUnreachableForService = 11;
    public const byte HostUnreachableForService = 12;
    public const byte AdministrativelyProhibited = 13;
    public const byte PrecedenceViolation = 14;
    public const byte PrecedenceCutoff = 15;

    // Of Redirect; those for networks (0 and 2) are not sent any more, as masks may differ (RFC 1812 §5.2.7.2):
    public const byte ForHost = 1;
    public const byte ForHostAndService = 3;

    // Of ParameterProblem:
    public const byte Pointer = 0;

    // Of TimeExceeded:
    public const byte InTransit = 0;
    public const byte InReassembly = 1;
}

/// <summary>An ICMP message (RFC 792), seen in the bytes that carry it: type, code, checksum, four bytes more, then data.</summary>
public readonly ref struct IcmpHeader
{
    public const int Length = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private IcmpHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public static bool TryRead(ReadOnlySpan<byte> message, out IcmpHeader header)
    {
        header = message.Length < Length ? default : new(message);
        return message.Length >= Length;
    }

    public IcmpType Type => (IcmpType)_bytes[0];

    public byte Code => _bytes[1];

    public bool HasRightChecksum => InternetChecksum.Of(_bytes) == 0;

    /// <summary>Of an echo: which program asks.</summary>
    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>Of an echo: its number.</summary>
    public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>Of a redirect: the router that is nearer.</summary>
    public IpAddress Gateway => IpAddress.Read(_bytes[4..8]);

    /// <summary>Of a parameter problem: the byte of the quoted packet at which the trouble was found.</summary>
    public byte Pointer => _bytes[4];

    /// <summary>Of 'fragmentation needed' (RFC 1191 §4).</summary>
    public ushort Mtu => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>An echo's data; of an error: the packet that it is about.</summary>
    public ReadOnlySpan<byte> Data => _bytes[Length..];

    public ReadOnlySpan<byte> Whole => _bytes;

    /// <summary>An error tells of another packet, and must never earn an error itself (RFC 1122 §3.2.2). Source quench (4) is one of old.</summary>
    public static bool IsError(IcmpType type) => (byte)type is 3 or 4 or 5 or 11 or 12;

    /// <summary>Writes type, code, checksum and the four bytes into a message whose data is in place.</summary>
    public static void Write(Span<byte> message, IcmpType type, byte code, ushort identifier, ushort sequence) =>
        Write(message, type, code, (uint)(identifier << 16 | sequence));

    public static void Write(Span<byte> message, IcmpType type, byte code, uint rest)
    {
        message[0] = (byte)type;
        message[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], rest);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Of(message));
    }
}
