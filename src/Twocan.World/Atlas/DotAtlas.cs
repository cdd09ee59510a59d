using System.Globalization;
using System.Text;

namespace Twocan.Worlds;

/// <summary>A world as source for Graphviz.</summary>
public static class DotAtlas
{
    public static string Write(World world)
    {
        ArgumentNullException.ThrowIfNull(world);
        var dot = new StringBuilder();
        dot.Append("graph world {\n");
        dot.Append("  layout=neato; overlap=false; splines=true;\n");
        dot.Append("  node [fontname=\"Noto Sans, Noto Sans CJK KR, sans-serif\", fontsize=11, style=filled];\n");
        dot.Append("  edge [fontname=\"Noto Sans, Noto Sans CJK KR, sans-serif\", fontsize=9, color=\"#6b7785\"];\n");
        foreach (var node in world.Nodes)
            dot.Append(
                CultureInfo.InvariantCulture,
                $"  {Quoted(node.Name)} [label={Quoted(string.Join("\\n", LabelOf(node)))}, {LookOf(node)}];\n"
            );
        foreach (var cable in world.Cables)
            dot.Append(
                CultureInfo.InvariantCulture,
                $"  {Quoted(cable.A.Name)} -- {Quoted(cable.B.Name)} [{LabelOf(cable)}={Quoted(Branch.Short(cable))}];\n"
            );
        return dot.Append("}\n").ToString();
    }

    private static IEnumerable<string> LabelOf(Node node) =>
        node is Host host ? [host.Name, .. host.GlobalAddresses.Select(address => address.ToString())] : [node.Name];

    /// <summary>Where there are many alike, to the computers, the words would cover the picture.</summary>
    private static string LabelOf(Cable cable) =>
        cable.A.Ends.Count > 1 && cable.B.Ends.Count > 1 ? "label" : "tooltip";

    private static string LookOf(Node node) =>
        node switch
        {
            Router => "shape=ellipse, fillcolor=\"#e3edfb\", color=\"#3d74b8\"",
            Switch => "shape=box, fillcolor=\"#e2f3e8\", color=\"#2f8a57\"",
            Host => "shape=box, fillcolor=\"#ffffff\", color=\"#8c98a4\"",
            _ => "shape=diamond, fillcolor=\"#fdeedb\", color=\"#c27a1e\"",
        };

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
