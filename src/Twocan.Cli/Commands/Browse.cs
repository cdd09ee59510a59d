using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Dns;
using Twocan.Explorer;
using Twocan.Http;
using Twocan.Proxy;

namespace Twocan.Cli;

/// <summary><c>browse</c>: a page with all that it wants, and what the reader waited for.</summary>
internal sealed class Browse : ProgramVerb
{
    private readonly Argument<string> _url = new("URL") { Description = "The page; http:// may be left out" };

    private readonly Option<int> _visits = new("--visits", "-n")
    {
        Description = "Press Enter so often: what the cache keeps need not come again",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    private readonly Option<string?> _har = new("--har")
    {
        Description = "Write the visits to a HAR 1.2 file, which browsers' developer tools open",
        HelpName = "FILE",
    };

    private readonly Option<string?> _proxy = new("--proxy")
    {
        Description = "Ask this proxy for everything",
        HelpName = "PROXY[:PORT]",
    };

    private readonly Option<bool> _insecure = new("--insecure", "-k") { Description = "Believe any certificate" };

    private readonly AddressFamily _family;

    public Browse()
        : base(
            "browse",
            "Load a page as a browser does, with its pictures, style sheets, scripts and frames, and show what was waited for",
            "twocan browse http://www.lab.cyber.co.kr/sample1.htm",
            "twocan browse --visits 2 http://www.lab.cyber.co.kr/sample1.htm --har sample1.har"
        )
    {
        Arguments.Add(_url);
        Options.Add(_visits);
        Options.Add(_har);
        Options.Add(_proxy);
        Options.Add(_insecure);
        _family = AddressFamily.AddTo(this);
    }

    public override HostProgram Prepare(Invocation call)
    {
        var text = call.Get(_url);
        if (!Url.TryParseTyped(text, out var url, out var why))
            throw new WrongUsageException($"'{text}' is no URL: {why}");
        if (url.Scheme is not ("http" or "https"))
            throw new WrongUsageException($"browse takes http and https URLs, not {url.Scheme}");
        var visits = call.GetWithin(_visits, 1, 100);
        var family = _family.Of(call);
        var usual = new BrowserOptions();
        var options = usual with
        {
            Proxy = ProxyOf(call.Get(_proxy)),
            Cache = new MemoryStore(),
            Tls = new() { AcceptsAnybody = call.Get(_insecure) },
            AcceptLanguage = call.OnHost ? BrowserOptions.LanguagesOf(call.Language) : usual.AcceptLanguage,
        };
        return (session, stop) => RunAsync(call, session, family, url, options, visits, stop);
    }

    private async Task<int> RunAsync(
        Invocation call,
        Session session,
        IpFamily? family,
        Url url,
        BrowserOptions options,
        int visits,
        CancellationToken stop
    )
    {
        var browser = new Browser(session.Network, new StubResolver(session.Network, family), options);
        var loads = new List<PageLoad>();
        for (var visit = 1; visit <= visits; visit++)
        {
            var load = await browser.VisitAsync(url, stop);
            loads.Add(load);
            if (call.Json)
                call.Terminal.JsonLine(
                    VisitReport.Of(visit, load, session.Network.Loop),
                    BrowseJson.Default.VisitReport
                );
            else
                Show(load, visit, call.Terminal);
        }
        if (call.Get(_har) is { } file)
            Save(file, HarWriter.Write(loads, session.Network.Loop), call);
        return loads.TrueForAll(static load => load.IsWhole) ? Exit.Done : Exit.No;
    }

    private static void Show(PageLoad load, int visit, Terminal terminal)
    {
        if (visit > 1)
            terminal.Line();
        var title = load.Title is { Length: > 0 } said ? $"  {said}" : "";
        terminal.Write(new Paragraph($"{load.Url.Href:strong}{title}"));
        foreach (var line in Waterfall.Lines(load, terminal.Language, terminal.Width))
            terminal.Line(line);
        terminal.Write(new Paragraph(Waterfall.Sum(load, terminal.Language)));
        foreach (var one in load.Resources.Where(static one => one.Failure is not null))
            terminal.Write(new Paragraph($"{one.Url.Href:name}: {one.Why ?? "":bad}", "✗ "));
    }

    private static void Save(string file, byte[] har, Invocation call)
    {
        try
        {
            File.WriteAllBytes(file, har);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"--har: {failure.Message}");
        }
        if (!call.Json)
            call.Terminal.Note(call.Terminal.Say($"{file} written", $"{file} 파일에 썼습니다"));
    }

    private static ProxyAddress? ProxyOf(string? text)
    {
        if (text is null)
            return null;
        return ProxyAddress.TryParse(text, out var proxy, out var why)
            ? proxy
            : throw new WrongUsageException($"--proxy: {why}");
    }
}

/// <summary>A line of <c>browse --json</c>: one visit. Times are in microseconds, those of resources since the visit began.</summary>
internal sealed record VisitReport(
    int Visit,
    string Url,
    string? Title,
    bool IsWhole,
    string StartedAt,
    double PageReadUs,
    double TookUs,
    int LeftOut,
    IReadOnlyList<ResourceReport> Resources
)
{
    public static VisitReport Of(int visit, PageLoad load, EventLoop loop) =>
        new(
            visit,
            load.Url.Href,
            load.Title,
            load.IsWhole,
            loop.ToDate(load.Began)
                .ToUniversalTime()
                .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            (load.PageRead - load.Began).TotalMicroseconds,
            load.Took.TotalMicroseconds,
            load.LeftOut,
            [.. load.Resources.Select(one => ResourceReport.Of(one, load.Began))]
        );
}

internal sealed record ResourceReport(
    int Number,
    string Kind,
    string Url,
    int? Initiator,
    int Status,
    string Reason,
    string ContentType,
    int Bytes,
    long BytesReceived,
    string Cache,
    string? Referer,
    string? RedirectsTo,
    string? Server,
    string? Client,
    bool ConnectionReused,
    string? Tls,
    double BeganUs,
    double TookUs,
    double QueueUs,
    double? NameUs,
    double? ConnectUs,
    double? TlsUs,
    double SendUs,
    double FirstByteUs,
    double BodyUs,
    string? Error
)
{
    public static ResourceReport Of(LoadedResource it, Instant began)
    {
        var phases = it.Phases;
        return new(
            it.Number,
            JsonNamingPolicy.SnakeCaseLower.ConvertName($"{it.Kind}"),
            it.Url.Href,
            it.Initiator?.Number,
            it.Status,
            it.Reason,
            it.ContentType,
            it.Bytes,
            it.BytesReceived,
            JsonNamingPolicy.SnakeCaseLower.ConvertName($"{it.Cache}"),
            it.RequestFields["Referer"],
            it.RedirectsTo?.Href,
            it.Connection?.Remote.ToString(),
            it.Connection?.Local.ToString(),
            it.Connection?.WasReused ?? false,
            it.Connection?.Tls,
            (it.Began - began).TotalMicroseconds,
            phases.Total.TotalMicroseconds,
            phases.Queue.TotalMicroseconds,
            phases.Name?.TotalMicroseconds,
            phases.Connect?.TotalMicroseconds,
            phases.Tls?.TotalMicroseconds,
            phases.Send.TotalMicroseconds,
            phases.FirstByte.TotalMicroseconds,
            phases.Body.TotalMicroseconds,
            it.Why
        );
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VisitReport))]
internal sealed partial class BrowseJson : JsonSerializerContext;
