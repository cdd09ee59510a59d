using System.Numerics;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Routes by the longest prefix, in a path-compressed binary trie over the 128 bits of an address.
/// <para>
/// A node stands for a prefix: one that has routes, or one at which two longer ones part. Below a node stand longer
/// prefixes that begin with it, to the left those whose next bit is 0. A lookup walks down as long as the node's prefix
/// fits the destination, and keeps the last node with routes: some log₂ n steps, and never more than there are bits.
/// </para>
/// </summary>
internal sealed class PrefixTrie
{
    private Node? _root;

    public void Add(in RouteEntry entry)
    {
        var prefix = new Prefix(entry.Subnet);
        ref var place = ref _root;
        while (place is { } node)
        {
            var common = node.Prefix.CommonWith(prefix);
            if (common < node.Prefix.Length)
            {
                // They part within this node's prefix, or the new one ends there: it gets a node above.
                place = Above(node, prefix, common, entry);
                return;
            }
            if (common == prefix.Length)
            {
                node.Routes = [.. node.Routes, entry];
                return;
            }
            place = ref prefix.Bit(common) ? ref node.One : ref node.Zero;
        }
        place = new(prefix) { Routes = [entry] };
    }

    public bool Remove(in RouteEntry entry)
    {
        var prefix = new Prefix(entry.Subnet);
        ref var parent = ref _root;
        ref var place = ref _root;
        while (place is { } node)
        {
            var length = node.Prefix.Length;
            if (node.Prefix.CommonWith(prefix) < length)
                return false;
            if (length == prefix.Length)
                return Remove(entry, ref place, ref parent);
            parent = ref place;
            place = ref prefix.Bit(length) ? ref node.One : ref node.Zero;
        }
        return false;
    }

    public bool TryLookup(IpAddress destination, out RouteEntry entry)
    {
        Node? best = null;
        var node = _root;
        while (node is not null && node.Prefix.Matches(destination))
        {
            if (node.Routes.Length > 0)
                best = node;
            if (node.Prefix.Length == Prefix.Bits)
                break;
            node = Prefix.Bit(destination, node.Prefix.Length) ? node.One : node.Zero;
        }
        entry = best is null ? default : best.Routes[0];
        return best is not null;
    }

    public void ListTo(List<RouteEntry> entries) => List(_root, entries);

    private static Node Above(Node node, in Prefix prefix, int common, in RouteEntry entry)
    {
        var added = new Node(prefix) { Routes = [entry] };
        var upper = common == prefix.Length ? added : new Node(prefix.Cut(common));
        upper.Attach(node);
        if (upper != added)
            upper.Attach(added);
        return upper;
    }

    private static bool Remove(in RouteEntry entry, ref Node? place, ref Node? parent)
    {
        var node = place!;
        var index = Array.IndexOf(node.Routes, entry);
        if (index < 0)
            return false;
        node.Routes = [.. node.Routes[..index], .. node.Routes[(index + 1)..]];
        var above = parent;
        node.Shrink(ref place);
        // A fork that has lost one of its two ways is none any more.
        if (above is not null && above != node)
            above.Shrink(ref parent);
        return true;
    }

    private static void List(Node? node, List<RouteEntry> entries)
    {
        if (node is null)
            return;
        entries.AddRange(node.Routes);
        List(node.Zero, entries);
        List(node.One, entries);
    }

    private sealed class Node(Prefix prefix)
    {
        public readonly Prefix Prefix = prefix;

        /// <summary>In the order in which they were added; none where the prefix is only a fork.</summary>
        public RouteEntry[] Routes = [];
        public Node? Zero;
        public Node? One;

        public void Attach(Node child)
        {
            if (child.Prefix.Bit(Prefix.Length))
                One = child;
            else
                Zero = child;
        }

        /// <summary>A node that is neither a route nor a fork leaves <paramref name="place"/> to what stands below it.</summary>
        public void Shrink(ref Node? place)
        {
            if (Routes.Length == 0 && (Zero is null || One is null))
                place = Zero ?? One;
        }
    }

    /// <summary>The first bits of an address in its 128-bit form.</summary>
    private readonly struct Prefix
    {
        public const int Bits = 128;

        private readonly ulong _high;
        private readonly ulong _low;

        public Prefix(Subnet subnet)
            : this(
                subnet.Network.High,
                subnet.Network.Low,
                subnet.PrefixLength + Bits - subnet.Network.BitLength // an IPv4 address is the last 32 bits
            ) { }

        private Prefix(ulong high, ulong low, int length) => (_high, _low, Length) = (high, low, length);

        public int Length { get; }

        public bool Matches(IpAddress address) =>
            ((address.High ^ _high) & MaskHigh(Length)) == 0 && ((address.Low ^ _low) & MaskLow(Length)) == 0;

        public int CommonWith(in Prefix other)
        {
            var same =
                _high != other._high
                    ? BitOperations.LeadingZeroCount(_high ^ other._high)
                    : 64 + BitOperations.LeadingZeroCount(_low ^ other._low);
            return Math.Min(same, Math.Min(Length, other.Length));
        }

        public Prefix Cut(int length) => new(_high & MaskHigh(length), _low & MaskLow(length), length);

        public bool Bit(int index) => Bit(_high, _low, index);

        public static bool Bit(IpAddress address, int index) => Bit(address.High, address.Low, index);

        private static bool Bit(ulong high, ulong low, int index) =>
            (index < 64 ? high << index : low << (index - 64)) >> 63 != 0;

        private static ulong MaskHigh(int length) =>
            length >= 64 ? ulong.MaxValue
            : length == 0 ? 0
            : ulong.MaxValue << (64 - length);

        private static ulong MaskLow(int length) => length <= 64 ? 0 : ulong.MaxValue << (Bits - length);
    }
}
