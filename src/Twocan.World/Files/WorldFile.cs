using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>How a world is made of its file.</summary>
public sealed record WorldOptions
{
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether somebody will read the journal.</summary>
    public bool Journal { get; init; }

    /// <summary>Whether its time can be made to go at a pace (<see cref="World.Pacer"/>).</summary>
    public bool Paced { get; init; }

    /// <summary>Null is virtual time; with another, the world follows its clock and not the file's.</summary>
    public LoopDriver? Driver { get; init; }
}

/// <summary>
/// A world as a file: YAML with hosts, routers, hubs, switches, links, services and faults. Paths in it are relative to
/// the file. All its mistakes are told at once, each with its place.
/// </summary>
public static class WorldFile
{
    /// <summary>Throws <see cref="WorldFileException"/> for a file that is not right or cannot be read.</summary>
    public static World Load(string path, ServiceCatalog services, WorldOptions? options = null)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WorldFileException([new(path, 1, 1, $"the file cannot be read: {error.Message}")]);
        }
        return Read(text, path, services, options);
    }

    /// <summary>The same for a text; <paramref name="path"/> is what its mistakes name, and where its paths begin.</summary>
    public static World Read(string text, string path, ServiceCatalog services, WorldOptions? options = null)
    {
        var mistakes = new Mistakes(path);
        if (new YamlReader(text, mistakes).Read() is not { } root)
            throw new WorldFileException(mistakes.All);
        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        var reader = new ConfigReader(root, mistakes, "a world");
        options ??= new();
        var world = new World(options.Seed, reader.Date("clock"), options.Journal, options.Paced, options.Driver);
        var programs = new WorldReader(world, reader, mistakes, services, directory).Read();
        if (mistakes.Any)
        {
            world.Dispose();
            throw new WorldFileException(mistakes.All);
        }
        foreach (var (host, make) in programs)
            host.Run(make);
        world.PlanRoutes();
        return world;
    }

    /// <summary>All that is wrong with a file; nothing, when it can be loaded.</summary>
    public static IReadOnlyList<WorldFileError> Check(string path, ServiceCatalog services)
    {
        try
        {
            Load(path, services).Dispose();
            return [];
        }
        catch (WorldFileException wrong)
        {
            return wrong.Errors;
        }
    }
}
