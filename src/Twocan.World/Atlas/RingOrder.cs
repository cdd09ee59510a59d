namespace Twocan.Worlds;

/// <summary>
/// The order in a row in which lines between the left edges of its members are shortest together: better ones are looked
/// for by moving one at a time.
/// </summary>
internal static class RingOrder
{
    private const int MostRounds = 20;

    public static List<int> Of(IReadOnlyList<int> widths, IReadOnlyList<(int A, int B)> lines)
    {
        var order = Enumerable.Range(0, widths.Count).ToList();
        var best = Length(order, widths, lines);
        for (var round = 0; round < MostRounds; round++)
        {
            var before = best;
            for (var who = 0; who < widths.Count; who++)
                best = Move(order, who, widths, lines, best);
            if (best == before)
                break;
        }
        return order;
    }

    private static int Move(
        List<int> order,
        int who,
        IReadOnlyList<int> widths,
        IReadOnlyList<(int A, int B)> lines,
        int best
    )
    {
        var home = order.IndexOf(who);
        order.RemoveAt(home);
        var at = home;
        for (var place = 0; place <= order.Count; place++)
        {
            order.Insert(place, who);
            if (Length(order, widths, lines) is var length && length < best)
                (best, at) = (length, place);
            order.RemoveAt(place);
        }
        order.Insert(at, who);
        return best;
    }

    private static int Length(List<int> order, IReadOnlyList<int> widths, IReadOnlyList<(int A, int B)> lines)
    {
        var place = new int[order.Count];
        var x = 0;
        foreach (var who in order)
        {
            place[who] = x;
            x += widths[who];
        }
        return lines.Sum(line => Math.Abs(place[line.A] - place[line.B]));
    }
}
