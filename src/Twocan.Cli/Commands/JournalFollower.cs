using System.CommandLine;
using Twocan.Core;

namespace Twocan.Cli;

/// <summary><c>journal</c>: what does each layer of a host do while something happens, and why?</summary>
internal sealed class JournalFollower : Verb
{
    private readonly Option<string[]> _while = new("--while")
    {
        Description = "What happens meanwhile: " + Errands.Grammar,
        HelpName = "WHAT",
        Required = true,
    };

    private readonly Option<bool> _everywhere = new("--everywhere")
    {
        Description = "Tell of every machine, not of my host alone",
    };

    private readonly Option<string[]> _layers = new("--layer")
    {
        Description = "Tell of this layer alone (may be repeated)",
        HelpName = string.Join('|', Enum.GetNames<Layer>().Select(name => name.ToLowerInvariant())),
    };

    public JournalFollower()
        : base(
            "journal",
            "Follow a host while something happens, a line for each thing that it does",
            "twocan journal --while 'ping -c 1 10.11.12.1'",
            "twocan journal --everywhere --layer dns --while 'ping -c 1 www.lab.cyber.co.kr'"
        )
    {
        Options.Add(_while);
        Options.Add(_everywhere);
        Options.Add(_layers);
    }

    public override int Run(Invocation call)
    {
        var layers = call.Get(_layers).Select(LayerOf).ToHashSet();
        using var session = WorldSession.Open(call, journal: true);
        var errands = Errands.Read(call, _while, session, session.Host);
        var host = call.Get(_everywhere) ? null : session.Host.Name;
        var lines = new JournalLines(session.World, call.Terminal);
        var told = 0L;
        using var reading = session.World.Journal!.Subscribe(entry =>
        {
            if ((host is not null && entry.Host != host) || (layers.Count > 0 && !layers.Contains(entry.What.Layer)))
                return;
            told++;
            lines.Show(entry);
        });
        var outcomes = errands.Run(call);
        session.Settle();
        if (!call.Json)
        {
            call.Terminal.Line();
            Errands.Show(outcomes, call.Terminal);
            call.Terminal.Line(call.Terminal.Say($"{told} entries", $"{told}줄"));
        }
        return told > 0 ? Exit.Done : Exit.No;
    }

    private static Layer LayerOf(string word) =>
        Enum.TryParse<Layer>(word, ignoreCase: true, out var layer)
        && Enum.IsDefined(layer)
        && !char.IsAsciiDigit(word[0])
            ? layer
            : throw new WrongUsageException(
                $"--layer is one of {string.Join(", ", Enum.GetNames<Layer>().Select(name => name.ToLowerInvariant()))}, not '{word}'"
            );
}
