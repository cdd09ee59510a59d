using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Twocan.Bench;

/// <summary>What one stretch under wrk came to.</summary>
/// <param name="PerCpuSecond">Requests for each second of the server's processor time.</param>
/// <param name="PerSecond">Requests a second by the clock.</param>
/// <param name="Share">How much of its core the server had.</param>
internal readonly record struct HttpMeasure(double PerCpuSecond, double PerSecond, double Share);

/// <summary>A web server in a process of its own on the first core, and wrk on the second.</summary>
internal sealed partial class HttpPeer : IDisposable
{
    /// <summary>So much processor time, and no more than so long by the clock, is the compiler's to make its best of the program.</summary>
    private const double WarmUp = 4;
    private const double LongestWarmUp = 15;

    private readonly Process _process;
    private readonly string _url;
    private string _told = "";

    /// <param name="command">Made of the port that it is to listen on.</param>
    public HttpPeer(string name, string target, Func<int, string[]> command)
    {
        Name = name;
        var port = FreePort();
        _url = $"http://127.0.0.1:{port}/{target}";
        var start = new ProcessStartInfo("taskset", ["-c", "0", .. command(port)])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] += ":/usr/sbin";
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} does not start.");
        _process.ErrorDataReceived += (_, line) => _told = line.Data ?? _told;
        _process.BeginErrorReadLine();
        // It is there when it answers.
        for (var tries = 0; tries < 200; tries++)
        {
            if (Run("curl", "-sf", "-o", "/dev/null", _url) is not null)
                return;
            _process.WaitForExit(50);
        }
        Dispose();
        throw new InvalidOperationException($"{name} does not answer.");
    }

    public string Name { get; }

    /// <summary>Its best so far.</summary>
    public HttpMeasure Best { get; private set; }

    public void Prepare()
    {
        var (before, elapsed) = (Cpu(), 0.0);
        while ((Cpu() - before).TotalSeconds < WarmUp && elapsed < LongestWarmUp)
            elapsed += Wrk(2).Seconds;
    }

    public void Measure(int seconds)
    {
        var before = Cpu();
        var (requests, elapsed) = Wrk(seconds);
        var cpu = (Cpu() - before).TotalSeconds;
        if (requests / cpu > Best.PerCpuSecond)
            Best = new(requests / cpu, requests / elapsed, cpu / elapsed);
    }

    /// <summary>Bytes from the collected heap for each request of the steady state, as our server tells them.</summary>
    public double? AllocatedPerRequest() =>
        _told.Split(' ') is [var served, var allocated]
        && double.TryParse(served, CultureInfo.InvariantCulture, out var requests)
        && double.TryParse(allocated, CultureInfo.InvariantCulture, out var bytes)
        && requests > 0
            ? bytes / requests
            : null;

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private TimeSpan Cpu()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    private (long Requests, double Seconds) Wrk(int seconds)
    {
        var told = Run("taskset", "-c", "1", "wrk", "-t1", "-c64", $"-d{seconds}s", _url) ?? "";
        var done = Done().Match(told);
        if (!done.Success || told.Contains("Non-2xx") || told.Contains("Socket errors"))
            throw new InvalidOperationException($"wrk and {Name}: {told}");
        return (
            long.Parse(done.Groups["requests"].Value, CultureInfo.InvariantCulture),
            double.Parse(done.Groups["seconds"].Value, CultureInfo.InvariantCulture)
        );
    }

    /// <summary>What it says; null when it did not work.</summary>
    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : null;
    }

    [GeneratedRegex(
        @"(?<requests>\d+) requests in (?<seconds>[\d.]+)s",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Done();
}
