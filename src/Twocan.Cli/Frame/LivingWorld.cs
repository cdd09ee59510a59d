using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>
/// A world that lives on between commands, and who I am in it: what the verbs of a shell find in place of a fresh one.
/// </summary>
internal sealed class LivingWorld : IDisposable
{
    private readonly Capture? _capture;
    private int _readers;

    public LivingWorld(World world, Host me, Capture? capture = null)
    {
        (World, Me, _capture, Jobs) = (world, me, capture, new(world.Loop));
        if (capture is not null)
            ReadJournal();
    }

    public World World { get; }

    /// <summary>The host that I am.</summary>
    public Host Me { get; set; }

    /// <summary>What runs beside the commands, while they run.</summary>
    public Jobs Jobs { get; }

    /// <summary>
    /// The journal keeps what happens until the answer is disposed. When nobody reads it any more it is emptied: a world that
    /// lives long does not grow.
    /// </summary>
    public IDisposable ReadJournal()
    {
        if (_readers++ == 0)
            World.Journal!.Keeps = true;
        return new Reading(this);
    }

    /// <summary>The host of that name; throws what a wrong name deserves.</summary>
    public Host Find(string name) =>
        World.Hosts.FirstOrDefault(host => host.Name == name)
        ?? throw new WrongUsageException(WorldSession.NoSuchHost(name, World));

    /// <summary>The machine of that name, a hub as well as a host.</summary>
    public Node FindMachine(string name)
    {
        var names = World.Nodes.Select(node => node.Name);
        return World.Find(name)
            ?? throw new WrongUsageException(
                $"there is no machine '{name}' in this world; {(Nearest.Guess(name, names) is { } near ? $"did you mean '{near}'?" : $"near to it: {string.Join(", ", Nearest.Of(name, names))}")}"
            );
    }

    /// <summary>Between two commands: a capture of everything needs no causes from before.</summary>
    public void Rest()
    {
        if (_capture is not null && Jobs.Running.Count == 0)
            World.Journal!.Forget();
    }

    public void Dispose()
    {
        World.Dispose();
        _capture?.Dispose();
    }

    private void StopReading()
    {
        if (--_readers > 0)
            return;
        World.Journal!.Keeps = false;
        World.Journal.Forget();
    }

    private sealed class Reading(LivingWorld living) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (_isOver)
                return;
            _isOver = true;
            living.StopReading();
        }
    }
}
