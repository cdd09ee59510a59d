using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Bench;

/// <summary>
/// A web server on one core and wrk on another: how many requests a second of the server's processor time answers, beside nginx
/// and Kestrel in the same run.
/// </summary>
internal sealed partial class HttpBench : IBench
{
    public const string ServeArgument = "--serve-http";

    private static readonly string s_place = Directory.CreateTempSubdirectory("twocan-bench").FullName;

    public string Name => "http";

    public string About => "a web server under wrk, beside nginx and Kestrel";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        if (WhyNot() is { } why)
        {
            Console.Error.WriteLine($"http: skipped, {why}");
            yield break;
        }
        var seconds = quick ? 2 : 8;
        foreach (var (name, length) in (ReadOnlySpan<(string, int)>)[("1k", 1024), ("100k", 100 * 1024)])
        {
            var content = new byte[length];
            new RandomSource(1).Fill(content);
            File.WriteAllBytes(Path.Combine(s_place, name), content);
        }
        foreach (var (file, said) in (IReadOnlyList<(string, string)>)[("1k", "1 KiB"), ("100k", "100 KiB")])
        {
            var (peers, notes) = (new Dictionary<string, double>(), new List<string>());
            using var ours = new Peer("Twocan", Itself, [.. ItselfFirst, ServeArgument, s_place, "8093"], 8093);
            var measured = ours.Measure(file, seconds);
            notes.Add(
                Invariant(
                    $"wrk -t1 -c64: {measured.PerSecond:N0} requests a second by the clock, the server at {measured.Share:P0} of its core"
                )
            );
            AddPeer(
                "nginx",
                () => new("nginx", "nginx", ["-p", s_place, "-c", NginxSettings()], 8094),
                file,
                seconds,
                peers,
                notes
            );
            AddPeer(
                "Kestrel",
                () => new("Kestrel", "dotnet", [KestrelProgram, s_place, "8095"], 8095),
                file,
                seconds,
                peers,
                notes
            );
            if (file == "1k")
                AddPeer(
                    "Kestrel, from memory",
                    () => new("Kestrel", "dotnet", [KestrelProgram, s_place, "8095"], 8095),
                    "memory/1k",
                    seconds,
                    peers,
                    notes
                );
            yield return new(
                Name,
                $"{said} from a file, kept connections",
                "requests/cpu-s",
                "higher",
                measured.PerCpuSecond,
                peers,
                ours.AllocatedPerRequest(),
                notes
            )
            {
                Op = "a request",
            };
        }
        Directory.Delete(s_place, recursive: true);
    }

    /// <summary>What the other end of the bench is: our server, in a process of its own.</summary>
    public static int Serve(string root, string port)
    {
        var loop = HostNetwork.OpenLoop();
        var network = new HostNetwork(loop);
        var options = new ServerOptions
        {
            Listen = new(IpAddress.Loopback, new Port(ushort.Parse(port, CultureInfo.InvariantCulture))),
            MaxRequests = int.MaxValue,
        };
        var server = new HttpServer(new StaticFiles(new DirectoryRoot(root)), options);
        var (served, allocated) = (0L, 0L);
        // The steady state begins when the first thousands have been answered; what was allocated then is not counted.
        LoopTimer? watch = null;
        watch = loop.CreateTimer(() =>
        {
            if (served == 0 && server.Served > 20_000)
                (served, allocated) = (server.Served, GC.GetAllocatedBytesForCurrentThread());
            else if (served > 0)
                Console.Error.WriteLine(
                    Invariant($"{server.Served - served} {GC.GetAllocatedBytesForCurrentThread() - allocated}")
                );
            watch!.Set(loop.Now + Duration.FromMilliseconds(500));
        });
        loop.Run(async () =>
        {
            watch.Set(loop.Now);
            await server.RunAsync(network, CancellationToken.None);
        });
        return 0;
    }

    private static string Itself => Environment.ProcessPath!;

    /// <summary>Run by 'dotnet twocan-bench.dll', the program is its first argument.</summary>
    private static string[] ItselfFirst =>
        Path.GetFileNameWithoutExtension(Itself) == "dotnet" ? [typeof(HttpBench).Assembly.Location] : [];

    private static string KestrelProgram =>
        Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            "Twocan.Bench.Kestrel",
            "release",
            "Twocan.Bench.Kestrel.dll"
        );

    private static string? WhyNot() =>
        !OperatingSystem.IsLinux() ? "it needs Linux"
        : !IsThere("wrk") ? "wrk is not installed (apt install wrk)"
        : Environment.ProcessorCount < 2 ? "it needs two cores, one for each end"
        : null;

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static void AddPeer(
        string name,
        Func<Peer> start,
        string file,
        int seconds,
        Dictionary<string, double> peers,
        List<string> notes
    )
    {
        var program = name.Split(',')[0];
        if (program == "nginx" && !IsThere("nginx"))
        {
            notes.Add("nginx: skipped, it is not installed (apt install nginx-light)");
            return;
        }
        if (program == "Kestrel" && !File.Exists(KestrelProgram))
        {
            notes.Add("Kestrel: skipped, its program could not be built");
            return;
        }
        using var peer = start();
        peers.Add(name, peer.Measure(file, seconds).PerCpuSecond);
    }

    private static string NginxSettings()
    {
        var path = Path.Combine(s_place, "nginx.conf");
        File.WriteAllText(
            path,
            $$"""
            daemon off; master_process off; pid {{s_place}}/nginx.pid; error_log {{s_place}}/error.log;
            events { worker_connections 1024; }
            http {
                access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
                open_file_cache max=100; client_body_temp_path {{s_place}}; proxy_temp_path {{s_place}};
                fastcgi_temp_path {{s_place}}; uwsgi_temp_path {{s_place}}; scgi_temp_path {{s_place}};
                server { listen 127.0.0.1:8094 backlog=1024; root {{s_place}}; }
            }
            """
        );
        return path;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Measured(double PerCpuSecond, double PerSecond, double Share);

    /// <summary>A server in a process of its own, on the first core.</summary>
    private sealed partial class Peer : IDisposable
    {
        private readonly Process _process;
        private readonly int _port;
        private string _told = "";

        public Peer(string name, string program, string[] arguments, int port)
        {
            _port = port;
            var start = new ProcessStartInfo("taskset", ["-c", "0", program, .. arguments])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            start.Environment["PATH"] += ":/usr/sbin";
            start.Environment["DOTNET_TieredPGO"] = "1";
            _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} does not start.");
            _process.ErrorDataReceived += (_, line) => _told = line.Data ?? _told;
            _process.BeginErrorReadLine();
            // It is there when it answers.
            for (var tries = 0; tries < 200; tries++)
            {
                if (Command("curl", "-s", "-o", "/dev/null", $"http://127.0.0.1:{port}/1k") is not null)
                    return;
                _process.WaitForExit(50);
            }
            throw new InvalidOperationException($"{name} does not answer.");
        }

        public Measured Measure(string file, int seconds)
        {
            // First for the compiler.
            Wrk(file, Math.Max(5, seconds));
            var before = Cpu();
            var (requests, elapsed) = Wrk(file, seconds);
            var cpu = (Cpu() - before).TotalSeconds;
            return new(requests / cpu, requests / elapsed, cpu / elapsed);
        }

        /// <summary>Bytes from the collected heap for each request of the steady state, as our server tells them.</summary>
        public double? AllocatedPerRequest() =>
            _told.Split(' ') is [var served, var allocated]
            && double.TryParse(served, CultureInfo.InvariantCulture, out var requests)
            && double.TryParse(allocated, CultureInfo.InvariantCulture, out var bytes)
                ? bytes / requests
                : null;

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        private TimeSpan Cpu()
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }

        private (long Requests, double Seconds) Wrk(string file, int seconds)
        {
            var told =
                Command("taskset", "-c", "1", "wrk", "-t1", "-c64", $"-d{seconds}s", $"http://127.0.0.1:{_port}/{file}")
                ?? "";
            var done = Done().Match(told);
            if (!done.Success || told.Contains("Non-2xx") || told.Contains("Socket errors"))
                throw new InvalidOperationException($"wrk: {told}");
            return (
                long.Parse(done.Groups["requests"].Value, CultureInfo.InvariantCulture),
                double.Parse(done.Groups["seconds"].Value, CultureInfo.InvariantCulture)
            );
        }

        /// <summary>What it says; null when it did not work.</summary>
        private static string? Command(string program, params string[] arguments)
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true }
            )!;
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
}
