using System.Globalization;
using System.Text;
using Twocan.Stack;

namespace Twocan.Bench;

/// <summary>The grid as a picture: what one flow gets by round trip and loss beside its model, and how fairly several share.</summary>
internal sealed class GridPlot(IReadOnlyList<GridResult> results)
{
    private const int PanelWidth = 400;
    private const int PanelHeight = 270;
    private const int Gap = 70;
    private const int Left = 64;
    private const int Top = 84;
    private const double LeastRate = 0.04;
    private const double MostRate = 30;
    private static readonly string[] Colours = ["#1b6ca8", "#2a9d5c", "#d18f00", "#d1495b", "#6a3d9a"];
    private readonly StringBuilder _svg = new();

    public string ToSvg()
    {
        const int Width = Left + 2 * PanelWidth + Gap + 150;
        const int Height = Top + 2 * PanelHeight + Gap + 60;
        Say(
            $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {Width} {Height}' font-family='DejaVu Sans, Helvetica, sans-serif' font-size='13' fill='#222'>"
        );
        Say($"<rect width='{Width}' height='{Height}' fill='#fff'/>");
        Text(Left, 30, "What TCP gets out of 20 Mbit/s, and what its algorithm's own model allows", size: 18);
        Text(
            Left,
            52,
            "one flow, a queue of one round trip; measured: dots and lines; the model: dashes",
            colour: "#666"
        );
        string[] controls = [Reno.NameOf, Cubic.NameOf, Bbr.NameOf];
        for (var number = 0; number < controls.Length; number++)
            Rates(controls[number], X(number), Y(number));
        Fairness(controls, X(3), Y(3));
        Say("</svg>");
        return _svg.ToString();
    }

    private static int X(int panel) => Left + panel % 2 * (PanelWidth + Gap);

    private static int Y(int panel) => Top + panel / 2 * (PanelHeight + Gap);

    private void Rates(string control, int x, int y)
    {
        var mine = results
            .Where(result => result.Cell is { Flows: 1, Buffer: 1 } cell && cell.Control == control)
            .ToList();
        Frame(x, y, control);
        foreach (var rate in (double[])[0.1, 1, 10])
            Grid(x, y, AtRate(rate), $"{Number(rate)} Mbit/s");
        double[] trips = [.. mine.Select(result => result.Cell.RoundTrip).Distinct()];
        foreach (var trip in trips)
            Text(x + AtTrip(trip), y + PanelHeight + 18, $"{Number(trip)} ms", "middle");
        var losses = mine.GroupBy(result => result.Cell.Loss).ToList();
        foreach (var (which, loss) in losses.Index())
        {
            var colour = Colours[which % Colours.Length];
            Line(x, y, loss.Select(one => (AtTrip(one.Cell.RoundTrip), AtRate(one.Model / 1e6))), colour, dashed: true);
            Line(x, y, loss.Select(one => (AtTrip(one.Cell.RoundTrip), AtRate(one.Rate / 1e6))), colour, dashed: false);
        }
        if (control == Cubic.NameOf)
            Legend(x + PanelWidth + 16, y + 10, losses.Select(loss => $"{Number(loss.Key)} % lost"));
    }

    private void Fairness(string[] controls, int x, int y)
    {
        Frame(x, y, "fairness: Jain's index, 100 ms, no loss but the queue's");
        foreach (var index in (double[])[0, 0.25, 0.5, 0.75, 1])
            Grid(x, y, AtIndex(index), Number(index));
        int[] flows = [.. results.Select(result => result.Cell.Flows).Distinct().Where(count => count > 1)];
        foreach (var count in flows)
            Text(x + AtFlows(count), y + PanelHeight + 18, $"{count} flows", "middle");
        foreach (var (which, control) in controls.Index())
        {
            var mine = results.Where(result =>
                result.Cell is { Flows: > 1, Buffer: 1, Loss: 0, RoundTrip: 100 } cell && cell.Control == control
            );
            Line(x, y, mine.Select(one => (AtFlows(one.Cell.Flows), AtIndex(one.Jain))), Colours[which], dashed: false);
        }
        Legend(x + PanelWidth + 16, y + 10, controls);
    }

    private void Frame(int x, int y, string title)
    {
        Text(x, y - 8, title, size: 15);
        Say($"<rect x='{x}' y='{y}' width='{PanelWidth}' height='{PanelHeight}' fill='none' stroke='#999'/>");
    }

    private void Grid(int x, int y, double at, string label)
    {
        Say($"<line x1='{x}' x2='{x + PanelWidth}' y1='{Number(y + at)}' y2='{Number(y + at)}' stroke='#ddd'/>");
        Text(x + 5, y + at - 3, label, colour: "#888", size: 11);
    }

    private void Line(int x, int y, IEnumerable<(double X, double Y)> points, string colour, bool dashed)
    {
        var all = points.Select(point => (X: x + point.X, Y: y + point.Y)).ToList();
        var path = string.Join(' ', all.Select(point => $"{Number(point.X)},{Number(point.Y)}"));
        Say(
            $"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='{(dashed ? "1.5' stroke-dasharray='5 4" : "2")}'/>"
        );
        if (dashed)
            return;
        foreach (var point in all)
            Say($"<circle cx='{Number(point.X)}' cy='{Number(point.Y)}' r='3.5' fill='{colour}'/>");
    }

    private void Legend(int x, int y, IEnumerable<string> names)
    {
        foreach (var (which, name) in names.Index())
        {
            Say($"<circle cx='{x}' cy='{y + which * 22}' r='5' fill='{Colours[which % Colours.Length]}'/>");
            Text(x + 12, y + which * 22 + 4, name);
        }
    }

    private void Text(
        double x,
        double y,
        string text,
        string anchor = "start",
        string colour = "#222",
        int size = 13
    ) =>
        Say(
            $"<text x='{Number(x)}' y='{Number(y)}' text-anchor='{anchor}' fill='{colour}' font-size='{size}'>{text}</text>"
        );

    private void Say(string line) => _svg.Append(line).Append('\n');

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static double AtTrip(double milliseconds) =>
        30 + (PanelWidth - 60) * Math.Log(milliseconds) / Math.Log(300);

    private static double AtRate(double megabits) =>
        PanelHeight * (1 - Math.Log(Math.Max(megabits, LeastRate) / LeastRate) / Math.Log(MostRate / LeastRate));

    private static double AtFlows(int flows) => 30 + (PanelWidth - 60) * Math.Log2(flows / 2.0) / 4;

    private static double AtIndex(double index) => PanelHeight - 10 - (PanelHeight - 30) * index;
}
