namespace Twocan.Worlds;

/// <summary>A world as a picture of letters: boxes for what has several cables, with the computers in the box that they are plugged into.</summary>
public static class TextAtlas
{
    private const int Port = 2;

    private static readonly PackingRules Rules = new(Rail: 4, GapX: 2, GapY: 0, Port: Port, Bus: 1, Narrowness: 2.5);

    /// <summary>The picture's lines, as runs of one kind. As wide as asked for at most, as long as the names allow it.</summary>
    public static IEnumerable<IReadOnlyList<(string Text, PictureInk Ink)>> Draw(
        World world,
        int width,
        Node? start = null
    )
    {
        ArgumentNullException.ThrowIfNull(world);
        var packing = new TreePacking<Card>(Rules);
        foreach (var root in new Skeleton(world, start).Roots)
            packing.Add(BoxOf(root), width);
        var picture = new Picture(packing.Width, packing.Height);
        foreach (var box in packing.Boxes)
            DrawLine(picture, box);
        foreach (var box in packing.Boxes)
            box.Box.What.Draw(picture, box.X, box.Y, box.Form, Port);
        foreach (var box in packing.Boxes)
            DrawLabels(picture, box);
        return picture.Lines();
    }

    private static PackingBox<Card> BoxOf(Branch branch)
    {
        var card = new Card(branch);
        var box = new PackingBox<Card>(card, card.Forms, Math.Max(branch.CableLabels.Count, 1));
        foreach (var child in branch.Children)
            box.Children.Add(BoxOf(child));
        return box;
    }

    /// <summary>From below the parent, along the line that feeds its row, down to the box.</summary>
    private static void DrawLine(Picture picture, PackedBox<Card> box)
    {
        if (box.Parent is not { } parent)
            return;
        var (from, to) = (parent.X + Port, box.X + Port);
        picture.Down(from, parent.Y + parent.Height - 1, box.BusY);
        if (from != to)
            picture.Across(box.BusY, from, to);
        picture.Down(to, box.BusY, box.Y);
    }

    private static void DrawLabels(Picture picture, PackedBox<Card> box)
    {
        var labels = box.Box.What.Branch.CableLabels;
        for (var i = 0; i < labels.Count; i++)
        {
            var (x, y) = (box.X + Port + 2, box.Y - labels.Count + i);
            if (labels[i].Length <= box.Width - Port - 1 && picture.IsFree(x, y, labels[i].Length))
                picture.Write(x, y, labels[i], i == 0 ? PictureInk.Label : PictureInk.Address);
        }
    }
}
