using Twocan.Core;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>A frame as it leaves a node for a cable.</summary>
/// <param name="Number">Counted over all cables of the world, as captures and journeys do.</param>
public sealed record WatchedFrame(long Number, Instant At, string Cable, string From, string To, Dissection Dissection);

/// <summary>Looks at cables while a world runs: each frame on them is taken apart, and told in one line's worth.</summary>
public sealed class CableWatch : IDisposable
{
    private readonly HashSet<string> _cables;
    private readonly Action<WatchedFrame> _tell;
    private readonly IDisposable _reading;
    private long _number;

    /// <param name="world">A world that keeps a journal.</param>
    public CableWatch(World world, IEnumerable<Cable> cables, Action<WatchedFrame> tell)
    {
        var journal =
            world.Journal
            ?? throw new ArgumentException("A watch reads the journal: make the world with one.", nameof(world));
        _cables = new(cables.Select(cable => cable.Name), StringComparer.Ordinal);
        _tell = tell;
        _reading = journal.Subscribe(OnEntry);
    }

    /// <summary>Frames that were told.</summary>
    public long Frames { get; private set; }

    public void Dispose() => _reading.Dispose();

    private void OnEntry(JournalEntry entry)
    {
        if (entry.What is not FrameSent frame)
            return;
        _number++;
        if (!_cables.Contains(frame.Link))
            return;
        Frames++;
        _tell(new(_number, entry.At, frame.Link, frame.From, frame.To, Dissector.Read(frame.Bytes)));
    }
}
