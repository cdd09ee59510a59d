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

    /// <summary>Connections of earlier ones may go on until the end: all are kept as long.</summary>
    private readonly List<SiteShare> _shares = [];

    /// <summary>What counts now.</summary>
    private volatile SiteShare _share = null!;
    private Endpoint _place;
    private long _served;

    /// <summary>Told when all of them listen, and where.</summary>
    public required Action<Endpoint> Ready { get; init; }

    /// <summary>Requests that have been answered, when it has ended.</summary>
    public long Served => _served;

    /// <summary>Lines of logs that could not be written: a disk was full.</summary>
    public long LinesLost => _shares.Sum(share => share.LinesLost);

    /// <summary>Runs until <paramref name="end"/>, and then until all that runs is finished.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        var begun = new SiteShare(_firstSettings, first.Loop, terminal);
        _shares.Add(begun);
        _share = begun;
        try
        {
            _place = FindPlace();
            await HostLoops.RunAsync(
                first,
                _firstSettings.Loops,
                (network, _, over) => RunPartAsync(network, over),
                end
            );
        }
        finally
        {
            foreach (var share in _shares)
                share.Dispose();
        }
    }

    /// <summary>
    /// Requests to come are answered as the settings say now, connections to come are shown the certificate that is there now, and the
    /// log is opened anew; where it listens stays. Throws what is wrong with them, and then nothing has changed.
    /// </summary>
    /// <param name="done">Told when all loops have them.</param>
    public void Change(SiteSettings settings, Action done)
    {
        settings = settings with { Listen = _firstSettings.Listen, Loops = _firstSettings.Loops };
        var share = new SiteShare(settings, first.Loop, terminal, _share);
        _shares.Add(share);
        try
        {
            // Here first, where what is wrong with them shows.
            _parts.Find(part => part.Loop == first.Loop)?.Use(share, _place);
        }
        catch (WrongUsageException)
        {
            share.GiveWayTo(_share);
            throw;
        }
        _share.GiveWayTo(share);
        _share = share;
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
                part.Use(_share, _place);
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

    private async Task RunPartAsync(HostNetwork network, CancellationToken over)
    {
        using var part = new Part(network);
        part.Use(_share, _place);
        var server = new HttpServer(part.Handler, part.Share!.OptionsOf(network, _place))
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
        if (part.Share != _share)
            Give(part, static () => { });
        if (_parts.Count == _firstSettings.Loops)
            Ready(at);
    }

    /// <summary>What is one loop's alone.</summary>
    private sealed class Part(HostNetwork network) : IDisposable
    {
        private readonly List<SiteBuilder> _builders = [];

        public EventLoop Loop => network.Loop;

        public HttpServer? Server { get; set; }

        public IRequestHandler Handler { get; private set; } = null!;

        public SiteShare? Share { get; private set; }

        public void Use(SiteShare share, Endpoint place)
        {
            var builder = new SiteBuilder(share.Settings, network, share.Writes);
            _builders.Add(builder);
            Handler = builder.Handler();
            Share = share;
            if (Server is not null)
                (Server.Handler, Server.Options) = (Handler, share.OptionsOf(network, place));
        }

        /// <summary>Requests of earlier settings may have gone on until now.</summary>
        public void Dispose()
        {
            foreach (var builder in _builders)
                builder.Dispose();
        }
    }
}
