using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Proxy;

internal enum FetchOutcome
{
    StillGoing,

    /// <summary>What has been fetched is stored, or was not to be stored: look again, and then ask for yourself.</summary>
    Done,

    /// <summary>It broke off, and said nothing about whether it could be stored.</summary>
    BrokeOff,
}

/// <summary>
/// A response is on its way to the store. Those who want the same wait for it, so that a crowd that comes at once asks
/// the origin once.
/// </summary>
internal sealed class Fetching(Fetchings all, INetwork network, string url)
{
    private readonly Signal _ended = new(
        network.Loop,
        network.Name,
        $"{url}, which is being fetched for another client"
    );

    public string Url => url;

    public FetchOutcome Outcome { get; private set; }

    /// <summary>Waits for the end; <see cref="FetchOutcome.StillGoing"/> when it takes longer than <paramref name="patience"/>.</summary>
    public async ValueTask<FetchOutcome> WaitAsync(Duration patience, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(patience.ToTimeSpan(), network.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            while (Outcome == FetchOutcome.StillGoing)
                await _ended.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The patience is over.
        }
        return Outcome;
    }

    public void End(FetchOutcome outcome)
    {
        if (Outcome != FetchOutcome.StillGoing)
            return;
        Outcome = outcome;
        all.Forget(this);
        _ended.Set();
    }
}

/// <summary>What is being fetched for somebody now, by URL: one at a time of each.</summary>
internal sealed class Fetchings(INetwork network)
{
    private readonly Dictionary<string, Fetching> _byUrl = new(StringComparer.Ordinal);

    public Fetching? Find(string url) => _byUrl.GetValueOrDefault(url);

    /// <summary>Null when somebody fetches it already.</summary>
    public Fetching? Begin(string url)
    {
        var fetching = new Fetching(this, network, url);
        return _byUrl.TryAdd(url, fetching) ? fetching : null;
    }

    internal void Forget(Fetching fetching) => _byUrl.Remove(fetching.Url);
}
