namespace Twocan.Explorer;

/// <summary>A part of a chapter.</summary>
public abstract record Block;

/// <summary>Sentences that flow to the width of the terminal; <paramref name="Marker"/> hangs in front of the first line.</summary>
public sealed record Paragraph(Text Content, string Marker = "", int Indent = 0) : Block;

/// <summary>Lines that stand as they are: a message, a dump.</summary>
public sealed record Verbatim(IReadOnlyList<Text> Lines) : Block;

/// <summary>A column; the one that <paramref name="Flows"/> takes what width is left and wraps.</summary>
public readonly record struct Column(string Title, bool Right = false, bool Flows = false)
{
    /// <summary>Its cells are drawn with signs, all of one width, and the spaces among them count.</summary>
    public bool IsDrawn { get; init; }
}

public sealed record Table(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Text>> Rows) : Block
{
    /// <summary>Its first column is a message, a line in each row, and the second says what the line means.</summary>
    public bool IsMessage { get; init; }
}

public sealed record TreeNode(Text Content, IReadOnlyList<TreeNode> Children);

public sealed record Tree(IReadOnlyList<TreeNode> Roots) : Block;

/// <summary>A part of the story. <paramref name="Id"/> is the same in each language.</summary>
public sealed record Chapter(string Id, Text Title, IReadOnlyList<Block> Blocks);

/// <summary>What a command tells a person: a title and chapters, without a thought of colour or width.</summary>
public sealed record Document(Text Title, IReadOnlyList<Block> Opening, IReadOnlyList<Chapter> Chapters);
