using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>The kernel keeps an ICMP error as numbers beside the packet that it is about; here it is again the message that it was.</summary>
internal static class HostIcmpError
{
    private const int Header = 8;

    public static bool TryReceive(SystemSocket socket, Span<byte> into, out Received received)
    {
        received = default;
        Span<byte> quoted = stackalloc byte[512];
        if (!socket.TryReceiveError(quoted, out var error, out var length))
            return false;
        var isV4 = error.To.Address.IsV4;
        var ip = isV4 ? 20 : 40;
        length = Math.Min(length, into.Length - Header - ip);
        var message = into[..(Header + ip + length)];
        message.Clear();
        (message[0], message[1]) = (error.Type, error.Code);
        // Where RFC 1191 has the MTU of 'fragmentation needed', and RFC 4443 that of 'packet too big'.
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], error.Mtu);
        var header = message.Slice(Header, ip);
        header[0] = (byte)(isV4 ? 0x45 : 0x60);
        BinaryPrimitives.WriteUInt16BigEndian(header[(isV4 ? 2 : 4)..], (ushort)(isV4 ? ip + length : length));
        header[isV4 ? 9 : 6] = (byte)(isV4 ? 1 : 58);
        error.To.Address.Write(header[(isV4 ? 16 : 24)..]);
        if (isV4)
            BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Of(header));
        quoted[..length].CopyTo(message[(Header + ip)..]);
        if (isV4)
            BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Of(message));
        received = new(message.Length, new(error.From, Port.Any), 0, default);
        return true;
    }
}
