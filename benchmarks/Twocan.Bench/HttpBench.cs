using System.Globalization;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Bench;

/// <summary>
/// A web server on one core and wrk on another: how many requests a second of the server's processor time answers, beside nginx
/// and Kestrel. All of them stand by for the whole of a case and are measured in turns, so that whatever else the machine does
/// meets them alike; of each its best turn counts.
/// </summary>
internal sealed class HttpBench : IBench
{
    public const string ServeArgument = "--serve-http";

    public string Name => "http";

    public string About => "the web server in a world, and under wrk beside nginx and Kestrel";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        yield return HttpInAWorld.Measure(quick);
        if (WhyNot() is { } why)
        {
            Console.Error.WriteLine($"http: no server beside nginx and Kestrel, {why}");
            yield break;
        }
        var place = Directory.CreateTempSubdirectory("twocan-bench-");
        try
        {
            yield return Measure(place.FullName, 1, quick);
            yield return Measure(place.FullName, 100, quick);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private BenchResult Measure(string place, int kilobytes, bool quick)
    {
        var (file, notes, servers) = ($"{kilobytes}k", new List<string>(), new List<HttpPeer>());
        var content = new byte[kilobytes * 1024];
        new RandomSource(1).Fill(content);
        File.WriteAllBytes(Path.Combine(place, file), content);
        try
        {
            Add("Twocan", file, port => [.. Itself, ServeArgument, place, $"{port}"]);
            if (IsThere("nginx"))
                Add("nginx", file, port => ["nginx", "-p", place, "-c", NginxSettings(place, file, port)]);
            else
                notes.Add("nginx: skipped, it is not installed (apt install nginx-light)");
            if (File.Exists(KestrelProgram))
            {
                Add("Kestrel", file, port => ["dotnet", KestrelProgram, place, $"{port}"]);
                if (kilobytes == 1)
                    Add("Kestrel, from memory", "memory/1k", port => ["dotnet", KestrelProgram, place, $"{port}"]);
            }
            else
            {
                notes.Add("Kestrel: skipped, its program could not be built");
            }
            if (PeerProgram.Least.TryFind("least", out var least, out var absent))
                Add(PeerProgram.Least.Name, file, port => [least, $"{port}", $"{content.Length}"]);
            else
                notes.Add($"{PeerProgram.Least.Name}: skipped, {absent}");
            foreach (var server in servers)
                server.Prepare();
            for (var turn = 0; turn < (quick ? 3 : 8); turn++)
            {
                foreach (var server in servers)
                    server.Measure(2);
            }
            var ours = servers[0];
            notes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"wrk -t1 -c64: {ours.Best.PerSecond:N0} requests a second by the clock, the server at {ours.Best.Share:P0} of its core"
                )
            );
            return new(
                Name,
                $"{kilobytes} KiB from a file, kept connections",
                "requests/cpu-s",
                "higher",
                ours.Best.PerCpuSecond,
                servers.Skip(1).ToDictionary(server => server.Name, server => server.Best.PerCpuSecond),
                ours.AllocatedPerRequest(),
                notes
            )
            {
                Op = "a request",
            };
        }
        finally
        {
            foreach (var server in servers)
                server.Dispose();
        }

        void Add(string name, string target, Func<int, string[]> command) => servers.Add(new(name, target, command));
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
        var before = (Accepted: 0L, Served: 0L, Allocated: 0L);
        LoopTimer? watch = null;
        watch = loop.CreateTimer(() =>
        {
            var now = (server.Accepted, server.Served, Allocated: GC.GetAllocatedBytesForCurrentThread());
            // The steady state: many requests, and no new connection, which has to have its objects.
            if (before.Served > 50_000 && now.Accepted == before.Accepted && now.Served > before.Served + 1000)
            {
                served += now.Served - before.Served;
                allocated += now.Allocated - before.Allocated;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{served} {allocated}"));
                now.Allocated = GC.GetAllocatedBytesForCurrentThread();
            }
            before = now;
            watch!.Set(loop.Now + Duration.FromMilliseconds(250));
        });
        loop.Run(async () =>
        {
            watch.Set(loop.Now);
            await server.RunAsync(network, CancellationToken.None);
        });
        return 0;
    }

    /// <summary>Run by 'dotnet twocan-bench.dll', the program is its first argument.</summary>
    private static string[] Itself =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet"
            ? [Environment.ProcessPath!, typeof(HttpBench).Assembly.Location]
            : [Environment.ProcessPath!];

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
        : !IsThere("curl") ? "curl is not installed (apt install curl)"
        : Environment.ProcessorCount < 2 ? "it needs two cores, one for each end"
        : null;

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>
    /// Each size as nginx does it best, which was tried out: a small file without sendfile, a large one with it and without
    /// tcp_nopush. (With both, as one often sees it, it answers a quarter fewer of either.)
    /// </summary>
    private static string NginxSettings(string place, string file, int port)
    {
        var path = Path.Combine(place, $"nginx-{file}.conf");
        File.WriteAllText(
            path,
            $$"""
            daemon off; master_process off; pid {{path}}.pid; error_log {{path}}.log;
            events { worker_connections 1024; }
            http {
                access_log off; sendfile {{(
                file == "1k" ? "off" : "on"
            )}}; tcp_nopush off; keepalive_requests 1000000000;
                open_file_cache max=100; client_body_temp_path {{place}}; proxy_temp_path {{place}};
                fastcgi_temp_path {{place}}; uwsgi_temp_path {{place}}; scgi_temp_path {{place}};
                server { listen 127.0.0.1:{{port}} backlog=1024; root {{place}}; }
            }
            """
        );
        return path;
    }
}
