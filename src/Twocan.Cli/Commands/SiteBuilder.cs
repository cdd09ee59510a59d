using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>Makes who answers on one loop of a site's settings; what is wrong with them is said in one line.</summary>
internal sealed class SiteBuilder(SiteSettings settings, INetwork network, SiteWrites writes) : IDisposable
{
    private readonly List<IDisposable> _open = [];

    public IRequestHandler Handler()
    {
        var site = Site(settings.Root, settings.Writable);
        return settings.Hosts.Count == 0
            ? site
            : new VirtualHosts(
                site,
                settings.Hosts.ToDictionary(host => host.Key, host => (IRequestHandler)Site(host.Value, []))
            );
    }

    public void Dispose()
    {
        foreach (var one in _open)
            one.Dispose();
    }

    private Http.Routes Site(string root, IReadOnlyList<string> writable)
    {
        ThrowIfNoDirectory(root);
        foreach (var path in writable.Where(path => !path.StartsWith('/')))
            throw new WrongUsageException($"--writable is a path of the site, such as /upload, not '{path}'");
        var options = new SiteOptions
        {
            DefaultFiles = settings.DefaultFiles,
            ListsDirectories = settings.List,
            ServesHidden = settings.Hidden,
            ServesPrecompressed = true,
            Charset = "utf-8",
            Writable = writable,
            Writes = writes,
        };
        var links = settings.NoLinks ? SymbolicLinks.Refused : SymbolicLinks.WithinRoot;
        var files = new StaticFiles(new DirectoryRoot(root, null, links), options);
        var programs = settings.Cgi.Select(cgi => (cgi.Key, Handler: Programs(cgi.Key, cgi.Value, root))).ToList();
        var site = new Http.Routes(
            files,
            [
                .. programs.Select(one => new Route(one.Key, one.Handler)),
                .. settings.Proxy.Select(one => new Route(one.Key, Reverse(one.Key, one.Value))),
                .. settings.Echo.Select(path => new Route(path, new EchoHandler())),
            ]
        );
        foreach (var (_, handler) in programs)
            handler.Site = site;
        return site;
    }

    private CgiHandler Programs(string prefix, string folder, string root)
    {
        if (!OperatingSystem.IsLinux())
            throw new WrongUsageException("--cgi runs programs on Linux only");
        ThrowIfNoDirectory(folder);
        return new(
            network,
            new ProgramFolder(network, folder),
            new() { Prefix = prefix, DocumentRoot = Path.GetFullPath(root) }
        );
    }

    private ReverseRoute Reverse(string prefix, string target)
    {
        if (!Url.TryParse(target, out var url) || url.Scheme is not ("http" or "https"))
            throw new WrongUsageException($"--proxy is written as PATH=URL with http://…, not '{target}'");
        var options = new WebClientOptions
        {
            UserAgent = null,
            Accept = null,
            Connections = settings.MaxConnections,
            ConnectionsPerOrigin = settings.MaxConnections,
            Timeouts = new()
            {
                Name = Duration.FromSeconds(10),
                Connect = Duration.FromSeconds(10),
                FirstByte = Duration.FromSeconds(60),
                Idle = Duration.FromSeconds(60),
            },
        };
        var client = new WebClient(network, new StubResolver(network), options);
        _open.Add(client);
        return new(client, prefix, url, network.Name);
    }

    private static void ThrowIfNoDirectory(string path)
    {
        if (!Directory.Exists(path))
            throw new WrongUsageException(
                File.Exists(path) ? $"'{path}' is a file: a directory is served" : $"there is no directory '{path}'"
            );
    }
}
