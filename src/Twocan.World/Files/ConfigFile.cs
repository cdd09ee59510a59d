namespace Twocan.Worlds;

/// <summary>A file in the form of world files that describes something else: read as they are, with the places of its mistakes.</summary>
public static class ConfigFile
{
    /// <summary>Null when it is not such a file at all, which the mistakes then tell.</summary>
    public static ConfigNode? Read(string text, Mistakes mistakes) => new YamlReader(text, mistakes).Read();
}
