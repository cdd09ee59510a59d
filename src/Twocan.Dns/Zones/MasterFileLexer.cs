namespace Twocan.Dns;

/// <summary>A word of a master file; quoted or not, its escapes are still in it.</summary>
internal readonly record struct MasterToken(string Text, bool Quoted, int Line, int Column)
{
    public bool Is(string word) => !Quoted && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Takes a master file apart into entries (RFC 1035 §5.1): a line each, or several lines where parentheses hold them
/// together. One pass; a mistake ends its entry, and the next line is read as if nothing had happened.
/// </summary>
internal sealed class MasterFileLexer(string text, MasterFileErrors errors)
{
    private readonly List<MasterToken> _tokens = [];
    private int _at;
    private int _line = 1;
    private int _lineStart;

    /// <summary>The words of the entry.</summary>
    public IReadOnlyList<MasterToken> Tokens => _tokens;

    /// <summary>The entry's line begins with a space: its owner is the entry's before it.</summary>
    public bool OwnerIsBlank { get; private set; }

    public int Line => _line;

    public int Column => _at - _lineStart + 1;

    /// <summary>Reads the next entry that has any words; false at the end of the file.</summary>
    public bool TryReadEntry()
    {
        while (_at < text.Length)
        {
            _tokens.Clear();
            OwnerIsBlank = text[_at] is ' ' or '\t';
            if (ReadEntry() && _tokens.Count > 0)
                return true;
        }
        return false;
    }

    /// <summary>False when the entry was broken and has been passed over.</summary>
    private bool ReadEntry()
    {
        var (open, openLine, openColumn) = (0, 0, 0);
        while (_at < text.Length)
        {
            switch (text[_at])
            {
                case '\n':
                    NextLine();
                    if (open == 0)
                        return true;
                    break;
                case ' ' or '\t' or '\r':
                    _at++;
                    break;
                case ';':
                    SkipToLineEnd();
                    break;
                case '(':
                    if (open++ == 0)
                        (openLine, openColumn) = (_line, Column);
                    _at++;
                    break;
                case ')':
                    if (open == 0)
                        return Fail(_line, Column, "a ')' that nothing opened");
                    open--;
                    _at++;
                    break;
                case '"':
                    if (!ReadQuoted())
                        return false;
                    break;
                default:
                    ReadWord();
                    break;
            }
        }
        return open == 0 || Fail(openLine, openColumn, "this '(' is never closed");
    }

    private void ReadWord()
    {
        var (start, column) = (_at, Column);
        while (_at < text.Length && text[_at] is not (' ' or '\t' or '\r' or '\n' or ';' or '(' or ')' or '"'))
            _at += text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] != '\n' ? 2 : 1;
        _tokens.Add(new(text[start.._at], Quoted: false, _line, column));
    }

    private bool ReadQuoted()
    {
        var (line, column, start) = (_line, Column, ++_at);
        while (_at < text.Length && text[_at] is not ('"' or '\n'))
            _at += text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] != '\n' ? 2 : 1;
        if (_at >= text.Length || text[_at] == '\n')
            return Fail(line, column, "this quoted string is not closed before the line ends");
        _tokens.Add(new(text[start.._at], Quoted: true, line, column));
        _at++;
        return true;
    }

    private bool Fail(int line, int column, string message)
    {
        errors.Add(line, column, message);
        SkipToLineEnd();
        if (_at < text.Length)
            NextLine();
        return false;
    }

    private void SkipToLineEnd()
    {
        while (_at < text.Length && text[_at] != '\n')
            _at++;
    }

    private void NextLine()
    {
        _at++;
        _line++;
        _lineStart = _at;
    }
}

/// <summary>Collects the mistakes of one file, each with its place.</summary>
internal sealed class MasterFileErrors(string file, int firstLine, int firstColumn, ICollection<ZoneError> into)
{
    public int Count { get; private set; }

    public string File => file;

    /// <summary>A zone that stands inside another file, indented, has its places counted from there.</summary>
    public void Add(int line, int column, string message)
    {
        Count++;
        into.Add(new(file, line + firstLine - 1, column + firstColumn - 1, message));
    }
}
