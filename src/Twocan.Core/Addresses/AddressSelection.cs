using System.Numerics;

namespace Twocan.Core;

/// <summary>An address of one's own, as the choice of a source sees it.</summary>
/// <param name="Prefix">The subnet that it stands in.</param>
/// <param name="IsDeprecated">Its preferred lifetime is over.</param>
/// <param name="IsOnOutgoing">It belongs to the adapter by which the packet leaves.</param>
public readonly record struct SourceCandidate(
    IpAddress Address,
    int Prefix,
    bool IsDeprecated = false,
    bool IsOnOutgoing = true
);

/// <summary>A line of the policy table (RFC 6724 §2.1): a higher precedence is tried first, equal labels belong together.</summary>
public readonly record struct AddressPolicy(Subnet Prefix, int Precedence, int Label);

/// <summary>
/// Which of several addresses is taken (RFC 6724): as the source for a destination, and of a name's addresses, which first.
/// Pure functions; an IPv4 address is one of IPv6 in its mapped form, as it is everywhere in this house.
/// </summary>
public static class AddressSelection
{
    /// <summary>§2.1, the default policy table; the mapped addresses' line stands for IPv4.</summary>
    public static readonly IReadOnlyList<AddressPolicy> DefaultPolicies =
    [
        new(new(IpAddress.Loopback6, 128), 50, 0),
        new(Subnet.AllV4, 35, 4),
        new(new(new(0, 0), 96), 1, 3),
        new(Subnet.Parse("2001::/32"), 5, 5),
        new(Subnet.Parse("2002::/16"), 30, 2),
        new(Subnet.Parse("3ffe::/16"), 1, 12),
        new(Subnet.Parse("fec0::/10"), 1, 11),
        new(Subnet.Parse("fc00::/7"), 3, 13),
        new(new(IpAddress.Any6, 0), 40, 1),
    ];

    /// <summary>
    /// The same for somebody who wants IPv4 wherever there is a choice: what <c>precedence ::ffff:0:0/96 100</c> does in the
    /// <c>/etc/gai.conf</c> of a Linux machine.
    /// </summary>
    public static readonly IReadOnlyList<AddressPolicy> Ipv4First =
    [
        .. DefaultPolicies.Select(static policy =>
            policy.Prefix == Subnet.AllV4 ? policy with { Precedence = 100 } : policy
        ),
    ];

    /// <summary>§3.1 and §3.2: how far an address is known. 2 is the link, 5 the site, 14 the world; of a group it says so itself.</summary>
    public static int ScopeOf(IpAddress address)
    {
        if (address is { IsV4: false, IsMulticast: true })
            return (int)(address.High >> 48) & 15;
        if (address.IsLoopback || address.IsLinkLocal)
            return 2;
        return !address.IsV4 && address.High >> 54 == 0x3FB ? 5 : 14;
    }

    /// <summary>The line of the table with the longest prefix that fits.</summary>
    public static AddressPolicy PolicyOf(IpAddress address, IReadOnlyList<AddressPolicy>? policies = null)
    {
        policies ??= DefaultPolicies;
        AddressPolicy? best = null;
        for (var i = 0; i < policies.Count; i++)
        {
            var policy = policies[i];
            if (policy.Prefix.Contains(address) && !(policy.Prefix.PrefixLength <= best?.Prefix.PrefixLength))
                best = policy;
        }
        return best!.Value;
    }

    /// <summary>§5: the best source for a destination; of equal ones the first. False when there is none at all.</summary>
    public static bool TryChooseSource(
        IpAddress destination,
        ReadOnlySpan<SourceCandidate> candidates,
        out SourceCandidate source
    )
    {
        source = default;
        var isFound = false;
        foreach (var candidate in candidates)
        {
            if (candidate.Address.IsV4 != destination.IsV4)
                continue;
            if (!isFound || IsBetterSource(candidate, source, destination))
                source = candidate;
            isFound = true;
        }
        return isFound;
    }

    /// <summary>§6: brings a name's addresses into the order in which they are to be tried.</summary>
    /// <param name="sources">For each the source that would be used; null when there is no way to it.</param>
    /// <param name="policies">This machine's table; null is the default one.</param>
    public static void SortDestinations(
        Span<IpAddress> destinations,
        Span<SourceCandidate?> sources,
        IReadOnlyList<AddressPolicy>? policies = null
    )
    {
        policies ??= DefaultPolicies;
        // Insertion keeps those that are equally good in the order in which the name server gave them (rule 10).
        for (var i = 1; i < destinations.Length; i++)
        {
            var (destination, source) = (destinations[i], sources[i]);
            var place = i;
            while (
                place > 0
                && IsBetterDestination(destination, source, destinations[place - 1], sources[place - 1], policies)
            )
            {
                (destinations[place], sources[place]) = (destinations[place - 1], sources[place - 1]);
                place--;
            }
            (destinations[place], sources[place]) = (destination, source);
        }
    }

    private static bool IsBetterSource(in SourceCandidate a, in SourceCandidate b, IpAddress destination)
    {
        // Rule 1: the same address.
        if (a.Address == destination || b.Address == destination)
            return a.Address == destination && b.Address != destination;
        // Rule 2: a scope that reaches, and not further than needed.
        var (scopeA, scopeB, wanted) = (ScopeOf(a.Address), ScopeOf(b.Address), ScopeOf(destination));
        if (scopeA != scopeB)
            return scopeA < scopeB ? scopeA >= wanted : scopeB < wanted;
        // Rule 3: not one on its way out.
        if (a.IsDeprecated != b.IsDeprecated)
            return b.IsDeprecated;
        // Rule 5: of the adapter by which it leaves. (There are no home addresses here, rule 4.)
        if (a.IsOnOutgoing != b.IsOnOutgoing)
            return a.IsOnOutgoing;
        // Rule 6: of the same kind as the destination.
        var label = PolicyOf(destination).Label;
        var (matchA, matchB) = (PolicyOf(a.Address).Label == label, PolicyOf(b.Address).Label == label);
        if (matchA != matchB)
            return matchA;
        // Rule 8: the longest prefix in common. (There are no temporary addresses here, rule 7.)
        return CommonBits(a.Address, destination, a.Prefix) > CommonBits(b.Address, destination, b.Prefix);
    }

    private static bool IsBetterDestination(
        IpAddress a,
        in SourceCandidate? sourceOfA,
        IpAddress b,
        in SourceCandidate? sourceOfB,
        IReadOnlyList<AddressPolicy> policies
    )
    {
        // Rule 1: one that can be reached.
        if (sourceOfA is not { } sourceA || sourceOfB is not { } sourceB)
            return sourceOfA is not null && sourceOfB is null;
        // Rule 2: of the same scope as its source.
        var (matchA, matchB) = (ScopeOf(a) == ScopeOf(sourceA.Address), ScopeOf(b) == ScopeOf(sourceB.Address));
        if (matchA != matchB)
            return matchA;
        // Rule 3: not from a source on its way out.
        if (sourceA.IsDeprecated != sourceB.IsDeprecated)
            return sourceB.IsDeprecated;
        // Rule 5: of the same kind as its source.
        var (policyA, policyB) = (PolicyOf(a, policies), PolicyOf(b, policies));
        matchA = policyA.Label == PolicyOf(sourceA.Address, policies).Label;
        matchB = policyB.Label == PolicyOf(sourceB.Address, policies).Label;
        if (matchA != matchB)
            return matchA;
        // Rule 6: of higher precedence.
        if (policyA.Precedence != policyB.Precedence)
            return policyA.Precedence > policyB.Precedence;
        // Rule 8: known less far. (There are no tunnels here, rule 7.)
        if (ScopeOf(a) != ScopeOf(b))
            return ScopeOf(a) < ScopeOf(b);
        // Rule 9: the longest prefix in common with its source, of one family.
        return a.IsV4 == b.IsV4
            && CommonBits(sourceA.Address, a, sourceA.Prefix) > CommonBits(sourceB.Address, b, sourceB.Prefix);
    }

    /// <summary>CommonPrefixLen of §2.2: no further than the source's own prefix, for what comes behind it says nothing.</summary>
    private static int CommonBits(IpAddress source, IpAddress other, int prefix)
    {
        var bits =
            source.High != other.High
                ? BitOperations.LeadingZeroCount(source.High ^ other.High)
                : 64 + BitOperations.LeadingZeroCount(source.Low ^ other.Low);
        return Math.Min(source.IsV4 ? bits - 96 : bits, prefix);
    }
}
