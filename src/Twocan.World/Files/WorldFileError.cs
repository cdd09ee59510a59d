namespace Twocan.Worlds;

/// <summary>A mistake in a world file: where, what is wrong, and what would be right.</summary>
public sealed record WorldFileError(string File, int Line, int Column, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}

/// <summary>A world file that cannot be used, with all its mistakes.</summary>
public sealed class WorldFileException(IReadOnlyList<WorldFileError> errors)
    : Exception(string.Join('\n', errors.Select(error => error.ToString())))
{
    public IReadOnlyList<WorldFileError> Errors { get; } = errors;
}

/// <summary>Gathers the mistakes of one file, so that they are told all at once.</summary>
public sealed class Mistakes(string file)
{
    private readonly List<WorldFileError> _errors = [];

    /// <summary>The file, as the one who reads it calls it.</summary>
    public string File => file;

    public bool Any => _errors.Count > 0;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<WorldFileError> All =>
        [.. _errors.OrderBy(error => error.File != file).ThenBy(error => error.Line).ThenBy(error => error.Column)];

    public void Add(ConfigNode at, string message) => Add(at.Line, at.Column, message);

    public void Add(int line, int column, string message) => Add(file, line, column, message);

    /// <summary>A mistake in another file that this one names.</summary>
    public void Add(string otherFile, int line, int column, string message)
    {
        // What stands in one place may be read for several hosts; it is one mistake.
        var error = new WorldFileError(otherFile, line, column, message);
        if (!_errors.Contains(error))
            _errors.Add(error);
    }
}
