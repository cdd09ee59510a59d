using System.ComponentModel;
using System.Diagnostics;
using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Dns.Tests;

/// <summary>Wireshark reads our messages as we mean them.</summary>
public sealed class TsharkTests
{
    [Fact]
    public void Wireshark_finds_no_malformed_message_and_the_same_names()
    {
        using var net = new SmallInternet();
        using var file = new MemoryStream();
        using (new Capture(net.World, file))
        {
            net.Run(async () =>
            {
                await net.Ask("ftp.cyber.kr");
                await net.Ask("nobody.cyber.kr");
                await net.Ask("many.cyber.kr");
                var server = new Endpoint(IpAddress.Parse("10.0.0.3"), Port.Domain);
                foreach (var type in (RecordType[])[RecordType.MX, RecordType.SOA, RecordType.NS, RecordType.TXT])
                    await DnsClient.QueryAsync(net.Pc.Network, server, DomainName.Parse("cyber.kr"), type);
            });
        }
        var path = Path.Combine(Path.GetTempPath(), $"twocan-dns-{Environment.ProcessId}.pcapng");
        File.WriteAllBytes(path, file.ToArray());
        try
        {
            Assert.Equal("", Tshark(path, "-Y", "_ws.malformed"));
            var answers = Tshark(
                path,
                "-Y",
                "dns.flags.response == 1 && udp",
                "-T",
                "fields",
                "-e",
                "dns.qry.name",
                "-e",
                "dns.flags.rcode",
                "-e",
                "dns.a",
                "-e",
                "dns.cname",
                "-e",
                "dns.ns"
            );
            Assert.Contains("ftp.cyber.kr\t0\t10.0.0.2\t\tns.kr\n", answers, StringComparison.Ordinal);
            Assert.Contains("ftp.cyber.kr\t0\t192.0.2.226\twww.cyber.kr\t\n", answers, StringComparison.Ordinal);
            Assert.Contains("nobody.cyber.kr\t3\t\t\t\n", answers, StringComparison.Ordinal);
            var overTcp = Tshark(
                path,
                "-Y",
                "dns.flags.response == 1 && tcp",
                "-T",
                "fields",
                "-e",
                "dns.count.answers"
            );
            Assert.Contains("60", overTcp, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Tshark(string path, params string[] arguments)
    {
        var start = new ProcessStartInfo("tshark", ["-r", path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip("tshark is not installed: Debian and Ubuntu have it in the package 'tshark'");
            throw;
        }
    }
}
