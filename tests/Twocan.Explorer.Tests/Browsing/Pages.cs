using System.Net.Sockets;
using System.Text;
using Twocan.Core;
using Twocan.Http;
using Twocan.Proxy;
using Twocan.Sockets;
using Twocan.Worlds;

namespace Twocan.Explorer.Tests;

/// <summary>Two web servers with pages that are said in a test, a browser on a third host, and 5 ms between any two.</summary>
internal sealed class Pages : IDisposable
{
    private readonly Dictionary<string, string> _addresses = new()
    {
        ["www.home"] = "10.0.0.2",
        ["other.home"] = "10.0.0.3",
    };

    private readonly World _world = new(seed: 5);

    public Pages()
    {
        var pc = _world.Host("pc");
        var hub = _world.Switch("switch");
        _world.Link(pc, hub, "100 Mbit/s, 5 ms", "10.0.0.1/24");
        foreach (var (name, address) in _addresses)
        {
            var host = _world.Host(name);
            _world.Link(host, hub, "100 Mbit/s, 5 ms", $"{address}/24");
            var server = new Server(this, name);
            Servers.Add(name, server);
            host.Run(server);
        }
    }

    public Dictionary<string, Server> Servers { get; } = [];

    /// <summary>What came, in order: who was asked for what.</summary>
    public List<(string Host, string Target, Fields Fields)> Requests { get; } = [];

    public Instant Now => _world.Loop.Now;

    public EventLoop Loop => _world.Loop;

    public IEnumerable<string> Targets => Requests.Select(static one => one.Target);

    public Server Www => Servers["www.home"];

    public string? FieldOf(string target, string name) => Requests.First(one => one.Target == target).Fields[name];

    public Browser Browser(BrowserOptions? options = null) =>
        new(_world.Host("pc").Network, new Names(_addresses), options ?? new());

    public PageLoad Visit(string url = "http://www.home/", BrowserOptions? options = null) =>
        Visit(Browser(options), url);

    public PageLoad Visit(Browser browser, string url = "http://www.home/")
    {
        var load = _world.RunAsync(() => browser.VisitAsync(Url.Parse(url))).GetAwaiter().GetResult();
        Assert.True(_world.Settle(), "sockets and timers are gone");
        return load;
    }

    public void Wait(Duration time) =>
        _world.RunAsync(async () => await _world.Loop.DelayAsync(time)).GetAwaiter().GetResult();

    public void Dispose() => _world.Dispose();

    internal sealed class Server(Pages pages, string name) : IProgram, IRequestHandler
    {
        private readonly Dictionary<string, Func<ServerRequest, Answer>> _answers = [];

        public string Name => "web server";

        public Server Has(string target, string type, string body, params (string Name, string Value)[] fields) =>
            Has(
                target,
                _ =>
                {
                    var bytes = Encoding.UTF8.GetBytes(body);
                    var answer = new Answer(200, FieldsOf([("Content-Type", type), .. fields]))
                    {
                        Body = new MemoryStream(bytes),
                        BodyLength = bytes.Length,
                    };
                    return answer;
                }
            );

        public Server Html(string target, string body, params (string Name, string Value)[] fields) =>
            Has(target, "text/html", body, fields);

        public Server SendsOn(string target, string to) =>
            Has(target, _ => new Answer(302, FieldsOf([("Location", to)])));

        public Server Has(string target, Func<ServerRequest, Answer> answer)
        {
            _answers[target] = answer;
            return this;
        }

        public Task RunAsync(INetwork network, CancellationToken stop) => new HttpServer(this).RunAsync(network, stop);

        public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop)
        {
            pages.Requests.Add((name, request.Head.Target, request.Head.Fields.Clone()));
            return new(_answers.TryGetValue(request.Head.Target, out var answer) ? answer(request) : new Answer(404));
        }

        private static Fields FieldsOf(IEnumerable<(string Name, string Value)> list)
        {
            var fields = new Fields();
            foreach (var (name, value) in list)
                fields.Add(name, value);
            return fields;
        }
    }

    private sealed class Names(Dictionary<string, string> addresses) : INameResolver
    {
        public ValueTask<NameAnswer> ResolveAsync(string name, EventId because, CancellationToken stop) =>
            addresses.TryGetValue(name, out var address)
                ? new(new NameAnswer([IpAddress.Parse(address)], because))
                : throw new NameResolutionException(name, SocketError.HostNotFound, "it does not exist", because);
    }
}
