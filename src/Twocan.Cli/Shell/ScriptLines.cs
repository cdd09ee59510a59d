namespace Twocan.Cli;

/// <summary>The lines of a script, from a file or through a pipe: shown behind the prompt as they are done, so that a transcript reads like a session.</summary>
/// <param name="name">What complaints call it: the file; null is a pipe.</param>
/// <param name="echo">Where lines are shown; null keeps them to itself.</param>
internal sealed class ScriptLines(TextReader script, string? name, Terminal? echo) : ILineSource
{
    private int _number;

    public string Who => name is null ? $"twocan: line {_number}: " : $"twocan: {name}:{_number}: ";

    public bool IsPerson => false;

    public string? Next(string prompt)
    {
        while (script.ReadLine() is { } line)
        {
            _number++;
            var said = line.Trim();
            if (said.Length == 0 || said[0] == '#')
                continue;
            echo?.Line($"{prompt:host}{said}");
            echo?.Flush();
            return said;
        }
        return null;
    }
}
