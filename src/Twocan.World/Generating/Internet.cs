using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// An internet that is made up. Cities with a router of the backbone each, every one joined to the two nearest that were
/// there before it, so that no single cut parts it. Providers with a router in one city or in two; behind them the local
/// networks: a gate, switches, a name server, a web server and computers. Over all this lie the names: root servers,
/// top-level domains, a domain for each provider and each local network.
/// </summary>
internal sealed class Internet
{
    private readonly RandomSource _random;
    private readonly List<City> _cities = [];
    private readonly List<(City A, City B)> _trunks = [];
    private readonly List<Provider> _providers = [];
    private readonly List<LocalNetwork> _locals = [];

    public Internet(InternetPlan plan)
    {
        Plan = plan;
        _random = new RandomSource(plan.Seed).Fork("internet");
        LayBackbone();
        TopLevelDomains = [.. new[] { "net", "com", "kr", "org" }.Take(plan.TopLevelDomains)];
        FoundProviders();
        FoundLocalNetworks();
    }

    public InternetPlan Plan { get; }

    public IReadOnlyList<City> Cities => _cities;

    public IReadOnlyList<(City A, City B)> Trunks => _trunks;

    public IReadOnlyList<string> TopLevelDomains { get; }

    public IReadOnlyList<Provider> Providers => _providers;

    public IReadOnlyList<LocalNetwork> Locals => _locals;

    private void LayBackbone()
    {
        // The first one is always there: it is where the examples of every document are at home.
        _cities.Add(City.All[0]);
        var others = Shuffled(City.All.Skip(1));
        foreach (var city in others.Take(Plan.Cities - 1))
        {
            foreach (var near in _cities.OrderBy(known => known.To(city)).Take(2).ToList())
                _trunks.Add((near, city));
            _cities.Add(city);
        }
    }

    private void FoundProviders()
    {
        var names = Shuffled(Words.Birds);
        for (var i = 0; i < Plan.Providers; i++)
        {
            var home = _cities[i % _cities.Count];
            // Who has two customers in three has a second foot, in the city next to the first.
            var second = _random.Chance(0.6)
                ? _cities.Where(city => city != home).OrderBy(city => city.To(home)).First()
                : null;
            _providers.Add(new($"{Words.Nth(names, i)}.net", home, second, i));
        }
    }

    private void FoundLocalNetworks()
    {
        var names = Shuffled(Words.Trees);
        var domains = TopLevelDomains.Where(domain => domain != "net" || TopLevelDomains.Count == 1).ToList();
        var sizes = Sizes();
        for (var i = 0; i < Plan.Subnets; i++)
        {
            // Everybody has a customer before anybody has a second; from then on it is luck.
            var provider = _providers[i < _providers.Count ? i : _random.Next(_providers.Count)];
            var domain = $"{Words.Nth(names, i)}.{domains[_random.Next(domains.Count)]}";
            var rate = _random.Chance(0.5) ? "access" : "fibre";
            _locals.Add(
                new(domain, provider, provider.SecondCity is not null && _random.Chance(0.5), sizes[i], rate, i == 0)
            );
        }
    }

    /// <summary>Some are small and some are large, and together they have as many hosts as are left for them.</summary>
    private int[] Sizes()
    {
        var weights = new int[Plan.Subnets];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = _random.Next(40, 200);
        var (left, weight) = (Plan.LocalHosts - 3 * Plan.Subnets, weights.Sum());
        var sizes = new int[Plan.Subnets];
        for (var i = 0; i < sizes.Length; i++)
        {
            var share = weight == 0 ? left : (int)((long)left * weights[i] / weight);
            (left, weight) = (left - share, weight - weights[i]);
            sizes[i] = 3 + share;
        }
        return sizes;
    }

    private List<T> Shuffled<T>(IEnumerable<T> items)
    {
        var list = items.ToList();
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = _random.Next(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
        return list;
    }
}

/// <summary>Who sells the way to everywhere: its routers, its addresses (a /14), its name servers.</summary>
internal sealed class Provider(string domain, City city, City? secondCity, int number)
{
    private uint _next = (24u << 24) + ((uint)number << 18);

    public string Domain => domain;

    public City City => city;

    public City? SecondCity => secondCity;

    public IEnumerable<City> Cities => secondCity is null ? [city] : [city, secondCity];

    public string Cache => $"cache.{domain}";

    public string NameServer => $"ns.{domain}";

    public string Switch => $"sw.{domain}";

    public string RouterIn(City at) => $"{at.Name}.{domain}";

    /// <summary>The next free subnet of its block that holds so many hosts beside network and broadcast address.</summary>
    public Subnet Take(int hosts)
    {
        var bits = 2;
        while ((1 << bits) - 2 < hosts)
            bits++;
        var size = 1u << bits;
        _next = (_next + size - 1) & ~(size - 1);
        var subnet = new Subnet(IpAddress.V4(_next), 32 - bits);
        _next += size;
        return subnet;
    }
}

/// <summary>A company, a school, a street: one subnet behind a router, with a domain of its own.</summary>
internal sealed class LocalNetwork(
    string domain,
    Provider provider,
    bool inSecondCity,
    int hosts,
    string access,
    bool isMine
)
{
    /// <summary>The ports of a switch that are for computers.</summary>
    private const int Ports = 12;

    public string Domain => domain;

    public Provider Provider => provider;

    public City City => inSecondCity ? provider.SecondCity! : provider.City;

    /// <summary>The kind of its cable to the provider.</summary>
    public string Access => access;

    public string Gate => $"gate.{domain}";

    public string NameServer => $"ns.{domain}";

    public string WebServer => $"www.{domain}";

    public string Switch => $"sw.{domain}";

    public Subnet Subnet { get; } = provider.Take(Math.Max(hosts + 1 + FirstComputer, 254));

    /// <summary>The cable between the provider's router (the first address) and the gate (the second).</summary>
    public Subnet AccessSubnet { get; } = provider.Take(2);

    /// <summary>Switches for the computers where one is not enough.</summary>
    public int Floors => Computers <= Ports ? 0 : (Computers + Ports - 1) / Ports;

    public int Computers => hosts - 2;

    private static int FirstComputer => 10;

    /// <summary>The first computer of the first network is the one that every command is on if it is not told otherwise.</summary>
    public string Computer(int index) => isMine && index == 0 ? "pc" : $"pc{index + 1}.{domain}";

    public string LabelOf(int index) => isMine && index == 0 ? "pc" : $"pc{index + 1}";

    public string SwitchOf(int index) => Floors == 0 ? Switch : FloorSwitch(index / Ports);

    public string FloorSwitch(int floor) => $"sw{floor + 1}.{domain}";

    public IpAddress AddressOf(int index) => Address(FirstComputer + index);

    public IpAddress Address(int host) => IpAddress.V4(Subnet.Network.AsV4 + (uint)host);
}

/// <summary>What things are called.</summary>
internal static class Words
{
    public static readonly string[] Birds =
    [
        "kite",
        "heron",
        "swift",
        "lark",
        "crane",
        "raven",
        "osprey",
        "plover",
        "magpie",
        "finch",
        "egret",
        "wren",
    ];

    public static readonly string[] Trees =
    [
        "maple",
        "birch",
        "cedar",
        "willow",
        "juniper",
        "alder",
        "hazel",
        "ginkgo",
        "linden",
        "rowan",
        "spruce",
        "zelkova",
        "laurel",
        "aspen",
        "poplar",
        "camellia",
        "magnolia",
        "mulberry",
        "chestnut",
        "walnut",
        "olive",
        "cypress",
        "hawthorn",
        "elm",
        "acacia",
        "bamboo",
        "larch",
        "myrtle",
        "sycamore",
        "tamarisk",
        "wisteria",
        "persimmon",
    ];

    private static readonly string[] Second = ["", "-works", "-school", "-books", "-garden", "-labs", "-house"];

    /// <summary>As many different names as anybody asks for.</summary>
    public static string Nth(IReadOnlyList<string> words, int index)
    {
        var (round, at) = Math.DivRem(index, words.Count);
        return words[at] + (round < Second.Length ? Second[round] : $"-{round}");
    }
}
