using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>Makes a web server of a site's settings; what is wrong with them is said in one line.</summary>
internal sealed class SiteBuilder(SiteSettings settings, INetwork network, Terminal terminal) : IDisposable
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

    public ServerOptions Options() =>
        new()
        {
            Listen = settings.Listen,
            Waiting = new() { Backlog = 1024, Admits = settings.Admits },
            Certificate = Certificate(),
            MaxConnections = settings.MaxConnections,
            // A client that asks without pause has its turns anyway; this is only so that connections do not last for ever.
            MaxRequests = 100_000,
            AnswersTrace = settings.Trace,
            TellsTiming = settings.Timing,
            Log = Log(),
            Limits = new() { Body = settings.MaxBody },
        };

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

    private X509Certificate2? Certificate()
    {
        if (settings.Certificate is { } file)
        {
            try
            {
                using var read = X509Certificate2.CreateFromPemFile(file, settings.Key ?? file);
                // With its key inside, as the server's side of a handshake wants it.
                return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
            }
            catch (Exception failure)
                when (failure is IOException or CryptographicException or UnauthorizedAccessException)
            {
                throw new WrongUsageException($"the certificate {file} cannot be used: {failure.Message}");
            }
        }
        if (settings.Key is not null)
            throw new WrongUsageException("--key is the key of a certificate: name that with --cert");
        if (!settings.Tls)
            return null;
        string[] names = ["localhost", .. settings.Hosts.Select(host => host.Key), "127.0.0.1", "::1"];
        return OwnCertificate.Make([.. names.Distinct()], network.Loop.UtcNow);
    }

    private AccessLog? Log()
    {
        if (settings.Log is not { } place)
            return null;
        if (place == "-")
            return new(
                settings.LogFormat,
                line =>
                {
                    terminal.Line(line);
                    terminal.Flush();
                }
            );
        StreamWriter writer;
        try
        {
            writer = new(place, append: true) { NewLine = "\n", AutoFlush = true };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"--log cannot be written: {failure.Message}");
        }
        _open.Add(writer);
        return new(settings.LogFormat, writer.WriteLine);
    }

    private static void ThrowIfNoDirectory(string path)
    {
        if (!Directory.Exists(path))
            throw new WrongUsageException(
                File.Exists(path) ? $"'{path}' is a file: a directory is served" : $"there is no directory '{path}'"
            );
    }
}
