using System.Text.Json.Serialization;

namespace Twocan.Cli;

/// <summary>What <c>--json</c> says in place of an answer.</summary>
internal sealed record ErrorReport(
    string Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Mistake>? Mistakes = null
);

/// <summary>A mistake in a world file.</summary>
internal sealed record Mistake(string File, int Line, int Column, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorReport))]
internal sealed partial class FrameJson : JsonSerializerContext;
