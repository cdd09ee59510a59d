using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>Something that a page or a style sheet wants, and where it stands written.</summary>
internal readonly record struct FoundResource(ResourceKind Kind, string Tag, Url Url);

/// <summary>What a page says of itself and wants.</summary>
internal sealed record FoundPage(string? Title, ReferrerPolicy? Policy, IReadOnlyList<FoundResource> Resources);
