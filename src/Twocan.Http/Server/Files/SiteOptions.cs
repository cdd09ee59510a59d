using Twocan.Core;

namespace Twocan.Http;

/// <summary>How a site is served.</summary>
public sealed record SiteOptions
{
    /// <summary>Which document a directory stands for: the first of these that it has.</summary>
    public IReadOnlyList<string> DefaultFiles { get; init; } = ["index.html", "default.html"];

    /// <summary>A directory without such a document is answered with a list of what is in it; else it is not there.</summary>
    public bool ListsDirectories { get; init; }

    /// <summary>Names that begin with a dot are served too; else only <c>.well-known</c> (RFC 8615) is.</summary>
    public bool ServesHidden { get; init; }

    /// <summary>Where a document has a sibling <c>.br</c> or <c>.gz</c>, a client that takes the coding gets that.</summary>
    public bool ServesPrecompressed { get; init; }

    /// <summary>What text is written in, as Content-Type says it; null leaves it open.</summary>
    public string? Charset { get; init; }

    /// <summary>Directories in which documents may be put and deleted, such as <c>/upload/</c>, with all below them.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Shared by all servers of the same documents, where they are on several loops.</summary>
    public SiteWrites Writes { get; init; } = new();

    /// <summary>For so long a look at a small file holds: under load one look serves many requests, and nobody sees an old file for longer than a blink.</summary>
    public Duration LookHolds { get; init; } = Duration.FromMilliseconds(5);

    /// <summary>Fields that every document gets, such as <c>Cache-Control: max-age=60</c>.</summary>
    public Fields Fields { get; init; } = new();
}
