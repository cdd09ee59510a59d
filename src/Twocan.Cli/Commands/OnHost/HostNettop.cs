using System.Runtime.Versioning;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>
/// <c>nettop --on-host</c>: this machine's TCP connections and their rates. On a screen each look is drawn in the place of the last
/// one, until q or Ctrl-C; into a pipe they stand one below the other.
/// </summary>
internal static class HostNettop
{
    private static readonly Duration s_keys = Duration.FromMilliseconds(50);

    public static int Run(Invocation call, Duration interval, Duration? span) =>
        OperatingSystem.IsLinux() ? RunOnLinux(call, interval, span) : Exit.Wrong;

    [SupportedOSPlatform("linux")]
    private static int RunOnLinux(Invocation call, Duration interval, Duration? span)
    {
        using var session = HostSession.Open(call);
        using var screen = call.Json ? null : FullScreen.TryOpen(call.Terminal);
        var loop = session.Network.Loop;
        loop.Run(() => LookAsync(call, loop, screen, interval, span, session.Stop));
        return Exit.Done;
    }

    [SupportedOSPlatform("linux")]
    private static async Task LookAsync(
        Invocation call,
        EventLoop loop,
        FullScreen? screen,
        Duration interval,
        Duration? span,
        CancellationToken stop
    )
    {
        var traffic = new HostTraffic();
        var (began, last) = (loop.Now, loop.Now);
        Look();
        while (true)
        {
            var due = last + interval;
            if (span is { } time)
                due = Instant.Min(due, began + time);
            if (!await WaitAsync(loop, screen, due, stop))
                return;
            Look();
            if (span is { } all && loop.Now >= began + all)
                return;
        }

        void Look()
        {
            var rows = traffic.Take();
            var since = loop.Now - last;
            last = loop.Now;
            if (call.Json)
                Tell(call, rows, last - began, since);
            else
                Show(call.Terminal, screen, rows, last - began, since);
        }
    }

    /// <summary>False when it is to end.</summary>
    private static async Task<bool> WaitAsync(EventLoop loop, FullScreen? screen, Instant due, CancellationToken stop)
    {
        try
        {
            while (loop.Now < due)
            {
                // On a screen the keys are looked at meanwhile.
                await loop.DelayUntilAsync(screen is null ? due : Instant.Min(due, loop.Now + s_keys), stop);
                if (screen?.IsLeft() == true)
                    return false;
            }
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static void Show(
        Terminal terminal,
        FullScreen? screen,
        IReadOnlyList<HostTrafficRow> rows,
        Duration at,
        Duration since
    )
    {
        var (sent, received) = (
            Nettop.Rate(rows.Sum(row => row.Out), since),
            Nettop.Rate(rows.Sum(row => row.In), since)
        );
        var total =
            since == Duration.Zero
                ? terminal.Say("looks", "살펴봅니다")
                : terminal.Say($"out {sent}, in {received}", $"보냄 {sent}, 받음 {received}");
        var table = rows.Count == 0 ? null : TableOf(terminal, rows, since);
        if (screen is not null)
        {
            Text title = $"{Environment.MachineName:strong}  {total}  {terminal.Say("q ends", "q로 끝냅니다"):faint}";
            screen.Draw(
                title,
                table
                    ?? (Block)
                        new Paragraph(
                            terminal.Say("Nobody speaks over TCP now", "지금 TCP로 말하는 프로그램이 없습니다")
                        )
            );
            return;
        }
        terminal.Line(new Text($"{at, 10}  ", Role.Time) + total);
        if (table is not null)
            terminal.Write(table);
        terminal.Line();
    }

    private static Table TableOf(Terminal terminal, IReadOnlyList<HostTrafficRow> rows, Duration since) =>
        new(
            [
                new(terminal.Say("Local", "내 쪽")),
                new(terminal.Say("With", "상대")),
                new(terminal.Say("State", "상태")),
                new(terminal.Say("Out", "보냄"), Right: true),
                new(terminal.Say("In", "받음"), Right: true),
                new(terminal.Say("Bytes out", "보낸 바이트"), Right: true),
                new(terminal.Say("Bytes in", "받은 바이트"), Right: true),
            ],
            [
                .. rows.Select(row =>
                    (IReadOnlyList<Text>)
                        [
                            HostNetstat.End(row.Socket.Local, numeric: false),
                            HostNetstat.End(row.Socket.Remote!.Value, numeric: false),
                            new(row.Socket.State!, Role.State),
                            new(Nettop.Rate(row.Out, since), Role.Number),
                            new(Nettop.Rate(row.In, since), Role.Number),
                            $"{row.Socket.Info!.Value.BytesAcknowledged:number}",
                            $"{row.Socket.Info!.Value.BytesReceived:number}",
                        ]
                ),
            ]
        );

    private static void Tell(Invocation call, IReadOnlyList<HostTrafficRow> rows, Duration at, Duration since) =>
        call.Terminal.JsonLine(
            new(
                at.TotalMicroseconds,
                Environment.MachineName,
                [
                    .. rows.Select(row => new NettopRow(
                        row.Socket.Protocol,
                        row.Socket.Local.ToString(),
                        row.Socket.Remote!.Value.ToString(),
                        HostsFile.NameOf(row.Socket.Remote.Value.Address),
                        row.Socket.State,
                        Math.Round(row.Out * 8 / since.TotalSeconds, 3),
                        Math.Round(row.In * 8 / since.TotalSeconds, 3),
                        row.Socket.Info!.Value.BytesAcknowledged,
                        row.Socket.Info!.Value.BytesReceived
                    )),
                ]
            ),
            NettopJson.Default.NettopFrame
        );
}
