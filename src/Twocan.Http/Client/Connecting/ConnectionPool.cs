using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// The connections of a client, by route: so many at one time along each, so many together; those who want one beyond that wait in
/// line. A connection that rests is listened to, so that one which the peer has closed is not used again.
/// </summary>
internal sealed class ConnectionPool : IDisposable
{
    private readonly INetwork _network;
    private readonly ConnectionMaker _maker;
    private readonly WebClientOptions _options;
    private readonly Dictionary<FetchRoute, Lane> _lanes = [];
    private readonly WaitingLine _all;

    // Those that end soonest first.
    private readonly LinkedList<ClientConnection> _idle = new();
    private readonly LoopTimer _timer;

    public ConnectionPool(INetwork network, INameResolver resolver, WebClientOptions options)
    {
        (_network, _options) = (network, options);
        _maker = new(network, resolver, options);
        _all = new(options.Connections);
        _timer = network.Loop.CreateTimer(CloseExpired);
    }

    public int IdleCount => _idle.Count;

    /// <summary>An idle connection along this route, if one is free and nobody waits for it.</summary>
    public bool TryRent(FetchRoute route, out ClientConnection connection)
    {
        connection = null!;
        if (!_lanes.TryGetValue(route, out var lane) || lane.Idle.Count == 0 || !lane.Line.TryTake())
            return false;
        connection = Take(lane);
        return true;
    }

    /// <summary>An idle connection along this route, else a new one; waits while there are as many as may be.</summary>
    /// <param name="fresh">Only a new one will do: the others have turned out to be dead.</param>
    public async ValueTask<ClientConnection> RentAsync(
        Url url,
        FetchRoute route,
        bool fresh,
        string? proxyAuthorization,
        ResponseTiming timing,
        FetchPatience patience,
        EventId because
    )
    {
        if (!_lanes.TryGetValue(route, out var lane))
            _lanes.Add(route, lane = new(_options.ConnectionsPerOrigin));
        patience.Rest();
        if (!lane.Line.TryTake())
            await lane.Line.TakeAsync(FreePlace(route), patience.Token);
        var isOpen = false;
        try
        {
            if (fresh)
                CloseIdle(lane);
            if (lane.Idle.Count > 0)
                return Take(lane);
            if (!_all.TryTake())
            {
                // Whoever rests makes room for who has something to do.
                if (_idle.First is { } oldest)
                    Close(oldest.Value);
                await _all.TakeAsync(FreePlace(route), patience.Token);
            }
            isOpen = true;
            timing.Free = _network.Loop.LookAtTheClock();
            var connection = await _maker.ConnectAsync(url, route, proxyAuthorization, timing, patience, because);
            _network.Loop.Start(
                $"{_network.Name} idle connection",
                () => connection.WatchAsync(_network.Loop, _network.Name, Close)
            );
            return connection;
        }
        catch
        {
            if (isOpen)
                _all.Give();
            Leave(route, lane);
            throw;
        }
    }

    /// <summary>The exchange is over: the connection rests, or is closed when it can carry no other.</summary>
    /// <param name="keepFor">How long the server will keep it; null when it has not said.</param>
    public void Return(ClientConnection connection, bool reusable, Duration? keepFor = null)
    {
        var lane = _lanes[connection.Route];
        if (reusable && !connection.Messages.HasUnread && !connection.IsDisposed)
        {
            connection.Rest(_network.Loop.Now + Duration.Min(_options.IdleTimeout, keepFor ?? _options.IdleTimeout));
            lane.Idle.Add(connection);
            Queue(connection);
            if (_all.HasLine && !lane.Line.HasLine)
                Close(connection);
        }
        else
        {
            connection.Dispose();
            _all.Give();
        }
        Leave(connection.Route, lane);
    }

    public void CloseIdle()
    {
        while (_idle.First is { } first)
            Close(first.Value);
    }

    public void Dispose() => CloseIdle();

    private Signal FreePlace(FetchRoute route) => new(_network.Loop, _network.Name, $"a free connection to {route}");

    /// <summary>The last to come to rest is the least likely to be given up by its server.</summary>
    private ClientConnection Take(Lane lane)
    {
        var connection = lane.Idle[^1];
        Wake(connection, lane);
        return connection;
    }

    private void Queue(ClientConnection connection)
    {
        var before = _idle.Last;
        while (before is not null && before.Value.Expires > connection.Expires)
            before = before.Previous;
        if (before is null)
            _idle.AddFirst(connection.Node);
        else
            _idle.AddAfter(before, connection.Node);
        if (!_timer.IsSet || _timer.Due > connection.Expires)
            _timer.Set(connection.Expires);
    }

    private void Wake(ClientConnection connection, Lane lane)
    {
        connection.Use();
        lane.Idle.Remove(connection);
        _idle.Remove(connection.Node);
        if (_idle.Count == 0)
            _timer.Cancel();
    }

    /// <summary>An idle connection is given up.</summary>
    private void Close(ClientConnection connection)
    {
        var lane = _lanes[connection.Route];
        Wake(connection, lane);
        connection.Dispose();
        _all.Give();
        Forget(connection.Route, lane);
    }

    private void CloseIdle(Lane lane)
    {
        while (lane.Idle.Count > 0)
        {
            var connection = lane.Idle[^1];
            Wake(connection, lane);
            connection.Dispose();
            _all.Give();
        }
    }

    private void CloseExpired()
    {
        while (_idle.First is { } first && first.Value.Expires <= _network.Loop.Now)
            Close(first.Value);
        if (_idle.First is { } next)
            _timer.Set(next.Value.Expires);
    }

    private void Leave(FetchRoute route, Lane lane)
    {
        lane.Line.Give();
        Forget(route, lane);
    }

    /// <summary>A client that visits many origins remembers only those that it still has to do with.</summary>
    private void Forget(FetchRoute route, Lane lane)
    {
        if (lane.IsUnused)
            _lanes.Remove(route);
    }

    private sealed class Lane(int places)
    {
        public WaitingLine Line { get; } = new(places);

        public List<ClientConnection> Idle { get; } = [];

        public bool IsUnused => Line.IsUnused && Idle.Count == 0;
    }
}
