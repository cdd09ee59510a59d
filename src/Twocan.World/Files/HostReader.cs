using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>Reads the lines of one host or router, in the steps in which the world grows.</summary>
internal sealed class HostReader
{
    /// <summary>In the place of an address.</summary>
    private const string Dhcp = "dhcp";

    private const string Auto = "auto";

    private readonly ConfigNode _name;
    private readonly ConfigReader _reader;
    private readonly Mistakes _mistakes;
    private readonly ConfigNode? _shortAddress;
    private readonly ConfigNode? _macs;
    private readonly List<(DhcpClientProgram Client, ConfigNode At)> _asked = [];
    private readonly List<(CableEnd End, ConfigNode At)> _listening = [];

    public HostReader(Host host, ConfigNode name, ConfigNode described, Mistakes mistakes)
    {
        (Host, _name, _mistakes) = (host, name, mistakes);
        // 'pc: 10.11.12.13/24' says all that most hosts need, or 'pc: [10.11.12.13/24, 2001:db8::13/64]'.
        if (described.Kind is ConfigKind.Text or ConfigKind.List)
            (_shortAddress, described) = (described, new(ConfigKind.Empty, described.Line, described.Column));
        _reader = new(described, mistakes, host is Router ? "a router" : "a host");
        _macs = _reader.Optional("mac");
        Services = _reader.Entries("services", "web: {root: site}");
    }

    public Host Host { get; }

    public IReadOnlyList<ConfigEntry> Services { get; }

    /// <summary>The adapter that is about to be plugged in toward a neighbour gets the MAC address that the file gives it.</summary>
    public void ReadMac(string neighbour)
    {
        var given =
            _macs is { Kind: ConfigKind.Mapping } ? _macs[neighbour]
            : Host.Ends.Count == 0 ? _macs
            : null;
        if (given is null)
            return;
        if (MacAddress.TryParse(given.Text, out var mac) && !mac.IsMulticast)
            Host.MacToCome = mac;
        else
            _mistakes.Add(given, $"{given} is not an adapter's MAC address: write one such as 02:00:0a:0b:0c:0d");
    }

    public void ReadAddresses(AddressBook book)
    {
        var (one, many) = (_shortAddress ?? _reader.Optional("address"), _reader.Optional("addresses"));
        if (Host.Ends.Count == 0)
        {
            _mistakes.Add(_name, $"no cable leads to {Host.Name}: add a line '{Host.Name}--…' to 'links'");
            return;
        }
        if (many is { Kind: not ConfigKind.Mapping })
            _mistakes.Add(many, "'addresses' has a line for each neighbour, such as 'home-router: 10.11.12.13/24'");
        else if (many is not null)
            RefuseStrangers(many);
        if (one is not null && Host.Ends.Count > 1)
        {
            _mistakes.Add(
                one,
                $"{Host.Name} has {Host.Ends.Count} cables, so 'address' does not say which: write 'addresses:' with a line for each of {Neighbours}"
            );
            return;
        }
        foreach (var end in Host.Ends)
        {
            var given = many?[end.Peer.Name] ?? one;
            if (given is null or { Kind: ConfigKind.Empty })
                _mistakes.Add(_name, MissingAddress(end));
            else
                Give(end, given, book);
        }
    }

    public void ReadRoutes(
        World world,
        AddressBook book,
        Islands islands,
        IReadOnlyList<ConfigNode> usualNameServers,
        ConfigNode? usualPreference,
        HashSet<CableEnd> advertisers
    )
    {
        ReadPreference(usualPreference);
        ReadGateways(book);
        if (_reader.Optional("routes") is { } routes && routes.Text != "auto")
        {
            Host.RoutesItself = false;
            if (routes.Kind != ConfigKind.List)
                _mistakes.Add(routes, "'routes' is 'auto', or a list of lines such as '- 192.0.2.0/24 via 10.11.12.1'");
            foreach (var route in routes.Items)
                ReadRoute(route);
        }
        var own = _reader.Texts("name-servers");
        if (_asked.Count == 0)
            ReadNameServers(world, book, islands, own.Count > 0 ? own : usualNameServers);
        else if (own.Count > 0)
            _mistakes.Add(
                own[0],
                $"{Host.Name} is told its name servers with its address: the 'dhcp' service says them"
            );
        if (Host is Router router && _reader.Optional("nat") is { } nat)
            new NatReader(router, world, _mistakes).Read(nat);
        if (Host is Router speaker && _reader.Optional("advertise") is { } advertised)
            advertisers.UnionWith(new AdvertiseReader(speaker, _mistakes).Read(advertised));
        ReadOffload();
        _reader.RefuseOthers();
    }

    private string Neighbours => string.Join(", ", Host.Ends.Select(end => end.Peer.Name));

    private string MissingAddress(CableEnd end) =>
        Host.Ends.Count == 1
            ? $"{Host.Name} has no address: write 'address: 10.11.12.13/24' below it, or 'address: dhcp'"
            : $"{Host.Name} has no address on {end.Name}: write '{end.Peer.Name}: 10.11.12.13/24' below its 'addresses'";

    private void RefuseStrangers(ConfigNode addresses)
    {
        foreach (var (neighbour, _) in addresses.Entries)
        {
            if (Host.Ends.All(end => end.Peer.Name != neighbour.Text))
                _mistakes.Add(
                    neighbour,
                    $"no cable leads from {Host.Name} to '{neighbour.Text}': its neighbours are {Neighbours}"
                );
        }
    }

    private void Give(CableEnd end, ConfigNode given, AddressBook book)
    {
        foreach (var text in given.Kind == ConfigKind.List ? given.Items : [given])
        {
            if (text.Text is Dhcp or Auto)
            {
                Ask(end, text);
                continue;
            }
            if (AddressBook.WhatIsWrong(text, out var address) is { } wrong)
            {
                _mistakes.Add(text, wrong);
                book.AddUnknown(end);
                continue;
            }
            if (!address.Address.IsV4 && !FitsIpv6(end, text))
            {
                book.AddUnknown(end);
                continue;
            }
            Host.AddAddress(end.Cable, address);
            book.Add(Host, end, address, text);
        }
    }

    private bool FitsIpv6(CableEnd end, ConfigNode given)
    {
        var mtu = end.Cable.Settings.Mtu;
        if (mtu < Ipv6Header.LeastMtu)
            _mistakes.Add(
                given,
                $"IPv6 asks for an mtu of {Ipv6Header.LeastMtu} at least on every link, and {end.Name} takes {mtu}"
            );
        return mtu >= Ipv6Header.LeastMtu;
    }

    private void Ask(CableEnd end, ConfigNode given)
    {
        if (Host is Router)
            _mistakes.Add(given, $"{Host.Name} is a router: others find the way by its addresses, so write them down");
        else if (given.Text == Dhcp)
            _asked.Add((Host.AskAddress(end.Cable), given));
        else if (FitsIpv6(end, given))
        {
            _listening.Add((end, given));
            Host.Autoconfigure(end.Cable);
        }
    }

    /// <summary>Once all services are known: is there somebody to answer?</summary>
    public void CheckClients(IReadOnlySet<CableEnd> servers, IReadOnlySet<CableEnd> advertisers)
    {
        foreach (var (end, at) in _listening)
        {
            if (!Segment.Of(end).HostEnds.Any(advertisers.Contains))
                _mistakes.Add(
                    at,
                    $"{Host.Name} waits for a router to say what the link's IPv6 prefix is, but none on {end.Name} does: write 'advertise: {end.Peer.Name}' below such a router, by its own neighbour there"
                );
        }
        foreach (var (client, at) in _asked)
        {
            var end = Host.Ends[client.AdapterNumber - 1];
            if (!Segment.Of(end).HostEnds.Any(servers.Contains))
                _mistakes.Add(
                    at,
                    $"{Host.Name} asks for its address, but nobody on {end.Name} has any to give: write 'dhcp:' below the 'services' of a router or host there"
                );
        }
    }

    private void ReadGateways(AddressBook book)
    {
        var gateways = new List<IpAddress>();
        foreach (var given in _reader.Texts("gateway"))
        {
            if (ReadNextHop(given, given.Text) is not { } gateway)
                continue;
            if (book.OwnerOf(gateway) is not Router)
                _mistakes.Add(given, $"{gateway} is not a router's address: the way out leads through a router");
            if (gateways.Exists(other => other.Family == gateway.Family))
                _mistakes.Add(given, $"{gateway} is one {Say(gateway.Family)} gateway too many: one is enough for all");
            else
                gateways.Add(gateway);
        }
        Host.Gateways = gateways;
    }

    private static string Say(IpFamily family) => family == IpFamily.V4 ? "IPv4" : "IPv6";

    private void ReadRoute(ConfigNode route)
    {
        var words = route.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var to, "via", var via] || !Subnet.TryParse(to, out var subnet))
            _mistakes.Add(route, $"{route} is not a route: write one such as '192.0.2.0/24 via 10.11.12.1'");
        else if (ReadNextHop(route, via) is { } nextHop)
            Host.Configure(stack => stack.Ip.Routes.Add(new(subnet, AdapterToward(nextHop)!, nextHop)));
    }

    private IpAddress? ReadNextHop(ConfigNode at, string text)
    {
        if (!IpAddress.TryParse(text, out var nextHop))
            _mistakes.Add(at, $"'{text}' is not an address, such as 10.11.12.1");
        else if (Host.Adapters.Any(adapter => adapter.Addresses.Count > 0) && AdapterToward(nextHop) is null)
            _mistakes.Add(
                at,
                $"{nextHop} is on no link of {Host.Name}, which stands in {string.Join(", ", Host.GlobalAddresses.Select(a => a.Subnet))}"
            );
        else if (AdapterToward(nextHop) is not null)
            return nextHop;
        return null;
    }

    private Adapter? AdapterToward(IpAddress nextHop) =>
        Host.Adapters.FirstOrDefault(adapter => adapter.IsOnLink(nextHop));

    private void ReadNameServers(World world, AddressBook book, Islands islands, IReadOnlyList<ConfigNode> given)
    {
        var servers = new List<IpAddress>();
        foreach (var name in given)
        {
            var server = IpAddress.TryParse(name.Text, out var address)
                ? book.OwnerOf(address)
                : world.Find(name.Text) as Host;
            if (server is null)
            {
                var near = Nearest.Guess(name.Text, world.Hosts.Select(host => host.Name));
                _mistakes.Add(
                    name,
                    $"no host of this world is '{name.Text}'"
                        + (
                            near is null
                                ? ": a name server is named by its host or its address"
                                : $": did you mean '{near}'?"
                        )
                );
            }
            else if (!islands.Joins(Host, server))
            {
                _mistakes.Add(
                    name,
                    $"no cable leads from {Host.Name} to its name server {server.Name}, not even by way of others"
                );
            }
            else
            {
                // By name it is known by all its addresses, in its own order.
                servers.AddRange(
                    address != default ? [address] : server.GlobalAddresses.Select(one => one.Address).Where(Speaks)
                );
            }
        }
        Host.Configure(stack => stack.NameServers = servers);
    }

    /// <summary>Who has no address of a family himself, cannot ask anybody by it.</summary>
    private bool Speaks(IpAddress server) => Host.Stack.Speaks(server.Family);

    /// <summary>'offload: on': the host's adapters take large segments and checksums off its hands.</summary>
    private void ReadOffload()
    {
        if (_reader.Optional("offload") is not { } given)
            return;
        if (given.Text is not ("on" or "off"))
            _mistakes.Add(
                given,
                $"{given} is neither 'on' (large segments and checksums are left to the adapters) nor 'off'"
            );
        Host.Configure(stack =>
        {
            foreach (var adapter in stack.Adapters)
                adapter.Offload = given.Text == "on";
        });
    }

    /// <summary>'prefer: ipv4' of this host, or of all.</summary>
    private void ReadPreference(ConfigNode? usual)
    {
        if ((_reader.Optional("prefer") ?? usual) is not { } given)
            return;
        switch (given.Text)
        {
            case "ipv4":
                Host.Configure(static stack => stack.AddressPolicies = AddressSelection.Ipv4First);
                break;
            case "ipv6":
                Host.Configure(static stack => stack.AddressPolicies = AddressSelection.DefaultPolicies);
                break;
            default:
                _mistakes.Add(given, $"{given} is not a preference: write 'ipv4', or 'ipv6' (what RFC 6724 has)");
                break;
        }
    }
}
