using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

public enum AddressStepKind
{
    /// <summary>Ask the link whether somebody has it.</summary>
    Probe,

    /// <summary>Nobody has it: from now on it is mine.</summary>
    Acquire,

    /// <summary>Tell everybody that it is mine.</summary>
    Announce,

    /// <summary>Its preferred lifetime is over.</summary>
    Deprecate,

    /// <summary>Its valid lifetime is over: it is gone.</summary>
    Expire,
}

/// <summary>What is to be done with an address now.</summary>
public readonly record struct AddressStep(AddressStepKind Kind, LocalAddress Address);

/// <summary>What it means that somebody else speaks as if an address were his.</summary>
public enum ConflictVerdict
{
    NotMine,

    /// <summary>I was only asking, and that is the answer.</summary>
    Taken,

    /// <summary>I have it: I say so once more.</summary>
    Defend,

    /// <summary>I have said so not long ago; two who shout at each other help nobody.</summary>
    Ignore,
}

/// <summary>
/// The addresses of one adapter as a machine, for both families one: told of addresses and of who else claims them, asked for what is
/// to be done, due when that is. An address that is not known to be free is <see cref="AddressState.Tentative"/> until the link
/// was asked and nobody has answered: by duplicate address detection in IPv6 (RFC 4862 §5.4), by conflict detection in IPv4
/// (RFC 5227), which are one idea with two sets of constants.
/// </summary>
public sealed class AddressTable(RandomSource random)
{
    /// <summary>RFC 5227 §1.1, DEFEND_INTERVAL.</summary>
    public static readonly Duration DefendInterval = Duration.FromSeconds(10);

    private readonly List<LocalAddress> _addresses = [];

    public IReadOnlyList<LocalAddress> Addresses => _addresses;

    /// <summary>The same, to be walked without an enumerator to be made.</summary>
    internal List<LocalAddress> All => _addresses;

    public Instant Due
    {
        get
        {
            var due = Instant.Never;
            foreach (var address in _addresses)
                due = Instant.Min(due, DueOf(address));
            return due;
        }
    }

    public LocalAddress? Find(IpAddress address)
    {
        foreach (var mine in _addresses)
        {
            if (mine.Address.Address == address)
                return mine;
        }
        return null;
    }

    /// <param name="detection">How to find out whether it is free; null when it is known to be.</param>
    public LocalAddress Add(
        InterfaceAddress address,
        AddressOrigin origin,
        DetectionSettings? detection,
        Instant now,
        int dadCounter = 0
    )
    {
        var added = new LocalAddress(address, origin) { DadCounter = dadCounter };
        if (detection is null)
        {
            added.State = AddressState.Preferred;
        }
        else
        {
            added.State = AddressState.Tentative;
            added.Detection = detection;
            added.NextAt = now + Between(Duration.Zero, detection.MostDelay);
        }
        _addresses.Add(added);
        return added;
    }

    public bool Remove(LocalAddress address) => _addresses.Remove(address);

    /// <summary>A router gives more time, or less (RFC 4862 §5.5.3 e); who may say so is not judged here.</summary>
    public void SetLifetimes(LocalAddress address, Instant preferredUntil, Instant validUntil, Instant now)
    {
        (address.PreferredUntil, address.ValidUntil) = (preferredUntil, validUntil);
        if (address.State == AddressState.Deprecated && preferredUntil > now)
            address.State = AddressState.Preferred;
    }

    /// <summary>Somebody else has the address, or asks for it at the same time as I do.</summary>
    public ConflictVerdict OnConflict(
        IpAddress address,
        Instant now,
        [NotNullIfNotNull(nameof(mine))] out LocalAddress? mine
    )
    {
        mine = Find(address);
        if (mine is null || mine.State == AddressState.Duplicate)
            return ConflictVerdict.NotMine;
        if (mine.State == AddressState.Tentative)
        {
            (mine.State, mine.NextAt) = (AddressState.Duplicate, Instant.Never);
            return ConflictVerdict.Taken;
        }
        if (mine.DefendedAt != Instant.Never && now - mine.DefendedAt < DefendInterval)
            return ConflictVerdict.Ignore;
        mine.DefendedAt = now;
        return ConflictVerdict.Defend;
    }

    /// <summary>Is there something to be done now?</summary>
    public bool TryStep(Instant now, out AddressStep step)
    {
        for (var i = 0; i < _addresses.Count; i++)
        {
            var address = _addresses[i];
            if (DueOf(address) > now)
                continue;
            step = new(Advance(address, now), address);
            return true;
        }
        step = default;
        return false;
    }

    /// <summary>The one place where time changes an address.</summary>
    private AddressStepKind Advance(LocalAddress address, Instant now)
    {
        if (address.ValidUntil <= now)
        {
            _addresses.Remove(address);
            return AddressStepKind.Expire;
        }
        if (address.NextAt > now)
        {
            address.State = AddressState.Deprecated;
            return AddressStepKind.Deprecate;
        }
        var detection = address.Detection;
        if (address.State != AddressState.Tentative)
        {
            address.AnnouncementsLeft--;
            address.NextAt = address.AnnouncementsLeft > 0 ? now + detection.AnnounceInterval : Instant.Never;
            return AddressStepKind.Announce;
        }
        if (address.Questions < detection.Probes)
        {
            address.Questions++;
            address.NextAt =
                now
                + (
                    address.Questions < detection.Probes
                        ? Between(detection.LeastInterval, detection.MostInterval)
                        : detection.Patience
                );
            return AddressStepKind.Probe;
        }
        address.State = AddressState.Preferred;
        address.AnnouncementsLeft = detection.Announcements;
        address.NextAt = address.AnnouncementsLeft > 0 ? now : Instant.Never;
        return AddressStepKind.Acquire;
    }

    private static Instant DueOf(LocalAddress address) =>
        Instant.Min(
            Instant.Min(address.NextAt, address.ValidUntil),
            address.State == AddressState.Preferred ? address.PreferredUntil : Instant.Never
        );

    private Duration Between(Duration least, Duration most) => least + (most - least) * random.NextDouble();
}
