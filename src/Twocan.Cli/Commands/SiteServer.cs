using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>
/// A site on all its loops: a server on each, which share the port and little else. They end together, and are given new
/// settings together.
/// </summary>
/// <param name="first">The loop that all of this is told on.</param>
internal sealed class SiteServer(SiteSettings settings, HostNetwork first, Terminal terminal)
{
    /// <summary>Where it listens and on how many loops stays as it was in the beginning.</summary>
    private readonly SiteSettings _firstSettings = settings;
    private readonly List<Part> _parts = [];
    private volatile SiteSettings _settings = settings;
    private long _served;

    /// <summary>Told when all of them listen, and where.</summary>
    public required Action<Endpoint> Ready { get; init; }

    /// <summary>Requests that have been answered, when it has ended.</summary>
    public long Served => _served;

    /// <summary>Runs until <paramref name="end"/>, and then until all that runs is finished.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        using var share = new SiteShare(_firstSettings, first.Loop, terminal);
        var place = FindPlace();
        await HostLoops.RunAsync(
            first,
            _firstSettings.Loops,
            (network, _, over) => RunPartAsync(network, share.OptionsOf(network, place), share.Writes, over),
            end
        );
    }

    /// <summary>
    /// Requests to come are answered as the settings say now; where it listens stays. Throws what is wrong with them, and then nothing
    /// has changed.
    /// </summary>
    /// <param name="done">Told when all loops have them.</param>
    public void Change(SiteSettings settings, Action done)
    {
        // Here first, where what is wrong with them shows.
        _parts.Find(part => part.Loop == first.Loop)?.Use(settings);
        _settings = settings;
        var others = _parts.FindAll(part => part.Loop != first.Loop);
        var left = others.Count;
        foreach (var part in others)
            Give(part, () => Count(--left));
        Count(left);

        void Count(int count)
        {
            if (count == 0)
                done();
        }
    }

    /// <summary>The settings as they are now, to a loop that has others.</summary>
    private void Give(Part part, Action done) =>
        part.Loop.PostFromOutside(() =>
        {
            try
            {
                part.Use(_settings);
            }
            catch (WrongUsageException)
            {
                // A directory that was there a moment ago: this loop goes on with what it had.
            }
            first.Loop.PostFromOutside(done);
        });

    /// <summary>
    /// Whoever shares a port shares it with every program of the same user that is willing to: that somebody listens there
    /// already shows only to who wants it for himself.
    /// </summary>
    private Endpoint FindPlace()
    {
        if (_firstSettings.Loops == 1)
            return _firstSettings.Listen;
        using var alone = first.Listen(_firstSettings.Listen);
        return alone.LocalEndpoint;
    }

    private async Task RunPartAsync(
        HostNetwork network,
        ServerOptions options,
        SiteWrites writes,
        CancellationToken over
    )
    {
        using var part = new Part(network, writes);
        part.Use(_settings);
        var server = new HttpServer(part.Handler, options)
        {
            Ready = at => first.Loop.PostFromOutside(() => Take(part, at)),
        };
        part.Server = server;
        using var asked = over.Register(server.End);
        try
        {
            await server.RunAsync(network, CancellationToken.None);
        }
        finally
        {
            Interlocked.Add(ref _served, server.Served);
        }
    }

    private void Take(Part part, Endpoint at)
    {
        _parts.Add(part);
        if (part.Settings != _settings)
            Give(part, static () => { });
        if (_parts.Count == _firstSettings.Loops)
            Ready(at);
    }

    /// <summary>What is one loop's alone.</summary>
    private sealed class Part(HostNetwork network, SiteWrites writes) : IDisposable
    {
        private readonly List<SiteBuilder> _builders = [];

        public EventLoop Loop => network.Loop;

        public HttpServer? Server { get; set; }

        public IRequestHandler Handler { get; private set; } = null!;

        public SiteSettings? Settings { get; private set; }

        public void Use(SiteSettings settings)
        {
            var builder = new SiteBuilder(settings, network, writes);
            _builders.Add(builder);
            Handler = builder.Handler();
            Settings = settings;
            if (Server is not null)
                Server.Handler = Handler;
        }

        /// <summary>Requests of earlier settings may have gone on until now.</summary>
        public void Dispose()
        {
            foreach (var builder in _builders)
                builder.Dispose();
        }
    }
}
