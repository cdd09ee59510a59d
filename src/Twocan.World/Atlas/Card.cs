namespace Twocan.Worlds;

/// <summary>
/// A node of the trunk as a box of text: its name and kind, the subnet of its link, the computers that are plugged into it
/// with their addresses, and the cables that lead elsewhere in the picture.
/// </summary>
internal sealed class Card
{
    /// <summary>So many computers whose names differ only in a number are told in one line.</summary>
    private const int FewestFolded = 4;

    private const int Whole = 0;
    private const int OneAddress = 1;

    private readonly List<Row> _rows = [];

    public Card(Branch branch)
    {
        Branch = branch;
        _rows.Add(new(branch.Node.Name, NodeKind.Of(branch.Node), InkOf(branch.Node), PictureInk.Kind));
        foreach (var subnet in branch.Subnets)
            _rows.Add(new(subnet.ToString(), "", PictureInk.Address, PictureInk.Label));
        if (branch.Node is Host and not Router)
        {
            foreach (var address in ((Host)branch.Node).GlobalAddresses)
                _rows.Add(new(address.ToString(), "", PictureInk.Address, PictureInk.Label));
        }
        foreach (var end in branch.Others)
            _rows.Add(new($"↔ {end.Peer.Name}", Branch.Short(end.Cable), InkOf(end.Peer), PictureInk.Label));
        AddLeaves(branch);
        Forms = [.. Enumerable.Range(Whole, 3).Select(form => (WidthOf(form), RowsOf(form).Count() + 2))];
    }

    public Branch Branch { get; }

    /// <summary>With what stands at the right of the lines; with one address only of each computer; without what can be missed.</summary>
    public IReadOnlyList<(int Width, int Height)> Forms { get; }

    private string Border =>
        Branch.Node switch
        {
            Router => "┏━┓┃┗┛┠─┨┯┷",
            Switch => "┌─┐│└┘├─┤┬┴",
            Host => "╭─╮│╰╯├─┤┬┴",
            _ => "┌╌┐╎└┘├╌┤┬┴",
        };

    public void Draw(Picture picture, int x, int y, int form, int port)
    {
        var (width, height) = Forms[form];
        var border = Border;
        var ink = InkOf(Branch.Node);
        Edge(picture, x, y, width, border[0], border[1], border[2], ink);
        foreach (var (i, row) in RowsOf(form).Index())
            DrawRow(picture, x, y + 1 + i, width, row, border, ink);
        Edge(picture, x, y + height - 1, width, border[4], border[1], border[5], ink);
        if (Branch.Parent is not null)
            picture.Write(x + port, y, border[10..11], ink);
        if (Branch.Children.Count > 0)
            picture.Write(x + port, y + height - 1, border[9..10], ink);
    }

    public static PictureInk InkOf(Node node) =>
        node is Router ? PictureInk.Router
        : node.IsBridge ? PictureInk.Bridge
        : PictureInk.Host;

    private void AddLeaves(Branch branch)
    {
        var isOneSubnet = branch.Node.IsBridge;
        foreach (var group in branch.Leaves.GroupBy(end => Branch.Short(end.Cable)))
        {
            _rows.Add(Row.Divider(group.Key));
            foreach (var run in Runs([.. group.Select(end => (Host)end.Peer)]))
            {
                if (run.Count < FewestFolded)
                {
                    foreach (var host in run)
                        AddLeaf(host.Name, AddressesOf(host, isOneSubnet));
                    continue;
                }
                AddLeaf($"{run[0].Name} …", [.. AddressesOf(run[0], isOneSubnet).Take(1)]);
                _rows.Add(new($"▪ {run[^1].Name}", $"{run.Count} hosts", PictureInk.Host, PictureInk.Label));
            }
        }
    }

    private void AddLeaf(string name, IReadOnlyList<string> addresses)
    {
        _rows.Add(new($"▪ {name}", addresses is [var first, ..] ? first : "", PictureInk.Host, PictureInk.Address));
        foreach (var other in addresses.Skip(1))
            _rows.Add(new("", other, PictureInk.Host, PictureInk.Address));
    }

    private static List<string> AddressesOf(Host host, bool isOneSubnet) =>
        [.. host.GlobalAddresses.Select(one => isOneSubnet ? one.Address.ToString() : one.ToString())];

    private IEnumerable<Row> RowsOf(int form) => form == Whole ? _rows : _rows.Where(static row => row.Left.Length > 0);

    /// <summary>Neighbours whose names are the same but for their number.</summary>
    private static List<List<Host>> Runs(List<Host> hosts)
    {
        var runs = new List<List<Host>>();
        foreach (var host in hosts)
        {
            if (runs.Count > 0 && WithoutNumber(runs[^1][0].Name) == WithoutNumber(host.Name))
                runs[^1].Add(host);
            else
                runs.Add([host]);
        }
        return runs;
    }

    private static string WithoutNumber(string name)
    {
        var at = name.AsSpan().IndexOfAnyInRange('0', '9');
        if (at < 0)
            return name;
        var end = at;
        while (end < name.Length && char.IsAsciiDigit(name[end]))
            end++;
        return $"{name[..at]}#{name[end..]}";
    }

    private int WidthOf(int form)
    {
        var inner = RowsOf(form).Max(row => row.Width(form <= OneAddress));
        foreach (var label in Branch.CableLabels.Where(_ => form <= OneAddress))
            inner = Math.Max(inner, label.Length);
        return inner + 4;
    }

    private static void Edge(
        Picture picture,
        int x,
        int y,
        int width,
        char left,
        char line,
        char right,
        PictureInk ink
    ) => picture.Write(x, y, $"{left}{new string(line, width - 2)}{right}", ink);

    private static void DrawRow(Picture picture, int x, int y, int width, Row row, string border, PictureInk ink)
    {
        if (row.IsDivider)
        {
            Edge(picture, x, y, width, border[6], border[7], border[8], ink);
            if (row.Left.Length + 6 <= width)
                picture.Write(x + 2, y, $" {row.Left} ", PictureInk.Label);
            return;
        }
        picture.Write(x, y, $"{border[3]}{new string(' ', width - 2)}{border[3]}", ink);
        picture.Write(x + 2, y, row.Left, row.LeftInk);
        if (row.Right.Length > 0 && row.Left.Length + row.Right.Length + 6 <= width)
            picture.Write(x + width - 2 - row.Right.Length, y, row.Right, row.RightInk);
    }

    private sealed record Row(
        string Left,
        string Right,
        PictureInk LeftInk,
        PictureInk RightInk,
        bool IsDivider = false
    )
    {
        public static Row Divider(string text) => new(text, "", PictureInk.Label, PictureInk.Label, true);

        /// <summary>Kinds are never missed; addresses may be.</summary>
        public int Width(bool whole) =>
            IsDivider ? (whole ? Left.Length + 2 : 0)
            : whole || RightInk == PictureInk.Kind ? Left.Length + (Right.Length > 0 ? Right.Length + 2 : 0)
            : Left.Length;
    }
}
