#pragma warning disable RS0030 // The operating system's sockets: this folder is where they are known.
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>Endpoints in the operating system's own form (struct sockaddr), without an object for each.</summary>
internal sealed class HostEndpoint(AddressFamily family)
{
    /// <summary>What the calls read and write: family, port in network order, address.</summary>
    public SocketAddress Raw { get; } = new(family);

    /// <param name="on">A socket of IPv6 calls IPv4's addresses by their IPv6 form.</param>
    public static IPEndPoint ToSystem(Endpoint endpoint, IpFamily on)
    {
        Span<byte> bytes = stackalloc byte[16];
        endpoint.Address.Write(bytes);
        var address = endpoint.Address.IsV4 ? new IPAddress(bytes[..4]) : new IPAddress(bytes, endpoint.Scope);
        return new(endpoint.Address.IsV4 && on == IpFamily.V6 ? address.MapToIPv6() : address, endpoint.Port.Number);
    }

    public static Endpoint FromSystem(EndPoint? endpoint)
    {
        if (endpoint is not IPEndPoint { Address: var address, Port: var port })
            return Endpoint.Any;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var read = IpAddress.Read(bytes[..length]);
        return new(read, (ushort)port) { Scope = length == 16 && !read.IsV4 ? (int)address.ScopeId : 0 };
    }

    /// <summary>False: a socket for IPv4 alone knows no way to others.</summary>
    public bool TrySet(Endpoint endpoint)
    {
        var bytes = Raw.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port.Number);
        if (family == AddressFamily.InterNetwork)
        {
            if (!endpoint.Address.IsV4)
                return false;
            endpoint.Address.Write(bytes[4..]);
            return true;
        }
        var address = bytes.Slice(8, 16);
        address.Clear();
        endpoint.Address.Write(endpoint.Address.IsV4 ? address[12..] : address);
        if (endpoint.Address.IsV4)
            (address[10], address[11]) = (0xFF, 0xFF);
        BitConverter.TryWriteBytes(bytes[24..], endpoint.Scope);
        return true;
    }

    public Endpoint Get()
    {
        var bytes = Raw.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        // An IPv4 address in its IPv6 form is one and the same to us.
        return new(IpAddress.Read(family == AddressFamily.InterNetwork ? bytes.Slice(4, 4) : bytes.Slice(8, 16)), port);
    }
}
