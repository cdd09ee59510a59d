using System.Runtime.InteropServices;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>
/// The lines of a person at a terminal, edited as they are written. A terminal that cannot do it (<c>TERM=dumb</c>, output that
/// goes elsewhere) gets the prompt alone, and edits with what its driver has.
/// </summary>
internal sealed class EditedLines : ILineSource, IDisposable
{
    /// <summary>So long after an escape nothing more comes that belongs to it.</summary>
    private static readonly TimeSpan s_escapeAlone = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a change of the window's size may go unnoticed.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    private readonly Terminal _terminal;
    private readonly History _history;
    private readonly Completer _completer;
    private readonly KeyReader _reader = new();
    private readonly Queue<Key> _keys = new();
    private readonly PosixSignalRegistration? _resize;
    private volatile bool _isResized;

    public EditedLines(Terminal terminal, History history, Completer completer)
    {
        (_terminal, _history, _completer) = (terminal, history, completer);
        if (!OperatingSystem.IsWindows())
            _resize = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _isResized = true);
    }

    public string Who => "";

    public bool IsPerson => true;

    public void Greet(World world)
    {
        _terminal.Write(
            new Paragraph(
                _terminal.Say(
                    $"A world of {world.Hosts.Count} hosts and {world.Cables.Count} cables, alive until you leave it. 'help' lists what can be said, Tab completes it, Ctrl-D leaves.",
                    $"호스트 {world.Hosts.Count}대와 케이블 {world.Cables.Count}개로 된 세계가 나갈 때까지 살아 있습니다. 쓸 수 있는 명령은 'help'가 보여 주고, Tab이 채워 줍니다. Ctrl-D로 나갑니다."
                )
            )
        );
        _terminal.Flush();
    }

    public string? Next(string prompt)
    {
        while (true)
        {
            var (line, outcome) = ReadLine(prompt);
            if (outcome == LineOutcome.Ended)
                return null;
            if (outcome == LineOutcome.Dropped || string.IsNullOrWhiteSpace(line))
                continue;
            _history.Add(line);
            return line;
        }
    }

    public void Dispose() => _resize?.Dispose();

    private (string Line, LineOutcome Outcome) ReadLine(string prompt)
    {
        using var raw = _terminal.CanMoveCursor ? RawTerminal.TryOpen() : null;
        if (raw is null)
            return ReadPlainLine(prompt);
        _isResized = false;
        var style = _terminal.HasColour ? "\e[1;36m" : "";
        var editor = new LineEditor(prompt, style, _terminal.MeasureWidth(), _history.Lines, _completer.Complete);
        while (true)
        {
            _terminal.Raw(editor.TakeOutput());
            while (_keys.TryDequeue(out var key))
            {
                var outcome = editor.OnKey(key);
                if (outcome == LineOutcome.None)
                    continue;
                _terminal.Raw(editor.TakeOutput());
                return (editor.Text, outcome);
            }
            _terminal.Raw(editor.TakeOutput());
            if (!ReadKeys())
                return ("", LineOutcome.Ended);
            if (_isResized)
            {
                _isResized = false;
                editor.OnResize(_terminal.MeasureWidth());
            }
        }
    }

    /// <summary>False when the terminal is gone.</summary>
    private bool ReadKeys()
    {
        if (RawTerminal.Read(_reader.IsInSequence ? s_escapeAlone : s_look) is not { } bytes)
            return false;
        foreach (var key in bytes.IsEmpty ? _reader.OnSilence() : _reader.Read(bytes.Span))
            _keys.Enqueue(key);
        return true;
    }

    private (string, LineOutcome) ReadPlainLine(string prompt)
    {
        _terminal.Raw(prompt);
        var line = Console.In.ReadLine();
        return (line ?? "", line is null ? LineOutcome.Ended : LineOutcome.Accepted);
    }
}
