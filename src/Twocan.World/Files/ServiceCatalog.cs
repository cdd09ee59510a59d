using Twocan.Sockets;

namespace Twocan.Worlds;

/// <summary>
/// The kinds of service that a world file may put on a host, and who makes each. A world does not know name servers or web
/// servers; whoever does, adds them here.
/// </summary>
public sealed class ServiceCatalog
{
    private readonly Dictionary<string, Func<ServiceContext, IProgram?>> _factories = new(StringComparer.Ordinal);
    private readonly List<string> _kinds = [];

    /// <summary>In the order in which they were added.</summary>
    public IReadOnlyList<string> Kinds => _kinds;

    /// <summary>Adds a kind. Its factory answers null when the description is not right, and has then told the mistakes.</summary>
    public ServiceCatalog Add(string kind, Func<ServiceContext, IProgram?> factory)
    {
        _factories.Add(kind, factory);
        _kinds.Add(kind);
        return this;
    }

    internal Func<ServiceContext, IProgram?>? Find(string kind) => _factories.GetValueOrDefault(kind);
}

/// <summary>What a service is made of: the host that it shall run on, and its lines in the world file.</summary>
public sealed class ServiceContext
{
    private readonly Mistakes _mistakes;

    internal ServiceContext(Host host, ConfigNode key, ConfigNode config, string baseDirectory, Mistakes mistakes)
    {
        (Host, Key, Config, BaseDirectory, _mistakes) = (host, key, config, baseDirectory, mistakes);
    }

    public Host Host { get; }

    /// <summary>The service's kind, where it stands.</summary>
    public ConfigNode Key { get; }

    /// <summary>What stands behind the kind.</summary>
    public ConfigNode Config { get; }

    /// <summary>The world file, as mistakes name it.</summary>
    public string FileName => _mistakes.File;

    /// <summary>The directory of the world file: paths are relative to it.</summary>
    public string BaseDirectory { get; }

    public ConfigReader Reader(string what) => new(Config, _mistakes, what);

    /// <summary>A reader for a mapping deeper down.</summary>
    public ConfigReader Reader(ConfigNode node, string what) => new(node, _mistakes, what);

    public void Error(ConfigNode at, string message) => _mistakes.Add(at, message);

    public void Error(int line, int column, string message) => _mistakes.Add(line, column, message);

    /// <summary>A mistake in a file that the world file names.</summary>
    public void Error(string file, int line, int column, string message) => _mistakes.Add(file, line, column, message);

    /// <summary>The whole path of a file that must be there.</summary>
    public string? FilePath(ConfigNode path) => Existing(path, File.Exists, "file");

    /// <summary>The whole path of a directory that must be there.</summary>
    public string? DirectoryPath(ConfigNode path) => Existing(path, Directory.Exists, "directory");

    private string? Existing(ConfigNode path, Func<string, bool> exists, string what)
    {
        if (!path.IsText)
        {
            Error(path, $"the path of a {what} is a text, not {path}");
            return null;
        }
        var whole = Path.GetFullPath(Path.Combine(BaseDirectory, path.Text));
        if (exists(whole))
            return whole;
        Error(path, $"there is no {what} '{path.Text}' beside the world file (looked for {whole})");
        return null;
    }
}
