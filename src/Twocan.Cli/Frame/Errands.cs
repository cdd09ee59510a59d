using System.CommandLine;
using Twocan.Explorer;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>What <c>--after</c> and <c>--while</c> let happen in a world, one after the other.</summary>
internal sealed class Errands
{
    public const string Grammar =
        "'ping HOST', 'ping -c N HOST' or a URL, each also with -4 or -6; '@NAME …' on that host (may be repeated)";

    private readonly IReadOnlyList<(Errand Errand, Host Host)> _errands;
    private readonly WorldSession _session;

    private Errands(WorldSession session, IReadOnlyList<(Errand, Host)> errands) =>
        (_session, _errands) = (session, errands);

    public int Count => _errands.Count;

    /// <param name="host">Who does what nobody else is named for.</param>
    public static Errands Read(Invocation call, Option<string[]> option, WorldSession session, Host host)
    {
        var errands = new List<(Errand, Host)>();
        foreach (var text in call.Get(option))
        {
            if (!Errand.TryParse(text, out var errand, out var wrong))
                throw new WrongUsageException($"{option.Name}: {wrong}");
            var by = errand.Host is { } name
                ? session.World.Hosts.FirstOrDefault(one => one.Name == name)
                    ?? throw new WrongUsageException($"{option.Name}: {WorldSession.NoSuchHost(name, session.World)}")
                : host;
            errands.Add((errand, by));
        }
        return new(session, errands);
    }

    /// <summary>The world runs also when there is no errand: only then has it routes.</summary>
    public IReadOnlyList<ErrandAnswer> Run(Invocation call) => _session.Run(stop => RunAsync(call, stop));

    /// <summary>The same in a world that runs already.</summary>
    public async Task<IReadOnlyList<ErrandAnswer>> RunAsync(Invocation call, CancellationToken stop)
    {
        var answers = new List<ErrandAnswer>();
        foreach (var (errand, host) in _errands)
        {
            var outcome = await errand.RunAsync(host, stop);
            answers.Add(new(host.Name, errand.Text, outcome.IsDone, outcome.Say.In(call.Language)));
        }
        return answers;
    }

    public static void Show(IReadOnlyList<ErrandAnswer> answers, Terminal terminal)
    {
        foreach (var answer in answers)
            terminal.Line($"{answer.Host:host}: {answer.What}: {answer.Outcome:faint}");
        if (answers.Count > 0)
            terminal.Line();
    }
}

/// <summary>What came of an errand, for <c>--json</c>.</summary>
internal sealed record ErrandAnswer(string Host, string What, bool Done, string Outcome);
