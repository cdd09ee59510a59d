using System.Text;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary>What has become of a line after a key.</summary>
internal enum LineOutcome
{
    /// <summary>It is still being written.</summary>
    None,

    /// <summary>It is to be done.</summary>
    Accepted,

    /// <summary>Ctrl-C: it is not.</summary>
    Dropped,

    /// <summary>Ctrl-D: there will be no more.</summary>
    Ended,
}

/// <summary>
/// One line, from the prompt to Enter: told keys and the terminal's width, asked for the bytes that go to the screen. It knows
/// no terminal and no file.
/// </summary>
internal sealed class LineEditor
{
    private const int MaxListed = 120;

    private readonly string _prompt;
    private readonly string _style;
    private readonly IReadOnlyList<string> _history;
    private readonly Func<string, int, Completion> _complete;
    private readonly EditBuffer _buffer = new();
    private readonly LineScreen _screen;
    private readonly StringBuilder _output = new();
    private readonly HistorySearch _search;
    private int _place;
    private string _draft = "";

    /// <param name="style">How the prompt looks (SGR); empty for no colour.</param>
    /// <param name="complete">From a line and a cursor in it to what may stand there.</param>
    public LineEditor(
        string prompt,
        string style,
        int width,
        IReadOnlyList<string> history,
        Func<string, int, Completion> complete
    )
    {
        (_prompt, _style, _history, _complete) = (prompt, style, history, complete);
        _screen = new(width);
        _search = new(history);
        _place = history.Count;
        Draw();
    }

    public string Text => _buffer.Text;

    /// <summary>What is to go to the screen since the last call.</summary>
    public string TakeOutput()
    {
        var bytes = _output.ToString();
        _output.Clear();
        return bytes;
    }

    public void OnResize(int width)
    {
        _screen.Width = width;
        Draw();
    }

    public LineOutcome OnKey(Key key)
    {
        if (_search.IsOn && OnKeyOfSearch(key))
            return LineOutcome.None;
        switch (key.Kind)
        {
            case KeyKind.Enter:
                return Leave(LineOutcome.Accepted);
            case KeyKind.Interrupt:
                _buffer.End();
                Draw();
                _output.Append("^C");
                return Leave(LineOutcome.Dropped);
            case KeyKind.EndOfInput when _buffer.Text.Length == 0:
                return Leave(LineOutcome.Ended);
            case KeyKind.ClearScreen:
                _screen.Forget();
                _output.Append("\e[H\e[2J");
                break;
            case KeyKind.Tab:
                Complete();
                break;
            case KeyKind.Search:
                _search.Begin(_buffer.Text);
                break;
            default:
                Edit(key);
                break;
        }
        Draw();
        return LineOutcome.None;
    }

    private void Edit(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Text:
                _buffer.Insert(key.Text);
                break;
            case KeyKind.Backspace:
                _buffer.Backspace();
                break;
            case KeyKind.Delete or KeyKind.EndOfInput:
                _buffer.Delete();
                break;
            case KeyKind.Left:
                _buffer.Left();
                break;
            case KeyKind.Right:
                _buffer.Right();
                break;
            case KeyKind.WordLeft:
                _buffer.WordLeft();
                break;
            case KeyKind.WordRight:
                _buffer.WordRight();
                break;
            case KeyKind.Home:
                _buffer.Home();
                break;
            case KeyKind.End:
                _buffer.End();
                break;
            case KeyKind.KillToEnd:
                _buffer.KillToEnd();
                break;
            case KeyKind.KillToStart:
                _buffer.KillToStart();
                break;
            case KeyKind.KillWord:
                _buffer.KillWord();
                break;
            case KeyKind.KillWordRight:
                _buffer.KillWordRight();
                break;
            case KeyKind.Yank:
                _buffer.Yank();
                break;
            case KeyKind.Up:
                Recall(_place - 1);
                break;
            case KeyKind.Down:
                Recall(_place + 1);
                break;
            default:
                break;
        }
    }

    private LineOutcome Leave(LineOutcome outcome)
    {
        if (outcome != LineOutcome.Dropped)
        {
            _buffer.End();
            Draw();
        }
        _output.Append(_screen.Leave());
        return outcome;
    }

    /// <summary>Below the last line of the history stands what one was about to write.</summary>
    private void Recall(int place)
    {
        if (place < 0 || place > _history.Count)
            return;
        if (_place == _history.Count)
            _draft = _buffer.Text;
        _place = place;
        _buffer.Set(place == _history.Count ? _draft : _history[place]);
    }

    /// <summary>False when the key ends the search and means the line that was found.</summary>
    private bool OnKeyOfSearch(Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Text:
                _search.Add(key.Text);
                break;
            case KeyKind.Backspace:
                _search.Shorten();
                break;
            case KeyKind.Search:
                _search.Older();
                break;
            case KeyKind.Cancel or KeyKind.Interrupt:
                _buffer.Set(_search.Cancel());
                break;
            default:
                _buffer.Set(_search.End());
                return false;
        }
        Draw();
        return true;
    }

    private void Complete()
    {
        var completion = _complete(_buffer.Text, _buffer.Cursor);
        var written = _buffer.Cursor - completion.Start;
        if (completion.Candidates is [var only])
        {
            // What ends in a separator is to be gone on with.
            _buffer.Replace(completion.Start, _buffer.Cursor, only[^1] is '/' or '@' or '-' ? only : only + " ");
        }
        else if (completion.CommonPrefix.Length > written)
        {
            _buffer.Replace(completion.Start, _buffer.Cursor, completion.CommonPrefix);
        }
        else if (completion.Candidates.Count > 0)
        {
            List(completion.Candidates);
        }
    }

    private void List(IReadOnlyList<string> candidates)
    {
        var shown = candidates.Take(MaxListed).ToList();
        var column = shown.Max(CellWidth.Of) + 2;
        var columns = Math.Max(1, _screen.Width / column);
        var rows = (shown.Count + columns - 1) / columns;
        _output.Append(_screen.Leave());
        for (var row = 0; row < rows; row++)
        {
            for (var at = row; at < shown.Count; at += rows)
                _output.Append(shown[at]).Append(' ', at + rows < shown.Count ? column - CellWidth.Of(shown[at]) : 0);
            _output.Append("\r\n");
        }
        if (candidates.Count > shown.Count)
            _output.Append($"… +{candidates.Count - shown.Count}\r\n");
    }

    private void Draw() =>
        _output.Append(
            _search.IsOn
                ? _screen.Draw(_search.Prompt, "", _search.Found, _search.FoundAt)
                : _screen.Draw(_prompt, _style, _buffer.Text, _buffer.Cursor)
        );
}
