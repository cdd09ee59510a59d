using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary><c>route --on-host</c>: the kernel's main table, of both families, and which of its lines wins.</summary>
internal static class HostRoutes
{
    public static int Show(Invocation call, string? target, IpFamily? family = null)
    {
        if (!OperatingSystem.IsLinux())
            return Exit.Wrong;
        var names = HostTables.Links().ToDictionary(link => link.Index, link => link.Name);
        return target is null
            ? ShowAll(
                call,
                [
                    .. HostTables
                        .Routes()
                        .Where(route => family is null || route.Subnet.Network.Family == family)
                        .Select(route => RouteLine.Of(route, names)),
                ]
            )
            : ShowOne(call, target, names, family);
    }

    private static int ShowAll(Invocation call, IReadOnlyList<RouteLine> lines)
    {
        var terminal = call.Terminal;
        if (call.Json)
        {
            terminal.JsonLine(new(Environment.MachineName, lines), HostJson.Default.HostRoutesAnswer);
            return Exit.Done;
        }
        terminal.Write(
            new Table(
                [
                    new(terminal.Say("Destination", "목적지")),
                    new(terminal.Say("By way of", "거쳐 가는 곳")),
                    new(terminal.Say("Adapter", "어댑터")),
                    new(terminal.Say("Metric", "우선순위"), Right: true),
                ],
                [
                    .. lines.Select(line =>
                        (IReadOnlyList<Text>)
                            [
                                new(line.Destination, Role.Address),
                                line.Gateway is { } gateway
                                    ? new Text(gateway, Role.Address)
                                    : terminal.Say("on the link", "같은 링크"),
                                line.Adapter,
                                $"{line.Metric:number}",
                            ]
                    ),
                ]
            )
        );
        return Exit.Done;
    }

    [SupportedOSPlatform("linux")]
    private static int ShowOne(Invocation call, string target, Dictionary<int, string> names, IpFamily? family)
    {
        var terminal = call.Terminal;
        using var session = HostSession.Open(call);
        var address = session.Run(stop => session.ResolveAsync(target, stop, family));
        var route = HostTables.RouteTo(address) is { } found ? RouteLine.Of(found, names) : null;
        if (call.Json)
            terminal.JsonLine(
                new(Environment.MachineName, address.ToString(), route),
                HostJson.Default.HostRouteAnswer
            );
        else if (route is null)
            terminal.Line(
                terminal.Say(
                    $"{address} is unreachable: no route of this machine leads there",
                    $"{address}에는 닿을 수 없습니다. 이 컴퓨터에는 그곳으로 가는 경로가 없습니다"
                )
            );
        else
            terminal.Line(
                route.Gateway is { } gateway
                    ? terminal.Say(
                        $"{address} goes to {gateway} by {route.Adapter}, from {route.Source}",
                        $"{address}: {gateway}에게 {route.Adapter} 어댑터로 보냅니다(보내는 주소 {route.Source})"
                    )
                    : terminal.Say(
                        $"{address} is on the link: straight to it by {route.Adapter}, from {route.Source}",
                        $"{address}: 같은 링크에 있으므로 {route.Adapter} 어댑터로 바로 보냅니다(보내는 주소 {route.Source})"
                    )
            );
        return route is null ? Exit.No : Exit.Done;
    }
}

/// <summary>The answer of <c>route --on-host --json</c>.</summary>
internal sealed record HostRoutesAnswer(string Host, IReadOnlyList<RouteLine> Routes);

/// <summary>The answer of <c>route get --on-host --json</c>; null when no route leads there.</summary>
internal sealed record HostRouteAnswer(string Host, string Address, RouteLine? Route);

internal sealed record RouteLine(string Destination, string? Gateway, string Adapter, string? Source, int Metric)
{
    public static RouteLine Of(HostRoute route, Dictionary<int, string> names) =>
        new(
            route.Subnet.ToString(),
            route.Gateway?.ToString(),
            names.GetValueOrDefault(route.Link, ""),
            route.Source?.ToString(),
            route.Metric
        );
}
