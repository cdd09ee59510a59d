using System.Buffers.Binary;
using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Dns;

/// <summary>A message that came in, from whom, and the event that brought it. When it was not readable, only its header is known.</summary>
internal readonly record struct DnsRequest(DnsMessage Query, bool IsReadable, Endpoint Client, EventId Because);

/// <summary>The response, and the event that it follows from. No message: nothing is said.</summary>
internal readonly record struct DnsReply(DnsMessage? Message, EventId Because);

/// <summary>
/// Port 53, as every server keeps it: UDP, and TCP for what does not fit (RFC 7766 §5: not optional). What cannot be
/// read is answered with FORMERR if it has a header, and dropped otherwise; a response is never answered.
/// </summary>
internal sealed class DnsService(
    INetwork network,
    string name,
    Func<DnsRequest, CancellationToken, ValueTask<DnsReply>> answer
)
{
    private const int MaxConnections = 100;
    private static readonly Duration IdleTimeout = Duration.FromSeconds(10);

    private int _connections;

    public async Task RunAsync(CancellationToken stop)
    {
        using var listener = network.Listen(Port.Domain);
        using var socket = network.OpenDatagram(new Endpoint(IpAddress.Any6, Port.Domain));
        network.Loop.Start($"{name} (TCP)", () => AcceptAsync(listener, stop));
        var buffer = new byte[DnsMessage.MaxLength];
        while (true)
        {
            Received received;
            try
            {
                received = await socket.ReceiveFromAsync(buffer, stop);
            }
            catch (SocketException)
            {
                // An ICMP error about an answer to somebody who has gone: the others go on being served.
                continue;
            }
            if (TryRead(buffer.AsSpan(0, received.Length), received.From, received.Because, out var request))
                network.Loop.Start(name, () => AnswerDatagramAsync(socket, request, stop));
        }
    }

    private async Task AnswerDatagramAsync(DatagramSocket socket, DnsRequest request, CancellationToken stop)
    {
        var reply = await AnswerAsync(request, stop);
        if (reply.Message is null)
            return;
        // RFC 6891 §6.2.5: the asker says what it can take; less than 512 means 512.
        var limit = request.Query.Edns is { } edns
            ? Math.Clamp(edns.UdpPayloadSize, (ushort)DnsMessage.MaxUdpLength, Edns.DefaultPayloadSize)
            : DnsMessage.MaxUdpLength;
        try
        {
            await socket.SendToAsync(reply.Message.ToBytes(limit), request.Client, reply.Because, stop);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // No way back to the client; it will ask again.
        }
    }

    private async Task AcceptAsync(Listener listener, CancellationToken stop)
    {
        await foreach (var connection in listener.AcceptAllAsync(stop))
        {
            if (_connections >= MaxConnections)
                await connection.DisposeAsync();
            else
                network.Loop.Start($"{name} (TCP)", () => ConverseAsync(connection, stop));
        }
    }

    /// <summary>Question after question on one connection, until the client closes it or is idle for too long.</summary>
    private async Task ConverseAsync(TcpStream connection, CancellationToken stop)
    {
        _connections++;
        try
        {
            await using (connection)
            {
                while (await ReadRequestAsync(connection, stop) is { } request)
                {
                    var reply = await AnswerAsync(request, stop);
                    if (reply.Message is null)
                        return;
                    connection.Because = reply.Because;
                    await connection.WriteAsync(DnsFraming.Frame(reply.Message), stop);
                }
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
        catch (SocketException)
        {
            // So it has.
        }
        finally
        {
            _connections--;
        }
    }

    private async ValueTask<DnsRequest?> ReadRequestAsync(TcpStream connection, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(IdleTimeout.ToTimeSpan(), network.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            var bytes = await DnsFraming.ReadAsync(connection, either.Token);
            return
                bytes is not null && TryRead(bytes, connection.RemoteEndpoint, connection.LastArrival, out var request)
                ? request
                : null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private ValueTask<DnsReply> AnswerAsync(DnsRequest request, CancellationToken stop) =>
        request.IsReadable
            ? answer(request, stop)
            : ValueTask.FromResult(new DnsReply(request.Query.Respond(Rcode.FormatError), request.Because));

    private static bool TryRead(ReadOnlySpan<byte> bytes, Endpoint client, EventId because, out DnsRequest request)
    {
        request = default;
        if (!DnsHeader.TryRead(bytes, out var header) || header.IsResponse)
            return false;
        var readable = DnsMessage.TryRead(bytes, out var query);
        query ??= new()
        {
            Id = header.Id,
            Flags = header.Flags,
            Opcode = header.Opcode,
        };
        request = new(query, readable, client, because);
        return true;
    }
}

/// <summary>Messages on a stream: two octets of length before each (RFC 1035 §4.2.2).</summary>
internal static class DnsFraming
{
    /// <summary>Length and message in one write, so that they leave in one segment (RFC 7766 §8).</summary>
    public static byte[] Frame(DnsMessage message)
    {
        var bytes = new byte[2 + DnsMessage.MaxLength];
        var length = message.Write(bytes.AsSpan(2));
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)length);
        return bytes[..(2 + length)];
    }

    /// <summary>Null when the peer closed, whether between messages or in one.</summary>
    public static async ValueTask<byte[]?> ReadAsync(Stream stream, CancellationToken stop)
    {
        var length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, stop) < 2)
            return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        var read = await stream.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, stop);
        return read < message.Length ? null : message;
    }
}
