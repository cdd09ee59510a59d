using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>What the loops of a site have in common: its certificate, its log, and whose turn it is to write.</summary>
internal sealed class SiteShare : IDisposable
{
    private readonly EventLoop _first;
    private readonly Terminal _terminal;
    private readonly X509Certificate2? _certificate;
    private readonly LogFile? _log;

    /// <param name="first">The loop that the terminal belongs to.</param>
    /// <param name="before">What counted until now: whose turn it is to write goes on, and a certificate that was made on the spot.</param>
    public SiteShare(SiteSettings settings, EventLoop first, Terminal terminal, SiteShare? before = null)
    {
        (Settings, _first, _terminal) = (settings, first, terminal);
        Writes = before?.Writes ?? new();
        var isOwn = before?.Settings is { Tls: true, Certificate: null } && settings.Certificate is null;
        _certificate = isOwn && settings.Tls ? before!._certificate : Certificate(settings, first);
        _log = settings.Log is null or "-" ? null : new(settings.Log);
    }

    public SiteSettings Settings { get; }

    public SiteWrites Writes { get; }

    /// <param name="listen">Where all of them listen.</param>
    public ServerOptions OptionsOf(HostNetwork network, Endpoint listen) =>
        new()
        {
            Listen = listen,
            Waiting = new()
            {
                Backlog = 1024,
                Admits = Settings.Admits,
                SharesPort = Settings.Loops > 1,
            },
            Certificate = _certificate,
            MaxConnections = (Settings.MaxConnections + Settings.Loops - 1) / Settings.Loops,
            // A client that asks without pause has its turns anyway; this is only so that connections do not last for ever.
            MaxRequests = 100_000,
            AnswersTrace = Settings.Trace,
            TellsTiming = Settings.Timing,
            Log = LogOf(network),
            Limits = new() { Body = Settings.MaxBody },
        };

    /// <summary>Lines of the log that could not be written.</summary>
    public long LinesLost => _log?.Lost ?? 0;

    /// <summary>Others count from now on. Connections of before may go on; what they tell goes where it goes now.</summary>
    public void GiveWayTo(SiteShare other) => _log?.GiveWayTo(other._log);

    public void Dispose()
    {
        _log?.Dispose();
        _certificate?.Dispose();
    }

    private AccessLog? LogOf(HostNetwork network)
    {
        if (_log is { } file)
            return new(Settings.LogFormat, file.WriteLine);
        if (Settings.Log is null)
            return null;
        return network.Loop == _first
            ? new(Settings.LogFormat, Tell)
            : new(Settings.LogFormat, line => _first.PostFromOutside(() => Tell(line)));
    }

    private void Tell(string line)
    {
        _terminal.Line(line);
        _terminal.Flush();
    }

    private static X509Certificate2? Certificate(SiteSettings settings, EventLoop loop)
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
        return OwnCertificate.Make([.. names.Distinct()], loop.UtcNow);
    }
}
