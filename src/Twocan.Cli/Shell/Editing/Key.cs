namespace Twocan.Cli;

internal enum KeyKind
{
    /// <summary>Something to be written: <see cref="Key.Text"/>.</summary>
    Text,
    Enter,
    Tab,
    Backspace,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
    KillToEnd,
    KillToStart,
    KillWord,
    KillWordRight,
    Yank,
    Search,
    ClearScreen,
    Interrupt,

    /// <summary>Ctrl-D: the end, on an empty line; else it deletes.</summary>
    EndOfInput,

    /// <summary>Ctrl-G or Escape.</summary>
    Cancel,

    /// <summary>A key that means nothing here.</summary>
    Other,
}

/// <summary>A key as it was pressed.</summary>
internal readonly record struct Key(KeyKind Kind, string Text = "");
