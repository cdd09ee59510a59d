using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

public enum ArpOperation : ushort
{
    Request = 1,
    Reply = 2,
}

/// <summary>An ARP message for IPv4 over Ethernet (RFC 826): 'who has the target's address? I am the sender'.</summary>
public readonly record struct ArpMessage(
    ArpOperation Operation,
    MacAddress SenderMac,
    IpAddress Sender,
    MacAddress TargetMac,
    IpAddress Target
)
{
    public const int Length = 28;

    private const uint EthernetAndIpv4 = 0x0001_0800;
    private const ushort AddressLengths = 0x0604;

    /// <summary>False for other kinds of hardware and protocol, for other operations, and for what is cut off.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ArpMessage message)
    {
        message = default;
        if (
            bytes.Length < Length
            || BinaryPrimitives.ReadUInt32BigEndian(bytes) != EthernetAndIpv4
            || BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) != AddressLengths
        )
            return false;
        var operation = (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        if (operation is not (ArpOperation.Request or ArpOperation.Reply))
            return false;
        message = new(
            operation,
            MacAddress.Read(bytes[8..]),
            IpAddress.Read(bytes[14..18]),
            MacAddress.Read(bytes[18..]),
            IpAddress.Read(bytes[24..28])
        );
        return true;
    }

    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt32BigEndian(into, EthernetAndIpv4);
        BinaryPrimitives.WriteUInt16BigEndian(into[4..], AddressLengths);
        BinaryPrimitives.WriteUInt16BigEndian(into[6..], (ushort)Operation);
        SenderMac.Write(into[8..]);
        Sender.Write(into[14..]);
        TargetMac.Write(into[18..]);
        Target.Write(into[24..]);
    }
}
