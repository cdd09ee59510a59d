using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The types of ICMPv6 that are spoken here: those below 128 are errors.</summary>
public enum Icmpv6Type : byte
{
    // RFC 4443.
    DestinationUnreachable = 1,
    PacketTooBig = 2,
    TimeExceeded = 3,
    ParameterProblem = 4,
    EchoRequest = 128,
    EchoReply = 129,

    // RFC 2710 and 3810: multicast listener discovery.
    MulticastListenerQuery = 130,
    MulticastListenerReport = 131,
    MulticastListenerDone = 132,
    MulticastListenerReportV2 = 143,

    // RFC 4861: neighbour discovery.
    RouterSolicitation = 133,
    RouterAdvertisement = 134,
    NeighbourSolicitation = 135,
    NeighbourAdvertisement = 136,
    Redirect = 137,
}

/// <summary>Codes of ICMPv6: what they mean depends on the type.</summary>
public static class Icmpv6Code
{
    // Of DestinationUnreachable:
    public const byte NoRoute = 0;
    public const byte Prohibited = 1;
    public const byte BeyondScope = 2;
    public const byte AddressUnreachable = 3;
    public const byte PortUnreachable = 4;
    public const byte SourceRefused = 5;
    public const byte RouteRejected = 6;

    // Of TimeExceeded:
    public const byte InTransit = 0;
    public const byte InReassembly = 1;

    // Of ParameterProblem:
    public const byte ErroneousField = 0;
    public const byte UnknownNextHeader = 1;
    public const byte UnknownOption = 2;

    /// <summary>RFC 7112: the first fragment does not hold all headers.</summary>
    public const byte IncompleteHeaderChain = 3;
}

/// <summary>An ICMPv6 message (RFC 4443 §2.1), seen in the bytes that carry it: type, code, checksum, four bytes more, then data.</summary>
public readonly ref struct Icmpv6Header
{
    public const int Length = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private Icmpv6Header(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public static bool TryRead(ReadOnlySpan<byte> message, out Icmpv6Header header)
    {
        header = message.Length < Length ? default : new(message);
        return message.Length >= Length;
    }

    public Icmpv6Type Type => (Icmpv6Type)_bytes[0];

    public byte Code => _bytes[1];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    /// <summary>Of an echo: which program asks.</summary>
    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    /// <summary>Of an echo: its number.</summary>
    public ushort Sequence => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    /// <summary>Of 'packet too big'.</summary>
    public uint Mtu => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>Of 'parameter problem': the byte of the packet at which it was found.</summary>
    public uint Pointer => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);

    /// <summary>An echo's data; of an error: the packet that it is about.</summary>
    public ReadOnlySpan<byte> Data => _bytes[Length..];

    public ReadOnlySpan<byte> Whole => _bytes;

    /// <summary>§2.1: an error tells of another packet, and must never earn an error itself; nor must a redirect (§2.4 e.2).</summary>
    public static bool IsError(Icmpv6Type type) => (byte)type < 128;

    /// <summary>Unlike that of ICMP for IPv4 it covers the addresses too.</summary>
    public bool HasRightChecksum(IpAddress source, IpAddress destination) =>
        ComputeChecksum(source, destination, _bytes) == 0;

    /// <summary>Over pseudo-header and message (RFC 8200 §8.1): zero when the field already holds the right one.</summary>
    public static ushort ComputeChecksum(IpAddress source, IpAddress destination, ReadOnlySpan<byte> message)
    {
        var sum = new InternetChecksum();
        sum.Add(source);
        sum.Add(destination);
        sum.Add((ushort)IpProtocol.IcmpV6);
        sum.Add((uint)message.Length);
        sum.Add(message);
        return sum.Value;
    }

    /// <summary>Writes type, code, checksum and the four bytes into a message whose data is in place.</summary>
    public static void Write(
        Span<byte> message,
        Icmpv6Type type,
        byte code,
        uint fourBytes,
        IpAddress source,
        IpAddress destination
    )
    {
        message[0] = (byte)type;
        message[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], fourBytes);
        Seal(message, source, destination);
    }

    /// <summary>Puts the checksum into a message that is otherwise whole.</summary>
    public static void Seal(Span<byte> message, IpAddress source, IpAddress destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], ComputeChecksum(source, destination, message));
    }

    /// <summary>What a message says, for people.</summary>
    public static string Describe(Icmpv6Type type, byte code, Language language)
    {
        var (english, korean) = (type, code) switch
        {
            (Icmpv6Type.EchoReply, _) => ("echo reply", "에코 응답"),
            (Icmpv6Type.EchoRequest, _) => ("echo request", "에코 요청"),
            (Icmpv6Type.DestinationUnreachable, Icmpv6Code.NoRoute) => (
                "no route to the destination",
                "목적지로 가는 경로가 없음"
            ),
            (Icmpv6Type.DestinationUnreachable, Icmpv6Code.Prohibited) => ("communication prohibited", "통신이 금지됨"),
            (Icmpv6Type.DestinationUnreachable, Icmpv6Code.BeyondScope) => (
                "beyond the scope of the source address",
                "출발지 주소의 범위를 벗어남"
            ),
            (Icmpv6Type.DestinationUnreachable, Icmpv6Code.AddressUnreachable) => (
                "address unreachable",
                "주소에 닿을 수 없음"
            ),
            (Icmpv6Type.DestinationUnreachable, Icmpv6Code.PortUnreachable) => (
                "port unreachable",
                "그 포트에는 아무도 없음"
            ),
            (Icmpv6Type.DestinationUnreachable, _) => ("destination unreachable", "목적지에 닿을 수 없음"),
            (Icmpv6Type.PacketTooBig, _) => ("too big for the next link", "패킷이 다음 링크에 너무 큼"),
            (Icmpv6Type.TimeExceeded, Icmpv6Code.InTransit) => ("hop limit exceeded", "홉 제한이 다함"),
            (Icmpv6Type.TimeExceeded, _) => (
                "time exceeded while fragments were awaited",
                "조각을 기다리다 시간이 다함"
            ),
            (Icmpv6Type.ParameterProblem, Icmpv6Code.UnknownNextHeader) => (
                "a next header that is not known",
                "모르는 다음 헤더"
            ),
            (Icmpv6Type.ParameterProblem, Icmpv6Code.UnknownOption) => ("an option that is not known", "모르는 옵션"),
            (Icmpv6Type.ParameterProblem, Icmpv6Code.IncompleteHeaderChain) => (
                "a first fragment without all headers",
                "첫 조각에 헤더가 다 들어 있지 않음"
            ),
            (Icmpv6Type.ParameterProblem, _) => ("parameter problem", "헤더에 잘못이 있음"),
            (Icmpv6Type.RouterSolicitation, _) => ("router solicitation", "라우터 요청"),
            (Icmpv6Type.RouterAdvertisement, _) => ("router advertisement", "라우터 광고"),
            (Icmpv6Type.NeighbourSolicitation, _) => ("neighbour solicitation", "이웃 요청"),
            (Icmpv6Type.NeighbourAdvertisement, _) => ("neighbour advertisement", "이웃 광고"),
            (Icmpv6Type.Redirect, _) => ("redirect", "경로 재지정"),
            (Icmpv6Type.MulticastListenerQuery, _) => ("multicast listener query", "멀티캐스트 수신자 질의"),
            (Icmpv6Type.MulticastListenerReport or Icmpv6Type.MulticastListenerReportV2, _) => (
                "multicast listener report",
                "멀티캐스트 수신자 보고"
            ),
            (Icmpv6Type.MulticastListenerDone, _) => ("multicast listener done", "멀티캐스트 수신 종료"),
            _ => ($"type {(byte)type} code {code}", $"타입 {(byte)type} 코드 {code}"),
        };
        return language == Language.Korean ? korean : english;
    }
}
