using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// How large an internet is to be made up, and of which luck. By its name a world that nobody has written can be asked for
/// as if it were a file: <c>internet:1000</c> is a thousand hosts, <c>internet:1000:40:7</c> in 40 local networks, of seed 7.
/// </summary>
public sealed record InternetPlan(int Hosts, int Subnets, ulong Seed = InternetPlan.UsualSeed)
{
    public const string Prefix = "internet:";
    public const string Form = "internet:HOSTS[:SUBNETS[:SEED]]";
    public const int MostHosts = 100_000;
    public const ulong UsualSeed = 1;
    private const int UsualHostsInASubnet = 25;

    /// <summary>Root servers, the servers of the top-level domains, and a cache and a name server for each provider.</summary>
    private int Servers => Roots + TopLevelDomains + 2 * Providers;

    internal int Roots => 2;

    internal int TopLevelDomains => Math.Clamp(Subnets / 3 + 1, 2, 4);

    internal int Providers => (Subnets + 5) / 6;

    /// <summary>Routers of the backbone, each in a city of its own.</summary>
    internal int Cities => Math.Clamp(2 + Subnets / 8, 3, City.All.Count);

    /// <summary>Each local network has a name server, a web server and somebody who looks at it.</summary>
    internal int LocalHosts => Hosts - Servers;

    /// <summary>The name under which this world can be asked for.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Hosts}:{Subnets}:{Seed}");

    public static int UsualSubnets(int hosts) => Math.Max(2, hosts / UsualHostsInASubnet);

    /// <summary>Why there is no such internet; null when there is one.</summary>
    public string? WhatIsWrong =>
        Subnets < 1 ? $"an internet has at least 1 local network, not {Subnets}"
        : Hosts > MostHosts ? $"an internet has at most {MostHosts} hosts, not {Hosts}"
        : LocalHosts < 3 * Subnets
            ? $"{Hosts} hosts are too few for {Subnets} local networks: at least {Servers + 3 * Subnets}, for each has a name server, a web server and a computer"
        : null;

    /// <summary>False when <paramref name="name"/> is not meant as one, or with what is wrong with it.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out InternetPlan? plan, out string? error)
    {
        (plan, error) = (null, null);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var parts = name[Prefix.Length..].Split(':');
        var (subnets, seed) = (0, UsualSeed);
        if (
            parts.Length > 3
            || !TryNumber(parts[0], out var hosts)
            || (parts.Length > 1 && !TryNumber(parts[1], out subnets))
            || (parts.Length > 2 && !ulong.TryParse(parts[2], CultureInfo.InvariantCulture, out seed))
        )
        {
            error = $"an internet is asked for as {Form}, such as {Prefix}1000 or {Prefix}1000:40:7";
            return false;
        }
        var asked = new InternetPlan(hosts, parts.Length > 1 ? subnets : UsualSubnets(hosts), seed);
        error = asked.WhatIsWrong;
        plan = error is null ? asked : null;
        return error is null;
    }

    /// <summary>The whole world as a world file's text, the same for the same plan on every machine.</summary>
    /// <param name="servers">False leaves out what the hosts serve: for who has no catalogue of services at hand.</param>
    public string Write(bool servers = true) => new InternetWriter(new Internet(this), servers).Write();

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>A place where lines of the backbone meet.</summary>
internal sealed record City(string Name, double Latitude, double Longitude)
{
    public static readonly IReadOnlyList<City> All =
    [
        new("seoul", 37.6, 127.0),
        new("tokyo", 35.7, 139.7),
        new("singapore", 1.3, 103.8),
        new("frankfurt", 50.1, 8.7),
        new("newyork", 40.7, -74.0),
        new("sanjose", 37.3, -121.9),
        new("sydney", -33.9, 151.2),
        new("mumbai", 19.1, 72.9),
        new("london", 51.5, -0.1),
        new("saopaulo", -23.6, -46.6),
        new("johannesburg", -26.2, 28.0),
        new("busan", 35.2, 129.1),
        new("hongkong", 22.3, 114.2),
        new("chicago", 41.9, -87.6),
        new("paris", 48.9, 2.4),
        new("stockholm", 59.3, 18.1),
        new("madrid", 40.4, -3.7),
        new("nairobi", -1.3, 36.8),
        new("toronto", 43.7, -79.4),
        new("dubai", 25.2, 55.3),
        new("taipei", 25.0, 121.6),
        new("seattle", 47.6, -122.3),
        new("warsaw", 52.2, 21.0),
        new("santiago", -33.4, -70.7),
    ];

    /// <summary>
    /// How long light needs to there in glass, at 200 km a millisecond, by a cable that is a third longer than the great
    /// circle. In tenths of a millisecond: what is finer may differ from machine to machine, as sines do.
    /// </summary>
    public Duration To(City other)
    {
        const double earthRadius = 6371;
        var (a, b) = (Latitude * Math.PI / 180, other.Latitude * Math.PI / 180);
        var between = (other.Longitude - Longitude) * Math.PI / 180;
        var cosine = Math.Sin(a) * Math.Sin(b) + Math.Cos(a) * Math.Cos(b) * Math.Cos(between);
        var kilometres = earthRadius * Math.Acos(Math.Clamp(cosine, -1, 1)) * 4 / 3;
        return Duration.FromMicroseconds(Math.Max(1, (long)Math.Round(kilometres / 200 * 10)) * 100);
    }
}
