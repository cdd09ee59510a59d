using System.Diagnostics;
using System.Text;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Bench;

/// <summary>
/// The HTTP client: requests to nginx over kept connections beside .NET's <see cref="HttpClient"/>, by the processor time of this
/// process alone; and a thousand clients in a world, where one process is all of them, the server and the cables.
/// </summary>
internal sealed class HttpClientBench : IBench
{
    private const string Unit = "requests/cpu-s";
    private const int Connections = 16;
    private const int Clients = 1000;

    /// <summary>So many requests, and rounds of all clients of a world, are the compiler's.</summary>
    private const int WarmUp = 60_000;
    private const int WarmUpRounds = 20;

    public string Name => "http-client";

    public string About => "HTTP requests beside HttpClient's, and 1,000 clients in a world";

    public IEnumerable<BenchResult> Run(bool quick)
    {
        foreach (
            var (length, count) in new[] { (1024, quick ? 20_000 : 200_000), (100 * 1024, quick ? 5_000 : 40_000) }
        )
        {
            if (Nginx.Start(length) is not { } nginx)
            {
                Console.Error.WriteLine(
                    "http-client: nginx is not installed (apt install nginx-light): no peer to ask"
                );
                break;
            }
            using (nginx)
                yield return AgainstNginx(nginx.Url, length, count);
        }
        yield return InAWorld(quick ? 5 : 20);
    }

    private static BenchResult AgainstNginx(string url, int length, int count)
    {
        // First without being counted: what the compiler has to do is done then.
        Ours(url, WarmUp, length);
        Theirs(url, WarmUp, length);
        // In turns, so that whatever else the machine does meets both alike; of each its best counts.
        var (ours, theirs) = (Ours(url, count, length), Theirs(url, count, length));
        for (var turn = 1; turn < 3; turn++)
            (ours, theirs) = (Better(ours, Ours(url, count, length)), Better(theirs, Theirs(url, count, length)));
        return new(
            "http-client",
            $"{length / 1024} KiB from nginx, {Connections} kept connections",
            Unit,
            "higher",
            count / ours.CpuSeconds,
            new Dictionary<string, double> { ["HttpClient"] = count / theirs.CpuSeconds },
            (double)ours.Allocated / count,
            [$"HttpClient allocates {theirs.Allocated / count} bytes a request"]
        )
        {
            Op = "a request",
        };
    }

    private static Cost Better(Cost one, Cost other) => one.CpuSeconds <= other.CpuSeconds ? one : other;

    private static Cost Ours(string url, int count, int length)
    {
        var loop = HostNetwork.OpenLoop();
        using var driver = loop.Driver as IDisposable;
        var network = new HostNetwork(loop);
        using var client = new WebClient(network, new Literal(), new() { ConnectionsPerOrigin = Connections });
        var target = Url.Parse(url);
        var left = count;
        return loop.Run(async () =>
        {
            var meter = new CpuMeter();
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => AskAsync()));
            return meter.Stop();
        });

        async Task AskAsync()
        {
            var (request, buffer) = (new ClientRequest(target), new byte[64 * 1024]);
            while (left-- > 0)
            {
                using var response = await client.SendAsync(request);
                var total = 0;
                while (await response.Body.ReadAsync(buffer) is > 0 and var piece)
                    total += piece;
                if (total != length)
                    throw new InvalidOperationException($"{total} bytes came in place of {length}");
            }
        }
    }

    private static Cost Theirs(string url, int count, int length)
    {
        using var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = Connections,
            UseProxy = false,
            UseCookies = false,
        };
        using var client = new HttpClient(handler);
        var target = new Uri(url);
        var left = count;
        var meter = new CpuMeter();
        Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => AskAsync())).GetAwaiter().GetResult();
        return meter.Stop();

        async Task AskAsync()
        {
            var buffer = new byte[64 * 1024];
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var response = await client.GetAsync(target, HttpCompletionOption.ResponseHeadersRead);
                await using var body = await response.Content.ReadAsStreamAsync();
                var total = 0;
                while (await body.ReadAsync(buffer) is > 0 and var piece)
                    total += piece;
                if (total != length)
                    throw new InvalidOperationException($"{total} bytes came in place of {length}");
            }
        }
    }

    /// <summary>Ten hosts on a switch, a hundred clients on each, and a server: each client loads a page and its picture, so often.</summary>
    private static BenchResult InAWorld(int rounds)
    {
        const int Hosts = 10;
        using var world = new World(seed: 7);
        var (lan, www) = (world.Switch("lan"), world.Host("www"));
        world.Link(lan, www, "10 Gbit/s, 10 µs", addressB: "10.0.0.1/16");
        var root = new MemoryRoot(World.DefaultEpoch)
            .Add("/sample1.htm", Encoding.ASCII.GetBytes(new string('p', 632)))
            .Add("/gazou.jpg", new byte[6419]);
        www.Run(new WebServer(root));
        var hosts = Enumerable.Range(0, Hosts).Select(i => world.Host($"pc{i}")).ToList();
        for (var i = 0; i < Hosts; i++)
            world.Link(lan, hosts[i], "10 Gbit/s, 10 µs", addressB: $"10.0.1.{i + 1}/16");
        var requests = 0;
        var cost = world
            .RunAsync(async () =>
            {
                await Task.WhenAll(
                    Enumerable.Range(0, Clients).Select(i => LoadAsync(hosts[i % Hosts].Network, WarmUpRounds))
                );
                var meter = new CpuMeter();
                requests = 0;
                await Task.WhenAll(
                    Enumerable.Range(0, Clients).Select(i => LoadAsync(hosts[i % Hosts].Network, rounds))
                );
                return meter.Stop();
            })
            .GetAwaiter()
            .GetResult();
        return new(
            "http-client",
            $"{Clients} clients at once in a world, each {rounds} pages with a picture",
            Unit,
            "higher",
            requests / cost.CpuSeconds,
            new Dictionary<string, double>(),
            (double)cost.Allocated / requests,
            ["clients, server, TCP, IP and the cables together, on one core"]
        )
        {
            Op = "a request",
        };

        async Task LoadAsync(INetwork network, int times)
        {
            using var client = new WebClient(network, new Literal());
            var buffer = new byte[16 * 1024];
            for (var i = 0; i < times; i++)
            {
                foreach (var path in new[] { "sample1.htm", "gazou.jpg" })
                {
                    using var response = await client.GetAsync(Url.Parse("http://10.0.0.1/" + path));
                    while (await response.Body.ReadAsync(buffer) > 0) { }
                    requests++;
                }
            }
        }
    }

    /// <summary>Addresses in text form and nothing else: no name server has a part in this.</summary>
    private sealed class Literal : INameResolver
    {
        public ValueTask<NameAnswer> ResolveAsync(string name, EventId because, CancellationToken stop) =>
            new(new NameAnswer([IpAddress.Parse(name)], because));
    }

    /// <summary>nginx with one file, on a port of its own, as long as this lives.</summary>
    private sealed class Nginx : IDisposable
    {
        private readonly Process _process;
        private readonly string _directory;

        private Nginx(Process process, string directory, string url) =>
            (_process, _directory, Url) = (process, directory, url);

        public string Url { get; }

        public static Nginx? Start(int length)
        {
            var program = new[] { "/usr/sbin/nginx", "/usr/bin/nginx" }.FirstOrDefault(File.Exists);
            if (program is null)
                return null;
            var directory = Directory.CreateTempSubdirectory("twocan-bench-").FullName;
            var port = FreePort();
            File.WriteAllBytes(Path.Combine(directory, "file"), new byte[length]);
            var settings = Path.Combine(directory, "nginx.conf");
            File.WriteAllText(
                settings,
                $$"""
                user root; daemon off; worker_processes 1; pid {{directory}}/pid; error_log {{directory}}/error.log;
                events { worker_connections 256; }
                http {
                  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000;
                  client_body_temp_path {{directory}}/b; proxy_temp_path {{directory}}/p; fastcgi_temp_path {{directory}}/f;
                  uwsgi_temp_path {{directory}}/u; scgi_temp_path {{directory}}/s;
                  server { listen 127.0.0.1:{{port}}; root {{directory}}; }
                }
                """
            );
            var start = new ProcessStartInfo(program, ["-e", Path.Combine(directory, "error.log"), "-c", settings])
            {
                RedirectStandardError = true,
            };
            var process = Process.Start(start)!;
            var url = $"http://127.0.0.1:{port}/file";
            using var client = new HttpClient();
            for (var i = 0; i < 100; i++)
            {
                try
                {
                    client.GetByteArrayAsync(new Uri(url)).GetAwaiter().GetResult();
                    return new(process, directory, url);
                }
                catch (HttpRequestException)
                {
                    Thread.Sleep(50);
                }
            }
            process.Kill(entireProcessTree: true);
            return null;
        }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
            Directory.Delete(_directory, recursive: true);
        }

        private static int FreePort()
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
            listener.Start();
            return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
