using Twocan.Stack;

namespace Twocan.Cli.Tests;

/// <summary>What connections do in the matrix.</summary>
internal static class Cells
{
    private static readonly string[] Controls = [Cubic.NameOf, Reno.NameOf, Bbr.NameOf];

    /// <summary>Each once, by turns as one or the other connects, with one congestion control after the other.</summary>
    public static IReadOnlyList<Cell> Some(Weather weather) =>
        [
            .. Of(weather)
                .Concat(Large(weather))
                .Select(
                    (cell, number) =>
                        cell with
                        {
                            KernelConnects = number / 2 % 2 == 0,
                            Congestion = Controls[number % Controls.Length],
                        }
                )
                .Select(Turned)
                .Select(Greeted),
        ];

    /// <summary>Each with each congestion control, and each of the two as the one that connects.</summary>
    public static IReadOnlyList<Cell> Every(Weather weather) =>
        [
            .. from cell in Of(weather)
            from congestion in Controls
            from kernelConnects in (bool[])[true, false]
            select Greeted(cell with { Congestion = congestion, KernelConnects = kernelConnects }),
            .. from cell in Large(weather)
            from kernelConnects in (bool[])[true, false]
            select Turned(cell with { KernelConnects = kernelConnects }),
        ];

    private static IEnumerable<Cell> Of(Weather weather)
    {
        if (weather.Bulk == 0)
            yield break;
        var (bulk, small) = (weather.Bulk, weather.Small);
        yield return new("to us", $"send:{bulk} shut drain", "drain");
        yield return new("to the kernel", "drain", $"send:{bulk} shut drain");
        yield return new("both ways at once", $"both:{bulk}", $"both:{bulk}");
        yield return new("we echo octets", $"ask:{small} shut drain", "answer");
        yield return new("the kernel echoes octets", "answer", $"ask:{small} shut drain");
        yield return new("octets to us", $"dribble:{small * 20} shut drain", "drain");
        yield return new("octets to the kernel", "drain", $"dribble:{small * 20} shut drain");
        yield return new("half-close by the kernel", "send:1000 shut drain", $"drain send:{bulk / 4}");
        yield return new("half-close by us", $"drain send:{bulk / 4}", "send:1000 shut drain");
        yield return new("reset by the kernel", $"take:{bulk / 10} reset", "flood") { IsReset = true };
        yield return new("reset by us", "flood", $"take:{bulk / 10} reset") { IsReset = true };
        if (weather.Sleep == 0)
            yield break;
        const int MoreThanBuffers = 2_000_000;
        yield return new(
            "the kernel closes its window",
            $"wait:{weather.Sleep} drain",
            $"send:{MoreThanBuffers} shut drain"
        )
        {
            ClosesWindow = true,
        };
        yield return new("we close our window", $"send:{MoreThanBuffers} shut drain", $"wait:{weather.Sleep} drain")
        {
            ClosesWindow = true,
        };
    }

    /// <summary>Of many connections; written as if the kernel connected.</summary>
    private static IEnumerable<Cell> Large(Weather weather)
    {
        yield return new("many at once", "gate ask:2 shut drain", "answer")
        {
            Count = weather.Crowd,
            AtOnce = weather.Crowd,
        };
        // Who only waits never learns that its handshake was given up, or that a reset got lost: so somebody always writes.
        var storm = new Cell("storm", "send:1 shut drain", "drain")
        {
            Count = weather.Crowd,
            AtOnce = Math.Min(weather.Crowd, 16),
        };
        yield return storm with
        {
            Name = "storm, closed by who connects",
        };
        yield return storm with
        {
            Name = "storm, closed by who accepts",
            Kernel = "send:1 drain",
            Ours = "take:1",
        };
        yield return storm with
        {
            Name = "storm of resets",
            Kernel = "send:1 take:1 reset",
            Ours = "flood",
            IsReset = true,
        };
    }

    /// <summary>
    /// Who connects says something first: a handshake that the other end has given up would else leave one that reads alone
    /// where it is, for ever.
    /// </summary>
    private static Cell Greeted(Cell cell) =>
        cell.Count > 1 ? cell
        : cell.KernelConnects ? cell with { Kernel = $"send:1 {cell.Kernel}", Ours = $"take:1 {cell.Ours}" }
        : cell with { Kernel = $"take:1 {cell.Kernel}", Ours = $"send:1 {cell.Ours}" };

    private static Cell Turned(Cell cell) =>
        cell.Count > 1 && !cell.KernelConnects ? cell with { Kernel = cell.Ours, Ours = cell.Kernel } : cell;
}
