using Twocan.Explorer;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary><c>ifconfig --on-host</c>: the kernel's adapters.</summary>
internal static class HostIfconfig
{
    public static int Show(Invocation call)
    {
        if (!OperatingSystem.IsLinux())
            return Exit.Wrong;
        var addresses = HostTables.Addresses();
        var links = HostTables
            .Links()
            .Select(link => (Link: link, Mine: addresses.Where(one => one.Link == link.Index).ToList()))
            .ToList();
        if (call.Json)
        {
            var answer = new HostIfconfigAnswer(
                Environment.MachineName,
                [
                    .. links.Select(one => new HostAdapterAnswer(
                        one.Link.Name,
                        one.Link.IsUp,
                        one.Link.IsLoopback ? null : one.Link.Mac?.ToString(),
                        one.Link.Mtu,
                        [.. one.Mine.Select(mine => mine.Address.ToString())],
                        one.Link.FramesSent,
                        one.Link.BytesSent,
                        one.Link.FramesReceived,
                        one.Link.BytesReceived
                    )),
                ]
            );
            call.Terminal.JsonLine(answer, HostJson.Default.HostIfconfigAnswer);
            return Exit.Done;
        }
        foreach (var (link, mine) in links)
            Show(link, mine, call.Terminal);
        return Exit.Done;
    }

    private static void Show(HostLink link, List<HostAddress> addresses, Terminal terminal)
    {
        Text state = link.IsUp ? "" : $"  {terminal.Say("switched off", "꺼져 있음"):bad}";
        terminal.Line($"{link.Name:strong}  MTU {link.Mtu:number}" + state);
        if (link is { Mac: { } mac, IsLoopback: false })
            terminal.Line($"    {"MAC":faint}   {mac.ToString()}");
        foreach (var (_, address) in addresses)
        {
            Text line = $"    {"IP":faint}    {address.ToString():address}";
            if (address.Subnet.HasBroadcast && !link.IsLoopback)
                line += $"  {terminal.Say("broadcast", "브로드캐스트"):faint} {address.Subnet.Last}";
            terminal.Line(line);
        }
        terminal.Line(
            terminal.Say(
                $"    sent  {link.FramesSent} frames, {link.BytesSent} bytes; received {link.FramesReceived} frames, {link.BytesReceived} bytes",
                $"    보냄  프레임 {link.FramesSent}개, {link.BytesSent}바이트. 받음 프레임 {link.FramesReceived}개, {link.BytesReceived}바이트"
            )
        );
    }
}

/// <summary>The answer of <c>ifconfig --on-host --json</c>.</summary>
internal sealed record HostIfconfigAnswer(string Host, IReadOnlyList<HostAdapterAnswer> Adapters);

internal sealed record HostAdapterAnswer(
    string Name,
    bool Up,
    string? Mac,
    int Mtu,
    IReadOnlyList<string> Addresses,
    long FramesSent,
    long BytesSent,
    long FramesReceived,
    long BytesReceived
);
