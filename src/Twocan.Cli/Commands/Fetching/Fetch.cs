using Twocan.Core;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary><c>fetch</c>: what a URL leads to, with curl's options.</summary>
internal sealed class Fetch : ProgramVerb
{
    private readonly FetchOptions _options = new();
    private readonly AddressFamily _family;

    public Fetch()
        : base(
            "fetch",
            "Fetch what URLs lead to, as curl does: to the screen, a pipe or files",
            "twocan fetch http://www.lab.cyber.co.kr/",
            "twocan fetch -v www.lab.cyber.co.kr/sample1.htm",
            "twocan fetch -s -S -f -O http://www.lab.cyber.co.kr/gazou.jpg -w '%{http_code} %{size_download} bytes\\n'",
            "twocan fetch -I -x 10.11.12.2 http://www.lab.cyber.co.kr/"
        )
    {
        _options.AddTo(this);
        _family = AddressFamily.AddTo(this);
    }

    public override bool ReadsJournal(Invocation call) => call.Get(_options.Trace);

    public override HostProgram Prepare(Invocation call)
    {
        var plan = new FetchPlan(_options, call, _family.Of(call));
        return (session, stop) => RunAsync(call, plan, session, stop);
    }

    private async Task<int> RunAsync(Invocation call, FetchPlan plan, Session session, CancellationToken stop)
    {
        using var tracing = Trace(call, session);
        using var client = new WebClient(session.Network, session.Resolver(plan.Family), plan.Client);
        var loop = session.Network.Loop;
        if (
            plan.CookieFile is { } file
            && CookieFile.Read(File.ReadLines(file), plan.Jar!, loop.UtcNow) is > 0 and var line
        )
            throw new WrongUsageException(
                $"{file}:{line}: this is no cookie; there are seven words, with tabs between them"
            );
        var code = Exit.Done;
        for (var i = 0; i < plan.Urls.Count; i++)
        {
            var job = new FetchJob(_options, call, plan, session, client);
            var report = await job.RunAsync(i, stop);
            if (report.Error is not null)
                code = Exit.No;
            Tell(call, report, code);
        }
        WriteCookies(call, plan.Jar);
        return code;
    }

    private void Tell(Invocation call, FetchReport report, int code)
    {
        var terminal = call.Terminal;
        if (report.Error is { } error && !call.Json && (!call.Get(_options.Silent) || call.Get(_options.ShowError)))
        {
            terminal.Error(error);
            if (report.KeptBytes is > 0)
                terminal.Note(
                    terminal.Say(
                        $"{report.File} holds the first {report.KeptBytes} bytes: go on with -C -",
                        $"{report.File}에 처음 {report.KeptBytes}바이트가 있습니다. -C - 로 이어 받으십시오"
                    )
                );
        }
        if (call.Json)
            terminal.JsonLine(report, FetchJson.Default.FetchReport);
        else if (call.Get(_options.WriteOut) is { } format)
            terminal.Raw(WriteOut.Of(format, report, code));
    }

    /// <summary>With --trace: what my host does, as it happens.</summary>
    private IDisposable? Trace(Invocation call, Session session)
    {
        if (!call.Get(_options.Trace) || session is not WorldSession { World.Journal: { } journal } world)
            return null;
        return journal.Subscribe(entry =>
        {
            if (entry.Host == world.Host.Name)
                call.Terminal.Note(
                    $"{new Duration(entry.At.Nanoseconds), 12}  {entry.What.Layer.ToString().ToUpperInvariant(), -8}  {entry.What.Say(call.Language)}"
                );
        });
    }

    private void WriteCookies(Invocation call, CookieJar? jar)
    {
        if (call.Get(_options.CookieJar) is not { } file)
            return;
        var text = CookieFile.Write(jar!);
        try
        {
            if (file == "-")
                call.Terminal.Raw(text);
            else
                File.WriteAllText(file, text);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"the cookies cannot be written: {failure.Message}");
        }
    }
}
