using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>The part of <c>serve</c> that serves a directory as a web site.</summary>
internal sealed class ServeSite
{
    private readonly Option<string?> _config = new("--config")
    {
        Description = "Read all of this from a file, with lines called as the options are",
        HelpName = "FILE.yaml",
    };
    private readonly Option<bool> _list = new("--list") { Description = "List directories that have no default file" };
    private readonly Option<string[]> _default = new("--default")
    {
        Description = "What a directory stands for (default: index.html, default.html)",
        HelpName = "FILE",
    };
    private readonly Option<string[]> _writable = new("--writable")
    {
        Description = "Let clients PUT and DELETE below this path",
        HelpName = "PATH",
    };
    private readonly Option<string[]> _cgi = new("--cgi")
    {
        Description = "Run the programs of a folder (CGI/1.1) behind this path",
        HelpName = "PATH=FOLDER",
    };
    private readonly Option<string[]> _proxy = new("--proxy")
    {
        Description = "Pass what is below this path on to another server",
        HelpName = "PATH=URL",
    };
    private readonly Option<string[]> _echo = new("--echo")
    {
        Description = "Send back what comes to this path, to try out clients",
        HelpName = "PATH",
    };
    private readonly Option<string[]> _site = new("--site")
    {
        Description = "Another site at this address, by its name in Host",
        HelpName = "NAME=DIR",
    };
    private readonly Option<bool> _tls = new("--tls")
    {
        Description = "Speak TLS, with a certificate made on the spot",
    };
    private readonly Option<string?> _cert = new("--cert")
    {
        Description = "Speak TLS with this certificate (PEM)",
        HelpName = "FILE",
    };
    private readonly Option<string?> _key = new("--key")
    {
        Description = "The key of --cert, where it is in a file of its own (PEM)",
        HelpName = "FILE",
    };
    private readonly Option<string?> _log = new("--log")
    {
        Description = "Write a line for each request; '-' is the terminal",
        HelpName = "FILE",
    };
    private readonly Option<string> _logFormat = new("--log-format")
    {
        Description = "combined (as nginx and Apache write it) or json",
        HelpName = "NAME",
        DefaultValueFactory = _ => "combined",
    };
    private readonly Option<bool> _hidden = new("--hidden") { Description = "Serve names that begin with a dot too" };
    private readonly Option<bool> _noLinks = new("--no-links")
    {
        Description = "Follow no symbolic links, not even within the directory",
    };
    private readonly Option<bool> _trace = new("--trace") { Description = "Answer TRACE" };
    private readonly Option<bool> _timing = new("--timing")
    {
        Description = "Tell with Server-Timing how long an answer took to make",
    };

    private readonly Option<int?> _loops = new("--loops")
    {
        Description = "Serve on so many loops, each a thread (default: one for each core of a Linux machine)",
        HelpName = "N",
    };

    public IEnumerable<Option> Options =>
        [
            _config,
            _list,
            _default,
            _writable,
            _cgi,
            _proxy,
            _echo,
            _site,
            _tls,
            _cert,
            _key,
            _log,
            _logFormat,
            _hidden,
            _noLinks,
            _trace,
            _timing,
            _loops,
        ];

    /// <summary>Reads the line; what is wrong with it is said before anything begins.</summary>
    public HostProgram Prepare(
        Invocation call,
        string? directory,
        Endpoint? listen,
        IReadOnlyList<Subnet>? admits,
        Duration? span
    )
    {
        var settings = Read(call, directory, listen, admits);
        return (session, stop) =>
            RunAsync(call, session, settings, () => Read(call, directory, listen, admits), span, stop);
    }

    private SiteSettings Read(Invocation call, string? directory, Endpoint? listen, IReadOnlyList<Subnet>? admits)
    {
        if (call.Get(_config) is { } file)
        {
            if (directory is not null)
                throw new WrongUsageException("the directory is named by --config's file ('root:'): leave it out here");
            var read = SiteSettings.Read(file);
            read = read with { Admits = admits ?? read.Admits };
            if (call.Get(_loops) is { } many)
                read = read with { Loops = SiteSettings.LoopsOf(many, "--loops") };
            return listen is { } at ? read with { Listen = at } : read;
        }
        var settings = new SiteSettings
        {
            Root =
                directory
                ?? throw new WrongUsageException(
                    "what is to be served? A directory, --config FILE, or a service's name"
                ),
            Admits = admits,
            List = call.Get(_list),
            Hidden = call.Get(_hidden),
            NoLinks = call.Get(_noLinks),
            Trace = call.Get(_trace),
            Timing = call.Get(_timing),
            Writable = call.Get(_writable),
            Echo = call.Get(_echo),
            Cgi = [.. call.Get(_cgi).Select(one => SiteSettings.Pair(one, "--cgi", "PATH=FOLDER"))],
            Proxy = [.. call.Get(_proxy).Select(one => SiteSettings.Pair(one, "--proxy", "PATH=URL"))],
            Hosts = [.. call.Get(_site).Select(one => SiteSettings.Pair(one, "--site", "NAME=DIR"))],
            Tls = call.Get(_tls) || call.Get(_cert) is not null,
            Certificate = call.Get(_cert),
            Key = call.Get(_key),
            Log = call.Get(_log),
            LogFormat = SiteSettings.FormatOf(call.Get(_logFormat), "--log-format"),
        };
        if (call.Get(_default) is { Length: > 0 } names)
            settings = settings with { DefaultFiles = names };
        if (call.Get(_loops) is { } loops)
            settings = settings with { Loops = SiteSettings.LoopsOf(loops, "--loops") };
        return listen is { } where ? settings with { Listen = where } : settings;
    }

    private static async Task<int> RunAsync(
        Invocation call,
        Session session,
        SiteSettings settings,
        Func<SiteSettings> read,
        Duration? span,
        CancellationToken stop
    )
    {
        // A directory is this machine's, so this is where it is served.
        var (terminal, machine) = (call.Terminal, ((HostSession)session).Machine);
        using var over = span is { } time
            ? new CancellationTokenSource(time.ToTimeSpan(), machine.Loop.TimeProvider)
            : new();
        // Ctrl-C and the time's end let it finish what runs; so does a service manager's SIGTERM.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, over.Token);
        var scheme = settings.Tls || settings.Certificate is not null ? "https" : "http";
        var where = settings.Listen;
        var server = new SiteServer(settings, machine, terminal)
        {
            Ready = at =>
            {
                where = at;
                if (!call.Json)
                    terminal.Line(
                        terminal.Say(
                            $"{settings.Root} is served at {scheme}://{at}/",
                            $"{scheme}://{at}/에서 {settings.Root} 디렉터리를 제공합니다"
                        )
                    );
                terminal.Flush();
            },
        };
        using var ended = On(PosixSignal.SIGTERM, machine, end.Cancel);
        using var reload = On(PosixSignal.SIGHUP, machine, () => Reload(terminal, server, read));
        try
        {
            await server.RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Enough served.
        }
        catch (SocketException refusal)
        {
            throw new NoAnswerException(WhyNot(settings.Listen, refusal));
        }
        if (server.LinesLost > 0)
            terminal.Note(
                terminal.Say(
                    $"{server.LinesLost} lines of the log could not be written",
                    $"로그 {server.LinesLost}줄을 쓰지 못했습니다"
                )
            );
        if (call.Json)
            terminal.JsonLine(
                new(settings.Root, where.ToString(), server.Served),
                ServeSiteJson.Default.ServeSiteAnswer
            );
        else
            terminal.Line(terminal.Say($"answered {server.Served} requests", $"요청 {server.Served}건에 응답했습니다"));
        return Exit.Done;
    }

    private static string WhyNot(Endpoint listen, SocketException refusal) =>
        refusal.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse =>
                $"somebody else listens on {listen} already: choose another port with --listen",
            SocketError.AccessDenied =>
                $"{listen} is for privileged programs: choose a port from 1024 on with --listen, or run it as root",
            SocketError.AddressNotAvailable => $"{listen.Address} is no address of this machine",
            _ => $"it cannot listen on {listen}: {refusal.Message}",
        };

    private static PosixSignalRegistration On(PosixSignal signal, HostNetwork machine, Action then) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                machine.Loop.PostFromOutside(then);
            }
        );

    /// <summary>Wrong settings change nothing.</summary>
    private static void Reload(Terminal terminal, SiteServer server, Func<SiteSettings> read)
    {
        try
        {
            server.Change(
                read(),
                () => terminal.Note(terminal.Say("the settings have been read again", "설정을 다시 읽었습니다"))
            );
        }
        catch (Exception wrong) when (wrong is WrongUsageException or Worlds.WorldFileException)
        {
            terminal.Note(
                terminal.Say(
                    $"the settings stay as they were: {wrong.Message}",
                    $"설정을 그대로 둡니다: {wrong.Message}"
                )
            );
        }
    }
}

/// <summary>The answer of <c>serve DIR --json</c>: requests answered.</summary>
internal sealed record ServeSiteAnswer(string Root, string Listen, long Served);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServeSiteAnswer))]
internal sealed partial class ServeSiteJson : JsonSerializerContext;
