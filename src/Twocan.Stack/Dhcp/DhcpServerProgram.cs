using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Stack;

/// <summary>Lends addresses to who asks on one link: drives a <see cref="DhcpServer"/>, and pings each address before it is offered.</summary>
/// <param name="adapter">The number of the adapter on that link, from 1.</param>
/// <param name="leases">Those of an earlier life; null begins an empty book.</param>
public sealed class DhcpServerProgram(int adapter, DhcpServerSettings settings, DhcpLeases? leases = null) : IProgram
{
    /// <summary>Who does not answer within that time is taken not to be there.</summary>
    private static readonly Duration ProbeTime = Duration.FromMilliseconds(500);

    public string Name => "dhcp server";

    public int AdapterNumber => adapter;

    public DhcpServer Server { get; } = new(settings, leases);

    /// <summary>The same after a restart: its book of leases is on a disk (RFC 2131 §2.1), the rest is forgotten.</summary>
    public DhcpServerProgram Again() => new(adapter, settings, Server.Leases);

    public async Task RunAsync(INetwork network, CancellationToken stop)
    {
        using var socket = new DhcpSocket(network, adapter, DhcpMessage.ServerPort);
        while (true)
        {
            var (message, because) = await socket.ReceiveAsync(stop);
            var exhausted = Server.Exhausted;
            Server.OnMessage(message, network.Loop.Now);
            if (Server.Exhausted > exhausted)
                network.Journal?.Tell(new DhcpExhausted(message.Client), because);
            await StepAsync(network, socket, because, stop);
        }
    }

    private async Task StepAsync(INetwork network, DhcpSocket socket, EventId because, CancellationToken stop)
    {
        while (Server.TryProbe(out var address))
        {
            network.Loop.Start(
                $"{Name} on {network.Name} looking for {address}",
                () => ProbeAsync(network, socket, address, because, stop)
            );
        }
        while (Server.TryReply(out var reply))
            await socket.SendAsync(reply, because);
    }

    private async Task ProbeAsync(
        INetwork network,
        DhcpSocket socket,
        IpAddress address,
        EventId because,
        CancellationToken stop
    )
    {
        var isTaken = await AnswersAsync(network, address, because, stop);
        if (stop.IsCancellationRequested)
            return;
        if (isTaken && network.Journal is { } journal)
            because = journal.Tell(new DhcpAddressTaken(address), because);
        Server.OnProbed(address, isTaken, network.Loop.Now);
        await StepAsync(network, socket, because, stop);
    }

    private static async Task<bool> AnswersAsync(
        INetwork network,
        IpAddress address,
        EventId because,
        CancellationToken stop
    )
    {
        try
        {
            using var ping = network.OpenIcmp(because);
            using var time = new CancellationTokenSource(ProbeTime.ToTimeSpan(), network.Loop.TimeProvider);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, stop);
            await ping.ConnectAsync(new(address, Port.Any), because);
            var request = new byte[IcmpHeader.Length];
            IcmpHeader.Write(request, IcmpType.EchoRequest, 0, 0, 1);
            await ping.SendToAsync(request, default, because, stop);
            var answer = new byte[64];
            var received = await ping.ReceiveFromAsync(answer, both.Token);
            // It may be an error instead, and that is nobody's answer.
            return received.Length > 0 && (IcmpType)answer[0] == IcmpType.EchoReply;
        }
        catch (Exception failure) when (failure is OperationCanceledException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
