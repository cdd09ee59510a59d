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
    private readonly bool _isPart;

    public Terminal(bool json, Language language)
        : this(json, language, StandardOutput()) { }

    private Terminal(bool json, Language language, StreamWriter output)
    {
        (Json, Language, _out) = (json, language, output);
        CanMoveCursor = _isScreen && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or "");
        HasColour = CanMoveCursor && !json && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    }

    private Terminal(Terminal whole, bool json, Language language)
        : this(json, language, whole._out) => (_isPart, Who, Mark) = (true, whole.Who, whole.Mark);

    /// <summary>The same screen for one command of several, which may want JSON or another language.</summary>
    public Terminal For(bool json, Language language) => new(this, json, language);

    /// <summary>The same screen, where another complains.</summary>
    public Terminal For(string who, string mark = "") => new(this, Json, Language) { Who = who, Mark = mark };

    /// <summary>Who speaks, before each complaint: <c>twocan: </c>, or the line of a script.</summary>
    public string Who { get; init; } = "twocan: ";

    /// <summary>Before each line: the number of a job that runs beside others.</summary>
    public string Mark { get; init; } = "";

    /// <summary>The answer is for a program: JSON on stdout, and nothing else.</summary>
    public bool Json { get; }

    public Language Language { get; }

    public bool HasColour { get; }

    /// <summary>Whether escape sequences mean something where it goes.</summary>
    public bool CanMoveCursor { get; }

    /// <summary>The answer goes to a screen.</summary>
    public bool IsScreen => _isScreen;

    /// <summary>Somebody looks on at stderr, where a line may be written over.</summary>
    public bool HasMeter =>
        !Json && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or "");

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
        Console.Error.WriteLine(Mark + text);
    }

    /// <summary>A line on stderr in place of the one before; with a line break it stays.</summary>
    public void Meter(string line) =>
        Console.Error.Write($"\r{line.TrimEnd('\n')}\e[K{(line.EndsWith('\n') ? "\n" : "")}");

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
        Note(Who + report.Error);
    }

    /// <summary>Bytes for the screen as they are: a prompt, a line that is being edited.</summary>
    public void Raw(string bytes)
    {
        if (bytes.Length == 0)
            return;
        _out.Write(bytes);
        _out.Flush();
    }

    /// <summary>Somebody else's bytes as they are, text or not.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        _out.Flush();
        _out.BaseStream.Write(bytes);
        _out.BaseStream.Flush();
    }

    public void Flush() => _out.Flush();

    public void Dispose()
    {
        if (!_isPart)
            _out.Dispose();
    }

    /// <summary>A line as it goes to the screen, with its colours where there are any.</summary>
    public string Inked(IReadOnlyList<Piece> pieces) =>
        string.Concat(pieces.Select(piece => (HasColour ? Ink.Over(piece) : piece.Content).Replace(NoBreak, ' ')));

    private static StreamWriter StandardOutput() =>
        new(Console.OpenStandardOutput(), new UTF8Encoding(false), 16 * 1024) { AutoFlush = false, NewLine = "\n" };

    private void Line(IReadOnlyList<Piece> pieces)
    {
        _out.Write(pieces.All(piece => piece.Content.Length == 0) ? Mark.TrimEnd() : Mark);
        _out.WriteLine(Inked(pieces));
        if (_isScreen)
            _out.Flush();
    }

    /// <summary>Rows of the screen at this moment.</summary>
    public int MeasureHeight() => _isScreen && Console.WindowHeight is > 0 and var height ? Math.Max(height, 4) : 24;

    /// <summary>As <see cref="Width"/>, as it is at this moment.</summary>
    public int MeasureWidth()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), CultureInfo.InvariantCulture, out var columns))
            return Math.Clamp(columns, 20, 1000);
        return _isScreen && Console.WindowWidth is > 0 and var width ? Math.Max(width, 20) : WidthOfAPipe;
    }
}
