using System.CommandLine;

namespace Twocan.Cli;

/// <summary>The options of <c>fetch</c>: curl's, by curl's names.</summary>
internal sealed class FetchOptions
{
    public Argument<string[]> Urls { get; } =
        new("URL…") { Description = "What to fetch; http:// may be left out", Arity = ArgumentArity.OneOrMore };

    public Option<string?> Method { get; } =
        Text("--request", "-X", "METHOD", "The method (default: GET, or POST with -d)");
    public Option<bool> Head { get; } = Flag("--head", "-I", "Ask for the fields only (HEAD), and show them");
    public Option<string[]> Data { get; } =
        Texts("--data", "-d", "DATA", "Send this (POST); @FILE is a file, @- standard input");
    public Option<string[]> DataRaw { get; } = Texts("--data-raw", null, "DATA", "As -d, and @ is only a character");
    public Option<string[]> DataBinary { get; } =
        Texts("--data-binary", null, "DATA", "As -d, and a file's line breaks stay");
    public Option<string?> JsonBody { get; } =
        Text("--json-body", null, "JSON", "Send JSON, and ask for JSON; @FILE and @- too");
    public Option<string[]> Form { get; } =
        Texts("--form", "-F", "NAME=VALUE", "Send a form's field; NAME=@FILE is a file");
    public Option<string?> Upload { get; } =
        Text("--upload-file", "-T", "FILE", "Send a file (PUT); '-' is standard input");
    public Option<string[]> Header { get; } =
        Texts("--header", "-H", "'NAME: VALUE'", "Send this field; 'NAME:' leaves it out");
    public Option<string[]> Output { get; } =
        Texts("--output", "-o", "FILE", "Write to a file, one for each URL; '-' is standard output");
    public Option<bool> RemoteName { get; } =
        Flag("--remote-name", "-O", "Write to files with the names that the URLs end in");
    public Option<bool> Include { get; } = Flag("--include", "-i", "Show the answer's fields before its body");
    public Option<bool> Location { get; } = Flag("--location", "-L", "Follow redirects");
    public Option<int> MaxRedirects { get; } =
        new("--max-redirs")
        {
            Description = "How many of them (default 50)",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
        };
    public Option<string?> Continue { get; } =
        Text("--continue-at", "-C", "OFFSET", "Go on where a file ends; '-' looks where that is");
    public Option<string?> Range { get; } = Text("--range", "-r", "FIRST-LAST", "Only these bytes");
    public Option<string?> User { get; } =
        Text("--user", "-u", "USER:PASSWORD", "Who asks: Basic, or Digest where the server wants it");
    public Option<bool> Digest { get; } = Flag("--digest", null, "Never tell the password itself: Digest only");
    public Option<string?> Agent { get; } = Text("--user-agent", "-A", "NAME", "What to call oneself");
    public Option<string?> Referer { get; } = Text("--referer", "-e", "URL", "Where one comes from");
    public Option<string[]> Cookie { get; } =
        Texts("--cookie", "-b", "NAME=VALUE", "Send cookies; a FILE is read, and cookies are kept");
    public Option<string?> CookieJar { get; } =
        Text("--cookie-jar", "-c", "FILE", "Write the cookies to a file at the end");
    public Option<bool> Silent { get; } = Flag("--silent", "-s", "No progress and no complaints");
    public Option<bool> ShowError { get; } = Flag("--show-error", "-S", "With -s: complaints all the same");
    public Option<bool> Fail { get; } = Flag("--fail", "-f", "400 and above is a failure: no body, exit code 1");
    public Option<bool> Insecure { get; } = Flag("--insecure", "-k", "Believe any certificate");
    public Option<string?> Authority { get; } =
        Text("--cacert", null, "FILE", "Believe whom these certificates (PEM) say, and nobody else");
    public Option<bool> Compressed { get; } = Flag("--compressed", null, "Ask for gzip, deflate or br, and unpack it");
    public Option<bool> Http10 { get; } = Flag("--http1.0", "-0", "Speak HTTP/1.0");
    public Option<string?> Proxy { get; } =
        Text("--proxy", "-x", "HOST:PORT", "By way of a proxy (default with --on-host: http_proxy and its like)");
    public Option<string?> NoProxy { get; } =
        Text("--noproxy", null, "LIST", "Names, addresses, subnets that go straight; '*' is all");
    public Option<double?> MaxTime { get; } = Seconds("--max-time", "-m", "Give up after so many seconds");
    public Option<double?> ConnectTimeout { get; } =
        Seconds("--connect-timeout", null, "So long for the name, the connection and TLS, each");
    public Option<int> Retry { get; } =
        new("--retry")
        {
            Description = "Try again so often when it may help, a second later, then two, four …",
            HelpName = "N",
        };
    public Option<string?> Limit { get; } =
        Text("--limit-rate", null, "RATE", "No more bytes a second than this: 500, 100k, 2m");
    public Option<string?> WriteOut { get; } =
        Text("--write-out", "-w", "FORMAT", @"Say this at the end: '%{http_code} %{time_total}\n'");
    public Option<bool> Verbose { get; } =
        Flag("--verbose", "-v", "Tell of the connection, the request and the fields, on stderr");
    public Option<bool> Trace { get; } =
        Flag("--trace", null, "Tell of everything that this host does, layer by layer, on stderr");

    public void AddTo(Verb verb)
    {
        verb.Arguments.Add(Urls);
        Option[] all =
        [
            Verbose,
            Include,
            Head,
            Method,
            Data,
            DataRaw,
            DataBinary,
            JsonBody,
            Form,
            Upload,
            Header,
            Output,
            RemoteName,
            Location,
            MaxRedirects,
            Continue,
            Range,
            User,
            Digest,
            Agent,
            Referer,
            Cookie,
            CookieJar,
            Silent,
            ShowError,
            Fail,
            Insecure,
            Authority,
            Compressed,
            Http10,
            Proxy,
            NoProxy,
            MaxTime,
            ConnectTimeout,
            Retry,
            Limit,
            WriteOut,
            Trace,
        ];
        foreach (var option in all)
            verb.Options.Add(option);
    }

    private static Option<bool> Flag(string name, string? alias, string description) =>
        With(new Option<bool>(name) { Description = description }, alias);

    private static Option<string?> Text(string name, string? alias, string help, string description) =>
        With(new Option<string?>(name) { Description = description, HelpName = help }, alias);

    private static Option<string[]> Texts(string name, string? alias, string help, string description) =>
        With(new Option<string[]>(name) { Description = description, HelpName = help }, alias);

    private static Option<double?> Seconds(string name, string? alias, string description) =>
        With(new Option<double?>(name) { Description = description, HelpName = "S" }, alias);

    private static T With<T>(T option, string? alias)
        where T : Option
    {
        if (alias is not null)
            option.Aliases.Add(alias);
        return option;
    }
}
