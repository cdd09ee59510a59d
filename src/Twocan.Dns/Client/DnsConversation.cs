using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>A response as it came: its length on the wire, by which transport, and the event that brought it.</summary>
internal readonly record struct DnsReceived(DnsMessage Message, int Length, bool OverTcp, EventId Because);

/// <summary>
/// One question to one server. Each has a socket of its own with a random port, and takes only a response with its id, its question
/// and that server's address: all that, a forger who does not see the query has to guess (RFC 5452).
/// </summary>
internal static class DnsConversation
{
    private const int FirstPort = 1024;
    private const int PortAttempts = 16;

    /// <summary>We ask without EDNS, so nobody should send more than 512; who does is still heard.</summary>
    private const int ReceiveLength = 4096;

    /// <summary>Waits until the response is here or <paramref name="stop"/> says that it has been long enough.</summary>
    public static async ValueTask<DnsReceived> AskAsync(
        INetwork network,
        RandomSource random,
        Endpoint server,
        DnsMessage query,
        EventId because,
        CancellationToken stop
    )
    {
        using var socket = Open(network, random, server.Address, because);
        // Connected, the socket hears nobody else, and learns when the server's host says 'port unreachable'.
        await socket.ConnectAsync(server, because);
        await socket.SendToAsync(query.ToBytes(), server, because, stop);
        var buffer = new byte[ReceiveLength];
        while (true)
        {
            if (
                await ReceiveAsync(socket, buffer, stop) is { } received
                && received.From == server
                && DnsMessage.TryRead(buffer.AsSpan(0, received.Length), out var response)
                && response.IsResponseTo(query)
            )
                return new(response, received.Length, OverTcp: false, received.Because);
        }
    }

    /// <summary>Null for an error that may pass: that a host is unreachable now says nothing about a moment later (RFC 1122 §3.2.2.1).</summary>
    private static async ValueTask<Received?> ReceiveAsync(
        DatagramSocket socket,
        Memory<byte> buffer,
        CancellationToken stop
    )
    {
        try
        {
            return await socket.ReceiveFromAsync(buffer, stop);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.HostUnreachable)
        {
            return null;
        }
    }

    /// <summary>The same over TCP: for what was too long for a datagram.</summary>
    public static async ValueTask<DnsReceived> AskOverTcpAsync(
        INetwork network,
        Endpoint server,
        DnsMessage query,
        EventId because,
        CancellationToken stop
    )
    {
        await using var stream = await network.ConnectAsync(server, because, stop);
        await stream.WriteAsync(DnsFraming.Frame(query), stop);
        var bytes = await DnsFraming.ReadAsync(stream, stop);
        return bytes is not null && DnsMessage.TryRead(bytes, out var response) && response.IsResponseTo(query)
            ? new(response, bytes.Length, OverTcp: true, stream.LastArrival)
            : throw new SocketException((int)SocketError.ConnectionReset);
    }

    private static DatagramSocket Open(INetwork network, RandomSource random, IpAddress server, EventId because)
    {
        var any = server.IsV4 ? IpAddress.Any : IpAddress.Any6;
        for (var attempt = 0; attempt < PortAttempts; attempt++)
        {
            var port = (ushort)random.Next(FirstPort, 65536);
            try
            {
                return network.OpenDatagram(new Endpoint(any, port), because);
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody has that one; draw again.
            }
        }
        return network.OpenDatagram(because: because);
    }
}
