using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// The connections of a client, by origin: so many at one time to each, those who want one beyond that wait in line.
/// A connection that rests is listened to, so that one which the peer has closed is not used again.
/// </summary>
internal sealed class ConnectionPool : IDisposable
{
    private readonly INetwork _network;
    private readonly INameResolver _resolver;
    private readonly WebClientOptions _options;
    private readonly Dictionary<string, Origin> _origins = new(StringComparer.Ordinal);
    private readonly LinkedList<ClientConnection> _idle = new();
    private readonly LoopTimer _timer;

    public ConnectionPool(INetwork network, INameResolver resolver, WebClientOptions options)
    {
        (_network, _resolver, _options) = (network, resolver, options);
        _timer = network.Loop.CreateTimer(CloseExpired);
    }

    public int IdleCount => _idle.Count;

    /// <summary>An idle connection to this origin, else a new one; waits while there are as many as may be.</summary>
    public async ValueTask<ClientConnection> RentAsync(
        Url url,
        bool fresh,
        ResponseTiming timing,
        EventId because,
        CancellationToken stop
    )
    {
        var (host, port) = _options.Proxy is { } proxy ? (proxy.Host, proxy.Port) : (url.Host.Name, url.Port);
        var key = $"{host}:{port}";
        if (!_origins.TryGetValue(key, out var origin))
            _origins.Add(key, origin = new(new(_network.Loop, _network.Name, $"a free connection to {key}")));
        await origin.TakePlaceAsync(_options.ConnectionsPerOrigin, stop);
        try
        {
            if (fresh)
                CloseIdle(origin);
            if (origin.Idle.Count > 0)
            {
                // The last to come to rest is the least likely to be given up by its server.
                var resting = origin.Idle[^1];
                Wake(resting, origin);
                return resting;
            }
            return await ConnectAsync(url, key, host, port, timing, because, stop);
        }
        catch
        {
            Leave(key, origin);
            throw;
        }
    }

    /// <summary>The exchange is over: the connection rests, or is closed when it can carry no other.</summary>
    public void Return(ClientConnection connection, bool reusable)
    {
        var origin = _origins[connection.Origin];
        if (reusable && !connection.Messages.HasUnread && !connection.IsDisposed)
        {
            connection.Rest(_network.Loop.Now + _options.IdleTimeout);
            origin.Idle.Add(connection);
            _idle.AddLast(connection);
            if (!_timer.IsSet)
                _timer.Set(connection.Expires);
            _network.Loop.Start($"{_network.Name} idle connection", () => ListenAsync(connection));
        }
        else
        {
            connection.Dispose();
        }
        Leave(connection.Origin, origin);
    }

    public void CloseIdle()
    {
        while (_idle.First is { } first)
            Close(first.Value);
    }

    public void Dispose() => CloseIdle();

    private async Task ListenAsync(ClientConnection connection)
    {
        if (connection.IsIdle && await connection.ListenWhileIdleAsync(_network.Loop) && connection.IsIdle)
            Close(connection);
    }

    private async ValueTask<ClientConnection> ConnectAsync(
        Url url,
        string key,
        string host,
        Port port,
        ResponseTiming timing,
        EventId because,
        CancellationToken stop
    )
    {
        NameAnswer answer;
        try
        {
            answer = await _resolver.ResolveAsync(host, because, stop);
        }
        catch (NameResolutionException failure)
        {
            var why = failure.Because.IsNone ? because : failure.Because;
            throw Failures.Tell(_network, url, FetchStep.Resolve, failure, -1, why);
        }
        timing.Resolved = _network.Loop.Now;
        var cause = answer.Because.IsNone ? because : answer.Because;
        SocketException? last = null;
        foreach (var address in answer.Addresses)
        {
            try
            {
                var stream = await _network.ConnectAsync(new Endpoint(address, port), cause, stop);
                timing.Connected = _network.Loop.Now;
                return new(key, stream, _options.Limits);
            }
            catch (SocketException failure)
            {
                last = failure;
            }
        }
        last ??= new SocketException((int)SocketError.NoData);
        throw Failures.Tell(_network, url, FetchStep.Connect, last, -1, cause);
    }

    private void Wake(ClientConnection connection, Origin origin)
    {
        connection.Use();
        origin.Idle.Remove(connection);
        _idle.Remove(connection);
        if (_idle.Count == 0)
            _timer.Cancel();
    }

    private void Close(ClientConnection connection)
    {
        var origin = _origins[connection.Origin];
        Wake(connection, origin);
        connection.Dispose();
        Forget(connection.Origin, origin);
    }

    private void CloseIdle(Origin origin)
    {
        while (origin.Idle.Count > 0)
        {
            var connection = origin.Idle[^1];
            Wake(connection, origin);
            connection.Dispose();
        }
    }

    private void CloseExpired()
    {
        while (_idle.First is { } first && first.Value.Expires <= _network.Loop.Now)
            Close(first.Value);
        if (_idle.First is { } next)
            _timer.Set(next.Value.Expires);
    }

    private void Leave(string key, Origin origin)
    {
        origin.GivePlace();
        Forget(key, origin);
    }

    /// <summary>A client that visits many origins remembers only those that it still has to do with.</summary>
    private void Forget(string key, Origin origin)
    {
        if (origin.IsUnused)
            _origins.Remove(key);
    }

    private sealed class Origin(Signal freed)
    {
        private readonly LinkedList<object> _line = new();
        private int _busy;

        public List<ClientConnection> Idle { get; } = [];

        public bool IsUnused => _busy == 0 && Idle.Count == 0 && _line.Count == 0;

        /// <summary>First come, first served.</summary>
        public async ValueTask TakePlaceAsync(int places, CancellationToken stop)
        {
            if (_busy >= places || _line.Count > 0)
            {
                var me = _line.AddLast(new object());
                try
                {
                    while (_busy >= places || _line.First != me)
                        await freed.WaitAsync(stop);
                }
                finally
                {
                    _line.Remove(me);
                    freed.Set();
                }
            }
            _busy++;
        }

        public void GivePlace()
        {
            _busy--;
            freed.Set();
        }
    }
}
