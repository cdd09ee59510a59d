using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Cli.Tests;

/// <summary>What the cable is like while cells run.</summary>
internal sealed record Weather(string Name, string Cable)
{
    /// <summary>Sentences, with {0} for the cable.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>What a transfer carries, in octets (0: there is none), and how often a small thing is done.</summary>
    public int Bulk { get; init; } = 200_000;

    public int Small { get; init; } = 20;

    public int Crowd { get; init; } = 20;

    /// <summary>How long a reader sleeps, with the window closed.</summary>
    public double Sleep { get; init; }

    /// <summary>The queue marks frames, of those who know ECN.</summary>
    public bool Marks { get; init; }

    /// <summary>An end may give up, with an error that says so.</summary>
    public bool MayFail { get; init; }

    /// <summary>After so long a cell hangs.</summary>
    public Duration Patience { get; init; } = Duration.FromSeconds(120);

    /// <summary>Of the few cells that are always run.</summary>
    public Agreement Agreement { get; init; } = Agreement.Everything;

    /// <summary>Some seconds each.</summary>
    public static readonly IReadOnlyList<Weather> Quick =
    [
        new("fine", "1 Gbit/s, 100 µs")
        {
            Bulk = 10_000_000,
            Small = 200,
            Sleep = 3,
        },
        new("a crowd", "1 Gbit/s, 100 µs") { Bulk = 0, Crowd = 1_000 },
        new("1 % lost", "1 Gbit/s, 1 ms, loss 1 %")
        {
            Bulk = 1_000_000,
            Agreement = Agreement.Of("we without time stamps"),
        },
        new("5 % lost", "1 Gbit/s, 1 ms, loss 5 %"),
        new("30 % lost", "1 Gbit/s, 1 ms, loss 30 %")
        {
            Bulk = 10_000,
            Small = 2,
            Crowd = 2,
            MayFail = true,
            Patience = Duration.FromSeconds(8),
        },
        new("reordered", "1 Gbit/s, 1 ms")
        {
            Faults = ["reorder 10% by 3ms {0}"],
            Bulk = 1_000_000,
            Agreement = Agreement.Of("IPv6"),
        },
        new("doubled", "1 Gbit/s, 1 ms")
        {
            Faults = ["duplicate 10% {0}"],
            Bulk = 1_000_000,
            Agreement = Agreement.Of("no option at all"),
        },
        new("damaged", "1 Gbit/s, 1 ms")
        {
            Faults = ["corrupt 2% {0}"],
            Bulk = 500_000,
            Agreement = Agreement.Of("the kernel without SACK"),
        },
        new("cut", "20 Mbit/s, 1 ms") { Faults = ["cut {0} at 200ms for 2s"], Bulk = 600_000 },
        new("marked", "50 Mbit/s, 2 ms, queue codel")
        {
            Bulk = 1_000_000,
            Marks = true,
            Agreement = Agreement.Of("both ask for ECN"),
        },
    ];

    /// <summary>Either end gives up after 15 time-outs, each twice as long as the last up to one or two minutes: half an hour, at worst.</summary>
    private static readonly Duration UntilGivenUp = Duration.FromSeconds(2_000);

    /// <summary>For all cells: minutes.</summary>
    public static readonly IReadOnlyList<Weather> Long =
    [
        .. Quick.Select(weather =>
            weather.Name switch
            {
                "fine" => weather with { Sleep = 60, Patience = Duration.FromSeconds(300) },
                "cut" => weather with
                {
                    Faults = ["cut {0} at 200ms for 20s"],
                    MayFail = true,
                    Patience = UntilGivenUp,
                },
                "30 % lost" => weather with { Patience = UntilGivenUp },
                "5 % lost" => weather with { Sleep = 20, Patience = Duration.FromSeconds(300) },
                _ => weather with { Patience = Duration.FromSeconds(300) },
            }
        ),
    ];

    public override string ToString() => Name;
}

/// <summary>What the two ends can do, and so what they agree on.</summary>
/// <param name="Kernels">Settings of the kernel's namespace.</param>
internal sealed record Agreement(string Name, IReadOnlyList<string> Kernels, TcpSettings Ours)
{
    public bool OverIpv6 { get; init; }

    public override string ToString() => Name;

    public static Agreement Of(string name) => All.First(one => one.Name == name);

    public static readonly Agreement Everything = new("everything", [], TcpSettings.Default);

    public static readonly IReadOnlyList<Agreement> All =
    [
        Everything,
        new("IPv6", [], TcpSettings.Default) { OverIpv6 = true },
        new("the kernel without SACK", ["tcp_sack=0"], TcpSettings.Default),
        new("we without SACK", [], TcpSettings.Default with { Sack = false }),
        new("the kernel without time stamps", ["tcp_timestamps=0"], TcpSettings.Default),
        new("we without time stamps", [], TcpSettings.Default with { Timestamps = false }),
        new("both ask for ECN", ["tcp_ecn=1"], TcpSettings.Default with { Ecn = EcnUse.Ask }),
        new("nobody knows ECN", ["tcp_ecn=0"], TcpSettings.Default with { Ecn = EcnUse.Off }),
        new(
            "no option at all",
            ["tcp_sack=0", "tcp_timestamps=0", "tcp_window_scaling=0", "tcp_ecn=0"],
            TcpSettings.Default
        ),
    ];
}
