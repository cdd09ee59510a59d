using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>
/// Finds the routers on the way to a host: sends packets that live for one hop, for two, for three, and hears who
/// throws each away. One probe at a time; an answer that comes after its time counts as none.
/// </summary>
public sealed class Tracer
{
    private readonly INetwork _network;
    private readonly IpAddress _target;
    private readonly TraceSettings _settings;
    private readonly Action<TraceHop> _tell;

    /// <param name="tell">Told each hop as soon as its probes are answered.</param>
    public Tracer(INetwork network, IpAddress target, TraceSettings settings, Action<TraceHop>? tell = null) =>
        (_network, _target, _settings, _tell) = (network, target, settings, tell ?? (static _ => { }));

    /// <summary>Throws <see cref="System.Net.Sockets.SocketException"/> when not even the own host knows a way.</summary>
    public async Task<TraceReport> RunAsync(EventId because = default, CancellationToken stop = default)
    {
        var began = _network.Loop.Now;
        var hops = new List<TraceHop>();
        using var probes = TraceProbes.Open(_network, _target, _settings, because);
        var number = 0;
        for (var timeToLive = _settings.First; timeToLive <= _settings.Max; timeToLive++)
        {
            var answers = new List<TraceProbe>();
            for (var query = 0; query < _settings.Queries; query++)
                answers.Add(await AskAsync(probes, ++number, timeToLive, because, stop));
            hops.Add(new(timeToLive, answers));
            _tell(hops[^1]);
            // Whoever lives longer gets no farther.
            if (answers.Any(answer => answer.IsAtTarget || answer.IsDeadEnd))
                break;
        }
        return new(_target, hops, _network.Loop.Now - began);
    }

    private async Task<TraceProbe> AskAsync(
        TraceProbes probes,
        int number,
        int timeToLive,
        EventId because,
        CancellationToken stop
    )
    {
        var sent = _network.Loop.Now;
        await probes.SendAsync(number, timeToLive, because, stop);
        using var patience = new CancellationTokenSource(_settings.Wait.ToTimeSpan(), _network.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            while (true)
            {
                var (about, answer) = await probes.HearAsync(either.Token);
                if (about == number)
                    return answer with { Time = _network.Loop.Now - sent };
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return TraceProbe.Silence;
        }
    }
}
