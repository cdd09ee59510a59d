using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Twocan.Explorer;

/// <summary>Blocks of a document as HTML. A role becomes a class; <c>#12</c> becomes a link to frame 12.</summary>
internal sealed partial class Markup(int frames)
{
    private readonly StringBuilder _html = new();

    [GeneratedRegex(@"#(\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FrameReference { get; }

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public string Of(IEnumerable<Block> blocks)
    {
        _html.Clear();
        var inList = false;
        foreach (var block in blocks)
        {
            var isItem = block is Paragraph { Marker.Length: > 0 };
            if (isItem != inList)
                _html.Append(isItem ? "<ul>" : "</ul>");
            inList = isItem;
            Append(block);
        }
        if (inList)
            _html.Append("</ul>");
        return _html.ToString();
    }

    public string Of(Text text)
    {
        _html.Clear();
        Append(text);
        return _html.ToString();
    }

    private void Append(Block block)
    {
        switch (block)
        {
            case Paragraph { Marker.Length: > 0 } item:
                Append("li", item.Content);
                break;
            case Paragraph paragraph:
                Append(paragraph.Indent > 0 ? "p class=in" : "p", paragraph.Content);
                break;
            case Verbatim verbatim:
                _html.Append("<pre>");
                foreach (var line in verbatim.Lines)
                {
                    Append(line);
                    _html.Append('\n');
                }
                _html.Append("</pre>");
                break;
            case Table table:
                Append(table);
                break;
            case Tree tree:
                Append(tree.Roots);
                break;
            default:
                throw new ArgumentException($"no markup for {block.GetType().Name}", nameof(block));
        }
    }

    private void Append(string element, Text content)
    {
        _html.Append(CultureInfo.InvariantCulture, $"<{element}>");
        Append(content);
        _html.Append(CultureInfo.InvariantCulture, $"</{element.Split(' ')[0]}>");
    }

    private void Append(Table table)
    {
        // A wide table scrolls by itself, not the page with it.
        _html.Append(table.IsMessage ? "<div class=wide><table class=message>" : "<div class=wide><table>");
        if (table.Columns.Any(static column => column.Title.Length > 0))
        {
            _html.Append("<thead><tr>");
            foreach (var column in table.Columns)
                Append(column.Right ? "th class=right" : "th", column.Title);
            _html.Append("</tr></thead>");
        }
        _html.Append("<tbody>");
        foreach (var row in table.Rows)
        {
            _html.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
            {
                var column = table.Columns[i];
                Append(
                    column.IsDrawn ? "td class=drawn"
                        : column.Right ? "td class=right"
                        : column.Flows ? "td class=flows"
                        : "td",
                    row[i]
                );
            }
            _html.Append("</tr>");
        }
        _html.Append("</tbody></table></div>");
    }

    private void Append(IReadOnlyList<TreeNode> nodes)
    {
        _html.Append("<ul class=tree>");
        foreach (var node in nodes)
        {
            _html.Append("<li>");
            Append(node.Content);
            if (node.Children.Count > 0)
                Append(node.Children);
            _html.Append("</li>");
        }
        _html.Append("</ul>");
    }

    private void Append(Text text)
    {
        foreach (var piece in text.Pieces)
        {
            if (piece.Content.Length == 0)
                continue;
            if (piece.Role == Role.Plain)
            {
                AppendLinked(piece.Content);
                continue;
            }
            _html.Append(CultureInfo.InvariantCulture, $"<span class={piece.Role.ToString().ToLowerInvariant()}>");
            AppendLinked(piece.Content);
            _html.Append("</span>");
        }
    }

    private void AppendLinked(string content)
    {
        var from = 0;
        foreach (var reference in FrameReference.EnumerateMatches(content))
        {
            var shown = content.AsSpan(reference.Index, reference.Length);
            if (
                !int.TryParse(shown[1..], CultureInfo.InvariantCulture, out var number)
                || number < 1
                || number > frames
            )
                continue;
            _html.Append(Escape(content[from..reference.Index]));
            _html.Append(CultureInfo.InvariantCulture, $"<a class=frame href=\"#f{number}\">#{number}</a>");
            from = reference.Index + reference.Length;
        }
        _html.Append(Escape(content[from..]));
    }
}
