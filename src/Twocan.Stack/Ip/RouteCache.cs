using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// The routes that were found lately, by destination (and adapter, where a packet is to leave by that one only).
/// <para>
/// Theory of operation. To find a route is to ask one's own addresses, redirects, the routing table, path MTUs, and for a
/// source address; yet nearly every packet goes where one went just before. Each of those who are asked has the cache
/// cleared when it knows something new, and a route that follows from what is believed for a while only is kept no longer
/// than that: so a route from here is the one that would be found. Who the next hop is, is not a matter of routes: the
/// route holds the neighbour itself, and that changes in place.
/// </para>
/// <para>
/// A line has its place by its address alone, and the latest takes it. The cache grows while places are wanted twice, up
/// to a bound: a host with few peers has a small one, and no number of destinations fills the memory.
/// </para>
/// </summary>
internal sealed class RouteCache
{
    private const int LeastLines = 16;
    private const int MostLines = 1024;

    private Line[] _lines = [];
    private int _shift;
    private bool _isClear = true;

    /// <summary>Null: it is to be found out.</summary>
    public Route? Find(IpAddress destination, Adapter? through, Instant now)
    {
        if (_isClear)
            return null;
        ref readonly var line = ref _lines[PlaceOf(destination)];
        return line.Destination == destination && line.Through == through && now < line.Ends ? line.Route : null;
    }

    public Route Keep(IpAddress destination, Adapter? through, Route route, Instant ends)
    {
        while (NeedsRoom(destination))
            Grow();
        _lines[PlaceOf(destination)] = new(destination, through, route, ends);
        _isClear = false;
        return route;
    }

    public void Clear()
    {
        if (_isClear)
            return;
        Array.Clear(_lines);
        _isClear = true;
    }

    private bool NeedsRoom(IpAddress destination) =>
        _lines.Length == 0
        || (
            _lines.Length < MostLines
            && _lines[PlaceOf(destination)] is { Route: not null } line
            && line.Destination != destination
        );

    private void Grow()
    {
        var before = _lines;
        _lines = new Line[before.Length == 0 ? LeastLines : before.Length * 2];
        _shift = 64 - int.Log2(_lines.Length);
        foreach (var line in before)
        {
            if (line.Route is not null)
                _lines[PlaceOf(line.Destination)] = line;
        }
    }

    // The upper bits of a product depend on all bits below.
    private int PlaceOf(IpAddress destination) =>
        (int)((destination.High ^ destination.Low) * 0x9E37_79B9_7F4A_7C15 >> _shift);

    private readonly record struct Line(IpAddress Destination, Adapter? Through, Route? Route, Instant Ends);
}
