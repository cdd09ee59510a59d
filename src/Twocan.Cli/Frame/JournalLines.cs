using System.Globalization;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>The journal, a line for each entry: when, where, in which layer, what.</summary>
internal sealed class JournalLines(World world, Terminal terminal)
{
    private readonly int _hosts = world.Nodes.Max(node => node.Name.Length);

    public void Show(JournalEntry entry)
    {
        if (terminal.Json)
        {
            terminal.JsonLine(JournalLine.Of(entry), JournalLineJson.Default.JournalLine);
            return;
        }
        var at = world.Loop.ToDate(entry.At).ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        var host = entry.Host.PadRight(_hosts);
        var layer = entry.What.Layer.ToString().ToUpperInvariant().PadRight(8);
        terminal.Line($"{at:time}  {host:host}  {layer:strong}  {entry.What.Say(terminal.Language)}");
    }
}

/// <summary>An entry of the journal in JSON; the time is the world's, since its beginning.</summary>
internal sealed record JournalLine(
    long Number,
    double AtUs,
    string Host,
    string Layer,
    string Event,
    string Text,
    long? Because
)
{
    public static JournalLine Of(JournalEntry entry) =>
        new(
            entry.Id.Value,
            entry.At.Nanoseconds / 1e3,
            entry.Host,
            entry.What.Layer.ToString().ToLowerInvariant(),
            entry.What.GetType().Name,
            entry.What.Say(Language.English),
            entry.Because.IsNone ? null : entry.Because.Value
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalLineJson : JsonSerializerContext;
