using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Twocan.Bench;

internal interface IBench
{
    string Name { get; }

    /// <summary>What is measured, in one line of the help.</summary>
    string About { get; }

    IEnumerable<BenchResult> Run(bool quick);
}

/// <summary>What one case came to, beside the peers that were measured in the same run.</summary>
internal sealed record BenchResult(
    string Bench,
    string Case,
    string Unit,
    string Better,
    double Ours,
    IReadOnlyDictionary<string, double> Peers,
    double? AllocatedBytesPerOp,
    [property: JsonIgnore] IReadOnlyList<string> Notes
)
{
    /// <summary>What the allocated bytes are counted by, as a person says it.</summary>
    [JsonIgnore]
    public string Op { get; init; } = "an operation";

    public void Write(bool json, IFormatProvider culture)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(this, BenchJson.Default.BenchResult));
            foreach (var note in Notes)
                Console.Error.WriteLine(note);
            return;
        }
        Console.WriteLine($"{Bench}: {Case}");
        Console.WriteLine($"  {"Twocan", -15} {Ours.ToString("N0", culture), 14} {Unit}");
        foreach (var (name, value) in Peers)
        {
            var factor = Better == "higher" ? Ours / value : value / Ours;
            Console.WriteLine(
                $"  {name, -15} {value.ToString("N0", culture), 14} {Unit}   (Twocan: {factor.ToString("0.00", culture)} times as good)"
            );
        }
        if (AllocatedBytesPerOp is { } bytes)
            Console.WriteLine($"  {"allocated", -15} {bytes.ToString("0.###", culture), 14} bytes {Op}");
        foreach (var note in Notes)
            Console.WriteLine($"  {note}");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BenchResult))]
internal sealed partial class BenchJson : JsonSerializerContext;
