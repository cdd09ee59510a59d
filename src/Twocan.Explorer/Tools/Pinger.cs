using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

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

    /// <summary>Those that were answered, and those about which an error came.</summary>
    private readonly HashSet<int> _heard = [];

    /// <param name="tell">Told each result as it comes.</param>
    public Pinger(INetwork network, IpAddress target, PingSettings settings, Action<PingResult>? tell = null)
    {
        (_network, _target, _settings, _tell) = (network, target, settings, tell ?? (static _ => { }));
        _changed = new(network.Loop, network.Name, $"echo replies from {target}");
    }

    /// <summary>Told the number of a request that has no answer yet when the next one is sent.</summary>
    public Action<int>? Waiting { get; init; }

    /// <summary>Whoever stops it gets the report of what has come until then.</summary>
    public async Task<PingReport> RunAsync(EventId because = default, CancellationToken stop = default)
    {
        var began = _network.Loop.Now;
        using var socket = Open(because);
        using var deadline = _settings.Deadline is { } span
            ? new CancellationTokenSource(span.ToTimeSpan(), _network.Loop.TimeProvider)
            : new();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        var listening = ListenAsync(socket, enough.Token);
        try
        {
            await AskAsync(socket, because, end.Token);
            await WaitForTheRestAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // What has come until now is the answer.
        }
        enough.Cancel();
        await listening;
        return new(_target, _results, _sent.Count, _network.Loop.Now - began);
    }

    private DatagramSocket Open(EventId because)
    {
        var local = _settings.Source is { } source ? new Endpoint(source, Port.Any) : default;
        var socket = DatagramSocket.Open(_network.Calls, SocketKind.Icmp, local, because);
        socket.SetOption(SocketOption.TimeToLive, _settings.TimeToLive);
        if (_settings.MayBroadcast)
            socket.SetOption(SocketOption.Broadcast, 1);
        if (_settings.PathMtu != PathMtuDiscovery.Dont)
            socket.SetOption(SocketOption.DontFragment, 1);
        return socket;
    }

    private async Task AskAsync(DatagramSocket socket, EventId because, CancellationToken end)
    {
        for (var sequence = 1; !IsEnough(sequence); sequence++)
        {
            if (sequence > _settings.Preload)
            {
                await WaitForTheNextTurnAsync(sequence - 1, end);
                if (IsEnough(sequence))
                    return;
            }
            if (sequence > 1 && !_heard.Contains(sequence - 1))
                Waiting?.Invoke(sequence - 1);
            await SendAsync(socket, sequence, because, end);
        }
    }

    /// <summary>With a deadline it is answers that count.</summary>
    private bool IsEnough(int sequence) =>
        sequence > PingSettings.MaxCount
        || (_settings.Deadline is null ? sequence > _settings.Count : _answered.Count >= _settings.Count);

    private async Task WaitForTheNextTurnAsync(int last, CancellationToken end)
    {
        if (_settings is { Adapts: false, Deadline: null })
        {
            await _network.Loop.DelayAsync(_settings.Interval, end);
            return;
        }
        using var turn = new CancellationTokenSource(_settings.Interval.ToTimeSpan(), _network.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end, turn.Token);
        try
        {
            while (!IsEnough(last + 1) && !(_settings.Adapts && _heard.Contains(last)))
                await _changed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested)
        {
            // The next one is sent all the same.
        }
    }

    private async Task SendAsync(DatagramSocket socket, int sequence, EventId because, CancellationToken end)
    {
        var message = new byte[EchoMessage.HeaderLength + _settings.Size];
        var data = message.AsSpan(EchoMessage.HeaderLength);
        for (var i = 0; i < data.Length; i++)
            data[i] = _settings.Pattern.IsEmpty ? (byte)i : _settings.Pattern.Span[i % _settings.Pattern.Length];
        EchoMessage.WriteRequest(message, _target, (ushort)sequence);
        var to = new Endpoint(_target, Port.Any) { Scope = _settings.Scope };
        _sent.Add(_network.Loop.Now);
        try
        {
            try
            {
                await socket.SendToAsync(message, to, because, end);
            }
            catch (SocketException refusal)
                when (refusal.SocketErrorCode == SocketError.MessageSize && _settings.PathMtu == PathMtuDiscovery.Want)
            {
                socket.SetOption(SocketOption.DontFragment, 0);
                await socket.SendToAsync(message, to, because, end);
            }
        }
        catch (SocketException refusal)
        {
            var error = new PingError(_target.IsV4, 0, 0, refusal.Message);
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
        if (!EchoMessage.TryRead(bytes, received.From.Address, out var message))
            return;
        var sequence = message.Sequence;
        var error = message.IsReply
            ? null
            : new PingError(received.From.Address.IsV4, message.Type, message.Code, null);
        if (sequence == 0 || sequence > _sent.Count)
            return;
        var again = error is null && !_answered.Add(sequence);
        var time = _network.Loop.Now - _sent[sequence - 1];
        Add(new(sequence, received.From.Address, bytes.Length, received.TimeToLive, time, again, error));
    }

    private void Add(PingResult result)
    {
        _results.Add(result);
        _heard.Add(result.Sequence);
        _tell(result);
        _changed.Set();
    }

    private async Task WaitForTheRestAsync(CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(_settings.Patience.ToTimeSpan(), _network.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            while (_heard.Count < _sent.Count)
                await _changed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Who has not answered by now has not answered.
        }
    }
}
