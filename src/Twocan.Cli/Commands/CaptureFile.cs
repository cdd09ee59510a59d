using System.Globalization;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>capture --read</c>: what stands in a capture that was taken before, by whomever?</summary>
internal static class CaptureFile
{
    /// <summary>Prints a line for each frame, up to the end or to where the file is damaged, which makes it a bad file.</summary>
    public static int Show(string path, bool comments, Invocation call)
    {
        using var reader = Open(path);
        var lines = new Lines(reader, comments, call.Terminal);
        while (reader.TryRead(out var packet))
            lines.Show(packet);
        if (reader.Problem is { } problem)
        {
            call.Terminal.Error($"{path}: {problem}");
            return Exit.Wrong;
        }
        if (!call.Json)
        {
            var (frames, cables) = (reader.Packets, reader.Interfaces.Count);
            call.Terminal.Line();
            call.Terminal.Line(
                call.Terminal.Say(
                    $"{frames} {(frames == 1 ? "frame" : "frames")} on {cables} {(cables == 1 ? "interface" : "interfaces")}",
                    $"인터페이스 {cables}개에서 프레임 {frames}개"
                )
            );
        }
        return reader.Packets > 0 ? Exit.Done : Exit.No;
    }

    private static CaptureReader Open(string path)
    {
        try
        {
            return new(File.OpenRead(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"cannot read {path}: {failure.Message}");
        }
    }

    public static string NameOf(CaptureInterface from) => from.Name ?? $"interface {from.Number}";

    private sealed class Lines(CaptureReader reader, bool comments, Terminal terminal)
    {
        private long? _first;

        public void Show(in CapturedPacket packet)
        {
            // Counted from the first frame, as Wireshark does: a date would be the same on every line.
            _first ??= packet.UnixNanoseconds;
            var after = packet.UnixNanoseconds - _first;
            var seen = Dissect(packet);
            if (terminal.Json)
            {
                terminal.JsonLine(FrameOfFile.Of(packet, after, seen), CaptureFileJson.Default.FrameOfFile);
                return;
            }
            var number = $"#{packet.Number}".PadLeft(5);
            var at = ((after / 1e6)?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-").PadLeft(10);
            var name = NameOf(packet.Interface).PadRight(reader.Interfaces.Max(one => NameOf(one).Length));
            var ends = (seen.Protocol == "ARP" ? "" : $"{seen.Source} → {seen.Destination}").PadRight(29);
            Text line =
                $"{number:faint} {at:time}  {name:host}  {ends:address}  {seen.Protocol.PadRight(4):strong}  {seen.Summary}";
            if (seen.Problem is { } problem)
                line += $"  {problem:bad}";
            terminal.Line(line);
            if (!comments)
                return;
            foreach (var comment in packet.Comments)
            {
                // Aligned with the interface's name.
                Text why = $"                   {comment:faint}";
                terminal.Line(why);
            }
        }

        private static Dissection Dissect(in CapturedPacket packet)
        {
            // Of a frame that was cut nobody has the check sequence.
            var isWhole = packet.Bytes.Length == packet.OriginalLength;
            return packet.Interface.IsEthernet
                ? Dissector.Read(packet.Bytes.ToArray(), isWhole && packet.FcsLength == 4 ? 4 : 0)
                : Dissector.Unread(packet.Bytes.ToArray(), packet.Interface.LinkType);
        }
    }
}

/// <summary>A line of <c>capture --read --json</c>; the time is that of 1970, as a string since it needs more digits than a JSON number has.</summary>
internal sealed record FrameOfFile(
    long Number,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UnixNs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? AtUs,
    string Interface,
    string Source,
    string Destination,
    string Protocol,
    string Summary,
    int Bytes,
    long OriginalBytes,
    IReadOnlyList<string> Comments,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem
)
{
    public static FrameOfFile Of(in CapturedPacket packet, long? after, Dissection seen) =>
        new(
            packet.Number,
            packet.UnixNanoseconds?.ToString(CultureInfo.InvariantCulture),
            after / 1e3,
            CaptureFile.NameOf(packet.Interface),
            seen.Source,
            seen.Destination,
            seen.Protocol,
            seen.Summary,
            packet.Bytes.Length,
            packet.OriginalLength,
            packet.Comments,
            seen.Problem
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FrameOfFile))]
internal sealed partial class CaptureFileJson : JsonSerializerContext;
