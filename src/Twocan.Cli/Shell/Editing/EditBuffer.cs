using System.Globalization;

namespace Twocan.Cli;

/// <summary>A line that is being written, and where in it one is. It goes by what people take for one character.</summary>
internal sealed class EditBuffer
{
    private string _killed = "";

    public string Text { get; private set; } = "";

    /// <summary>In UTF-16 units, always between two characters.</summary>
    public int Cursor { get; private set; }

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text) => Replace(Cursor, Cursor, text);

    /// <summary>Puts a text in the place of what stands there, and goes behind it.</summary>
    public void Replace(int from, int to, string text) =>
        (Text, Cursor) = (Text[..from] + text + Text[to..], from + text.Length);

    public void Backspace() => Replace(Before(Cursor), Cursor, "");

    public void Delete() => Remove(Cursor, After(Cursor));

    public void Left() => Cursor = Before(Cursor);

    public void Right() => Cursor = After(Cursor);

    public void WordLeft() => Cursor = WordBefore();

    public void WordRight() => Cursor = WordAfter();

    public void Home() => Cursor = 0;

    public void End() => Cursor = Text.Length;

    public void KillToEnd() => Kill(Cursor, Text.Length);

    public void KillToStart() => Kill(0, Cursor);

    /// <summary>Back to the last blank, as terminals do.</summary>
    public void KillWord()
    {
        var from = Cursor;
        while (from > 0 && Text[from - 1] == ' ')
            from--;
        while (from > 0 && Text[from - 1] != ' ')
            from--;
        Kill(from, Cursor);
    }

    public void KillWordRight() => Kill(Cursor, WordAfter());

    public void Yank() => Insert(_killed);

    private void Kill(int from, int to)
    {
        if (from == to)
            return;
        _killed = Text[from..to];
        Remove(from, to);
    }

    private void Remove(int from, int to) => Replace(from, to, "");

    private int After(int at) => at < Text.Length ? at + StringInfo.GetNextTextElementLength(Text, at) : at;

    private int Before(int at)
    {
        var before = 0;
        for (var next = 0; next < at; next = After(next))
            before = next;
        return before;
    }

    private int WordBefore()
    {
        var at = Cursor;
        while (at > 0 && !char.IsLetterOrDigit(Text[at - 1]))
            at--;
        while (at > 0 && char.IsLetterOrDigit(Text[at - 1]))
            at--;
        return at;
    }

    private int WordAfter()
    {
        var at = Cursor;
        while (at < Text.Length && !char.IsLetterOrDigit(Text[at]))
            at++;
        while (at < Text.Length && char.IsLetterOrDigit(Text[at]))
            at++;
        return at;
    }
}
