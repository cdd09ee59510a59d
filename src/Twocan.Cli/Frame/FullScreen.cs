using System.Text;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>
/// The whole screen for a picture that changes in its place: the terminal's other screen, so that what stood there before stands
/// there again afterwards. Each picture goes out in one piece and over the last one, never by way of an empty screen: it does not flicker.
/// </summary>
internal sealed class FullScreen : IDisposable
{
    private const byte ControlC = 3;

    private readonly Terminal _terminal;
    private readonly RawTerminal _keys;

    private FullScreen(Terminal terminal, RawTerminal keys)
    {
        (_terminal, _keys) = (terminal, keys);
        terminal.Raw("\e[?1049h\e[?25l\e[H\e[2J");
    }

    /// <summary>Null where there is no screen to draw on, or no keyboard to end it with.</summary>
    public static FullScreen? TryOpen(Terminal terminal) =>
        terminal.CanMoveCursor && RawTerminal.TryOpen() is { } keys ? new(terminal, keys) : null;

    public void Draw(Text title, Block block)
    {
        var (width, height) = (_terminal.MeasureWidth(), _terminal.MeasureHeight());
        // Between these two a terminal that understands them shows nothing half drawn.
        var bytes = new StringBuilder("\e[?2026h\e[H");
        var left = height - 1;
        foreach (var line in Layout.Lines(block, width).Prepend([]).Prepend(title.Pieces))
        {
            if (left-- == 0)
                break;
            bytes.Append(_terminal.Inked(line)).Append("\e[K\r\n");
        }
        _terminal.Raw(bytes.Append("\e[J\e[?2026l").ToString());
    }

    /// <summary>Somebody has pressed q or Ctrl-C, or the terminal is gone. Waits for nobody.</summary>
    public bool IsLeft() =>
        RawTerminal.Read(TimeSpan.Zero) is not { } typed || typed.Span.IndexOfAny((byte)'q', (byte)'Q', ControlC) >= 0;

    public void Dispose()
    {
        _terminal.Raw("\e[?25h\e[?1049l");
        _keys.Dispose();
    }
}
