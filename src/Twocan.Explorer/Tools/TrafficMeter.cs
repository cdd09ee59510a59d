using Twocan.Core;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>A conversation of a host with another, and what went each way.</summary>
/// <param name="State">Of a TCP connection that is not forgotten yet.</param>
/// <param name="Out">Octets of data that left in the interval, those that were sent again among them.</param>
/// <param name="In">Octets of data that came in the interval.</param>
public sealed record TrafficRow(
    string Protocol,
    Endpoint Local,
    Endpoint Remote,
    TcpState? State,
    long Out,
    long In,
    long TotalOut,
    long TotalIn
);

/// <summary>What a host has said and heard, conversation by conversation, between one look and the next.</summary>
public sealed class TrafficMeter : IDisposable
{
    /// <summary>Of more conversations only the first are told apart.</summary>
    private const int MaxConversations = 10_000;

    private readonly Host _host;
    private readonly IDisposable _reading;
    private readonly Dictionary<(string, Endpoint, Endpoint), Conversation> _byEnds = [];
    private readonly List<Conversation> _all = [];

    /// <param name="world">A world with a journal.</param>
    public TrafficMeter(World world, Host host)
    {
        var journal =
            world.Journal
            ?? throw new ArgumentException("A meter reads the journal: make the world with one.", nameof(world));
        _host = host;
        _reading = journal.Subscribe(OnEntry);
    }

    /// <summary>Who has said something since the last look, the oldest conversation first.</summary>
    public IReadOnlyList<TrafficRow> Take()
    {
        var rows = new List<TrafficRow>();
        foreach (var one in _all)
        {
            if (!one.IsActive)
                continue;
            rows.Add(
                new(one.Protocol, one.Local, one.Remote, StateOf(one), one.Out, one.In, one.TotalOut, one.TotalIn)
            );
            one.Reset();
        }
        return rows;
    }

    public void Dispose() => _reading.Dispose();

    private TcpState? StateOf(Conversation one) =>
        _host
            .Stack.Tcp.Connections.FirstOrDefault(socket => socket.Local == one.Local && socket.Remote == one.Remote)
            ?.State;

    private void OnEntry(JournalEntry entry)
    {
        if (entry.Host != _host.Name)
            return;
        switch (entry.What)
        {
            case SegmentSent sent:
                Find("tcp", sent.Local, sent.Remote)?.Count(sent.Length, 0);
                break;
            case SegmentReceived received:
                Find("tcp", received.Local, received.Remote)?.Count(0, received.Length);
                break;
            case DatagramSent sent:
                Find("udp", sent.Local, sent.Remote)?.Count(sent.Length, 0);
                break;
            case DatagramReceived received:
                Find("udp", received.Local, received.Remote)?.Count(0, received.Length);
                break;
        }
    }

    private Conversation? Find(string protocol, Endpoint local, Endpoint remote)
    {
        if (_byEnds.TryGetValue((protocol, local, remote), out var known))
            return known;
        if (_all.Count == MaxConversations)
            return null;
        var added = new Conversation(protocol, local, remote);
        _byEnds.Add((protocol, local, remote), added);
        _all.Add(added);
        return added;
    }

    private sealed class Conversation(string protocol, Endpoint local, Endpoint remote)
    {
        public string Protocol => protocol;

        public Endpoint Local => local;

        public Endpoint Remote => remote;

        public long Out { get; private set; }

        public long In { get; private set; }

        public long TotalOut { get; private set; }

        public long TotalIn { get; private set; }

        public bool IsActive { get; private set; }

        public void Count(int sent, int received)
        {
            (Out, In, TotalOut, TotalIn) = (Out + sent, In + received, TotalOut + sent, TotalIn + received);
            IsActive = true;
        }

        public void Reset() => (Out, In, IsActive) = (0, 0, false);
    }
}
