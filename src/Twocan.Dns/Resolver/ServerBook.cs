using Twocan.Core;

namespace Twocan.Dns;

/// <summary>What a resolver has learned about each server's address: how fast it answers, and how often in a row it has not.</summary>
internal sealed class ServerBook(ResolverSettings settings)
{
    private const int MaxServers = 10_000;
    private const int MaxBackoff = 6;

    private readonly Dictionary<IpAddress, Page> _pages = [];
    private readonly Queue<IpAddress> _oldest = new();

    /// <summary>Who answers fast first; who is unknown before all, so that everybody is tried once; who is silent last.</summary>
    public Duration Rank(IpAddress address) =>
        !_pages.TryGetValue(address, out var page) ? Duration.Zero
        : page.Timeouts > 0 ? Timeout(address)
        : page.Smoothed ?? Duration.Zero;

    /// <summary>RFC 6298 §2, with the back-off of §5.5.</summary>
    public Duration Timeout(IpAddress address)
    {
        var timeout = settings.FirstTimeout;
        if (!_pages.TryGetValue(address, out var page))
            return timeout;
        if (page.Smoothed is { } smoothed)
            timeout = Duration.Max(smoothed + page.Variation * 4, settings.MinTimeout);
        return Duration.Min(timeout * (1L << Math.Min(page.Timeouts, MaxBackoff)), settings.MaxTimeout);
    }

    /// <summary>Each query has an id and a port of its own: its response is never mistaken for another try's, and every time counts.</summary>
    public void OnResponse(IpAddress address, Duration time)
    {
        var page = PageOf(address);
        page.Timeouts = 0;
        if (page.Smoothed is not { } smoothed)
        {
            (page.Smoothed, page.Variation) = (time, time / 2);
            return;
        }
        var difference = new Duration(Math.Abs((smoothed - time).Nanoseconds));
        page.Variation = (page.Variation * 3 + difference) / 4;
        page.Smoothed = (smoothed * 7 + time) / 8;
    }

    public void OnTimeout(IpAddress address) => PageOf(address).Timeouts++;

    private Page PageOf(IpAddress address)
    {
        if (_pages.TryGetValue(address, out var page))
            return page;
        if (_pages.Count == MaxServers)
            _pages.Remove(_oldest.Dequeue());
        page = new();
        _pages.Add(address, page);
        _oldest.Enqueue(address);
        return page;
    }

    private sealed class Page
    {
        public Duration? Smoothed { get; set; }

        public Duration Variation { get; set; }

        public int Timeouts { get; set; }
    }
}
