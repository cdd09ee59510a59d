using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>
/// Builds a world of its file. The sections are read in the order in which they need each other (nodes, links, addresses,
/// then what speaks of addresses); what is wrong in one is told and left out, so that the next can still be checked.
/// </summary>
internal sealed class WorldReader(
    World world,
    ConfigReader reader,
    Mistakes mistakes,
    ServiceCatalog services,
    string directory
)
{
    private readonly List<HostReader> _hosts = [];
    private readonly HashSet<CableEnd> _addressServers = [];

    /// <summary>The programs that the file puts on hosts. They are to be run only if there were no mistakes.</summary>
    public IReadOnlyList<(Host Host, Func<IProgram> Make)> Read()
    {
        ReadNodes();
        new LinkReader(world, reader, mistakes, _hosts).Read();
        var addresses = new AddressBook(mistakes);
        foreach (var host in _hosts)
            host.ReadAddresses(addresses);
        addresses.Check();
        var nameServers = reader.Texts("name-servers");
        var preference = reader.Optional("prefer");
        var islands = new Islands(world);
        var advertisers = new HashSet<CableEnd>();
        foreach (var host in _hosts)
            host.ReadRoutes(world, addresses, islands, nameServers, preference, advertisers);
        ReadFaults();
        var programs = new List<(Host, Func<IProgram>)>();
        foreach (var host in _hosts)
            programs.AddRange(ReadServices(host).Select(make => (host.Host, make)));
        foreach (var host in _hosts)
            host.CheckClients(_addressServers, advertisers);
        reader.RefuseOthers();
        return programs;
    }

    private void ReadNodes()
    {
        // Asked for by name first, so that they are known; then in the file's own order, which is the world's.
        string[] sections = ["hosts", "routers", "hubs", "switches", "buses"];
        foreach (var section in sections)
            reader.Optional(section);
        foreach (var (key, value) in reader.Node.Entries)
        {
            if (!sections.Contains(key.Text) || value.Kind == ConfigKind.Empty)
                continue;
            foreach (var (name, described) in NodesOf(key.Text, value))
                ReadNode(key.Text, name, described);
        }
        if (reader.Node.Kind == ConfigKind.Mapping && _hosts.Count == 0 && !mistakes.Any)
            mistakes.Add(
                reader.Node,
                "there is no host in this world: write 'hosts:' and below it a line such as 'pc: 10.11.12.13/24'"
            );
    }

    /// <summary>A section is a mapping by name; hubs, switches and buses, of which there is little to say, may be just listed.</summary>
    private IEnumerable<(ConfigNode Name, ConfigNode Described)> NodesOf(string section, ConfigNode value)
    {
        if (value.Kind == ConfigKind.Mapping)
            return value.Entries.Select(entry => (entry.Key, entry.Value));
        if (section is "hubs" or "switches" or "buses")
        {
            var items = value.Kind == ConfigKind.List ? value.Items : [value];
            return items
                .Where(item => item.IsText)
                .Select(item => (item, new ConfigNode(ConfigKind.Empty, item.Line, item.Column)));
        }
        mistakes.Add(value, $"'{section}' is a list of lines such as 'pc: 10.11.12.13/24', not {value}");
        return [];
    }

    private void ReadNode(string section, ConfigNode name, ConfigNode described)
    {
        if (NodeName.WhatIsWrong(name.Text) is { } wrong)
        {
            mistakes.Add(name, wrong);
            return;
        }
        if (world.Find(name.Text) is { } other)
        {
            mistakes.Add(name, $"'{name.Text}' is already a {other.Kind}: every node has a name of its own");
            return;
        }
        switch (section)
        {
            case "hosts":
                _hosts.Add(new(world.Host(name.Text), name, described, mistakes));
                break;
            case "routers":
                _hosts.Add(new(world.Router(name.Text), name, described, mistakes));
                break;
            case "hubs":
                world.Hub(name.Text);
                new ConfigReader(described, mistakes, "a hub").RefuseOthers();
                break;
            case "buses":
                ReadBus(name, described);
                break;
            default:
                ReadSwitch(world.Switch(name.Text), described);
                break;
        }
    }

    private void ReadSwitch(Switch made, ConfigNode described)
    {
        var lines = new ConfigReader(described, mistakes, "a switch");
        if (lines.Time("ageing") is { } ageing)
            made.Ageing = ageing;
        if (lines.Number("table", 1, 1 << 20) is { } capacity)
            made.Capacity = capacity;
        lines.RefuseOthers();
    }

    private void ReadBus(ConfigNode name, ConfigNode described)
    {
        if (described.Kind == ConfigKind.Empty)
        {
            world.Bus(name.Text);
            return;
        }
        var error = described.IsText ? null : $"not by {described}";
        if (error is null && Bus.TryParse(described.Text, CableSettings.Default, out var settings, out error))
        {
            world.Bus(name.Text, settings);
            return;
        }
        mistakes.Add(described, $"a bus is described in one line, as in '10 Mbit/s, 500 m': {error}");
        // It is there all the same: nobody who is plugged into it is to be blamed.
        world.Bus(name.Text);
    }

    private void ReadFaults()
    {
        foreach (var text in reader.Texts("faults"))
        {
            if (!FaultSentence.TryParse(text.Text, out var sentence, out var error))
            {
                mistakes.Add(text, error);
                continue;
            }
            var unknown = new FaultTargets(world, sentence).Errors;
            foreach (var wrong in unknown)
                mistakes.Add(text, wrong);
            if (unknown.Count == 0)
                world.Fault(sentence);
        }
    }

    private static Func<IProgram> FirstThenOthers(IProgram first, Func<IProgram> other)
    {
        IProgram? next = first;
        return () =>
        {
            var program = next ?? other();
            next = null;
            return program;
        };
    }

    private List<Func<IProgram>> ReadServices(HostReader host)
    {
        var made = new List<Func<IProgram>>();
        foreach (var (kind, config) in host.Services)
        {
            if (services.Find(kind.Text) is not { } factory)
            {
                var guess = Nearest.Guess(kind.Text, services.Kinds) is { } near ? $"did you mean '{near}'? " : "";
                mistakes.Add(
                    kind,
                    $"there is no service '{kind.Text}': {guess}there are {string.Join(", ", services.Kinds)}"
                );
                continue;
            }
            var context = new ServiceContext(host.Host, kind, config, directory, mistakes);
            // The first is made to find the mistakes, and runs; after a crash another one does.
            if (factory(context) is not { } first)
                continue;
            if (first is DhcpServerProgram server)
            {
                _addressServers.Add(host.Host.Ends[server.AdapterNumber - 1]);
                // Its settings are written down; when it starts again the host's addresses may still be on their way.
                made.Add(FirstThenOthers(first, server.Again));
                continue;
            }
            made.Add(FirstThenOthers(first, () => factory(context)!));
        }
        return made;
    }
}
