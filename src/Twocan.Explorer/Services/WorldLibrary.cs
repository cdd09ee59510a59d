using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>
/// The worlds that ship, by name; those that are made up, as <see cref="InternetPlan"/> reads their names
/// (<c>internet:1000</c>); and all others by their path.
/// </summary>
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
            : $"the worlds that ship: {string.Join(", ", Names)}; or {InternetPlan.Form}";
        throw new WorldFileException([
            new(nameOrPath, 1, 1, $"there is no such file, and no world of that name; {guess}"),
        ]);
    }

    /// <summary>Throws <see cref="WorldFileException"/> with all that is wrong.</summary>
    public static World Load(string nameOrPath = Default, WorldOptions? options = null)
    {
        if (InternetPlan.TryParse(nameOrPath, out var plan, out var error))
            return World.Generate(plan, WorldServices.Catalog, options);
        return error is null
            ? WorldFile.Load(PathOf(nameOrPath), WorldServices.Catalog, options)
            : throw new WorldFileException([new(nameOrPath, 1, 1, error)]);
    }

    /// <summary>What a world is called in an answer: the path of its file, or the name of what is made up.</summary>
    public static string TitleOf(string nameOrPath) =>
        nameOrPath.StartsWith(InternetPlan.Prefix, StringComparison.Ordinal) ? nameOrPath : PathOf(nameOrPath);

    /// <summary>All that is wrong with a world; nothing, when it can be loaded.</summary>
    public static IReadOnlyList<WorldFileError> Check(string nameOrPath)
    {
        try
        {
            Load(nameOrPath).Dispose();
            return [];
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
