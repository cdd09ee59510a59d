using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http.Tests;

/// <summary>A disk that takes its time, on the machine's own network.</summary>
public sealed class SlowDiskTests
{
    [Fact]
    public void While_one_client_s_document_is_brought_to_the_disk_others_are_answered()
    {
        var loop = HostNetwork.OpenLoop();
        using var driver = (IDisposable)loop.Driver;
        var network = new HostNetwork(loop);
        using var disk = new Disk();
        loop.Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var at = default(Endpoint);
            var server = new HttpServer(
                new StaticFiles(disk, new() { Writable = ["/"] }),
                new() { Listen = new(IpAddress.Loopback, Port.Any) }
            )
            {
                Ready = listen => at = listen,
            };
            loop.Start("server", () => server.RunAsync(network, stop.Token));
            await loop.YieldAsync();
            using var writer = await network.ConnectAsync(at);
            using var reader = await network.ConnectAsync(at);
            await writer.WriteAsync("PUT /new HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nnew"u8.ToArray());
            while (!disk.IsAtWork)
                await loop.DelayAsync(Duration.FromMilliseconds(1));
            // The disk goes on only when these have their answers.
            Assert.StartsWith("HTTP/1.1 200 OK", await AskAsync(reader, "GET /old"));
            Assert.StartsWith("HTTP/1.1 404 ", await AskAsync(reader, "GET /new"));
            disk.GoOn();
            Assert.StartsWith("HTTP/1.1 201 ", await AnswerAsync(writer));
            Assert.EndsWith("new", await AskAsync(reader, "GET /new"));
            Assert.StartsWith("HTTP/1.1 204 ", await AskAsync(writer, "DELETE /new"));
            stop.Cancel();
        });
        // The document, its name, and the name that was taken away.
        Assert.Equal(3, disk.Calls);
    }

    private static async Task<string> AskAsync(TcpStream stream, string line)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: a\r\n\r\n"));
        return await AnswerAsync(stream);
    }

    /// <summary>Small answers on the loopback come in one piece.</summary>
    private static async Task<string> AnswerAsync(TcpStream stream)
    {
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }

    /// <summary>Documents in memory, and a disk behind them whose first call returns only when it is told to.</summary>
    private sealed class Disk : IWritableRoot, IDisposable
    {
        private readonly MemoryRoot _memory = new MemoryRoot(Site.Modified).Add("/old", "old");
        private readonly ManualResetEventSlim _mayGoOn = new();
        private volatile bool _isAtWork;
        private int _calls;

        public bool IsAtWork => _isAtWork;

        public int Calls => _calls;

        public void GoOn() => _mayGoOn.Set();

        public bool IsDirectory(IReadOnlyList<string> path) => _memory.IsDirectory(path);

        public Document? Find(IReadOnlyList<string> path) => _memory.Find(path);

        public bool IsUnchanged(IReadOnlyList<string> path, Document document) => _memory.IsUnchanged(path, document);

        public IReadOnlyList<string> List(IReadOnlyList<string> path) => _memory.List(path);

        public bool Delete(IReadOnlyList<string> path) => _memory.Delete(path);

        public IDocumentDraft? Draft(IReadOnlyList<string> path) =>
            _memory.Draft(path) is { } draft ? new SlowDraft(this, draft) : null;

        public ValueTask SettleAsync(IReadOnlyList<string> path, EventLoop loop) => loop.BlockingAsync(Sync);

        public void Dispose() => _mayGoOn.Dispose();

        private void Sync()
        {
            _calls++;
            _isAtWork = true;
            if (!_mayGoOn.Wait(TimeSpan.FromSeconds(60)))
                throw new IOException("nobody was answered meanwhile");
        }

        private sealed class SlowDraft(Disk disk, IDocumentDraft draft) : IDocumentDraft
        {
            public void Write(ReadOnlySpan<byte> bytes) => draft.Write(bytes);

            public ValueTask SettleAsync(EventLoop loop) => loop.BlockingAsync(disk.Sync);

            public void Publish() => draft.Publish();

            public void Dispose() => draft.Dispose();
        }
    }
}
