using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Cli;

/// <summary>
/// A world that lives on between commands, and who I am in it: what the verbs of a shell find in place of a fresh one.
/// </summary>
internal sealed class LivingWorld(World world, Host me) : IDisposable
{
    private int _readers;

    public World World => world;

    /// <summary>The host that I am.</summary>
    public Host Me { get; set; } = me;

    /// <summary>
    /// The journal keeps what happens until the answer is disposed. When nobody reads it any more it is emptied: a world that
    /// lives long does not grow.
    /// </summary>
    public IDisposable ReadJournal()
    {
        if (_readers++ == 0)
            world.Journal!.Keeps = true;
        return new Reading(this);
    }

    public void Dispose() => world.Dispose();

    private void StopReading()
    {
        if (--_readers > 0)
            return;
        world.Journal!.Keeps = false;
        world.Journal.Forget();
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
