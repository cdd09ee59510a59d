using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>
/// Where a verb's answer goes: lines for people, with colour only where a person looks on, or JSON for programs.
/// Nothing else in the house writes to the screen.
/// </summary>
internal sealed class Terminal : IDisposable
{
    /// <summary>A space at which no line is broken; it is written as any other.</summary>
    public const char NoBreak = '\u00A0';

    private const int WidthOfAPipe = 100;
    private static readonly JsonWriterOptions JsonStyle = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly StreamWriter _out;
    private readonly bool _isScreen = !Console.IsOutputRedirected;

    public Terminal(bool json, Language language)
    {
        Json = json;
        Language = language;
        HasColour =
            _isScreen
            && !json
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or "");
        _out = new(Console.OpenStandardOutput(), new UTF8Encoding(false), 16 * 1024)
        {
            AutoFlush = false,
            NewLine = "\n",
        };
    }

    /// <summary>The answer is for a program: JSON on stdout, and nothing else.</summary>
    public bool Json { get; }

    public Language Language { get; }

    public bool HasColour { get; }

    /// <summary>Columns: the screen's, or what COLUMNS says, or 100 into a pipe.</summary>
    public int Width => field > 0 ? field : field = MeasureWidth();

    public string Say(string english, string korean) => Language == Language.Korean ? korean : english;

    /// <summary>One line as it stands, however wide.</summary>
    public void Line(Text text) => Line(text.Pieces);

    public void Line() => Line("");

    /// <summary>A paragraph, a table, a tree: laid out to the terminal's width.</summary>
    public void Write(Block block)
    {
        foreach (var line in Layout.Lines(block, Width))
            Line(line);
    }

    public void Write(Document document)
    {
        Line(document.Title);
        foreach (var block in document.Opening)
            Write(block);
        foreach (var chapter in document.Chapters)
        {
            Line();
            Line(chapter.Title);
            foreach (var block in chapter.Blocks)
                Write(block);
        }
    }

    /// <summary>One JSON value on a line of its own.</summary>
    public void JsonLine<T>(T value, JsonTypeInfo<T> type)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(bytes, JsonStyle))
            JsonSerializer.Serialize(writer, value, type);
        _out.Flush();
        _out.BaseStream.Write(bytes.WrittenSpan);
        _out.WriteLine();
        if (_isScreen)
            _out.Flush();
    }

    /// <summary>A note beside the answer: to stderr, so that it never mixes with what a program reads.</summary>
    public void Note(string text)
    {
        _out.Flush();
        Console.Error.WriteLine(text);
    }

    /// <summary>Why there is no answer: on stderr, and with <c>--json</c> as <c>{"error": …}</c> on stdout.</summary>
    public void Error(string message) => Error(new ErrorReport(message));

    public void Error(ErrorReport report)
    {
        if (Json)
        {
            JsonLine(report, FrameJson.Default.ErrorReport);
            return;
        }
        foreach (var mistake in report.Mistakes ?? [])
            Note($"{mistake.File}:{mistake.Line}:{mistake.Column}: {mistake.Message}");
        Note($"twocan: {report.Error}");
    }

    public void Flush() => _out.Flush();

    public void Dispose() => _out.Dispose();

    private void Line(IReadOnlyList<Piece> pieces)
    {
        foreach (var piece in pieces)
            _out.Write((HasColour ? Ink.Over(piece) : piece.Content).Replace(NoBreak, ' '));
        _out.WriteLine();
        if (_isScreen)
            _out.Flush();
    }

    private int MeasureWidth()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), CultureInfo.InvariantCulture, out var columns))
            return Math.Clamp(columns, 20, 1000);
        return _isScreen && Console.WindowWidth is > 0 and var width ? Math.Max(width, 20) : WidthOfAPipe;
    }
}
