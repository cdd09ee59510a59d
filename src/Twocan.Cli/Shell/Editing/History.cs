using System.Text;

namespace Twocan.Cli;

/// <summary>
/// What was said before. In a file each line is there as soon as it is said, so that nothing is lost with the process; and the
/// file does not grow without end. What cannot be kept is only not kept: no command fails for it.
/// </summary>
internal sealed class History
{
    private const int MaxLines = 1000;
    private const int MaxLength = 4096;

    private readonly string? _path;
    private readonly List<string> _lines = [];

    /// <param name="path">Null keeps it in memory.</param>
    public History(string? path)
    {
        _path = path;
        if (path is not null)
            Load(path);
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Where the state of programs belongs (XDG Base Directory Specification); null where there is no home.</summary>
    public static string? DefaultPath()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        var home = Environment.GetEnvironmentVariable("HOME");
        if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
            state = string.IsNullOrEmpty(home) ? null : Path.Combine(home, ".local", "state");
        return state is null ? null : Path.Combine(state, "twocan", "history");
    }

    public void Add(string line)
    {
        line = line.Trim();
        if (line.Length is 0 or > MaxLength || (_lines.Count > 0 && _lines[^1] == line))
            return;
        _lines.Add(line);
        if (_lines.Count > MaxLines)
            _lines.RemoveAt(0);
        Append(line);
    }

    private void Load(string path)
    {
        try
        {
            if (!File.Exists(path))
                return;
            var all = File.ReadAllLines(path, Encoding.UTF8);
            foreach (var line in all.TakeLast(MaxLines))
            {
                // A file that was cut short, or is none of ours, must not bring control characters to the screen.
                var clean = string.Concat(line.Where(letter => !char.IsControl(letter) && letter != '\uFFFD')).Trim();
                if (clean.Length is > 0 and <= MaxLength)
                    _lines.Add(clean);
            }
            if (all.Length > 2 * MaxLines)
                Rewrite(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>Beside the old one, then in its place: whoever is killed in between leaves one of the two whole.</summary>
    private void Rewrite(string path)
    {
        var next = $"{path}.{Environment.ProcessId}";
        File.WriteAllLines(next, _lines);
        File.Move(next, path, overwrite: true);
    }

    private void Append(string line)
    {
        if (_path is null)
            return;
        try
        {
            if (Path.GetDirectoryName(_path) is { Length: > 0 } directory)
                Directory.CreateDirectory(directory);
            using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, 1);
            // One write, so that two shells do not mix; what was cut short before it is a line of its own.
            file.Write(Encoding.UTF8.GetBytes(EndsInLine() ? $"{line}\n" : $"\n{line}\n"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException) { }
    }

    private bool EndsInLine()
    {
        using var file = new FileStream(_path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length == 0)
            return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
