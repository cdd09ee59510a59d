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

    public static AddressFamily FamilyOf(IpAddress address) =>
        address.IsV4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    public static IPEndPoint ToSystem(Endpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        endpoint.Address.Write(bytes);
        var address = endpoint.Address.IsV4 ? new IPAddress(bytes[..4]) : new IPAddress(bytes, endpoint.Scope);
        return new(address, endpoint.Port.Number);
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

    public void Set(Endpoint endpoint)
    {
        var bytes = Raw.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port.Number);
        if (family == AddressFamily.InterNetwork)
        {
            // A socket for IPv4 alone knows no way to others.
            if (!endpoint.Address.IsV4)
                throw new SocketException((int)SocketError.AddressFamilyNotSupported);
            endpoint.Address.Write(bytes[4..]);
            return;
        }
        var address = bytes.Slice(8, 16);
        address.Clear();
        endpoint.Address.Write(endpoint.Address.IsV4 ? address[12..] : address);
        if (endpoint.Address.IsV4)
            (address[10], address[11]) = (0xFF, 0xFF);
        BitConverter.TryWriteBytes(bytes[24..], endpoint.Scope);
    }

    public Endpoint Get()
    {
        var bytes = Raw.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        // An IPv4 address in its IPv6 form is one and the same to us.
        return new(IpAddress.Read(family == AddressFamily.InterNetwork ? bytes.Slice(4, 4) : bytes.Slice(8, 16)), port);
    }
}
