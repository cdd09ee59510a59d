using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>Finds the TCP connections in the journal, and lays the states of both their sockets beside each other.</summary>
internal sealed class ConnectionReader(JournalIndex journal, Neighbourhood neighbourhood)
{
    private readonly List<Draft> _drafts = [];

    public IReadOnlyList<Connection> Read()
    {
        foreach (var entry in journal.Entries)
            if (entry.What is StateChanged change)
                Take(entry, change);
        return [.. _drafts.Select(Finish)];
    }

    private void Take(JournalEntry entry, in StateChanged change)
    {
        if (change.To == TcpState.SynSent)
            _drafts.Add(new(entry, change.Local, change.Remote));
        var (local, remote) = (change.Local, change.Remote);
        // The newest with these ends: a port may be used again once its connection is gone.
        if (_drafts.FindLast(draft => draft.Local == local && draft.Remote == remote) is { } mine)
            mine.States.Add(new(entry, End.Local, change.From, change.To, $"{change.Why}"));
        else if (Accepting(entry, change) is { } theirs)
            theirs.States.Add(new(entry, End.Remote, change.From, change.To, $"{change.Why}"));
    }

    /// <summary>
    /// The connection whose accepted end this is. It began with somebody's SYN, which is found by the causes: a router on
    /// the way may have put another address in the caller's place, so the ends need not have the same names at both ends.
    /// </summary>
    private Draft? Accepting(JournalEntry entry, StateChanged change)
    {
        if (change.To != TcpState.SynReceived)
            return _drafts.FindLast(draft => draft.Accepted == (change.Local, change.Remote));
        foreach (var cause in journal.Climb(entry))
        {
            if (cause.What is not SegmentSent sent || (cause.Host == entry.Host && sent.Local == change.Local))
                continue;
            var caller = _drafts.FindLast(draft =>
                draft.Began.Host == cause.Host && draft.Local == sent.Local && draft.Remote == sent.Remote
            );
            caller?.Accepted = (change.Local, change.Remote);
            return caller;
        }
        return null;
    }

    private Connection Finish(Draft draft)
    {
        var connect = journal
            .Climb(draft.Began)
            .FirstOrDefault(static entry => entry.What is SocketCalled { Call: "connect" });
        var open = draft.States.FindIndex(static step => step is { End: End.Local, To: TcpState.Established });
        var isClosed = draft.States.Count > 0 && Ends(draft).All(end => LastState(draft, end) == TcpState.Closed);
        return new(
            draft.Local,
            draft.Remote,
            draft.Began.Host,
            draft.States.Find(static step => step.End == End.Remote).Entry?.Host
                ?? neighbourhood.HostAt(draft.Remote.Address),
            connect?.What is SocketCalled call ? call.Descriptor : null,
            draft.Began,
            open < 0 ? null : draft.States[open].At,
            isClosed ? draft.States[^1].At : null,
            draft.States
        )
        {
            Accepted = draft.Accepted,
        };
    }

    private static IEnumerable<End> Ends(Draft draft) => draft.States.Select(static step => step.End).Distinct();

    private static TcpState LastState(Draft draft, End end) => draft.States.FindLast(step => step.End == end).To;

    private sealed record Draft(JournalEntry Began, Endpoint Local, Endpoint Remote)
    {
        public List<StateStep> States { get; } = [];

        /// <summary>The ends as the one who accepted names them.</summary>
        public (Endpoint Local, Endpoint Remote)? Accepted { get; set; }
    }
}
