using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary><c>arp --on-host</c>: the kernel's neighbours, by ARP and by IPv6's neighbour discovery.</summary>
internal static class HostArp
{
    public static int Show(Invocation call, IpFamily? family)
    {
        if (!OperatingSystem.IsLinux())
            return Exit.Wrong;
        var names = HostTables.Links().ToDictionary(link => link.Index, link => link.Name);
        var rows = HostTables
            .Neighbours()
            .Where(neighbour => !neighbour.Address.IsMulticast)
            .Where(neighbour => family is null || neighbour.Address.Family == family)
            .OrderBy(neighbour => neighbour.Address)
            .Select(neighbour => (neighbour, Adapter: names.GetValueOrDefault(neighbour.Link, "")))
            .ToList();
        var terminal = call.Terminal;
        if (call.Json)
        {
            var answer = new HostArpAnswer(
                Environment.MachineName,
                [
                    .. rows.Select(row => new HostArpRow(
                        row.neighbour.Address.ToString(),
                        HostsFile.NameOf(row.neighbour.Address),
                        row.neighbour.Mac?.ToString(),
                        row.neighbour.State,
                        row.neighbour.Heard.TotalMicroseconds,
                        row.Adapter
                    )),
                ]
            );
            terminal.JsonLine(answer, HostJson.Default.HostArpAnswer);
            return Exit.Done;
        }
        if (rows.Count == 0)
        {
            terminal.Line(terminal.Say("This machine has no neighbour now", "이 컴퓨터에는 지금 이웃이 없습니다"));
            return Exit.Done;
        }
        terminal.Write(
            new Table(
                [
                    new(terminal.Say("Address", "주소")),
                    new(terminal.Say("MAC address", "MAC 주소")),
                    new(terminal.Say("State", "상태")),
                    new(terminal.Say("Heard", "들은 지"), Right: true),
                    new(terminal.Say("Adapter", "어댑터")),
                ],
                [
                    .. rows.Select(row =>
                        (IReadOnlyList<Text>)
                            [
                                new(row.neighbour.Address.ToString(), Role.Address),
                                row.neighbour.Mac?.ToString() ?? "",
                                new(row.neighbour.State, Role.State),
                                new(terminal.Say($"{row.neighbour.Heard} ago", $"{row.neighbour.Heard}"), Role.Time),
                                row.Adapter,
                            ]
                    ),
                ]
            )
        );
        return Exit.Done;
    }
}

/// <summary>The answer of <c>arp --on-host --json</c>; the MAC address is null for who has not answered.</summary>
internal sealed record HostArpAnswer(string Host, IReadOnlyList<HostArpRow> Neighbours);

internal sealed record HostArpRow(
    string Address,
    string? Name,
    string? Mac,
    string State,
    double HeardUsAgo,
    string Adapter
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HostArpAnswer))]
[JsonSerializable(typeof(HostRoutesAnswer))]
[JsonSerializable(typeof(HostRouteAnswer))]
[JsonSerializable(typeof(HostIfconfigAnswer))]
[JsonSerializable(typeof(HostFrame))]
internal sealed partial class HostJson : JsonSerializerContext;
