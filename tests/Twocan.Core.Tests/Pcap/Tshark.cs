using System.Diagnostics;

namespace Twocan.Core.Tests;

/// <summary>Wireshark's commands, as judges of our captures; tests that need them are skipped where they are not installed.</summary>
internal static class Tshark
{
    public static string Read(byte[] capture, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        return Run("tshark", ["-r", folder.Write("capture", capture), .. arguments]);
    }

    /// <summary>Runs one of them and answers what it printed.</summary>
    public static string Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{command} is not installed: Debian and Ubuntu bring it with the package 'tshark'");
            throw;
        }
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return output;
        }
    }
}

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("twocan-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
