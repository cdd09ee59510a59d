namespace Twocan.Worlds;

/// <summary>What keeps a script from being run at all: a mistake in it, or something that is not supported here.</summary>
public sealed class DrillScriptException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}

/// <summary>The script ran, and something was not as one of its lines says.</summary>
public sealed class DrillFailedException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
