using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// Writes an internet as the world file that a person would have written. Cables come first, as they give the routers their
/// addresses; then who stands at their ends.
/// </summary>
internal sealed class InternetWriter(Internet internet, bool servers)
{
    private const string Rule = "────────────────────────────────────────────────────────────────────────────";

    private readonly StringBuilder _text = new();
    private readonly List<(string Name, string Settings)> _links = [];
    private readonly List<RouterLines> _routers = [];
    private readonly Dictionary<string, RouterLines> _routersByName = new(StringComparer.Ordinal);
    private readonly List<NameServerHost> _topServers = [];
    private readonly Dictionary<string, IpAddress> _providerServers = new(StringComparer.Ordinal);
    private uint _nextTrunk = IpAddress.Parse("198.18.0.0").AsV4;

    public string Write()
    {
        LayTrunks();
        PlaceTopServers();
        JoinProviders();
        JoinLocals();
        WriteHead();
        WriteSwitches();
        WriteRouters();
        WriteLinks();
        WriteHosts();
        return _text.ToString();
    }

    private static string RouterIn(City city) => $"{city.Name}.core";

    private void LayTrunks()
    {
        foreach (var city in internet.Cities)
            Router(RouterIn(city));
        foreach (var (a, b) in internet.Trunks)
        {
            var subnet = new Subnet(IpAddress.V4(_nextTrunk), 30);
            _nextTrunk += 4;
            Join(RouterIn(a), RouterIn(b), subnet, $"trunk, {a.To(b)}");
        }
    }

    /// <summary>The root and the top-level domains: each server on its own, in one city after the other.</summary>
    private void PlaceTopServers()
    {
        var names = new[] { "a.root-servers.net", "m.root-servers.net" }.Concat(
            internet.TopLevelDomains.Select(domain => $"ns.{domain}")
        );
        foreach (var name in names)
        {
            var number = _topServers.Count;
            var city = internet.Cities[(number + 1) % internet.Cities.Count];
            var subnet = new Subnet(IpAddress.V4(IpAddress.Parse("198.19.0.0").AsV4 + (uint)number * 256), 24);
            var address = Nth(subnet, 53);
            _topServers.Add(new(name, address, subnet.PrefixLength));
            Router(RouterIn(city)).Addresses.Add((name, With(subnet, 1)));
            _links.Add(($"{RouterIn(city)}--{name}", "lan"));
        }
    }

    private void JoinProviders()
    {
        foreach (var provider in internet.Providers)
        {
            foreach (var city in provider.Cities)
                Join(RouterIn(city), provider.RouterIn(city), provider.Take(2), "metro");
            var first = provider.RouterIn(provider.City);
            if (provider.SecondCity is { } second)
                Join(first, provider.RouterIn(second), provider.Take(2), $"metro, {provider.City.To(second)}");
            var subnet = provider.Take(254);
            Router(first).Addresses.Add((provider.Switch, With(subnet, 1)));
            _links.Add(($"{first}--{provider.Switch}", "lan"));
            _links.Add(($"{provider.Switch}--{provider.Cache}", "lan"));
            _links.Add(($"{provider.Switch}--{provider.NameServer}", "lan"));
            _providerServers[provider.Cache] = Nth(subnet, 53);
            _providerServers[provider.NameServer] = Nth(subnet, 54);
        }
    }

    private void JoinLocals()
    {
        foreach (var local in internet.Locals)
        {
            var router = local.Provider.RouterIn(local.City);
            Join(router, local.Gate, local.AccessSubnet, local.Access);
            Router(local.Gate).Gateway = Nth(local.AccessSubnet, 1);
            Router(local.Gate).Addresses.Add((local.Switch, With(local.Subnet, 1)));
            _links.Add(($"{local.Gate}--{local.Switch}", "lan"));
            _links.Add(($"{local.Switch}--{local.NameServer}", "lan"));
            _links.Add(($"{local.Switch}--{local.WebServer}", "lan"));
            for (var floor = 0; floor < local.Floors; floor++)
                _links.Add(($"{local.Switch}--{local.FloorSwitch(floor)}", "lan"));
            for (var i = 0; i < local.Computers; i++)
                _links.Add(($"{local.SwitchOf(i)}--{local.Computer(i)}", "lan"));
        }
    }

    private void Join(string a, string b, Subnet subnet, string settings)
    {
        Router(a).Addresses.Add((b, With(subnet, 1)));
        Router(b).Addresses.Add((a, With(subnet, 2)));
        _links.Add(($"{a}--{b}", settings));
    }

    private RouterLines Router(string name)
    {
        if (_routersByName.TryGetValue(name, out var known))
            return known;
        _routers.Add(known = _routersByName[name] = new(name));
        return known;
    }

    private void WriteHead()
    {
        var (plan, home) = (internet.Plan, internet.Locals[0]);
        var other = internet.Locals[^1];
        Line(
            $"# An internet that nobody has planned: {plan.Hosts} hosts in {plan.Subnets} local networks, from seed {plan.Seed}."
        );
        Line(
            $"# {plan.Cities} cities, {plan.Providers} providers; 'pc' is at home in {home.Domain}, a customer of {home.Provider.Domain}."
        );
        Line("#");
        Line(
            $"# It was written by:  twocan world generate --hosts {plan.Hosts} --subnets {plan.Subnets} --seed {plan.Seed}"
        );
        Line("#");
        Line($"# Try:  twocan ping {other.WebServer} --world {plan.Name}");
        if (servers)
            Line($"#       twocan explore http://{other.WebServer}/ --world {plan.Name}");
        Line("");
        Line("cables:");
        Line("  lan: 1 Gbit/s, 1 µs");
        Line("  access: 100 Mbit/s, 5 ms");
        Line("  fibre: 1 Gbit/s, 2 ms");
        Line("  metro: 10 Gbit/s, 500 µs");
        Line("  trunk: 100 Gbit/s");
    }

    private void WriteSwitches()
    {
        Title("Switches");
        Line("switches:");
        foreach (var provider in internet.Providers)
            Line($"  - {provider.Switch}");
        foreach (var local in internet.Locals)
        {
            Line($"  - {local.Switch}");
            for (var floor = 0; floor < local.Floors; floor++)
                Line($"  - {local.FloorSwitch(floor)}");
        }
    }

    private void WriteRouters()
    {
        Title("Routers: the backbone's (.core), the providers' (CITY.PROVIDER), the customers' (gate.DOMAIN)");
        Line("routers:");
        foreach (var router in _routers)
        {
            Line($"  {router.Name}:");
            if (router.Gateway is { } gateway)
                Line($"    gateway: {gateway}");
            Line("    addresses:");
            foreach (var (neighbour, address) in router.Addresses)
                Line($"      {neighbour}: {address}");
        }
    }

    private void WriteLinks()
    {
        Title("Cables");
        Line("links:");
        foreach (var (name, settings) in _links)
            Line($"  {name}: {settings}");
    }

    private void WriteHosts()
    {
        Title("The name servers at the top");
        Line("hosts:");
        var zones = new ZoneTexts(internet, _topServers, _providerServers);
        foreach (var server in _topServers)
            WriteNameServer(server.Name, $"{server.Address}/{server.PrefixLength}", zones.Top(server), null);
        foreach (var provider in internet.Providers)
        {
            Title(provider.Domain);
            WriteCache(provider);
            WriteNameServer(
                provider.NameServer,
                $"{_providerServers[provider.NameServer]}/24",
                [zones.Of(provider)],
                provider
            );
        }
        foreach (var local in internet.Locals)
        {
            Title(local.Domain);
            WriteLocal(local, zones);
        }
    }

    private void WriteCache(Provider provider)
    {
        Line($"  {provider.Cache}:");
        Line($"    address: {_providerServers[provider.Cache]}/24");
        if (!servers)
            return;
        Line("    services:");
        Line("      resolver:");
        Line("        roots:");
        foreach (var root in _topServers.Take(internet.Plan.Roots))
            Line($"          {root.Name}: {root.Address}");
    }

    private void WriteNameServer(string name, string address, IReadOnlyList<ZoneText> zones, Provider? provider)
    {
        Line($"  {name}:");
        Line($"    address: {address}");
        if (provider is not null)
            Line($"    name-servers: {provider.Cache}");
        if (!servers)
            return;
        Line("    services:");
        Line("      name-server:");
        Line("        zones:");
        foreach (var zone in zones)
        {
            Line($"          {zone.Origin}: |");
            foreach (var record in zone.Lines)
                Line($"            {record}");
        }
    }

    private void WriteLocal(LocalNetwork local, ZoneTexts zones)
    {
        var length = local.Subnet.PrefixLength.ToString(CultureInfo.InvariantCulture);
        WriteNameServer(local.NameServer, $"{local.Address(2)}/{length}", [zones.Of(local)], local.Provider);
        Line($"  {local.WebServer}:");
        Line($"    address: {local.Address(3)}/{length}");
        Line($"    name-servers: {local.Provider.Cache}");
        if (servers)
            WritePages(local);
        for (var i = 0; i < local.Computers; i++)
            Line(
                $"  {local.Computer(i)}: {{address: {local.AddressOf(i)}/{length}, name-servers: {local.Provider.Cache}}}"
            );
    }

    private void WritePages(LocalNetwork local)
    {
        var index = internet.Locals.ToList().IndexOf(local);
        var next = internet.Locals[(index + 1) % internet.Locals.Count];
        Line("    services:");
        Line("      web:");
        Line("        pages:");
        Line("          index.html: |");
        Line("            <!DOCTYPE html>");
        Line($"            <title>{local.Domain}</title>");
        Line($"            <h1>{local.Domain}</h1>");
        Line("            <p><img src=\"sign.svg\" alt=\"our sign\"></p>");
        Line(
            $"            <p>{local.Computers} computers, not far from {local.City.Name}. Our provider is {local.Provider.Domain}.</p>"
        );
        Line($"            <p>See also: <a href=\"http://{next.WebServer}/\">{next.Domain}</a></p>");
        Line("          sign.svg: |");
        Line("            <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\">");
        Line($"              <circle cx=\"32\" cy=\"32\" r=\"30\" fill=\"hsl({index * 137 % 360} 60% 50%)\"/>");
        Line("            </svg>");
    }

    private void Title(string title)
    {
        Line("");
        Line($"# ── {title} {Rule[Math.Min(title.Length, Rule.Length - 3)..]}");
        Line("");
    }

    private void Line(string line) => _text.Append(line).Append('\n');

    internal static IpAddress Nth(Subnet subnet, int host) => IpAddress.V4(subnet.Network.AsV4 + (uint)host);

    private static string With(Subnet subnet, int host) => $"{Nth(subnet, host)}/{subnet.PrefixLength}";

    private sealed class RouterLines(string name)
    {
        public string Name => name;

        public IpAddress? Gateway { get; set; }

        public List<(string Neighbour, string Address)> Addresses { get; } = [];
    }
}

internal sealed record NameServerHost(string Name, IpAddress Address, int PrefixLength);
