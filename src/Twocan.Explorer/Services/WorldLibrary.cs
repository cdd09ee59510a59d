using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>The worlds that ship, by name, and all others by their path.</summary>
public static class WorldLibrary
{
    /// <summary>The world of every command that is not told another: <c>worlds/cyber.yaml</c>.</summary>
    public const string Default = "cyber";

    private const string Extension = ".yaml";

    /// <summary>The names of the worlds that ship.</summary>
    public static IReadOnlyList<string> Names =>
        [
            .. Directories()
                .SelectMany(directory => Directory.EnumerateFiles(directory, "*" + Extension))
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The file of a world: the path itself where there is such a file, else the world of that name that ships.</summary>
    public static string PathOf(string nameOrPath)
    {
        if (File.Exists(nameOrPath))
            return nameOrPath;
        foreach (var directory in Directories())
        {
            var path = Path.Combine(directory, nameOrPath + Extension);
            if (IsName(nameOrPath) && File.Exists(path))
                return path;
        }
        var guess = Nearest.Guess(nameOrPath, Names) is { } near
            ? $"did you mean '{near}'?"
            : $"the worlds that ship: {string.Join(", ", Names)}";
        throw new WorldFileException([
            new(nameOrPath, 1, 1, $"there is no such file, and no world of that name; {guess}"),
        ]);
    }

    /// <summary>Throws <see cref="WorldFileException"/> with all that is wrong.</summary>
    public static World Load(string nameOrPath = Default, WorldOptions? options = null) =>
        WorldFile.Load(PathOf(nameOrPath), WorldServices.Catalog, options);

    /// <summary>All that is wrong with a world; nothing, when it can be loaded.</summary>
    public static IReadOnlyList<WorldFileError> Check(string nameOrPath)
    {
        try
        {
            return WorldFile.Check(PathOf(nameOrPath), WorldServices.Catalog);
        }
        catch (WorldFileException wrong)
        {
            return wrong.Errors;
        }
    }

    private static bool IsName(string text) => text.Length > 0 && !text.AsSpan().ContainsAny('/', '\\', '.');

    /// <summary>Where worlds may be: as the environment says, beside the program, and above it (in a build tree).</summary>
    private static IEnumerable<string> Directories()
    {
        if (Environment.GetEnvironmentVariable("TWOCAN_WORLDS") is { Length: > 0 } told && Directory.Exists(told))
            yield return told;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var worlds = Path.Combine(at.FullName, "worlds");
            if (File.Exists(Path.Combine(worlds, Default + Extension)))
                yield return worlds;
        }
    }
}
