using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// What the page's side panel needs of every frame, as compact JSON: its bytes, its fields, its way, its causes. Each text
/// stands in it once, and everything else says which by its number.
/// </summary>
internal sealed class FrameData
{
    private static readonly JsonWriterOptions s_style = new()
    {
        // Hangul as it is, but never '<': the data lies inside a page.
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    private readonly Journey _journey;
    private readonly Voice _voice;
    private readonly Markup _markup;
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _shapes = new(StringComparer.Ordinal);
    private readonly Dictionary<EventId, int> _causes = [];
    private readonly List<JournalEntry> _told = [];

    private FrameData(Journey journey, Voice voice, Markup markup) =>
        (_journey, _voice, _markup) = (journey, voice, markup);

    public static string Write(Journey journey, Voice voice, Markup markup) =>
        new FrameData(journey, voice, markup).Write();

    private string Write()
    {
        var bytes = new ArrayBufferWriter<byte>(256 * 1024);
        using (var json = new Utf8JsonWriter(bytes, s_style))
        {
            json.WriteStartObject();
            json.WriteStartArray("frames");
            foreach (var packet in _journey.Packets)
                Write(json, packet);
            json.WriteEndArray();
            WriteShapes(json);
            WriteCauses(json);
            WriteWays(json);
            json.WriteStartArray("texts");
            foreach (var text in _texts.OrderBy(static text => text.Value))
                json.WriteStringValue(text.Key);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private void Write(Utf8JsonWriter json, Packet packet)
    {
        var dissection = packet.Dissection;
        json.WriteStartArray();
        json.WriteNumberValue(Text(Ms(packet.At)));
        json.WriteNumberValue(Text(packet.Link));
        json.WriteNumberValue(Text(packet.From));
        json.WriteNumberValue(Text(packet.To));
        json.WriteNumberValue(Text(dissection.Protocol));
        json.WriteNumberValue(Text(dissection.Summary));
        json.WriteNumberValue(Text(packet.Lost ?? dissection.Problem ?? ""));
        json.WriteNumberValue(packet.Origin.Number);
        json.WriteNumberValue(Cause(packet.Entry));
        json.WriteBase64StringValue(packet.Bytes.Span);
        json.WriteStartArray();
        foreach (var layer in dissection.Layers)
            Write(json, layer);
        json.WriteEndArray();
        json.WriteEndArray();
    }

    /// <summary>Its shape, where it begins, and the value of each of its fields.</summary>
    private void Write(Utf8JsonWriter json, DissectedLayer layer)
    {
        json.WriteStartArray();
        json.WriteNumberValue(Shape(layer));
        json.WriteNumberValue(layer.Offset);
        foreach (var field in layer.Fields)
            json.WriteNumberValue(Text(field.Value));
        json.WriteEndArray();
    }

    /// <summary>A layer's name, and of each field its place in the layer, its length, its name and its meaning: the same in most frames.</summary>
    private int Shape(DissectedLayer layer)
    {
        List<int> shape = [Text(layer.Name)];
        foreach (var field in layer.Fields)
            shape.AddRange([
                field.Offset - layer.Offset,
                field.Length,
                Text(field.Name),
                Text(field.Meaning.In(_voice.Language)),
            ]);
        var key = string.Join(',', shape);
        if (!_shapes.TryGetValue(key, out var number))
            _shapes.Add(key, number = _shapes.Count);
        return number;
    }

    private void WriteShapes(Utf8JsonWriter json)
    {
        json.WriteStartArray("shapes");
        foreach (var shape in _shapes.OrderBy(static shape => shape.Value))
            json.WriteRawValue($"[{shape.Key}]");
        json.WriteEndArray();
    }

    /// <summary>The events that led to any frame: when, where, which layer, what, and the number of what it happened because of.</summary>
    private void WriteCauses(Utf8JsonWriter json)
    {
        json.WriteStartArray("causes");
        foreach (var entry in _told)
        {
            json.WriteStartArray();
            json.WriteNumberValue(Text(Ms(entry.At)));
            json.WriteNumberValue(Text(entry.Host));
            json.WriteNumberValue(Text(LayersChapter.Name(entry.What.Layer)));
            json.WriteNumberValue(Text(entry.What.Say(_voice.Language)));
            json.WriteNumberValue(entry.What is FrameSent ? _journey.PacketAt(entry)?.Number ?? 0 : 0);
            json.WriteNumberValue(
                _journey.Journal.Find(entry.Because) is { } cause ? _causes.GetValueOrDefault(cause.Id, -1) : -1
            );
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private void WriteWays(Utf8JsonWriter json)
    {
        var start = _journey.Visits[0].Click.At;
        json.WriteStartObject("ways");
        foreach (var packet in _journey.Packets.Where(static packet => packet.PassesOn is null))
            json.WriteString($"{packet.Number}", _markup.Of([Hops.Draw(_journey, packet, _voice, start)]));
        json.WriteEndObject();
    }

    private int Cause(JournalEntry entry)
    {
        foreach (var cause in _journey.Journal.Climb(entry))
        {
            if (!_causes.TryAdd(cause.Id, _told.Count))
                break;
            _told.Add(cause);
        }
        return _causes[entry.Id];
    }

    private int Text(string text)
    {
        if (!_texts.TryGetValue(text, out var number))
            _texts.Add(text, number = _texts.Count);
        return number;
    }

    private string Ms(Instant at) => Voice.Milliseconds(at - _journey.Visits[0].Click.At);
}
