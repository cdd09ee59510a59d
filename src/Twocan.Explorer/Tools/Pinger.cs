using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>
/// Asks a host for echoes, one each interval, and listens at the same time: a reply that is slower than the interval is
/// still matched with its request.
/// </summary>
public sealed class Pinger
{
    private readonly INetwork _network;
    private readonly IpAddress _target;
    private readonly PingSettings _settings;
    private readonly Action<PingResult> _tell;
    private readonly Signal _changed;
    private readonly List<Instant> _sent = [];
    private readonly List<PingResult> _results = [];
    private readonly HashSet<int> _answered = [];

    /// <param name="tell">Told each result as it comes.</param>
    public Pinger(INetwork network, IpAddress target, PingSettings settings, Action<PingResult>? tell = null)
    {
        (_network, _target, _settings, _tell) = (network, target, settings, tell ?? (static _ => { }));
        _changed = new(network.Loop, network.Name, $"echo replies from {target}");
    }

    public async Task<PingReport> RunAsync(EventId because = default, CancellationToken stop = default)
    {
        var began = _network.Loop.Now;
        using var socket = _network.OpenIcmp(because);
        socket.SetOption(SocketOption.TimeToLive, _settings.TimeToLive);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var listening = ListenAsync(socket, enough.Token);
        for (var sequence = 1; sequence <= _settings.Count; sequence++)
        {
            if (sequence > 1)
                await _network.Loop.DelayAsync(_settings.Interval, stop);
            await SendAsync(socket, sequence, because, stop);
        }
        await WaitForTheRestAsync(stop);
        enough.Cancel();
        await listening;
        return new(_target, _results, _sent.Count, _network.Loop.Now - began);
    }

    private async Task SendAsync(DatagramSocket socket, int sequence, EventId because, CancellationToken stop)
    {
        var message = new byte[IcmpHeader.Length + _settings.Size];
        // Data that one recognises in a dump: the alphabet of the classic ping, 0x00, 0x01, …
        for (var i = 0; i < _settings.Size; i++)
            message[IcmpHeader.Length + i] = (byte)i;
        IcmpHeader.Write(message, IcmpType.EchoRequest, 0, 0, (ushort)sequence);
        _sent.Add(_network.Loop.Now);
        try
        {
            await socket.SendToAsync(message, new Endpoint(_target, Port.Any), because, stop);
        }
        catch (SocketException refusal)
        {
            var error = new PingError(default, 0, refusal.Message);
            Add(new(sequence, IpAddress.Any, 0, 0, default, false, error));
        }
    }

    private async Task ListenAsync(DatagramSocket socket, CancellationToken enough)
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, enough);
                OnMessage(buffer.AsSpan(0, received.Length), received);
            }
        }
        catch (OperationCanceledException)
        {
            // The pinger has heard enough.
        }
    }

    private void OnMessage(ReadOnlySpan<byte> bytes, in Received received)
    {
        if (!IcmpHeader.TryRead(bytes, out var message))
            return;
        var (sequence, error) = (message.Sequence, default(PingError));
        if (message.Type != IcmpType.EchoReply)
        {
            // An error quotes the request that it is about, and with it the sequence number (RFC 792).
            if (
                !Ipv4Header.TryReadQuoted(message.Data, out var quoted)
                || !IcmpHeader.TryRead(message.Data[quoted.Length..], out var request)
            )
                return;
            (sequence, error) = (request.Sequence, new(message.Type, message.Code, null));
        }
        if (sequence == 0 || sequence > _sent.Count)
            return;
        var again = error is null && !_answered.Add(sequence);
        var time = _network.Loop.Now - _sent[sequence - 1];
        Add(new(sequence, received.From.Address, bytes.Length, received.TimeToLive, time, again, error));
    }

    private void Add(PingResult result)
    {
        _results.Add(result);
        _tell(result);
        _changed.Set();
    }

    private async Task WaitForTheRestAsync(CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(_settings.Patience.ToTimeSpan(), _network.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            while (
                _results.Where(result => !result.IsDuplicate).Select(result => result.Sequence).Distinct().Count()
                < _sent.Count
            )
                await _changed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Who has not answered by now has not answered.
        }
    }
}
