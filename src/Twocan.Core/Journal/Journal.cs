namespace Twocan.Core;

/// <summary>The number of an event in the journal; also the cause that another event or a packet points back to. Zero is 'no cause'.</summary>
public readonly record struct EventId(long Value)
{
    public static readonly EventId None;

    public bool IsNone => Value == 0;

    public override string ToString() => $"#{Value}";
}

/// <summary>Where in the house an event happened, from the cable up.</summary>
public enum Layer
{
    Wire,
    Ethernet,
    Arp,
    Ip,
    Icmp,
    Udp,
    Tcp,
    Socket,
    Dhcp,
    Dns,
    Http,
    Proxy,
    Browser,
}

/// <summary>The languages that a learner may read on screen.</summary>
public enum Language
{
    English,
    Korean,
}

/// <summary>Something that happened: a small <c>readonly record struct</c> that can say itself as a sentence.</summary>
public interface IJournalEvent
{
    Layer Layer { get; }

    /// <summary>A sentence (no full stop) as a person would say it.</summary>
    string Say(Language language);
}

/// <summary>An event with its time, its host and the event that led to it.</summary>
public sealed record JournalEntry(EventId Id, Instant At, string Host, EventId Because, IJournalEvent What);

/// <summary>
/// Everything that happened in a world, in order, each with its cause. Off is <c>null</c>: <c>host.Journal?.Tell(…)</c>
/// then costs a null check. Readers (terminal, JSON, pcapng) subscribe; nothing else hooks into a layer.
/// <para>A world that lives long keeps its entries only while somebody reads them: <see cref="Keeps"/>, <see cref="Forget"/>.</para>
/// </summary>
public sealed class Journal(EventLoop loop)
{
    private readonly List<JournalEntry> _entries = [];
    private readonly List<Action<JournalEntry>> _readers = [];
    private long _last;
    private bool _keeps = true;

    /// <summary>
    /// Keeps the entries in memory, so that causes can be climbed afterwards. A reader that only streams turns it off.
    /// Switched on again, it begins anew: what is kept has no gaps.
    /// </summary>
    public bool Keeps
    {
        get => _keeps;
        set
        {
            if (value && !_keeps)
                Forget();
            _keeps = value;
        }
    }

    /// <summary>What is kept, in order, numbered without a gap.</summary>
    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>The kept entry with this number.</summary>
    public JournalEntry? Find(EventId id) =>
        _entries.Count > 0 && id.Value - _entries[0].Id.Value is >= 0 and var place && place < _entries.Count
            ? _entries[(int)place]
            : null;

    /// <summary>Lets go of all that is kept. Numbers go on: a cause from before is then one that nobody knows any more.</summary>
    public void Forget() => _entries.Clear();

    /// <summary>From an event up through its causes to the first: the click.</summary>
    public IEnumerable<JournalEntry> Causes(EventId id)
    {
        for (var entry = Find(id); entry is not null; entry = Find(entry.Because))
            yield return entry;
    }

    /// <summary>Tells a reader every entry from now on, until the answer is disposed.</summary>
    public IDisposable Subscribe(Action<JournalEntry> reader)
    {
        _readers.Add(reader);
        return new Subscription(this, reader);
    }

    public HostJournal For(string host) => new(this, host);

    public EventId Tell<T>(string host, in T what, EventId because)
        where T : struct, IJournalEvent
    {
        var id = new EventId(++_last);
        if (!_keeps && _readers.Count == 0)
            return id;
        var entry = new JournalEntry(id, loop.Now, host, because, what);
        if (_keeps)
            _entries.Add(entry);
        foreach (var reader in _readers)
            reader(entry);
        return id;
    }

    private sealed class Subscription(Journal journal, Action<JournalEntry> reader) : IDisposable
    {
        public void Dispose() => journal._readers.Remove(reader);
    }
}

/// <summary>The journal as one host writes it.</summary>
public sealed class HostJournal(Journal journal, string host)
{
    private bool _isSilent;

    public Journal Journal => journal;

    public string Host => host;

    /// <summary>From now on nothing that this one tells is written down: what it spoke for is dead.</summary>
    public void Silence() => _isSilent = true;

    /// <summary>Writes down what happened and answers its number, for the events and packets that follow from it.</summary>
    public EventId Tell<T>(in T what, EventId because = default)
        where T : struct, IJournalEvent => _isSilent ? because : journal.Tell(host, what, because);
}
