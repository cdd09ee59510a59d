using Twocan.Core;
using Twocan.Http;
using Twocan.Proxy;

namespace Twocan.Explorer;

/// <summary>A visit to a page: all that was fetched for it, in the order in which the browser came to want it.</summary>
public sealed record PageLoad(Url Url, Instant Began, Instant Ended, IReadOnlyList<LoadedResource> Resources)
{
    /// <summary>The page came, and all that it wants.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>When the page itself had been read: what it wants is known from then on.</summary>
    public required Instant PageRead { get; init; }

    public string? Title { get; init; }

    /// <summary>What the page wanted, and was not fetched: there was too much of it.</summary>
    public required int LeftOut { get; init; }

    public Duration Took => Ended - Began;
}

/// <summary>How the browser's cache took part.</summary>
public enum CacheUse
{
    /// <summary>It came over the network.</summary>
    None,

    /// <summary>It was there, and nobody was asked.</summary>
    Served,

    /// <summary>It was there, and the server has said that it still holds (304).</summary>
    Confirmed,
}

/// <summary>Something that was asked for by its URL: one request, one response. A redirect is one of its own.</summary>
public sealed class LoadedResource
{
    internal LoadedResource(int number, ResourceKind kind, Url url, Instant began, LoadedResource? initiator)
    {
        (Number, Kind, Url, Began, Ended, Initiator) = (number, kind, url, began, began, initiator);
    }

    /// <summary>From 1, in the order in which they were wanted.</summary>
    public int Number { get; }

    public ResourceKind Kind { get; }

    public Url Url { get; }

    /// <summary>In which page, frame or style sheet it stands, or what led on to it; null is the user.</summary>
    public LoadedResource? Initiator { get; }

    /// <summary>The browser wanted it.</summary>
    public Instant Began { get; }

    public Instant Ended { get; internal set; }

    /// <summary>Null when it did not come over the network.</summary>
    public ResponseTiming? Timing { get; internal set; }

    public ConnectionUsed? Connection { get; internal set; }

    /// <summary>The fields of the request, but for Host, which stands first.</summary>
    public required Fields RequestFields { get; init; }

    /// <summary>Zero where no answer came.</summary>
    public int Status { get; internal set; }

    public string Reason { get; internal set; } = "";

    public Fields ResponseFields { get; internal set; } = new();

    public HttpVersion Version { get; internal set; } = HttpVersion.Http11;

    public string ContentType { get; internal set; } = "";

    /// <summary>The body as the server means it.</summary>
    public int Bytes { get; internal set; }

    /// <summary>The body as it came over the network: packed, or nothing at all.</summary>
    public long BytesReceived { get; internal set; }

    public CacheUse Cache { get; internal set; }

    /// <summary>Why the cache did what it did; null without one.</summary>
    public CacheReason? CacheReason { get; internal set; }

    /// <summary>When it had come into the cache.</summary>
    public DateTimeOffset? CachedAt { get; internal set; }

    public Url? RedirectsTo { get; internal set; }

    public FailureKind? Failure { get; internal set; }

    public string? Why { get; internal set; }

    /// <summary>What was waited for when it failed.</summary>
    internal FetchStep FailedAt { get; set; } = FetchStep.Receive;

    public bool IsGood => Status is >= 200 and < 300;

    public Phases Phases => Phases.Of(this);

    internal byte[] Body { get; set; } = [];

    internal EventId Because { get; set; }
}
