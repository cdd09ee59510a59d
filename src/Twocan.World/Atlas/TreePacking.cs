namespace Twocan.Worlds;

/// <summary>How a tree of boxes is packed: the space between them, in the units of the picture.</summary>
/// <param name="Rail">How far in children stand that are fed from a line at the left.</param>
/// <param name="GapX">Between neighbours.</param>
/// <param name="GapY">Between a row of children and the next.</param>
/// <param name="Port">How far from a box's left edge its lines begin and end.</param>
/// <param name="Bus">The height of the line that feeds a row of children.</param>
/// <param name="Narrowness">What one step to a box's next narrower form costs, in height.</param>
internal sealed record PackingRules(int Rail, int GapX, int GapY, int Port, int Bus, double Narrowness);

/// <summary>A box to be packed: its forms from the widest to the narrowest, and what hangs from it.</summary>
internal sealed class PackingBox<T>(T what, IReadOnlyList<(int Width, int Height)> forms, int lead)
{
    public T What => what;

    public IReadOnlyList<(int Width, int Height)> Forms => forms;

    /// <summary>How long the line above it is, beside which its labels stand.</summary>
    public int Lead => lead;

    public List<PackingBox<T>> Children { get; } = [];
}

/// <summary>Where a box of a packed tree stands, in which form, and from where it is fed: a line down from <see cref="BusY"/>.</summary>
internal sealed record PackedBox<T>(
    PackingBox<T> Box,
    PackedBox<T>? Parent,
    int X,
    int Y,
    int Form,
    int BusY,
    bool OnRail
)
{
    public int Width => Box.Forms[Form].Width;

    public int Height => Box.Forms[Form].Height;
}

/// <summary>
/// Packs a tree of boxes into a width. The children of a box stand side by side below it if they fit, else in rows, fed by
/// a line at their left. How narrow the children have to make themselves for that is tried out: the lowest picture wins.
/// Deterministic, and no two boxes ever overlap.
/// </summary>
internal sealed class TreePacking<T>(PackingRules rules)
{
    private readonly Dictionary<(PackingBox<T>, int), Pack> _packs = [];

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>Parents before their children.</summary>
    public List<PackedBox<T>> Boxes { get; } = [];

    /// <summary>Packs one more tree below those that are there.</summary>
    public void Add(PackingBox<T> root, int width, int x = 0, int? y = null)
    {
        var top = y ?? (Height == 0 ? 0 : Height + rules.GapY);
        var pack = Best(root, width);
        Place(root, pack, null, x, top, top, false);
        Width = Math.Max(Width, x + pack.Width);
        Height = Math.Max(Height, top + pack.Height);
    }

    /// <summary>How large a tree becomes.</summary>
    public (int Width, int Height) Measure(PackingBox<T> root, int width) =>
        Best(root, width) is var pack ? (pack.Width, pack.Height) : default;

    private Pack Best(PackingBox<T> box, int width)
    {
        if (_packs.TryGetValue((box, width), out var known))
            return known;
        var form = 0;
        while (form < box.Forms.Count - 1 && box.Forms[form].Width > width)
            form++;
        Pack? best = null;
        for (var columns = 1; columns <= Math.Min(Math.Max(1, box.Children.Count), 6); columns++)
        {
            foreach (var isRailed in new[] { false, true })
            {
                var pack = Try(box, form, width, columns, isRailed);
                if (pack is not null && (best is null || pack.Cost < best.Cost))
                    best = pack;
            }
        }
        return _packs[(box, width)] = best!;
    }

    /// <summary>Null when the children do not fit into one row, and are to.</summary>
    private Pack? Try(PackingBox<T> box, int form, int width, int columns, bool isRailed)
    {
        var room = isRailed ? width - rules.Rail : width;
        var each = (room - (columns - 1) * rules.GapX) / columns;
        var children = box.Children.Select(child => Best(child, Math.Max(each, 1))).ToList();
        var rows = new List<List<int>> { new() };
        var used = 0;
        for (var i = 0; i < children.Count; i++)
        {
            if (used > 0 && used + rules.GapX + children[i].Width > room)
            {
                if (!isRailed)
                    return null;
                rows.Add([]);
                used = 0;
            }
            used += (used > 0 ? rules.GapX : 0) + children[i].Width;
            rows[^1].Add(i);
        }
        var (boxWidth, height) = box.Forms[form];
        var widest = boxWidth;
        var cost = form * rules.Narrowness;
        for (var row = 0; row < rows.Count && rows[row].Count > 0; row++)
        {
            var packs = rows[row].ConvertAll(i => children[i]);
            widest = Math.Max(
                widest,
                (isRailed ? rules.Rail : 0) + packs.Sum(pack => pack.Width) + rules.GapX * (packs.Count - 1)
            );
            height += BusOf(isRailed, packs.Count) + (row > 0 ? rules.GapY : 0);
            height += rows[row].Max(i => box.Children[i].Lead + children[i].Height);
        }
        cost += children.Sum(pack => pack.Cost - pack.Height);
        // Of two that are equally low the narrower one; too wide is worse than anything.
        var excess = Math.Max(0, widest - width) * 1000.0;
        return new(form, isRailed, rows, children, widest, height, cost + height + widest * 0.0001 + excess);
    }

    private int BusOf(bool isRailed, int count) => isRailed || count > 1 ? rules.Bus : 0;

    private void Place(PackingBox<T> box, Pack pack, PackedBox<T>? parent, int x, int y, int busY, bool onRail)
    {
        var placed = new PackedBox<T>(box, parent, x, y, pack.Form, busY, onRail);
        Boxes.Add(placed);
        var top = y + placed.Height;
        for (var row = 0; row < pack.Rows.Count; row++)
        {
            if (row > 0)
                top += rules.GapY;
            var below = top + BusOf(pack.IsRailed, pack.Rows[row].Count);
            var left = x + (pack.IsRailed ? rules.Rail : 0);
            var lowest = below;
            foreach (var i in pack.Rows[row])
            {
                var (child, inner) = (box.Children[i], pack.Children[i]);
                Place(child, inner, placed, left, below + child.Lead, top, pack.IsRailed);
                left += inner.Width + rules.GapX;
                lowest = Math.Max(lowest, below + child.Lead + inner.Height);
            }
            top = lowest;
        }
    }

    private sealed record Pack(
        int Form,
        bool IsRailed,
        List<List<int>> Rows,
        List<Pack> Children,
        int Width,
        int Height,
        double Cost
    );
}
