using System.Text.Json.Serialization;

namespace Twocan.Cli;

/// <summary>What <c>--json</c> says in place of an answer.</summary>
internal sealed record ErrorReport(string Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorReport))]
internal sealed partial class FrameJson : JsonSerializerContext;
