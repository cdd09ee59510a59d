using System.Text.Json.Serialization;

namespace Twocan.Cli;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FaultAnswer))]
[JsonSerializable(typeof(FaultsAnswer))]
[JsonSerializable(typeof(HealAnswer))]
[JsonSerializable(typeof(RestartAnswer))]
[JsonSerializable(typeof(NowAnswer))]
[JsonSerializable(typeof(PaceAnswer))]
[JsonSerializable(typeof(JobsAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(MeAnswer))]
internal sealed partial class ShellJson : JsonSerializerContext;
