using System.Diagnostics;
using System.Text.Json;

namespace Twocan.Cli.Tests;

/// <summary>The command as its users meet it: a process with arguments, two streams and an exit code.</summary>
internal sealed record Call(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, program)));

    public static Call Twocan(params string[] arguments) => Twocan(arguments, []);

    /// <summary>A script through a pipe.</summary>
    public static Call Shell(string script, params string[] arguments) => Twocan(["shell", .. arguments], [], script);

    public static Call Twocan(string[] arguments, (string Name, string Value)[] environment, string input = "")
    {
        using var process = Start(arguments, environment, input);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    /// <summary>The process itself, with nothing to read for it.</summary>
    public static Process Start(string[] arguments, params (string Name, string Value)[] environment) =>
        Start(arguments, environment, "");

    private static Process Start(string[] arguments, (string Name, string Value)[] environment, string input)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet"
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // Examples write captures where they stand.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "twocan.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var name in new[] { "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "COLUMNS" })
            start.Environment.Remove(name);
        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return process;
    }
}
