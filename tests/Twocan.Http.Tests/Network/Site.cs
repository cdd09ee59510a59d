using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

/// <summary>A client's host and a server's host on pipes, with what both tests of clients and tests of servers do.</summary>
internal sealed class Site
{
    public static readonly DateTimeOffset Modified = new(2020, 10, 1, 9, 30, 0, TimeSpan.Zero);

    public Site(ulong seed = 1)
    {
        Internet = new(seed);
        Pc = Internet.Host("pc", "10.11.12.13");
        Www = Internet.Host("www", "192.0.2.226");
        Names = new(("www.lab.cyber.co.kr", "192.0.2.226"), ("proxy.home", "192.0.2.226"));
    }

    public PipeInternet Internet { get; }

    public PipeHost Pc { get; }

    public PipeHost Www { get; }

    public KnownNames Names { get; }

    public EventLoop Loop => Internet.Loop;

    public static MemoryRoot Documents =>
        new MemoryRoot(Modified)
            .Add("/index.html", "<p>root</p>")
            .Add("/sample1.htm", "<img src=gazou.jpg>")
            .Add("/gazou.jpg", [.. Enumerable.Range(0, 6419).Select(i => (byte)i)])
            .Add("/dir/default.html", "<p>dir</p>")
            .Add("/dir/file1.html", "<p>file1</p>")
            .Add("/empty/none.txt", "");

    public static Url Url(string path = "/") => Http.Url.Parse("http://www.lab.cyber.co.kr" + path);

    public WebClient Client(WebClientOptions? options = null) => new(Pc, Names, options);

    /// <summary>Runs a server, and then a test beside it.</summary>
    public void Serve(IRequestHandler handler, Func<Task> test, ServerOptions? options = null) =>
        Internet.Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            Loop.Start("server", () => new HttpServer(handler, options).RunAsync(Www, stop.Token));
            await Loop.YieldAsync();
            await test();
            stop.Cancel();
        });

    public void Serve(Func<Task> test, ServerOptions? options = null) =>
        Serve(new StaticFiles(Documents), test, options);

    /// <summary>Answers each connection's requests with ready-made bytes, one text for each; then closes.</summary>
    public void Script(Func<Task> test, params string[][] connections) =>
        Internet.Run(async () =>
        {
            using var listener = Www.Listen(Port.Http);
            Loop.Start("script", () => PlayAsync(listener, connections));
            await test();
        });

    /// <summary>Requests as bytes, and all that came back until the server closed or fell silent.</summary>
    public async Task<string> SendRawAsync(string text, bool shut = true)
    {
        await using var stream = await Pc.ConnectAsync(new Endpoint(IpAddress.Parse("192.0.2.226"), 80));
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        if (shut)
            stream.ShutdownWrite();
        return await ReadToEndAsync(stream);
    }

    public static async Task<string> ReadToEndAsync(TcpStream stream)
    {
        var all = new StringBuilder();
        var buffer = new byte[4096];
        while (await stream.ReadAsync(buffer) is > 0 and var length)
            all.Append(Encoding.Latin1.GetString(buffer, 0, length));
        return all.ToString();
    }

    private async Task PlayAsync(Listener listener, string[][] connections)
    {
        foreach (var answers in connections)
        {
            using var stream = await listener.AcceptAsync();
            var messages = new RequestReader();
            var buffer = new byte[4096];
            foreach (var answer in answers)
            {
                if (!await ReadRequestAsync(stream, messages, buffer))
                    break;
                Requests.Add(messages.Head!);
                await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
            }
        }
    }

    /// <summary>What the script was asked.</summary>
    public List<RequestHead> Requests { get; } = [];

    private static async Task<bool> ReadRequestAsync(TcpStream stream, RequestReader reader, byte[] buffer)
    {
        while (true)
        {
            var length = await stream.ReadAsync(buffer);
            if (length == 0)
                return false;
            ReadOnlyMemory<byte> input = buffer.AsMemory(0, length);
            while (true)
            {
                var happened = reader.Read(ref input, out _);
                if (happened == MessageEvent.End)
                    return true;
                if (happened == MessageEvent.NeedMore)
                    break;
            }
        }
    }
}
