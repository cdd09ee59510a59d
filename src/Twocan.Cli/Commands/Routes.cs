using System.CommandLine;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Stack;

namespace Twocan.Cli;

/// <summary><c>route</c>: which way does a host send what, and why?</summary>
internal sealed class Routes : Verb
{
    private readonly Argument<string[]> _words = new("get ADDRESS")
    {
        Description = "Which way a packet to this address (or name) would go, and why",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly AddressFamily _family;

    public Routes()
        : base(
            "route",
            "Show a host's routing table, or which of its routes wins for an address",
            "twocan route --host home-router",
            "twocan route get 192.0.2.226",
            "twocan route -6 --host backbone-kr"
        )
    {
        Arguments.Add(_words);
        _family = AddressFamily.AddTo(this);
    }

    public override bool RunsOnHost => true;

    public override int Run(Invocation call)
    {
        var target = call.Get(_words) switch
        {
            [] => null,
            ["get", var name] => name,
            _ => throw new WrongUsageException(
                "route takes nothing, or 'get ADDRESS', as in: twocan route get 192.0.2.226"
            ),
        };
        var family = _family.Of(call);
        if (call.OnHost)
            return OnHost.OfLinux(call, [], here => HostRoutes.Show(here, target, family));
        using var session = WorldSession.Open(call);
        // A world finds its routes when it begins to run.
        var address = session.Run(async stop =>
            target is null ? IpAddress.Any : await session.ResolveAsync(target, stop, family)
        );
        return target is null ? ShowAll(call, session, family) : ShowOne(call, session, address);
    }

    /// <summary>The table, in a world that has run: only then has it routes.</summary>
    /// <param name="family">The only one that is shown; null shows both.</param>
    public static int ShowAll(Invocation call, WorldSession session, IpFamily? family = null)
    {
        var redirects = session.Host.Stack.Ip.Redirects.Entries(session.World.Loop.Now);
        var entries = session
            .Host.Stack.Ip.Routes.Entries.Where(entry => family is null || entry.Subnet.Network.Family == family)
            .ToList();
        if (call.Json)
        {
            var answer = new RouteTableAnswer(
                session.Host.Name,
                [.. entries.Select(entry => RouteAnswer.Of(entry, session))],
                [.. redirects.Select(redirect => RedirectAnswer.Of(redirect, session))]
            );
            call.Terminal.JsonLine(answer, RouteJson.Default.RouteTableAnswer);
            return Exit.Done;
        }
        call.Terminal.Write(
            new Table(
                [
                    new(call.Terminal.Say("Destination", "목적지")),
                    new(call.Terminal.Say("By way of", "거쳐 가는 곳")),
                    new(call.Terminal.Say("Adapter", "어댑터")),
                ],
                [.. entries.Select(entry => Row(entry, session, call.Terminal))]
            )
        );
        foreach (var redirect in redirects)
        {
            var left = $"{(redirect.Ends - session.World.Loop.Now).TotalSeconds:0}";
            call.Terminal.Line(
                call.Terminal.Say(
                    $"{redirect.Destination} goes by way of {redirect.Gateway} for {left} s more: {redirect.From} has said by ICMP that it is nearer",
                    $"{redirect.Destination}{Korean.Toward(redirect.Destination.ToString())} 가는 것은 {left}초 동안 {redirect.Gateway}에게 보냅니다. 더 가깝다고 {redirect.From}에서 ICMP로 알려 왔습니다"
                )
            );
        }
        return Exit.Done;
    }

    private static int ShowOne(Invocation call, WorldSession session, IpAddress address)
    {
        var ip = session.Host.Stack.Ip;
        ip.TryRoute(address, out var route);
        // What is for the host itself, or for everybody on the link, asks no table.
        var entry =
            route is { IsLocal: false } && ip.Routes.TryLookup(address, out var winner) ? winner : default(RouteEntry?);
        var matches = ip
            .Routes.Entries.Where(one => one.Subnet.Network.Family == address.Family && one.Subnet.Contains(address))
            .ToList();
        if (call.Json)
        {
            var answer = new RouteGetAnswer(
                session.Host.Name,
                address.ToString(),
                route is not null,
                route is { IsLocal: true },
                route?.Source.ToString(),
                route is { IsLocal: false } ? route.NextHop.ToString() : null,
                route is { IsLocal: false } ? session.NameOf(route.NextHop) : null,
                route?.Adapter?.Name,
                entry is { } won ? RouteAnswer.Of(won, session) : null,
                [.. matches.Select(one => RouteAnswer.Of(one, session))]
            );
            call.Terminal.JsonLine(answer, RouteJson.Default.RouteGetAnswer);
        }
        else if (route is null)
        {
            call.Terminal.Line(
                call.Terminal.Say(
                    $"{address} is unreachable: no route of {session.Host.Name} leads there",
                    $"{address}에는 닿을 수 없습니다. {session.Host.Name}에는 그곳으로 가는 경로가 없습니다"
                )
            );
        }
        else
        {
            call.Terminal.Line(Way(address, route, session, call.Terminal));
            if (entry is { } won)
                call.Terminal.Write(Contest(matches, won, session, call.Terminal));
        }
        return route is not null ? Exit.Done : Exit.No;
    }

    private static Text Way(IpAddress address, Route route, WorldSession session, Terminal terminal)
    {
        Text to = $"{address.ToString():address}";
        if (route.Adapter is not { } adapter)
            return to
                + terminal.Say(
                    $" is {session.Host.Name} itself: the packet never leaves the host",
                    $": {session.Host.Name} 자신의 주소이므로 패킷이 호스트 밖으로 나가지 않습니다"
                );
        var hop = session.NameOf(route.NextHop) is { } name ? $"{name} ({route.NextHop})" : $"{route.NextHop}";
        var (by, from) = (adapter.Name, route.Source.ToString());
        if (route.NextHop == address)
            return to
                + terminal.Say(
                    $" is on the link: straight to it by {by}, from {from}",
                    $": 같은 링크에 있으므로 {by} 어댑터로 바로 보냅니다(보내는 주소 {from})"
                );
        return to
            + (
                terminal.Language == Language.Korean
                    ? $": {hop:host}에게 {by} 어댑터로 보냅니다(보내는 주소 {from})"
                    : (Text)$" goes to {hop:host} by {by}, from {from}"
            );
    }

    /// <summary>The routes that match, the longest prefix first, and what decided between them.</summary>
    private static Table Contest(
        IReadOnlyList<RouteEntry> matches,
        RouteEntry winner,
        WorldSession session,
        Terminal terminal
    )
    {
        var isOnly = matches.Count == 1;
        return new(
            [
                new(terminal.Say("Matches", "맞는 경로")),
                new(terminal.Say("By way of", "거쳐 가는 곳")),
                new(terminal.Say("Adapter", "어댑터")),
                new("", Flows: true),
            ],
            [
                .. matches.Select(entry =>
                    (IReadOnlyList<Text>)[.. Row(entry, session, terminal), Why(entry, winner, isOnly, terminal)]
                ),
            ]
        );
    }

    private static Text Why(RouteEntry entry, RouteEntry winner, bool isOnly, Terminal terminal)
    {
        var (bits, most) = (entry.Subnet.PrefixLength, winner.Subnet.PrefixLength);
        if (entry == winner)
            return new(
                isOnly
                    ? terminal.Say("wins: no other route matches", "이깁니다. 맞는 경로가 이것뿐입니다")
                    : terminal.Say(
                        $"wins: {bits} bits match, no prefix that matches is longer",
                        $"이깁니다. {bits}비트가 맞으며, 맞는 것 가운데 가장 깁니다"
                    ),
                Role.Good
            );
        return new(
            bits < most
                ? terminal.Say($"loses: only {bits} bits match", $"집니다. {bits}비트만 맞습니다")
                : terminal.Say("loses: as long, but it came later", "집니다. 길이는 같지만 나중에 들어왔습니다"),
            Role.Faint
        );
    }

    private static IReadOnlyList<Text> Row(RouteEntry entry, WorldSession session, Terminal terminal) =>
        [
            new(entry.Subnet.ToString(), Role.Address),
            entry.IsOnLink ? new Text(terminal.Say("the link itself", "바로 이 링크"), Role.Faint)
            : session.NameOf(entry.Gateway) is { } name ? (Text)$"{name:host} ({entry.Gateway.ToString():address})"
            : new Text(entry.Gateway.ToString(), Role.Address),
            entry.Adapter.Name,
        ];
}

/// <summary>The answer of <c>route --json</c>.</summary>
internal sealed record RouteTableAnswer(
    string Host,
    IReadOnlyList<RouteAnswer> Routes,
    IReadOnlyList<RedirectAnswer> Redirects
);

/// <summary>What a router has said by ICMP about a nearer one.</summary>
internal sealed record RedirectAnswer(
    string Destination,
    string Gateway,
    string? GatewayName,
    string From,
    double Seconds
)
{
    public static RedirectAnswer Of(Redirection redirect, WorldSession session) =>
        new(
            redirect.Destination.ToString(),
            redirect.Gateway.ToString(),
            session.NameOf(redirect.Gateway),
            redirect.From.ToString(),
            Math.Round((redirect.Ends - session.World.Loop.Now).TotalSeconds, 3)
        );
}

/// <summary>A line of a routing table; a gateway of null is the link itself.</summary>
internal sealed record RouteAnswer(
    string Destination,
    int PrefixLength,
    string? Gateway,
    string? GatewayName,
    string Adapter
)
{
    public static RouteAnswer Of(RouteEntry entry, WorldSession session) =>
        new(
            entry.Subnet.ToString(),
            entry.Subnet.PrefixLength,
            entry.IsOnLink ? null : entry.Gateway.ToString(),
            entry.IsOnLink ? null : session.NameOf(entry.Gateway),
            entry.Adapter.Name
        );
}

/// <summary>The answer of <c>route get --json</c>; <paramref name="Wins"/> is null where no table was asked, or it knew no way.</summary>
internal sealed record RouteGetAnswer(
    string Host,
    string Address,
    bool Reachable,
    bool Local,
    string? Source,
    string? NextHop,
    string? NextHopName,
    string? Adapter,
    RouteAnswer? Wins,
    IReadOnlyList<RouteAnswer> Matches
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RouteTableAnswer))]
[JsonSerializable(typeof(RouteGetAnswer))]
internal sealed partial class RouteJson : JsonSerializerContext;
