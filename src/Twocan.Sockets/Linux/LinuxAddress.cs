using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>Endpoints as Linux's calls write them: struct sockaddr_in and sockaddr_in6.</summary>
internal static class LinuxAddress
{
    public const int MaxLength = 28;
    public const ushort Ipv4 = 2; // AF_INET
    public const ushort Ipv6 = 10; // AF_INET6

    /// <summary>How many bytes it took; 0 if a socket of that family has no way to such an address.</summary>
    public static int Write(Endpoint endpoint, IpFamily family, Span<byte> into)
    {
        into[..MaxLength].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(into[2..], endpoint.Port.Number);
        var address = endpoint.Address;
        if (family == IpFamily.V4)
        {
            // '::' with no more said is 'any'.
            if (!address.IsV4 && !address.IsAny)
                return 0;
            BitConverter.TryWriteBytes(into, Ipv4);
            if (address.IsV4)
                address.Write(into[4..]);
            return 16;
        }
        BitConverter.TryWriteBytes(into, Ipv6);
        BinaryPrimitives.WriteUInt64BigEndian(into[8..], address.High);
        BinaryPrimitives.WriteUInt64BigEndian(into[16..], address.Low);
        BitConverter.TryWriteBytes(into[24..], endpoint.Scope);
        return MaxLength;
    }

    /// <summary>An IPv4 address in its IPv6 form is one and the same to us.</summary>
    public static Endpoint Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < 8)
            return Endpoint.Any;
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        switch (BitConverter.ToUInt16(address))
        {
            case Ipv4:
                return new(IpAddress.Read(address.Slice(4, 4)), port);
            case Ipv6 when address.Length >= 24:
                var scope = address.Length >= MaxLength ? BitConverter.ToInt32(address[24..]) : 0;
                return new(IpAddress.Read(address.Slice(8, 16)), port) { Scope = scope };
            default:
                return Endpoint.Any;
        }
    }
}
