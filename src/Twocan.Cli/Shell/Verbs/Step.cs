using System.CommandLine;
using Twocan.Core;

namespace Twocan.Cli;

/// <summary><c>step</c>: on to the next thing that happens, and no further.</summary>
internal sealed class Step : ShellVerb
{
    private const int Most = 100_000;

    private readonly Argument<int> _count = new("N")
    {
        Description = "So many moments (default 1)",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => 1,
    };

    public Step()
        : base(
            "step",
            "Go on to the next moment at which something happens, and tell what does; 'ping HOST &' gives it something to do",
            "step",
            "step 5"
        ) => Arguments.Add(_count);

    protected override int Run(Invocation call, LivingWorld living)
    {
        var count = call.Get(_count);
        if (count is < 1 or > Most)
            throw new WrongUsageException($"step takes a number from 1 to {Most}, not {count}");
        using var session = WorldSession.Open(call, journal: true);
        var lines = new JournalLines(living.World, call.Terminal);
        var told = 0;
        using var reading = living.World.Journal!.Subscribe(entry =>
        {
            told++;
            lines.Show(entry);
        });
        for (var moment = 0; moment < count; moment++)
        {
            // A timer of which nobody speaks is no moment.
            for (var before = told; told == before; )
            {
                session.Stop.ThrowIfCancellationRequested();
                if (living.World.Step())
                    continue;
                if (!call.Json)
                    call.Terminal.Line(
                        call.Terminal.Say(
                            "The world is at rest: nothing is to come.",
                            "세계가 쉬고 있습니다. 올 일이 없습니다."
                        )
                    );
                return told > 0 ? Exit.Done : Exit.No;
            }
        }
        return Exit.Done;
    }
}
