using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Proxy.Tests;

/// <summary>A small world: two browsers, the proxy and a web server on one switch, 1 ms of cable to each.</summary>
internal sealed class Home : IDisposable
{
    public const string Page = "http://www.home/page";

    private readonly World _world;

    public Home(ProxyOptions? options = null, bool journal = false)
    {
        _world = new(seed: 7, journal: journal);
        var hub = _world.Switch("switch");
        Pc = _world.Host("pc", "10.0.0.1/24");
        Proxy = _world.Host("proxy.home", "10.0.0.2/24");
        Www = _world.Host("www", "10.0.0.3/24");
        foreach (var host in new[] { Pc, Proxy, Www })
            _world.Link(host, hub, "100 Mbit/s, 1 ms");
        Origin = new(_world.Loop);
        Www.Run(new Program("origin", new HttpServer(Origin)));
        Proxy.Run(new CachingProxy(network => new HostsFile(network), options));
    }

    public Host Pc { get; }

    public Host Proxy { get; }

    public Host Www { get; }

    public Origin Origin { get; }

    public World World => _world;

    public EventLoop Loop => _world.Loop;

    public void Run(Func<Task> story) => _world.RunAsync(story).GetAwaiter().GetResult();

    public Task<Got> Get(string url = Page, string fields = "") => Send(Methods.Get, url, fields);

    /// <summary>What a browser behind the proxy gets.</summary>
    public async Task<Got> Send(string method, string url = Page, string fields = "", string body = "")
    {
        using var client = new WebClient(
            Pc.Network,
            new HostsFile(Pc.Network),
            new() { Proxy = new("proxy.home", Port.HttpProxy) }
        );
        var request = new ClientRequest(Url.Parse(url))
        {
            Method = method,
            Fields = Exchange.Fields(fields),
            Body = Encoding.UTF8.GetBytes(body),
        };
        using var response = await client.SendAsync(request);
        var bytes = await response.ReadAllAsync();
        return new(response.Status, response.Fields, Encoding.UTF8.GetString(bytes), response.Because);
    }

    /// <summary>The bytes of a request as they are, and all that comes back until the proxy closes.</summary>
    public async Task<string> Raw(string request)
    {
        using var stream = await Pc.Network.ConnectAsync(new Endpoint(Proxy.Address!.Value, Port.HttpProxy));
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var (all, piece) = (new StringBuilder(), new byte[4096]);
        while (await stream.ReadAsync(piece) is > 0 and var length)
            all.Append(Encoding.Latin1.GetString(piece, 0, length));
        return all.ToString();
    }

    public ValueTask Pass(double seconds) => Loop.DelayAsync(Duration.FromSeconds(seconds));

    public void Dispose() => _world.Dispose();

    internal sealed record Got(int Status, Fields Fields, string Body, EventId Because)
    {
        public string? CacheStatus => Fields["Cache-Status"];

        public int Age => int.Parse(Fields["Age"]!, CultureInfo.InvariantCulture);
    }

    private sealed class Program(string name, HttpServer server) : IProgram
    {
        public string Name => name;

        public Task RunAsync(INetwork network, CancellationToken stop) => server.RunAsync(network, stop);
    }

    /// <summary>Names as /etc/hosts knows them.</summary>
    private sealed class HostsFile(INetwork network) : INameResolver
    {
        public ValueTask<NameAnswer> ResolveAsync(string name, EventId because, CancellationToken stop)
        {
            var address = name switch
            {
                "proxy.home" => "10.0.0.2",
                "www.home" => "10.0.0.3",
                "nobody.home" => "10.0.0.99",
                _ when IpAddress.TryParse(name, out _) => name,
                _ => throw new NameResolutionException(
                    name,
                    SocketError.HostNotFound,
                    $"{network.Name} knows no such name",
                    because
                ),
            };
            return new(new NameAnswer([IpAddress.Parse(address)], because));
        }
    }
}

/// <summary>A web server whose answers the test writes.</summary>
internal sealed class Origin(EventLoop loop) : IRequestHandler
{
    public List<RequestHead> Requests { get; } = [];

    public string LastBody { get; private set; } = "";

    /// <summary>The fields of every 200: <c>Name: value | …</c>.</summary>
    public string Fields { get; set; } = "";

    public string Body { get; set; } = "hello";

    public int Status { get; set; } = 200;

    public bool IsChunked { get; set; }

    /// <summary>So many bytes of the body, and then the connection breaks.</summary>
    public int? BreaksAfter { get; set; }

    public Duration Thinks { get; set; }

    /// <summary>What it says before it thinks.</summary>
    public ResponseHead? Hint { get; set; }

    public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
    {
        Requests.Add(request.Head);
        using var reader = new MemoryStream();
        var piece = new byte[1024];
        while (await request.Body.ReadAsync(piece, stop) is > 0 and var length)
            reader.Write(piece, 0, length);
        LastBody = Encoding.UTF8.GetString(reader.ToArray());
        if (Hint is not null)
            await request.SendInterimAsync(Hint);
        if (Thinks > Duration.Zero)
            await loop.DelayAsync(Thinks, stop);
        var fields = Exchange.Fields(Fields);
        if (fields["ETag"] is { } tag && request.Head.Fields["If-None-Match"] == tag)
            return new(304, fields);
        var bytes = Encoding.UTF8.GetBytes(Body);
        Stream body = new MemoryStream(bytes);
        return new(Status, fields)
        {
            Body = BreaksAfter is { } count ? new Breaking(bytes[..count]) : body,
            BodyLength = IsChunked ? null : bytes.Length,
        };
    }

    private sealed class Breaking(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new IOException("the disk is broken");
    }
}
