using System.Text;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>A response as a store keeps it, without its body.</summary>
/// <param name="Url">What was asked for, in absolute form: the primary cache key (RFC 9111 §2).</param>
/// <param name="Selecting">Those fields of the request that the response's Vary names (§4.1).</param>
/// <param name="RequestedAt">When the request was sent.</param>
/// <param name="ReceivedAt">When the response's head was there.</param>
public sealed record StoredResponse(
    string Url,
    int Status,
    string Reason,
    Fields Fields,
    Fields Selecting,
    DateTimeOffset RequestedAt,
    DateTimeOffset ReceivedAt,
    long BodyLength
)
{
    public string? ETag => Fields["ETag"];

    public string? LastModified => Fields["Last-Modified"];

    public bool HasValidator => ETag is not null || LastModified is not null;

    /// <summary>The secondary cache key: what tells this response from others under the same URL.</summary>
    public string Variant => VariantOf(Fields, Selecting);

    /// <summary>The request is one that this response answers, as far as Vary says (§4.1).</summary>
    public bool Answers(Fields request) => !VariesOnEverything(Fields) && Variant == VariantOf(Fields, request);

    /// <summary>The fields of a request that a response's Vary names.</summary>
    public static Fields Select(Fields response, Fields request)
    {
        var selected = new Fields();
        foreach (var name in VaryNames(response))
        {
            if (request.Joined(name) is { } value)
                selected.Add(name, value);
        }
        return selected;
    }

    public static bool VariesOnEverything(Fields response) => response.HasToken("Vary", "*");

    private static string VariantOf(Fields response, Fields request)
    {
        var text = new StringBuilder();
        foreach (var name in VaryNames(response))
        {
            // A field that is absent and one that is empty are told apart; blanks around list elements do not count (§4.1).
            text.Append(name).Append(request.Contains(name) ? ":" : "!");
            text.AppendJoin(',', request.ListOf(name)).Append('\n');
        }
        return text.ToString();
    }

    private static IEnumerable<string> VaryNames(Fields response) =>
        response.ListOf("Vary").Select(name => name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal);
}
