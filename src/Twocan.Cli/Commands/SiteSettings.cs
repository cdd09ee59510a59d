using System.Net.Sockets;
using Twocan.Core;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>A directory that is served, as the command line or a file describes it.</summary>
internal sealed record SiteSettings
{
    private const int MostLoops = 1024;

    public required string Root { get; init; }

    public Endpoint Listen { get; init; } = new(IpAddress.Loopback, new Port(8080));

    /// <summary>The only subnets that it serves; null is everybody.</summary>
    public IReadOnlyList<Subnet>? Admits { get; init; }

    public IReadOnlyList<string> DefaultFiles { get; init; } = ["index.html", "default.html"];

    public bool List { get; init; }

    public bool Hidden { get; init; }

    public bool NoLinks { get; init; }

    public bool Trace { get; init; }

    public bool Timing { get; init; }

    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>Folders of programs, by the path that they stand behind.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Cgi { get; init; } = [];

    /// <summary>Other servers, by the path that they answer for.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Proxy { get; init; } = [];

    public IReadOnlyList<string> Echo { get; init; } = [];

    /// <summary>Directories of other sites, by their names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Hosts { get; init; } = [];

    public bool Tls { get; init; }

    public string? Certificate { get; init; }

    public string? Key { get; init; }

    /// <summary>A file, or '-' for the terminal.</summary>
    public string? Log { get; init; }

    public AccessLogFormat LogFormat { get; init; }

    /// <summary>Each a thread, with its part of the connections.</summary>
    public int Loops { get; init; } = OperatingSystem.IsLinux() ? Environment.ProcessorCount : 1;

    public int MaxConnections { get; init; } = 16_384;

    public long MaxBody { get; init; } = 1L << 40;

    /// <summary>Reads a file whose lines are called as the options are; its paths begin at the file. All mistakes are told at once.</summary>
    public static SiteSettings Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"--config cannot be read: {failure.Message}");
        }
        var mistakes = new Mistakes(path);
        var node = ConfigFile.Read(text, mistakes) ?? throw new WorldFileException(mistakes.All);
        var reader = new ConfigReader(node, mistakes, "a site");
        var beside = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var root = reader.Text("root");
        if (root is null)
            mistakes.Add(1, 1, "a site needs its documents: write 'root: DIRECTORY'");
        var settings = new SiteSettings
        {
            Root = Path.Combine(beside, root ?? "."),
            List = Flag(reader, "list", mistakes),
            Hidden = Flag(reader, "hidden", mistakes),
            NoLinks = Flag(reader, "no-links", mistakes),
            Trace = Flag(reader, "trace", mistakes),
            Timing = Flag(reader, "timing", mistakes),
            Admits = reader.Subnets("admit"),
            Writable = Texts(reader, "writable"),
            Echo = Texts(reader, "echo"),
            Cgi = Pairs(reader, "cgi", "/cgi-bin: programs", folder => Path.Combine(beside, folder)),
            Proxy = Pairs(reader, "proxy", "/api: http://127.0.0.1:3000/", url => url),
            Hosts = Pairs(reader, "hosts", "www.example.com: site", folder => Path.Combine(beside, folder)),
            Tls = Flag(reader, "tls", mistakes),
            Certificate = reader.Text("cert") is { } certificate ? Path.Combine(beside, certificate) : null,
            Key = reader.Text("key") is { } key ? Path.Combine(beside, key) : null,
            Log = reader.Text("log") is { } log ? (log == "-" ? log : Path.Combine(beside, log)) : null,
        };
        if (Texts(reader, "default") is { Count: > 0 } names)
            settings = settings with { DefaultFiles = names };
        if (reader.Optional("listen") is { } listen)
        {
            if (listen.IsText && Endpoint.TryParse(listen.Text, out var endpoint))
                settings = settings with { Listen = endpoint };
            else
                mistakes.Add(listen, $"'listen' is an address and a port, such as 127.0.0.1:8080, not {listen}");
        }
        if (reader.Number("loops", 1, MostLoops) is { } loops)
            settings = settings with { Loops = LoopsOf(loops, "loops") };
        if (reader.Text("log-format") is { } format)
            settings = settings with { LogFormat = FormatOf(format, "log-format") };
        reader.RefuseOthers();
        return mistakes.Any ? throw new WorldFileException(mistakes.All) : settings;
    }

    public static AccessLogFormat FormatOf(string text, string option) =>
        text switch
        {
            "combined" => AccessLogFormat.Combined,
            "json" => AccessLogFormat.Json,
            _ => throw new WrongUsageException($"{option} is combined or json, not '{text}'"),
        };

    public static int LoopsOf(int count, string option)
    {
        if (count is < 1 or > MostLoops)
            throw new WrongUsageException($"{option} is a number from 1 to {MostLoops}, not {count}");
        return count == 1 || OperatingSystem.IsLinux()
            ? count
            : throw new WrongUsageException($"{option}: several loops share a port on Linux alone");
    }

    /// <summary><c>/cgi-bin=programs</c>.</summary>
    public static KeyValuePair<string, string> Pair(string text, string option, string form)
    {
        var equals = text.IndexOf('=');
        return equals > 0 && equals < text.Length - 1
            ? new(text[..equals], text[(equals + 1)..])
            : throw new WrongUsageException($"{option} is written as {form}, not '{text}'");
    }

    private static bool Flag(ConfigReader reader, string key, Mistakes mistakes)
    {
        if (reader.Optional(key) is not { } value)
            return false;
        if (value.Text is not ("yes" or "no" or "true" or "false"))
            mistakes.Add(value, $"'{key}' is yes or no, not {value}");
        return value.Text is "yes" or "true";
    }

    private static List<string> Texts(ConfigReader reader, string key) =>
        [.. reader.Texts(key).Select(one => one.Text)];

    private static List<KeyValuePair<string, string>> Pairs(
        ConfigReader reader,
        string key,
        string form,
        Func<string, string> place
    ) =>
        [
            .. reader
                .Entries(key, form)
                .Select(entry => new KeyValuePair<string, string>(entry.Key.Text, place(entry.Value.Text))),
        ];
}
