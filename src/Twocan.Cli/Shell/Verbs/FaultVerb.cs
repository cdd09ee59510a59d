using System.CommandLine;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>A fault's sentence is a command: <c>cut home-router--isp</c>, <c>loss 20% pc--home-hub for 2s</c>.</summary>
internal sealed class FaultVerb : ShellVerb
{
    private readonly Argument<string[]> _words;

    public FaultVerb(string kind, string takes, string description, params string[] examples)
        : base(kind, description, examples)
    {
        _words = new(takes)
        {
            Description = "The rest of the sentence; then perhaps 'at 40ms' (from now) and 'for 2s'",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Arguments.Add(_words);
    }

    /// <summary>One for each word that a sentence may begin with.</summary>
    public static IEnumerable<FaultVerb> All =>
        [
            new("cut", "CABLE…", "Cut cables: nothing gets through", "cut home-router--isp", "cut pc->home-hub for 2s"),
            new("loss", "20% CABLE…", "Lose a share of the frames, each by its own luck", "loss 20% pc--home-hub"),
            new(
                "bursty",
                "loss 20% in bursts of 5 CABLE…",
                "Lose a share of the frames, several in a row",
                "bursty loss 20% in bursts of 5 pc--home-hub"
            ),
            new("delay", "50ms CABLE…", "Let every frame take longer", "delay 50ms isp--backbone"),
            new("jitter", "5ms CABLE…", "Let every frame take up to so much longer", "jitter 5ms isp--backbone"),
            new("reorder", "10% by 5ms CABLE…", "Let frames overtake others", "reorder 10% by 5ms isp--backbone"),
            new("duplicate", "5% CABLE…", "Let frames arrive twice", "duplicate 5% isp--backbone"),
            new("corrupt", "1% CABLE…", "Flip a bit in some frames", "corrupt 1% pc--home-hub"),
            new("rate", "1Mbit/s CABLE…", "Make cables slower", "rate 1Mbit/s home-router--isp"),
            new(
                "crash",
                "MACHINE…",
                "Let hosts, routers, hubs, switches lose their power, and all that they know",
                "crash ns.isp",
                "crash ns.isp at 1s for 10s"
            ),
        ];

    protected override int Run(Invocation call, LivingWorld living)
    {
        Fault fault;
        try
        {
            if (!FaultSentence.TryParse(string.Join(' ', [Name, .. call.Get(_words)]), out var sentence, out var wrong))
                throw new WrongUsageException(wrong);
            fault = living.World.Fault(sentence);
        }
        catch (FaultSentenceException wrong)
        {
            throw new WrongUsageException(wrong.Message);
        }
        return Answer(
            call,
            FaultAnswer.Of(fault, living.World),
            ShellJson.Default.FaultAnswer,
            terminal => terminal.Line($"{fault.Number}  {fault.What.ToString():bad}")
        );
    }
}
