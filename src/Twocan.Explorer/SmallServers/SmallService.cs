using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// A service of one small conversation, as inetd has always had them: what is said on a connection, and, if it speaks UDP too, what
/// answers a datagram. <see cref="SmallServer"/> runs it.
/// </summary>
/// <param name="Name">As world files and <c>twocan serve</c> call it, and as /etc/services does.</param>
/// <param name="Converse">Holds the conversation; when it ends, the connection is closed.</param>
/// <param name="Reply">The answer to a datagram, null for none; null where the service knows TCP alone.</param>
public sealed record SmallService(
    string Name,
    Port Port,
    Func<INetwork, TcpStream, CancellationToken, Task> Converse,
    Func<INetwork, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>? Reply = null
)
{
    /// <summary>Sends a text and nothing else.</summary>
    internal static async Task SayAsync(TcpStream stream, ReadOnlyMemory<byte> text, CancellationToken stop)
    {
        await stream.WriteAsync(text, stop);
        stream.ShutdownWrite();
        await DiscardService.SwallowAsync(stream, stop);
    }
}

/// <summary>Runs a <see cref="SmallService"/> on any network, over TCP and UDP.</summary>
public sealed class SmallServer(SmallService service, Endpoint? listen = null) : IProgram
{
    private const int MaxConnections = 1000;

    /// <summary>
    /// A datagram from one such service to another would be answered for ever, by both: with a forged source somebody else starts
    /// that storm (CERT CA-1996-01). So what comes from these ports is not answered.
    /// </summary>
    private static readonly Port[] s_thatAnswerAnything =
    [
        EchoService.Port,
        DaytimeService.Port,
        ChargenService.Port,
        TimeService.Port,
    ];

    private int _conversations;

    public string Name => service.Name;

    public Endpoint Listen { get; } = listen ?? new(IpAddress.Any6, service.Port);

    /// <summary>The only subnets that it serves; null is everybody.</summary>
    public IReadOnlyList<Subnet>? Admits { get; init; }

    /// <summary>Connections that were taken, and datagrams that were answered.</summary>
    public long Served { get; private set; }

    /// <summary>Told where it listens, once it does.</summary>
    public Action<Endpoint>? Ready { get; init; }

    public async Task RunAsync(INetwork network, CancellationToken stop)
    {
        using var listener = network.Listen(Listen, new ListenOptions { Admits = Admits });
        using var socket = service.Reply is null ? null : network.OpenDatagram(listener.LocalEndpoint);
        if (socket is not null)
            network.Loop.Start($"{Name} (UDP)", () => AnswerAsync(network, socket, stop));
        Ready?.Invoke(listener.LocalEndpoint);
        await foreach (var stream in listener.AcceptAllAsync(stop))
        {
            if (_conversations >= MaxConnections)
                await stream.DisposeAsync();
            else
                network.Loop.Start($"{Name} {stream.Descriptor}", () => ConverseAsync(network, stream, stop));
        }
    }

    private async Task ConverseAsync(INetwork network, TcpStream stream, CancellationToken stop)
    {
        _conversations++;
        Served++;
        try
        {
            using (stream)
                await service.Converse(network, stream, stop);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // The client has gone, or the server goes: there is nobody left to tell.
        }
        finally
        {
            _conversations--;
        }
    }

    private async Task AnswerAsync(INetwork network, DatagramSocket socket, CancellationToken stop)
    {
        var buffer = new byte[ushort.MaxValue];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var received = await socket.ReceiveFromAsync(buffer, stop);
                if (
                    s_thatAnswerAnything.Contains(received.From.Port)
                    || !ListenOptions.IsAdmitted(Admits, received.From.Address)
                    || service.Reply!(network, buffer.AsMemory(0, received.Length)) is not { } reply
                )
                    continue;
                Served++;
                await socket.SendToAsync(reply, received.From, received.Because, stop);
            }
            catch (SocketException gone) when (gone.SocketErrorCode != SocketError.OperationAborted)
            {
                // An ICMP error about an answer to somebody who has gone: the others go on being served.
            }
            catch (Exception over) when (over is SocketException or OperationCanceledException)
            {
                return;
            }
        }
    }
}
