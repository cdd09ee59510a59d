using Twocan.Core;

namespace Twocan.Worlds;

/// <summary>
/// A capture of a world's cables, as pcapng: a reader of the journal that writes down each frame as it leaves for a
/// cable. Each cable is an interface of the file, by its name; a frame's comment gives its number over all cables and says why it was sent.
/// </summary>
public sealed class Capture : IDisposable
{
    private readonly World _world;
    private readonly PcapngWriter _writer;
    private readonly IDisposable _reading;
    private readonly Dictionary<string, int> _interfaces = new(StringComparer.Ordinal);

    /// <param name="cables">Which cables; null is all of them. Who looks at a connection in one place sees each of its segments once.</param>
    public Capture(World world, Stream stream, IEnumerable<Cable>? cables = null)
    {
        _world = world;
        var journal =
            world.Journal
            ?? throw new ArgumentException("A capture reads the journal: make the world with one.", nameof(world));
        _writer = new(stream);
        foreach (var cable in cables ?? world.Cables)
            _interfaces.Add(
                cable.Name,
                _writer.AddInterface(cable.Name, bitsPerSecond: (ulong)cable.Settings.Rate.BitsPerSecond)
            );
        _reading = journal.Subscribe(OnEntry);
    }

    public long Frames { get; private set; }

    /// <summary>Frames on all cables: the number by which people speak of one.</summary>
    private long _number;

    private void OnEntry(JournalEntry entry)
    {
        if (entry.What is not FrameSent frame)
            return;
        _number++;
        if (!_interfaces.TryGetValue(frame.Link, out var number))
            return;
        Frames++;
        var why = _world
            .Journal!.Causes(entry.Because)
            .FirstOrDefault(static cause => cause.What is not IMediumEvent)
            ?.What.Say(Language.English);
        _writer.Write(
            number,
            _world.Loop.ToDate(Instant.Zero),
            entry.At,
            frame.Bytes.Span,
            why is null ? $"#{_number}" : $"#{_number} {entry.Host} {why}"
        );
    }

    public void Dispose()
    {
        _reading.Dispose();
        _writer.Dispose();
    }
}
