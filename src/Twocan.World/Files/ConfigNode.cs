namespace Twocan.Worlds;

public enum ConfigKind
{
    /// <summary>Nothing stands behind the key.</summary>
    Empty,
    Text,
    List,
    Mapping,
}

/// <summary>A value in a world file, and where it stands (lines and columns count from 1).</summary>
public sealed class ConfigNode
{
    internal ConfigNode(ConfigKind kind, int line, int column)
    {
        Kind = kind;
        (Line, Column) = (line, column);
        (TextLine, TextColumn) = (line, column);
    }

    public ConfigKind Kind { get; }

    public int Line { get; }

    public int Column { get; }

    /// <summary>What a text says; empty for anything else.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>Where the first character of a text of several lines stands: below the <c>|</c> that begins it.</summary>
    public int TextLine { get; internal init; }

    public int TextColumn { get; internal init; }

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<ConfigNode> Items { get; internal init; } = [];

    /// <summary>The lines of a mapping, in the order of the file.</summary>
    public IReadOnlyList<ConfigEntry> Entries { get; internal init; } = [];

    public bool IsText => Kind == ConfigKind.Text;

    public ConfigNode? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.Key.Text == key)
                    return entry.Value;
            }
            return null;
        }
    }

    public override string ToString() =>
        Kind switch
        {
            ConfigKind.Text => $"'{Text}'",
            ConfigKind.List => $"a list of {Items.Count}",
            ConfigKind.Mapping => $"a mapping of {Entries.Count}",
            _ => "nothing",
        };
}

/// <summary>A line of a mapping: its key and what stands behind it.</summary>
public readonly record struct ConfigEntry(ConfigNode Key, ConfigNode Value);
