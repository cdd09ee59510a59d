using System.CommandLine;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>
/// What may stand at a place of a line. What a word stands for is told by what the help calls it: where a verb says HOST there
/// may be a host of the world or a name of its zones, where it says CABLE a cable.
/// </summary>
internal sealed class Completer(ShellRoot root, LivingWorld living)
{
    private IReadOnlyList<string>? _names;

    private World World => living.World;

    private IEnumerable<string> Hosts => World.Hosts.Select(host => host.Name);

    /// <summary>What has an address in some zone of this world.</summary>
    private IReadOnlyList<string> Names =>
        _names ??= [
            .. World
                .Hosts.SelectMany(host => host.Programs)
                .OfType<NameServer>()
                .SelectMany(server => server.Zones)
                .SelectMany(zone => zone.Records)
                .Where(record => record.Type == RecordType.A || record.Type == RecordType.CNAME)
                .Select(record => record.Name.ToHostName()),
        ];

    public Completion Complete(string line, int cursor)
    {
        var before = line[..cursor];
        var command = before[(before.LastIndexOfAny([';', '&']) + 1)..];
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var word = command.Length > 0 && command[^1] != ' ' ? words[^1] : "";
        if (word.Length > 0)
            words.RemoveAt(words.Count - 1);
        return new(
            cursor - word.Length,
            [
                .. Candidates(words, word)
                    .Where(candidate => candidate.StartsWith(word, StringComparison.Ordinal))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ]
        );
    }

    private IEnumerable<string> Candidates(List<string> words, string word)
    {
        if (words is [['@', ..], ..])
            words.RemoveAt(0);
        else if (words.Count == 0 && word is ['@', ..])
            return Hosts.Select(host => "@" + host);
        Command command = root;
        while (words.Count > 0 && command is not Verb && Find(command, words[0]) is { } next)
        {
            command = next;
            words.RemoveAt(0);
        }
        if (command is not Verb verb)
            return command.Subcommands.Select(one => one.Name);
        if (words.Count > 0 && OptionOf(verb, words[^1]) is { } option && option.ValueType != typeof(bool))
            return Values(option.HelpName ?? "", word);
        return word.StartsWith('-')
            ? Options(verb).Where(one => !one.Hidden).Select(one => one.Name)
            : verb.Arguments.SelectMany(argument => Values(argument.Name, word));
    }

    private IEnumerable<string> Values(string kind, string word)
    {
        var values = new List<string>();
        if (Says("CABLE"))
            values.AddRange(
                Cables(word).Concat(World.Nodes.OfType<Bus>().Select(bus => bus.Name)).Concat(["at", "for"])
            );
        if (Says("HOST"))
            values.AddRange(Hosts.Concat(Names));
        if (Says("MACHINE"))
            values.AddRange(World.Nodes.Select(node => node.Name).Concat(["at", "for"]));
        if (Says("NAME"))
            values.AddRange(Names);
        if (Says("@SERVER"))
            values.AddRange(Hosts.Select(host => "@" + host));
        if (kind == "NAME" || Says("PROXY"))
            values.AddRange(Hosts);
        if (Says("ADDRESS") || (Says("HOST") && word.Length > 0 && char.IsAsciiDigit(word[0])))
            values.AddRange(
                World.Hosts.SelectMany(host => host.Addresses).Select(one => one.Address.ToString()).Concat(Names)
            );
        if (Says("get"))
            values.Add("get");
        if (Says("URL"))
            values.AddRange(WebNames().Select(name => $"http://{name}/"));
        if (Says("FILE"))
            values.AddRange(Explorer.WorldLibrary.Names);
        if (Says("VERB"))
            values.AddRange(root.Subcommands.Select(verb => verb.Name));
        if (Says("PACE"))
            values.AddRange(["1x", "0.1x", "10x", "fast"]);
        if (Says("WHICH"))
            values.AddRange(
                World
                    .Faults.SelectMany(fault =>
                        fault.Cables.Select(cable => cable.Name).Concat(fault.Machines.Select(machine => machine.Name))
                    )
                    .Append("all")
            );
        if (Says("SWITCH"))
            values.AddRange(World.Nodes.OfType<Switch>().Select(node => node.Name));
        if (kind.Contains('|', StringComparison.Ordinal) && kind.All(letter => !char.IsUpper(letter)))
            values.AddRange(kind.Split('|'));
        return values;

        bool Says(string what) => kind.Contains(what, StringComparison.Ordinal);
    }

    /// <summary>Who has written an arrow, or the ends the other way round, gets cables so.</summary>
    private IEnumerable<string> Cables(string word) =>
        World.Cables.SelectMany(cable =>
            word.Contains("->", StringComparison.Ordinal)
                ? (string[])[$"{cable.A}->{cable.B}", $"{cable.B}->{cable.A}"]
                : [cable.Name, $"{cable.B}--{cable.A}"]
        );

    private IEnumerable<string> WebNames()
    {
        var servers = World
            .Hosts.Where(host => host.Programs.Any(program => program is WebServer))
            .Select(host => host.Name)
            .ToHashSet(StringComparer.Ordinal);
        return Names.Where(servers.Contains);
    }

    private static Command? Find(Command command, string word) =>
        command.Subcommands.FirstOrDefault(one => one.Name == word || one.Aliases.Contains(word));

    private static IEnumerable<Option> Options(Verb verb) => verb.Options.Concat(CommonOptions.All);

    private static Option? OptionOf(Verb verb, string word) =>
        Options(verb).FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word));
}
