using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

public enum PortState
{
    /// <summary>A program listens there.</summary>
    Open,

    /// <summary>The host is there and says that nobody listens.</summary>
    Closed,

    /// <summary>Nobody says anything, or a machine on the way says no.</summary>
    Filtered,
}

/// <summary>What became of a probe.</summary>
/// <param name="Why">What the state is known from, as <c>netstat</c>'s readers know it: <c>syn-ack</c>, <c>reset</c>, <c>no answer</c>, or an ICMP error.</param>
public readonly record struct PortAnswer(Port Port, PortState State, string Why, Duration Time);

public sealed record ScanSettings
{
    /// <summary>How long each probe waits for an answer.</summary>
    public Duration Wait { get; init; } = Duration.FromSeconds(1);

    /// <summary>How many probes are under way at once.</summary>
    public int AtOnce { get; init; } = 64;

    /// <summary>
    /// Half-open: a SYN, and no connection. The answer shows whether somebody listens; our own host, which knows of no such
    /// connection, then resets it. Only a host of a world sends what a program has made by hand.
    /// </summary>
    public bool HalfOpen { get; init; }

    /// <summary>Datagrams in place of connections.</summary>
    public bool Datagrams { get; init; }
}

/// <summary>Knocks at ports of a host, many at once, and listens to what comes back.</summary>
public sealed class PortScanner(INetwork network, IpAddress target, ScanSettings settings)
{
    private readonly Signal _changed = new(network.Loop, network.Name, $"answers from the ports of {target}");
    private int _next;
    private int _running;

    /// <summary>The answers in the order of the ports.</summary>
    public async Task<IReadOnlyList<PortAnswer>> ScanAsync(IReadOnlyList<Port> ports, CancellationToken stop = default)
    {
        var answers = new PortAnswer?[ports.Count];
        using var prober = settings.HalfOpen ? new SynProber(Stack(), target) : null;
        _next = 0;
        for (var i = 0; i < Math.Min(settings.AtOnce, ports.Count); i++)
        {
            _running++;
            network.Loop.Start($"scan {target}", () => WorkAsync(ports, answers, prober, stop));
        }
        while (_running > 0)
            await _changed.WaitAsync(CancellationToken.None); // they stop by themselves
        stop.ThrowIfCancellationRequested();
        return [.. answers.Select(answer => answer!.Value)];
    }

    private ProtocolStack Stack() =>
        network as ProtocolStack ?? throw new SocketException((int)SocketError.OperationNotSupported);

    private async Task WorkAsync(
        IReadOnlyList<Port> ports,
        PortAnswer?[] answers,
        SynProber? prober,
        CancellationToken stop
    )
    {
        try
        {
            while (_next < ports.Count && !stop.IsCancellationRequested)
            {
                var index = _next++;
                answers[index] = await ProbeAsync(ports[index], prober, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody has heard enough.
        }
        finally
        {
            _running--;
            _changed.Set();
        }
    }

    private async Task<PortAnswer> ProbeAsync(Port port, SynProber? prober, CancellationToken stop)
    {
        var began = network.Loop.Now;
        using var patience = new CancellationTokenSource(settings.Wait.ToTimeSpan(), network.Loop.TimeProvider);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        var (state, why) = (PortState.Filtered, "no answer");
        try
        {
            (state, why) =
                prober is not null ? await prober.ProbeAsync(port, end.Token)
                : settings.Datagrams ? await SendAsync(new(target, port), end.Token)
                : await ConnectAsync(new(target, port), end.Token);
        }
        catch (SocketException failure)
        {
            (state, why) =
                failure.SocketErrorCode == SocketError.ConnectionRefused
                    ? (PortState.Closed, settings.Datagrams ? "port unreachable" : "reset")
                    : (PortState.Filtered, Errno.NameOf(failure.SocketErrorCode));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // UDP says nothing when all is well, and nothing when nothing is.
        }
        return new(port, state, why, network.Loop.Now - began);
    }

    private async Task<(PortState, string)> ConnectAsync(Endpoint remote, CancellationToken end)
    {
        using var stream = await network.ConnectAsync(remote, default, end);
        return (PortState.Open, "syn-ack");
    }

    private async Task<(PortState, string)> SendAsync(Endpoint remote, CancellationToken end)
    {
        using var socket = network.OpenDatagram();
        await socket.ConnectAsync(remote);
        await socket.SendToAsync(ReadOnlyMemory<byte>.Empty, remote, default, end);
        await socket.ReceiveFromAsync(new byte[1], end);
        return (PortState.Open, "an answer");
    }
}
