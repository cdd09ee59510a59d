namespace Twocan.Sockets;

/// <summary>
/// On behalf of which program the loop runs at this moment: it follows a program through its awaits and into what it starts, as a
/// process's number does. A socket keeps the name of the program that made it, for <c>netstat -p</c>.
/// </summary>
public static class ProgramName
{
    private static readonly AsyncLocal<string?> s_current = new();

    /// <summary>Null outside of all programs.</summary>
    public static string? Current => s_current.Value;

    /// <summary>Runs a program under its name.</summary>
    public static async Task<T> RunAsync<T>(string name, Func<Task<T>> program)
    {
        // What an async method sets ends with it.
        s_current.Value = name;
        return await program();
    }

    public static async Task RunAsync(string name, Func<Task> program)
    {
        s_current.Value = name;
        await program();
    }
}
