using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Twocan.Worlds;

/// <summary>
/// Reads YAML's events into <see cref="ConfigNode"/>s. Below YamlDotNet's object model on purpose: there a key that is
/// written twice ends the reading, and the places are lost.
/// </summary>
internal sealed class YamlReader(string text, Mistakes mistakes)
{
    /// <summary>Deeper than any world; the reader's own stack must not depend on the file.</summary>
    private const int MaxDepth = 32;

    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    private readonly string[] _lines = text.Split('\n');

    /// <summary>The file's only document; null when it is not YAML (which <see cref="Mistakes"/> then tell).</summary>
    public ConfigNode? Read()
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                mistakes.Add(1, 1, "the file is empty: a world has 'hosts:' and 'links:'");
                return null;
            }
            parser.Consume<DocumentStart>();
            var root = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
                mistakes.Add(Line(second), Column(second), "a second document begins here: a file holds one world");
            return root;
        }
        catch (YamlException error)
        {
            Refuse(error.Start, error.InnerException?.Message ?? error.Message);
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner's own slip on some flow mappings that end too early.
            Refuse(parser.Current?.End ?? new Mark(0, 1, 1), "a value is expected here");
            return null;
        }
    }

    private void Refuse(in Mark at, string message)
    {
        // The commonest reason by far, and the one that nobody sees.
        var tab = Array.FindIndex(_lines, line => line.AsSpan(0, line.Length - line.TrimStart().Length).Contains('\t'));
        if (tab >= 0)
            mistakes.Add(
                tab + 1,
                _lines[tab].IndexOf('\t') + 1,
                "this is not YAML: a line is indented with spaces, and here is a tab"
            );
        else
            mistakes.Add((int)at.Line, (int)at.Column, $"this is not YAML: {message}");
    }

    private ConfigNode Node(Parser parser, int depth)
    {
        if (depth > MaxDepth)
            throw new YamlException(parser.Current!.Start, parser.Current.End, "nested too deep");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var known)
                ? known
                : throw new YamlException(alias.Start, alias.End, $"there is no anchor &{alias.Value} before this");
        }
        if (parser.Current is not NodeEvent { Anchor: var anchor })
            throw new YamlException(parser.Current!.Start, parser.Current.End, "a value is expected here");
        var node =
            parser.TryConsume<Scalar>(out var scalar) ? Text(scalar)
            : parser.TryConsume<SequenceStart>(out var sequence) ? List(parser, sequence, depth)
            : Mapping(parser, parser.Consume<MappingStart>(), depth);
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = node;
        return node;
    }

    private ConfigNode Text(Scalar scalar)
    {
        var (line, column) = (Line(scalar), Column(scalar));
        if (scalar.Style is ScalarStyle.Plain && scalar.Value is "" or "~" or "null")
            return new(ConfigKind.Empty, line, column);
        if (scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded))
            return new(ConfigKind.Text, line, column) { Text = scalar.Value };
        // A block's text begins on the next line that is not empty, as far in as that line is.
        var first = line;
        while (first < _lines.Length && string.IsNullOrWhiteSpace(_lines[first]))
            first++;
        var indent = first < _lines.Length ? _lines[first].Length - _lines[first].TrimStart(' ').Length : 0;
        return new(ConfigKind.Text, line, column)
        {
            Text = scalar.Value,
            TextLine = line + 1,
            TextColumn = indent + 1,
        };
    }

    private ConfigNode List(Parser parser, SequenceStart start, int depth)
    {
        var items = new List<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(parser, depth + 1));
        return new(ConfigKind.List, Line(start), Column(start)) { Items = items };
    }

    private ConfigNode Mapping(Parser parser, MappingStart start, int depth)
    {
        var entries = new List<ConfigEntry>();
        var seen = new Dictionary<string, ConfigNode>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(parser, depth + 1);
            var value = Node(parser, depth + 1);
            if (!key.IsText)
                mistakes.Add(key, "a key is a word, not a list or a mapping");
            else if (seen.TryAdd(key.Text, key))
                entries.Add(new(key, value));
            else
                mistakes.Add(
                    key,
                    $"'{key.Text}' stands here a second time: it is in line {seen[key.Text].Line} already"
                );
        }
        return new(ConfigKind.Mapping, Line(start), Column(start)) { Entries = entries };
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;

    private static int Column(ParsingEvent at) => (int)at.Start.Column;
}
