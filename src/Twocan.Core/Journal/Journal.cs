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
/// </summary>
public sealed class Journal(EventLoop loop)
{
    private readonly List<JournalEntry> _entries = [];
    private readonly List<Action<JournalEntry>> _readers = [];
    private long _last;

    /// <summary>Keeps the entries in memory, so that causes can be climbed afterwards. A reader that only streams turns it off.</summary>
    public bool Keeps { get; init; } = true;

    public IReadOnlyList<JournalEntry> Entries => _entries;

    /// <summary>The kept entry with this number.</summary>
    public JournalEntry? Find(EventId id) =>
        id.Value > 0 && id.Value <= _entries.Count ? _entries[(int)id.Value - 1] : null;

    /// <summary>From an event up through its causes to the first: the click.</summary>
    public IEnumerable<JournalEntry> Causes(EventId id)
    {
        for (var entry = Find(id); entry is not null; entry = Find(entry.Because))
            yield return entry;
    }

    public void Subscribe(Action<JournalEntry> reader) => _readers.Add(reader);

    public HostJournal For(string host) => new(this, host);

    public EventId Tell<T>(string host, in T what, EventId because)
        where T : struct, IJournalEvent
    {
        var entry = new JournalEntry(new(++_last), loop.Now, host, because, what);
        if (Keeps)
            _entries.Add(entry);
        foreach (var reader in _readers)
            reader(entry);
        return entry.Id;
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
