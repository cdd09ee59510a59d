using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A datagram that will not become whole. Who takes it owns <see cref="First"/>, the fragment that tells whose it was, if that came.</summary>
public readonly record struct LostDatagram(DropReason Reason, PacketBuffer? First, EventId Cause);

/// <summary>
/// Puts fragments of both families together again (RFC 791 §3.2, RFC 815, RFC 8200 §4.5), at the host that they are for.
/// <para>
/// Theory of operation. A datagram in the making is a list of fragments by their offset; each keeps the buffer that it came
/// in. It is whole when the end is known and the lengths add up to it: they cannot overlap, for a fragment that overlaps
/// another ends the datagram (RFC 5722: no honest sender makes one, and each host reads them its own way; a true copy may pass).
/// What has been ended so is remembered without its bytes until its time is over, so that the rest of its fragments do not
/// begin it anew.
/// </para>
/// <para>
/// What must hold: never more memory than <see cref="MaxBytes"/> in all and <see cref="MaxBytesEach"/> for one source, as
/// buffers are really large; the oldest datagram makes room for the latest. All datagrams live equally long, so that the
/// oldest is always the next that is due. Fragments that could hide a TCP header from those who look at packets one by
/// one (RFC 1858, RFC 3128) are refused.
/// </para>
/// </summary>
public sealed class Reassembly(PacketPool pool)
{
    /// <summary>RFC 791 suggests 15 s, RFC 1122 §3.3.2 and RFC 8200 §4.5 60; what is not there after 30 has been lost.</summary>
    public static readonly Duration Patience = Duration.FromSeconds(30);

    /// <summary>What a datagram takes beside its buffers.</summary>
    private const int Overhead = 256;

    private readonly Dictionary<FragmentKey, LinkedListNode<PartialDatagram>> _datagrams = [];

    /// <summary>The same, oldest first.</summary>
    private readonly LinkedList<PartialDatagram> _byAge = new();
    private readonly Dictionary<IpAddress, int> _bytesOf = [];
    private readonly Queue<LostDatagram> _lost = new();
    private PacketBuffer? _whole;

    public int MaxBytes { get; init; } = 4 << 20;

    public int MaxBytesEach { get; init; } = 1 << 20;

    public int Bytes { get; private set; }

    /// <summary>Datagrams that wait for the rest.</summary>
    public int Count => _datagrams.Count;

    public Instant Due => _byAge.First?.Value.Deadline ?? Instant.Never;

    /// <summary>
    /// Takes a fragment, whose header is known to be sound, and owns it from now on; or says why not, and does not.
    /// Afterwards there may be something to take.
    /// </summary>
    public bool TryAdd(PacketBuffer packet, Instant now, out DropReason reason)
    {
        Expire(now);
        if (!FragmentPlace.TryRead(packet.Span, out var place, out reason))
            return false;
        var key = place.Key;
        if (!_datagrams.TryGetValue(key, out var node))
            node = Begin(key, now);
        var datagram = node.Value;
        var before = datagram.Bytes;
        var isAdded = datagram.TryAdd(new(packet, place), out reason);
        Charge(key.Source, datagram.Bytes - before);
        if (isAdded && datagram.IsWhole)
            Complete(node);
        else
            MakeRoom(key.Source);
        return isAdded;
    }

    /// <summary>The datagram that the last fragment has completed.</summary>
    public bool TryTakeWhole([NotNullWhen(true)] out PacketBuffer? whole)
    {
        (whole, _whole) = (_whole, null);
        return whole is not null;
    }

    public bool TryTakeLost(Instant now, out LostDatagram lost)
    {
        Expire(now);
        return _lost.TryDequeue(out lost);
    }

    private LinkedListNode<PartialDatagram> Begin(in FragmentKey key, Instant now)
    {
        var node = _byAge.AddLast(new PartialDatagram(key, now + Patience));
        _datagrams.Add(key, node);
        Charge(key.Source, Overhead);
        return node;
    }

    private void Complete(LinkedListNode<PartialDatagram> node)
    {
        _whole = node.Value.Join(pool);
        Forget(node);
    }

    private void Expire(Instant now)
    {
        while (_byAge.First is { } oldest && oldest.Value.Deadline <= now)
            Lose(oldest, DropReason.ReassemblyTimedOut);
    }

    private void MakeRoom(IpAddress source)
    {
        while (_bytesOf[source] > MaxBytesEach)
        {
            var oldest = _byAge.First!;
            while (oldest.Value.Key.Source != source)
                oldest = oldest.Next!;
            Lose(oldest, DropReason.ReassemblyFull);
            if (!_bytesOf.ContainsKey(source))
                break;
        }
        while (Bytes > MaxBytes)
            Lose(_byAge.First!, DropReason.ReassemblyFull);
    }

    /// <summary>What was ended by an overlap has been told already.</summary>
    private void Lose(LinkedListNode<PartialDatagram> node, DropReason reason)
    {
        var datagram = node.Value;
        if (!datagram.IsRefused)
            _lost.Enqueue(new(reason, datagram.TakeFirst(), datagram.Cause));
        Forget(node);
    }

    private void Forget(LinkedListNode<PartialDatagram> node)
    {
        var datagram = node.Value;
        Charge(datagram.Key.Source, -datagram.Bytes - Overhead);
        datagram.Discard();
        _byAge.Remove(node);
        _datagrams.Remove(datagram.Key);
    }

    private void Charge(IpAddress source, int bytes)
    {
        Bytes += bytes;
        var ofSource = _bytesOf.GetValueOrDefault(source) + bytes;
        if (ofSource == 0)
            _bytesOf.Remove(source);
        else
            _bytesOf[source] = ofSource;
    }
}
