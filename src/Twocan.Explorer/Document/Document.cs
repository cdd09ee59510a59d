namespace Twocan.Explorer;

/// <summary>A part of a chapter.</summary>
public abstract record Block;

/// <summary>Sentences that flow to the width of the terminal; <paramref name="Marker"/> hangs in front of the first line.</summary>
public sealed record Paragraph(Text Content, string Marker = "", int Indent = 0) : Block;

/// <summary>Lines that stand as they are: a message, a dump.</summary>
public sealed record Verbatim(IReadOnlyList<Text> Lines) : Block;

/// <summary>A column; the one that <paramref name="Flows"/> takes what width is left and wraps.</summary>
public readonly record struct Column(string Title, bool Right = false, bool Flows = false);

public sealed record Table(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Text>> Rows) : Block;

public sealed record TreeNode(Text Content, IReadOnlyList<TreeNode> Children);

public sealed record Tree(IReadOnlyList<TreeNode> Roots) : Block;

/// <summary>A part of the story. <paramref name="Id"/> is the same in each language.</summary>
public sealed record Chapter(string Id, Text Title, IReadOnlyList<Block> Blocks);

/// <summary>What a command tells a person: a title and chapters, without a thought of colour or width.</summary>
public sealed record Document(Text Title, IReadOnlyList<Block> Opening, IReadOnlyList<Chapter> Chapters);
