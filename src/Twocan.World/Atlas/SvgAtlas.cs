using System.Globalization;
using System.Security;
using System.Text;

namespace Twocan.Worlds;

/// <summary>A world as an SVG picture, to be looked at on light and dark paper. It needs nothing but a browser.</summary>
public static class SvgAtlas
{
    private const string Style = """
            text { font-family: 'Noto Sans', 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', 'Helvetica Neue', Arial, sans-serif; fill: #1d2733; }
            .paper { fill: #fdfdfb; }
            .name { font-size: 13.5px; font-weight: 600; }
            .leaf { font-size: 12px; font-weight: 500; }
            .about, .label { font-size: 11px; fill: #5b6875; }
            .box { stroke-width: 1.5; }
            .router { fill: #e3edfb; stroke: #3d74b8; }
            .switch { fill: #e2f3e8; stroke: #2f8a57; }
            .hub, .bus { fill: #fdeedb; stroke: #c27a1e; }
            .host { fill: #ffffff; stroke: #8c98a4; }
            .icon { fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
            .router-icon { stroke: #3d74b8; } .switch-icon { stroke: #2f8a57; } .hub-icon, .bus-icon { stroke: #c27a1e; } .host-icon { stroke: #5b6875; }
            .cable { fill: none; stroke: #6b7785; stroke-linecap: round; stroke-linejoin: round; }
            .slow { stroke-width: 1.1; } .fast { stroke-width: 1.8; } .trunk { stroke-width: 3; stroke: #4c6f9b; }
            .region { fill-opacity: 1; stroke-linejoin: round; stroke-linecap: round; opacity: 0.16; }
            .c0 { fill: #3a86c8; stroke: #3a86c8; } .c1 { fill: #d98a29; stroke: #d98a29; } .c2 { fill: #3fa66a; stroke: #3fa66a; }
            .c3 { fill: #b45ca8; stroke: #b45ca8; } .c4 { fill: #c8503f; stroke: #c8503f; } .c5 { fill: #7a8f2c; stroke: #7a8f2c; }
            .way { fill: none; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6ebf0; } .paper { fill: #14191f; } .about, .label { fill: #9fadba; }
              .router { fill: #1c2f49; stroke: #6ea4e6; } .switch { fill: #16321f; stroke: #58b981; } .hub, .bus { fill: #3a2a12; stroke: #e0a04a; } .host { fill: #1f272f; stroke: #76838f; }
              .router-icon { stroke: #6ea4e6; } .switch-icon { stroke: #58b981; } .hub-icon, .bus-icon { stroke: #e0a04a; } .host-icon { stroke: #aab6c2; }
              .cable { stroke: #8a97a4; } .trunk { stroke: #7ea6d8; } .region { opacity: 0.22; }
            }
        """;

    public static string Draw(World world, string title, Node? start = null)
    {
        var chart = Chart.Of(world, start);
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chart.Width} {chart.Height}" width="{chart.Width}" height="{chart.Height}">
            <title>{Escape(title)}</title>
            <style>
            {Style}
            </style>
            <rect class="paper" width="{chart.Width}" height="{chart.Height}"/>

            """
        );
        foreach (var region in chart.Regions)
            Draw(svg, region);
        foreach (var line in chart.Lines)
            Draw(svg, line);
        foreach (var box in chart.Boxes)
            Draw(svg, box);
        foreach (var line in chart.Lines)
            DrawLabels(svg, line);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, ChartRegion region)
    {
        // Lonely ones stand close to each other.
        var around = region.Lines.Count > 0 ? 9 : 4;
        svg.Append(CultureInfo.InvariantCulture, $"<g class=\"region c{region.Colour % 6}\">");
        foreach (var line in region.Lines)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path class=\"way\" d=\"{Way(line.Points)}\" stroke-width=\"{2 * around}\"/>"
            );
        foreach (var box in region.Boxes.Where(box => !box.IsLeaf || region.Lines.Count == 0))
            Draw(svg, box.X, box.Y, box.X + box.Width, box.Y + box.Height, around);
        // The computers of one switch lie on one sheet, with the cable that they hang from.
        foreach (var leaves in region.Boxes.Where(box => box.IsLeaf).GroupBy(box => box.Node.Ends[0].Peer))
        {
            if (region.Lines.Count == 0)
                break;
            var rail = region.Lines.First(line => line.Cable == leaves.First().Node.Ends[0].Cable).Points[0];
            Draw(
                svg,
                rail.X,
                rail.Y + around,
                leaves.Max(box => box.X + box.Width),
                leaves.Max(box => box.Y + box.Height),
                around
            );
        }
        svg.Append("</g>\n");
    }

    private static void Draw(StringBuilder svg, int left, int top, int right, int bottom, int around) =>
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{left - around}\" y=\"{top - around}\" width=\"{right - left + 2 * around}\" height=\"{bottom - top + 2 * around}\" rx=\"{around + 5}\" stroke=\"none\"/>"
        );

    private static void Draw(StringBuilder svg, ChartLine line)
    {
        var rate = line.Cable.Settings.Rate.BitsPerSecond;
        var kind =
            rate >= 10_000_000_000 ? "trunk"
            : rate >= 1_000_000_000 ? "fast"
            : "slow";
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<path class=\"cable {kind}\" d=\"{Way(line.Points)}\"><title>{Escape(line.Cable.ToString())}</title></path>\n"
        );
    }

    private static void DrawLabels(StringBuilder svg, ChartLine line)
    {
        foreach (var label in line.Labels)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"label\" x=\"{label.X}\" y=\"{label.Baseline}\">{Escape(label.Text)}</text>\n"
            );
    }

    private static void Draw(StringBuilder svg, ChartBox box)
    {
        var kind = ClassOf(box.Node);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect class=\"box {kind}\" x=\"{box.X}\" y=\"{box.Y}\" width=\"{box.Width}\" height=\"{box.Height}\" rx=\"{(box.Node is Router ? 12 : 5)}\"/>"
        );
        var (scale, textX) = box.IsLeaf ? (0.72, ChartLayout.LeafTextX) : (1.0, ChartLayout.TextX);
        var (iconX, iconY) = (box.X + textX / 2 + 1, box.Y + box.Height / 2);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<g class=\"icon {kind}-icon\" transform=\"translate({iconX} {iconY}) scale({scale:0.##})\">{NodeIcon.Of(box.Node)}</g>"
        );
        var (name, about) = box.IsLeaf ? (15, 29) : (20, 36);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"{(box.IsLeaf ? "leaf" : "name")}\" x=\"{box.X + textX}\" y=\"{box.Y + name}\">{Escape(box.Node.Name)}</text>"
        );
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text class=\"about\" x=\"{box.X + textX}\" y=\"{box.Y + about}\">{Escape(box.Text)}</text>\n"
        );
    }

    private static string ClassOf(Node node) => node is Router ? "router" : node.GetType().Name.ToLowerInvariant();

    /// <summary>A line with rounded corners.</summary>
    private static string Way(IReadOnlyList<(int X, int Y)> points)
    {
        var way = new StringBuilder();
        way.Append(CultureInfo.InvariantCulture, $"M{points[0].X} {points[0].Y}");
        for (var i = 1; i < points.Count - 1; i++)
        {
            var (before, at, after) = (points[i - 1], points[i], points[i + 1]);
            var round = Math.Min(8, Math.Min(Far(before, at), Far(at, after)) / 2);
            var (enter, leave) = (Toward(at, before, round), Toward(at, after, round));
            way.Append(CultureInfo.InvariantCulture, $"L{enter.X} {enter.Y}Q{at.X} {at.Y} {leave.X} {leave.Y}");
        }
        return way.Append(CultureInfo.InvariantCulture, $"L{points[^1].X} {points[^1].Y}").ToString();
    }

    private static int Far((int X, int Y) a, (int X, int Y) b) => Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y);

    private static (int X, int Y) Toward((int X, int Y) from, (int X, int Y) to, int steps) =>
        (from.X + Math.Sign(to.X - from.X) * steps, from.Y + Math.Sign(to.Y - from.Y) * steps);

    private static string Escape(string text) => SecurityElement.Escape(text);
}

/// <summary>Small drawings around the origin, 24 units wide.</summary>
internal static class NodeIcon
{
    public static string Of(Node node) =>
        node switch
        {
            // Four ways from one place.
            Router =>
                "<circle r=\"11\"/><path d=\"M-7 0h4.5M-4.5 -2l2 2l-2 2M7 0h-4.5M4.5 -2l-2 2l2 2M0 -2.5v-4.5M-2 -5l2 -2l2 2M0 2.5v4.5M-2 5l2 2l2 -2\"/>",
            // In here, out there.
            Switch =>
                "<rect x=\"-12\" y=\"-8\" width=\"24\" height=\"16\" rx=\"3\"/><path d=\"M-7 -3h13M3.5 -5.5l2.5 2.5l-2.5 2.5M7 3h-13M-3.5 0.5l-2.5 2.5l2.5 2.5\"/>",
            Host { Programs.Count: > 0 } =>
                "<rect x=\"-8\" y=\"-11\" width=\"16\" height=\"22\" rx=\"2\"/><path d=\"M-8 -3.7h16M-8 3.7h16M-4 -7.5h0.1M-4 0h0.1M-4 7.5h0.1M0 -7.5h4M0 0h4M0 7.5h4\"/>",
            Host => "<rect x=\"-11\" y=\"-10\" width=\"22\" height=\"15\" rx=\"2\"/><path d=\"M0 5v5M-6 10h12\"/>",
            // What comes in goes out everywhere.
            _ =>
                "<circle r=\"2.5\"/><path d=\"M0 -4v-7M0 4v7M-4 0h-7M4 0h7M-3 -3l-5 -5M3 3l5 5M3 -3l5 -5M-3 3l-5 5\"/>",
        };
}
