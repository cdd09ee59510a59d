using System.Diagnostics;

namespace Twocan.Cli.Tests;

/// <summary>'twocan serve' while it runs, and where it listens.</summary>
internal sealed class Served : IDisposable
{
    public Served(string site, params string[] options)
        : this(["serve", site, "--listen", "127.0.0.1:0", "--for", "120", .. options]) { }

    private Served(string[] arguments)
    {
        Process = Call.Start(arguments);
        var line = Process.StandardOutput.ReadLine();
        if (line is null)
            Assert.Fail(Process.StandardError.ReadToEnd());
        Url = line.Split(' ')[^1];
    }

    /// <summary>What a file describes, also where it listens.</summary>
    public static Served By(string config) => new(["serve", "--config", config, "--for", "120"]);

    public Process Process { get; }

    public string Url { get; }

    public string Port => new Uri(Url).Port.ToString();

    public void Signal(string name) => Client.Run("kill", [$"-{name}", Process.Id.ToString()]);

    public void Dispose()
    {
        Process.Kill();
        Process.WaitForExit();
        Process.Dispose();
    }
}

/// <summary>Other people's programs that ask ours.</summary>
internal static class Client
{
    /// <summary>What it writes; the test is skipped where it is not there, and fails where it does.</summary>
    public static string Run(string program, params string[] arguments) => Both(program, arguments).Out;

    public static (string Out, string Error) Both(string program, params string[] arguments)
    {
        Assert.SkipUnless(Call.IsInstalled(program), $"{program} is not installed");
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {error.Result}");
        return (output, error.Result);
    }
}
