using System.Diagnostics;

namespace Twocan.Core.Tests;

/// <summary>Wireshark's command line, as a judge of our captures; tests that need it are skipped where it is not installed.</summary>
internal static class Tshark
{
    public static string Read(byte[] capture, params string[] arguments)
    {
        var file = Path.Combine(Path.GetTempPath(), $"twocan-{Environment.ProcessId}-{Guid.NewGuid():N}.pcapng");
        File.WriteAllBytes(file, capture);
        try
        {
            var start = new ProcessStartInfo("tshark", ["-r", file, .. arguments])
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
                Assert.Skip("tshark is not installed: Debian and Ubuntu have it in the package 'tshark'");
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
        finally
        {
            File.Delete(file);
        }
    }
}
