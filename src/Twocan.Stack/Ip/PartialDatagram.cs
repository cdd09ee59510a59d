using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A fragment that waits: where its payload belongs, and the packet that brought it.</summary>
internal readonly record struct Fragment(PacketBuffer Packet, FragmentPlace Place)
{
    public int Start => Place.Start;

    public int End => Place.End;

    public bool IsLast => Place.IsLast;

    public ReadOnlySpan<byte> Payload => Packet.Span[Place.HeaderLength..];

    public bool Repeats(in Fragment other) =>
        (Start, End, IsLast) == (other.Start, other.End, other.IsLast) && Payload.SequenceEqual(other.Payload);
}

/// <summary>The fragments of one datagram that have come so far.</summary>
internal sealed class PartialDatagram(FragmentKey key, Instant deadline)
{
    /// <summary>By their place, without overlaps.</summary>
    private readonly List<Fragment> _fragments = [];
    private int _received;

    /// <summary>The payload's length; known from the last fragment on.</summary>
    private int? _length;

    public FragmentKey Key => key;

    public Instant Deadline => deadline;

    /// <summary>The latest fragment's.</summary>
    public EventId Cause { get; private set; }

    /// <summary>Memory that the fragments take.</summary>
    public int Bytes { get; private set; }

    /// <summary>Its fragments contradicted each other; none is taken any more.</summary>
    public bool IsRefused { get; private set; }

    public bool IsWhole => _received == _length;

    /// <summary>Takes a fragment and owns it; or does not. One that contradicts the others ends the datagram.</summary>
    public bool TryAdd(in Fragment fragment, out DropReason reason)
    {
        reason = DropReason.OverlappingFragments;
        if (IsRefused)
            return false;
        // Mostly they come in their order, so the place is looked for from the end.
        var place = _fragments.Count;
        while (place > 0 && _fragments[place - 1].Start >= fragment.Start)
            place--;
        if (place < _fragments.Count && _fragments[place].Repeats(fragment))
        {
            reason = DropReason.DuplicateFragment;
            return false;
        }
        if (Contradicts(fragment, place))
        {
            Discard();
            IsRefused = true;
            return false;
        }
        _fragments.Insert(place, fragment);
        _received += fragment.End - fragment.Start;
        if (fragment.IsLast)
            _length = fragment.End;
        Bytes += fragment.Packet.Capacity;
        Cause = fragment.Packet.Cause;
        if (!IsWhole || _length <= _fragments[0].Place.MostPayload)
            return true;
        // The first fragment's headers are longer than the others', and that makes the whole too long.
        reason = DropReason.BadFragment;
        _fragments.RemoveAt(place);
        Bytes -= fragment.Packet.Capacity;
        Discard();
        IsRefused = true;
        return false;
    }

    /// <summary>The datagram as it was sent, in a buffer of its own.</summary>
    public PacketBuffer Join(PacketPool pool)
    {
        var first = _fragments[0];
        var kept = first.Place.KeptLength;
        var whole = pool.Rent(kept + _length!.Value);
        whole.Cause = Cause;
        whole.Append(first.Packet.Span[..kept]);
        foreach (var fragment in _fragments)
            whole.Append(fragment.Payload);
        first.Place.WriteWhole(whole.Span, first.Packet.Span);
        return whole;
    }

    /// <summary>Hands the first fragment over, if it is there.</summary>
    public PacketBuffer? TakeFirst()
    {
        if (_fragments.Count == 0 || _fragments[0].Start != 0)
            return null;
        var first = _fragments[0].Packet;
        _fragments.RemoveAt(0);
        return first;
    }

    /// <summary>Gives all buffers back.</summary>
    public void Discard()
    {
        foreach (var fragment in _fragments)
            fragment.Packet.Dispose();
        _fragments.Clear();
        Bytes = 0;
    }

    private bool Contradicts(in Fragment fragment, int place) =>
        (place > 0 && _fragments[place - 1].End > fragment.Start)
        || (place < _fragments.Count && _fragments[place].Start < fragment.End)
        // Nothing lies beyond the end, and there is one end only.
        || (fragment.IsLast && (_length is not null || place < _fragments.Count))
        || (!fragment.IsLast && fragment.End >= _length);
}
