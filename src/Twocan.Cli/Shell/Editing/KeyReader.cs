using System.Text;

namespace Twocan.Cli;

/// <summary>
/// From a terminal's bytes to keys: UTF-8, control characters, and the escape sequences of ECMA-48 terminals, however they are
/// cut into pieces. It never fails: what it does not know is a key that means nothing.
/// </summary>
internal sealed class KeyReader
{
    private const int MaxSequence = 32;
    private const byte Escape = 0x1b;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _sequence = new();
    private State _state;

    private enum State
    {
        Ground,
        Escaped,

        /// <summary>ESC [ … up to a letter.</summary>
        Control,

        /// <summary>ESC O and one letter, as some keypads say it.</summary>
        Shifted,
    }

    /// <summary>Whether an escape has come of which nobody knows yet whether it stands alone.</summary>
    public bool IsInSequence => _state != State.Ground;

    /// <summary>The keys that these bytes complete.</summary>
    public IReadOnlyList<Key> Read(ReadOnlySpan<byte> bytes)
    {
        var keys = new List<Key>();
        foreach (var one in bytes)
            Read(one, keys);
        return keys;
    }

    /// <summary>Nothing more has come for a while: an escape stands alone.</summary>
    public IReadOnlyList<Key> OnSilence()
    {
        if (_state == State.Ground)
            return [];
        Begin(State.Ground);
        return [new(KeyKind.Cancel)];
    }

    private void Read(byte one, List<Key> keys)
    {
        switch (_state)
        {
            case State.Ground when one == Escape:
                Begin(State.Escaped);
                break;
            case State.Ground when one is < 0x20 or 0x7f:
                keys.Add(new(Control(one)));
                break;
            case State.Ground:
                Decode(one, keys);
                break;
            case State.Escaped when one == '[':
                Begin(State.Control);
                break;
            case State.Escaped when one == 'O':
                Begin(State.Shifted);
                break;
            case State.Escaped when one == Escape:
                keys.Add(new(KeyKind.Cancel));
                break;
            case State.Escaped:
                keys.Add(new(Meta(one)));
                Begin(State.Ground);
                break;
            case State.Control when one is < 0x40 or > 0x7e && _sequence.Length < MaxSequence:
                _sequence.Append((char)one);
                break;
            default:
                keys.Add(new(Sequence(_sequence.ToString(), (char)one)));
                Begin(State.Ground);
                break;
        }
    }

    private void Begin(State state)
    {
        _state = state;
        _sequence.Clear();
    }

    private void Decode(byte one, List<Key> keys)
    {
        Span<char> chars = stackalloc char[4];
        var count = _decoder.GetChars([one], chars, flush: false);
        if (count == 0)
            return;
        var text = new string(chars[..count]);
        // C1 controls (U+0080 to U+009F) would be obeyed by a terminal, not shown.
        if (!text.Any(char.IsControl))
            keys.Add(new(KeyKind.Text, text));
    }

    private static KeyKind Control(byte one) =>
        one switch
        {
            0x01 => KeyKind.Home,
            0x02 => KeyKind.Left,
            0x03 => KeyKind.Interrupt,
            0x04 => KeyKind.EndOfInput,
            0x05 => KeyKind.End,
            0x06 => KeyKind.Right,
            0x07 => KeyKind.Cancel,
            0x08 or 0x7f => KeyKind.Backspace,
            0x09 => KeyKind.Tab,
            0x0a or 0x0d => KeyKind.Enter,
            0x0b => KeyKind.KillToEnd,
            0x0c => KeyKind.ClearScreen,
            0x0e => KeyKind.Down,
            0x10 => KeyKind.Up,
            0x12 => KeyKind.Search,
            0x15 => KeyKind.KillToStart,
            0x17 => KeyKind.KillWord,
            0x19 => KeyKind.Yank,
            _ => KeyKind.Other,
        };

    private static KeyKind Meta(byte one) =>
        one switch
        {
            (byte)'b' or (byte)'B' => KeyKind.WordLeft,
            (byte)'f' or (byte)'F' => KeyKind.WordRight,
            (byte)'d' or (byte)'D' => KeyKind.KillWordRight,
            0x08 or 0x7f => KeyKind.KillWord,
            _ => KeyKind.Other,
        };

    /// <summary>With Ctrl or Alt (…;5C, …;3C) an arrow goes by words.</summary>
    private static KeyKind Sequence(string parameters, char last)
    {
        var byWords = parameters is [.., ';', '3' or '5'];
        return (last, parameters) switch
        {
            ('A', _) => KeyKind.Up,
            ('B', _) => KeyKind.Down,
            ('C', _) => byWords ? KeyKind.WordRight : KeyKind.Right,
            ('D', _) => byWords ? KeyKind.WordLeft : KeyKind.Left,
            ('H', _) or ('~', "1" or "7") => KeyKind.Home,
            ('F', _) or ('~', "4" or "8") => KeyKind.End,
            ('~', "3") => KeyKind.Delete,
            ('M', "") => KeyKind.Enter,
            _ => KeyKind.Other,
        };
    }
}
