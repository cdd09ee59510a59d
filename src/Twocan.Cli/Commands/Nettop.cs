using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>nettop</c>: who speaks with whom, and how fast, from moment to moment?</summary>
internal sealed class Nettop : Verb
{
    private static readonly Duration s_worldsInterval = Duration.FromMilliseconds(100);

    private readonly Option<string[]> _while = new("--while")
    {
        Description = "What happens meanwhile: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    private readonly Option<double?> _interval = new("--interval", "-i")
    {
        Description =
            "Seconds between two looks: of the world's time (default 0.1), or with --on-host of real time (1)",
        HelpName = "S",
    };

    private readonly Option<double?> _for = new("--for")
    {
        Description = "With --on-host: stop after so many seconds (default: with 'q' or Ctrl-C)",
        HelpName = "S",
    };

    public Nettop()
        : base(
            "nettop",
            "Show a host's conversations and their rates, from moment to moment",
            "twocan nettop --while http://www.lab.cyber.co.kr/",
            "twocan nettop --on-host --for 0.2 --interval 0.1",
            "twocan nettop --host ns.isp --interval 0.05 --while '@pc ping -c 1 www.lab.glasscom.com'"
        )
    {
        Options.Add(_while);
        Options.Add(_interval);
        Options.Add(_for);
    }

    public override bool RunsOnHost => true;

    public override int Run(Invocation call)
    {
        var interval = Seconds(call, _interval) ?? (call.OnHost ? Duration.FromSeconds(1) : s_worldsInterval);
        if (call.OnHost)
            return OnHost.OfLinux(call, [_while], here => HostNettop.Run(here, interval, Seconds(here, _for)));
        if (call.Has(_for))
            throw new WrongUsageException("--for is for --on-host: a world ends with what happens in it");
        if (!call.Has(_while))
            throw new WrongUsageException(
                "in a new world nobody speaks: say what happens, such as --while http://www.lab.cyber.co.kr/ (or --on-host for this machine)"
            );
        using var session = WorldSession.Open(call, journal: true);
        var errands = Errands.Read(call, _while, session, session.Host);
        using var meter = new TrafficMeter(session.World, session.Host);
        var loop = session.World.Loop;
        var (began, last, isOver, told) = (loop.Now, loop.Now, false, 0);
        var outcomes = session.Run(async stop =>
        {
            loop.Start("nettop", LookAsync);
            try
            {
                return await errands.RunAsync(call, stop);
            }
            finally
            {
                isOver = true;
            }
        });
        // The part of an interval in which it ended.
        if (loop.Now > last)
            Look();
        if (!call.Json)
            Errands.Show(outcomes, call.Terminal);
        return told > 0 ? Exit.Done : Exit.No;

        async Task LookAsync()
        {
            while (true)
            {
                await loop.DelayAsync(interval, session.Stop);
                if (isOver)
                    return;
                Look();
            }
        }

        void Look()
        {
            told += Show(call, session, meter.Take(), loop.Now - began, interval);
            last = loop.Now;
        }
    }

    private static Duration? Seconds(Invocation call, Option<double?> option) =>
        call.Get(option) is not { } seconds ? null
        : seconds is >= 0.001 and <= 1e6 ? Duration.FromSeconds(seconds)
        : throw new WrongUsageException($"{option.Name} is a number of seconds from 0.001 on, not {seconds}");

    /// <summary>Answers how many conversations it showed.</summary>
    private static int Show(
        Invocation call,
        WorldSession session,
        IReadOnlyList<TrafficRow> rows,
        Duration at,
        Duration interval
    )
    {
        var terminal = call.Terminal;
        if (call.Json)
        {
            terminal.JsonLine(
                new(
                    at.TotalMicroseconds,
                    session.Host.Name,
                    [.. rows.Select(row => NettopRow.Of(row, session, interval))]
                ),
                NettopJson.Default.NettopFrame
            );
            return rows.Count;
        }
        var (sent, received) = (rows.Sum(row => row.Out), rows.Sum(row => row.In));
        terminal.Line(
            new Text($"{at, 10}  ", Role.Time)
                + terminal.Say(
                    $"out {Rate(sent, interval)}, in {Rate(received, interval)}",
                    $"보냄 {Rate(sent, interval)}, 받음 {Rate(received, interval)}"
                )
        );
        if (rows.Count > 0)
            terminal.Write(
                new Table(
                    [
                        new("           "),
                        new(terminal.Say("With", "상대")),
                        new(terminal.Say("State", "상태")),
                        new(terminal.Say("Out", "보냄"), Right: true),
                        new(terminal.Say("In", "받음"), Right: true),
                        new(terminal.Say("Bytes out", "보낸 바이트"), Right: true),
                        new(terminal.Say("Bytes in", "받은 바이트"), Right: true),
                    ],
                    [.. rows.Select(row => Row(row, session, interval))]
                )
            );
        terminal.Line();
        return rows.Count;
    }

    private static IReadOnlyList<Text> Row(TrafficRow row, WorldSession session, Duration interval)
    {
        var name = session.NameOf(row.Remote.Address) ?? row.Remote.Address.ToString();
        var service = ServiceNames.NameOf(row.Remote.Port) ?? row.Remote.Port.ToString();
        return
        [
            new(row.Protocol, Role.Faint),
            $"{name:host}:{service:name}",
            row.State is { } state ? new Text(Netstat.NameOf(state), Role.State) : "",
            new(Rate(row.Out, interval), Role.Number),
            new(Rate(row.In, interval), Role.Number),
            $"{row.TotalOut:number}",
            $"{row.TotalIn:number}",
        ];
    }

    internal static string Rate(long octets, Duration interval)
    {
        var bits = octets * 8 / interval.TotalSeconds;
        return bits switch
        {
            0 => "0",
            >= 1e9 => Say(bits / 1e9, "Gbit/s"),
            >= 1e6 => Say(bits / 1e6, "Mbit/s"),
            >= 1e3 => Say(bits / 1e3, "kbit/s"),
            _ => Say(bits, "bit/s"),
        };

        static string Say(double number, string unit) =>
            $"{number.ToString("0.#", CultureInfo.InvariantCulture)} {unit}";
    }
}

/// <summary>A line of <c>nettop --json</c>: who has said something since the last one.</summary>
internal sealed record NettopFrame(double AtUs, string Host, IReadOnlyList<NettopRow> Conversations);

internal sealed record NettopRow(
    string Protocol,
    string Local,
    string Remote,
    string? RemoteName,
    string? State,
    double OutBitS,
    double InBitS,
    long BytesOut,
    long BytesIn
)
{
    public static NettopRow Of(TrafficRow row, WorldSession session, Duration interval) =>
        new(
            row.Protocol,
            row.Local.ToString(),
            row.Remote.ToString(),
            session.NameOf(row.Remote.Address),
            row.State is { } state ? Netstat.NameOf(state) : null,
            Math.Round(row.Out * 8 / interval.TotalSeconds, 3),
            Math.Round(row.In * 8 / interval.TotalSeconds, 3),
            row.TotalOut,
            row.TotalIn
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NettopFrame))]
internal sealed partial class NettopJson : JsonSerializerContext;
