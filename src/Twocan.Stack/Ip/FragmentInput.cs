using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Fragments that come in for a host: drives its <see cref="Reassembly"/>, with one timer, set only while something waits.</summary>
internal sealed class FragmentInput
{
    private readonly ProtocolStack _stack;
    private readonly LoopTimer _timer;

    public FragmentInput(ProtocolStack stack)
    {
        _stack = stack;
        _timer = stack.Loop.CreateTimer(Run);
        Reassembly = new(stack.Loop.Packets);
    }

    public Reassembly Reassembly { get; }

    /// <summary>Owns the fragment from now on. True when it was the last that was missing: who asks owns the whole.</summary>
    public bool TryComplete(PacketBuffer fragment, [NotNullWhen(true)] out PacketBuffer? whole)
    {
        _stack.Counters.FragmentsReceived++;
        fragment.Cause = Tell(fragment);
        var identification = _stack.Journal is null ? 0 : FragmentPlace.IdentificationOf(fragment.Span);
        if (!Reassembly.TryAdd(fragment, _stack.Loop.Now, out var reason))
        {
            _stack.Drop(Layer.Ip, reason, fragment.Cause);
            fragment.Dispose();
        }
        var isWhole = Reassembly.TryTakeWhole(out whole);
        if (isWhole)
        {
            _stack.Counters.DatagramsReassembled++;
            whole!.Cause = TellWhole(whole, identification);
        }
        Run();
        return isWhole;
    }

    private void Run()
    {
        while (Reassembly.TryTakeLost(_stack.Loop.Now, out var lost))
            OnLost(lost);
        if (_timer.Due != Reassembly.Due)
            _timer.Set(Reassembly.Due);
    }

    /// <summary>RFC 792: the sender learns that time was up, if its first fragment came; of a full table it learns nothing.</summary>
    private void OnLost(in LostDatagram lost)
    {
        var dropped = _stack.Drop(Layer.Ip, lost.Reason, lost.Cause);
        if (lost.First is not { } first)
            return;
        if (lost.Reason == DropReason.ReassemblyTimedOut)
            _stack.Icmp.SendError(first.Span, IcmpProblem.ReassemblyTimedOut, dropped);
        first.Dispose();
    }

    private EventId Tell(PacketBuffer fragment)
    {
        if (_stack.Journal is not { } journal)
            return fragment.Cause;
        // A fragment that cannot be one is refused right after this.
        FragmentPlace.TryRead(fragment.Span, out var place, out _);
        var (source, destination) = Ip.EndsOf(fragment.Span);
        return journal.Tell(
            new FragmentReceived(
                source,
                destination,
                place.Key.Identification,
                place.Start,
                place.End - place.Start,
                place.IsLast
            ),
            fragment.Cause
        );
    }

    private EventId TellWhole(PacketBuffer whole, uint identification)
    {
        if (_stack.Journal is not { } journal)
            return whole.Cause;
        var (source, destination) = Ip.EndsOf(whole.Span);
        return journal.Tell(new PacketReassembled(source, destination, identification, whole.Length), whole.Cause);
    }
}
