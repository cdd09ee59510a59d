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

    /// <summary>Of 'fragmentation needed' (RFC 1191 §4).</summary>
    public ushort Mtu => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>An echo's data; of an error: the packet that it is about.</summary>
    public ReadOnlySpan<byte> Data => _bytes[Length..];

    public ReadOnlySpan<byte> Whole => _bytes;

    /// <summary>An error tells of another packet, and must never earn an error itself (RFC 1122 §3.2.2). Source quench (4) is one of old.</summary>
    public static bool IsError(IcmpType type) => (byte)type is 3 or 4 or 5 or 11 or 12;

    /// <summary>Writes type, code, checksum and the four bytes into a message whose data is in place.</summary>
    public static void Write(Span<byte> message, IcmpType type, byte code, ushort identifier, ushort sequence)
    {
        message[0] = (byte)type;
        message[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], sequence);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Of(message));
    }

    /// <summary>What a message says, for people.</summary>
    public static string Describe(IcmpType type, byte code, Language language) =>
        (type, code, language) switch
        {
            (IcmpType.EchoReply, _, Language.Korean) => "에코 응답",
            (IcmpType.EchoReply, _, _) => "echo reply",
            (IcmpType.EchoRequest, _, Language.Korean) => "에코 요청",
            (IcmpType.EchoRequest, _, _) => "echo request",
            (IcmpType.DestinationUnreachable, IcmpCode.NetworkUnreachable, Language.Korean) =>
                "네트워크에 닿을 수 없음",
            (IcmpType.DestinationUnreachable, IcmpCode.NetworkUnreachable, _) => "network unreachable",
            (IcmpType.DestinationUnreachable, IcmpCode.HostUnreachable, Language.Korean) => "호스트에 닿을 수 없음",
            (IcmpType.DestinationUnreachable, IcmpCode.HostUnreachable, _) => "host unreachable",
            (IcmpType.DestinationUnreachable, IcmpCode.ProtocolUnreachable, Language.Korean) => "모르는 프로토콜",
            (IcmpType.DestinationUnreachable, IcmpCode.ProtocolUnreachable, _) => "protocol unreachable",
            (IcmpType.DestinationUnreachable, IcmpCode.PortUnreachable, Language.Korean) => "그 포트에는 아무도 없음",
            (IcmpType.DestinationUnreachable, IcmpCode.PortUnreachable, _) => "port unreachable",
            (IcmpType.DestinationUnreachable, IcmpCode.FragmentationNeeded, Language.Korean) =>
                "패킷이 다음 링크에 너무 큼",
            (IcmpType.DestinationUnreachable, IcmpCode.FragmentationNeeded, _) => "too big for the next link",
            (IcmpType.TimeExceeded, IcmpCode.InTransit, Language.Korean) => "TTL이 다함",
            (IcmpType.TimeExceeded, IcmpCode.InTransit, _) => "time to live exceeded",
            (IcmpType.TimeExceeded, _, Language.Korean) => "조각을 기다리다 시간이 다함",
            (IcmpType.TimeExceeded, _, _) => "time exceeded while fragments were awaited",
            (IcmpType.ParameterProblem, _, Language.Korean) => "헤더에 잘못이 있음",
            (IcmpType.ParameterProblem, _, _) => "parameter problem",
            (_, _, Language.Korean) => $"타입 {(byte)type} 코드 {code}",
            _ => $"type {(byte)type} code {code}",
        };
}
