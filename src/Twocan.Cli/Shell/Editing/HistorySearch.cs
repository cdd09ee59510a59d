namespace Twocan.Cli;

/// <summary>Ctrl-R: the last line in which a text stands, found while it is written.</summary>
internal sealed class HistorySearch(IReadOnlyList<string> history)
{
    private string _text = "";
    private string _before = "";
    private int _place;

    public bool IsOn { get; private set; }

    /// <summary>Whether the text stands nowhere: the line that was found last is still shown.</summary>
    public bool HasFailed { get; private set; }

    public string Found { get; private set; } = "";

    public int FoundAt => Math.Max(0, Found.LastIndexOf(_text, StringComparison.Ordinal));

    public string Prompt => $"({(HasFailed ? "failed " : "")}reverse-i-search)'{_text}': ";

    public void Begin(string line)
    {
        (IsOn, HasFailed, _text, _before, Found, _place) = (true, false, "", line, line, history.Count);
    }

    public void Add(string text)
    {
        _text += text;
        Find(Math.Min(_place, history.Count - 1));
    }

    public void Shorten()
    {
        _text = _text.Length > 0 ? _text[..^1] : "";
        Find(Math.Min(_place, history.Count - 1));
    }

    public void Older() => Find(_place - 1);

    /// <summary>Ends, with the line that was found.</summary>
    public string End()
    {
        IsOn = false;
        return Found;
    }

    /// <summary>Ends, with the line as it was before.</summary>
    public string Cancel()
    {
        IsOn = false;
        return _before;
    }

    private void Find(int from)
    {
        for (var place = from; place >= 0; place--)
        {
            if (!history[place].Contains(_text, StringComparison.Ordinal))
                continue;
            (_place, Found, HasFailed) = (place, history[place], false);
            return;
        }
        HasFailed = true;
    }
}
