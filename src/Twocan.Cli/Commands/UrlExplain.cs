using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary><c>url</c>: what a browser reads out of a URL before it does anything.</summary>
internal sealed class UrlExplain : Verb
{
    private readonly Argument<string?> _url = new("URL")
    {
        Description = "A URL; http:// may be left out, as in a browser",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _base = new("--base")
    {
        Description = "The URL of the page in which it stands: then it may be relative, such as ../gazou.jpg",
        HelpName = "URL",
    };

    private readonly Option<bool> _batch = new("--batch")
    {
        Description = "Read JSON lines {\"input\", \"base\"} from standard input, and answer each with a JSON line",
    };

    public UrlExplain()
        : base(
            "url",
            "Take a URL apart: scheme, user, server, port, directory, file; what was left out, and what is assumed in its place",
            "twocan url http://www.lab.cyber.co.kr",
            "twocan url ../gazou.jpg --base http://www.lab.cyber.co.kr/dir/file1.html",
            "twocan url mailto:tone@cyber.co.kr?subject=hello"
        )
    {
        Arguments.Add(_url);
        Options.Add(_base);
        Options.Add(_batch);
    }

    public override int Run(Invocation call)
    {
        var (text, page) = (call.Get(_url), call.Get(_base));
        if (call.Get(_batch))
        {
            if (text is not null || page is not null)
                throw new WrongUsageException("--batch reads its URLs and their bases from standard input");
            if (call.Living is not null)
                throw new WrongUsageException("--batch reads standard input, which is the shell's here");
            using var input = Console.OpenStandardInput();
            UrlBatch.Run(input, call.Terminal.Bytes);
            return Exit.Done;
        }
        if (text is null)
            throw new WrongUsageException("which URL? Such as twocan url http://www.lab.cyber.co.kr/");
        var relativeTo = BaseOf(page);
        var errors = new List<ValidationError>();
        var isRead = relativeTo is null
            ? Url.TryParseTyped(text, errors, out var url, out var why)
            : Url.TryParse(text, relativeTo, errors, out url, out why);
        if (!isRead)
            throw new NoAnswerException(why);
        var explanation = UrlExplanation.Of(url!, text);
        if (call.Json)
            call.Terminal.JsonLine(
                UrlReport.Of(text, relativeTo, explanation, errors, call.Language),
                UrlJson.Default.UrlReport
            );
        else
            new UrlTable(explanation, call.Terminal).Write(text, relativeTo, errors);
        return Exit.Done;
    }

    private static Url? BaseOf(string? page)
    {
        if (page is null)
            return null;
        return Url.TryParseTyped(page, out var relativeTo, out var why)
            ? relativeTo
            : throw new WrongUsageException($"--base: {why}");
    }
}

/// <summary>The answer of <c>url --json</c>: the parts by the names that browsers have for them, and what they mean.</summary>
internal sealed record UrlReport(
    string Input,
    string? Base,
    string Href,
    string Protocol,
    string Username,
    string Password,
    string Host,
    string Hostname,
    string Port,
    string Pathname,
    string Search,
    string Hash,
    string Origin,
    string Access,
    bool IsUrl,
    string HostKind,
    string HostDisplay,
    string? Address,
    string? User,
    string? AssumedUser,
    int? ConnectsToPort,
    bool PortIsAssumed,
    string? Directory,
    string? File,
    bool FileIsAssumed,
    bool MayBeDirectory,
    bool RootIsAssumed,
    IReadOnlyList<string>? Mailboxes,
    string? Newsgroup,
    string? Article,
    IReadOnlyList<UrlReportPair> Parameters,
    IReadOnlyList<UrlReportError> ValidationErrors,
    IReadOnlyList<string> Says
)
{
    public static UrlReport Of(
        string input,
        Url? relativeTo,
        UrlExplanation it,
        IEnumerable<ValidationError> errors,
        Language language
    )
    {
        var url = it.Url;
        return new(
            input,
            relativeTo?.Href,
            url.Href,
            $"{url.Scheme}:",
            url.Username,
            url.Password,
            url.Authority,
            url.Host.Text,
            $"{url.WrittenPort}",
            url.Path,
            url.Search,
            url.Hash,
            url.Origin,
            Snake($"{it.Access}"),
            it.IsLocator,
            Snake($"{url.Host.Kind}"),
            it.Host,
            url.Host.Address?.ToString(),
            it.User,
            it.AssumedUser,
            it.Port == default ? null : it.Port.Number,
            it.PortIsAssumed,
            it.Directory,
            it.File,
            it.FileIsAssumed,
            it.MayBeDirectory,
            it.RootIsAssumed,
            it.Access == UrlAccess.Mail ? it.Mailboxes : null,
            it.Newsgroup,
            it.Article,
            [.. url.SearchParams.Select(static pair => new UrlReportPair(pair.Key, pair.Value))],
            [.. errors.Distinct().Select(error => new UrlReportError(error.Name(), error.Say(language)))],
            it.Say(language)
        );
    }

    private static string Snake(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

internal sealed record UrlReportPair(string Name, string Value);

internal sealed record UrlReportError(string Name, string Say);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UrlReport))]
internal sealed partial class UrlJson : JsonSerializerContext;
