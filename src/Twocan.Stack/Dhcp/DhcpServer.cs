using System.Diagnostics.CodeAnalysis;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What a server gives away, on one link.</summary>
/// <param name="Address">The server's own address there, and with it the subnet.</param>
public sealed record DhcpServerSettings(InterfaceAddress Address, IpAddress First, IpAddress Last)
{
    public IReadOnlyList<IpAddress> Routers { get; init; } = [];

    public IReadOnlyList<IpAddress> NameServers { get; init; } = [];

    public string? Domain { get; init; }

    public int? Mtu { get; init; }

    public Duration LeaseTime { get; init; } = Duration.FromSeconds(3600);
}

/// <summary>
/// A DHCP server for one link (RFC 2131 §4.3). Told of messages and of what a probe has found; asked for replies, and for
/// addresses to probe before they are offered. It is never due: leases end by being looked at.
/// </summary>
public sealed class DhcpServer(DhcpServerSettings settings, DhcpLeases? leases = null)
{
    /// <summary>How long an offer is held for who may take it.</summary>
    public static readonly Duration OfferTime = Duration.FromSeconds(60);

    /// <summary>How long an address is left alone that somebody has whom nobody knows.</summary>
    public static readonly Duration TakenTime = Duration.FromSeconds(600);

    /// <summary>Who asks while so many addresses are being probed asks again.</summary>
    public const int MaxProbes = 64;

    private readonly Queue<DhcpTransmission> _replies = new();
    private readonly Queue<IpAddress> _toProbe = new();
    private readonly Dictionary<IpAddress, DhcpMessage> _probed = [];

    public DhcpServerSettings Settings => settings;

    public DhcpLeases Leases { get; } = leases ?? new(settings.First, settings.Last);

    /// <summary>Clients that could be offered nothing, as every address is held.</summary>
    public long Exhausted { get; private set; }

    private IpAddress Self => settings.Address.Address;

    /// <summary>False: no message for a server, or for another one.</summary>
    public bool OnMessage(DhcpMessage message, Instant now)
    {
        // Only this link is served: what a relay brings is of another.
        if (!message.RelayAddress.IsAny || message.Client.IsMulticast || message.Client == MacAddress.Zero)
            return false;
        var server = message.Options.Address(DhcpOption.ServerIdentifier);
        return message.Type switch
        {
            DhcpMessageType.Discover => OnDiscover(message, now),
            DhcpMessageType.Request => OnRequest(message, server, now),
            DhcpMessageType.Decline => server == Self && OnDecline(message, now),
            DhcpMessageType.Release => server == Self && OnRelease(message, now),
            DhcpMessageType.Inform => OnInform(message),
            _ => false,
        };
    }

    /// <summary>Is there an address to look for on the link (§3.1, 2)? Tell <see cref="OnProbed"/>.</summary>
    public bool TryProbe(out IpAddress address) => _toProbe.TryDequeue(out address);

    public void OnProbed(IpAddress address, bool isTaken, Instant now)
    {
        if (!_probed.Remove(address, out var asked))
            return;
        if (isTaken)
        {
            Leases.Taken(address, now + TakenTime);
            // The next one, for the same who asked.
            OnDiscover(asked, now);
            return;
        }
        Offer(asked, address);
    }

    public bool TryReply(out DhcpTransmission reply) => _replies.TryDequeue(out reply);

    private bool OnDiscover(DhcpMessage discover, Instant now)
    {
        var key = discover.ClientKey;
        var own = Leases.Of(key);
        if (own is { State: DhcpBindingState.Offered } && _probed.ContainsKey(own.Address))
            return true;
        var wanted = discover.Options.Address(DhcpOption.RequestedAddress);
        if (!Leases.TryChoose(key, wanted, now, out var address))
        {
            Exhausted++;
            return true;
        }
        var isKnown = own is { State: DhcpBindingState.Bound or DhcpBindingState.Offered } && own.Address == address;
        // An offer does not shorten what somebody has.
        if (own is not { State: DhcpBindingState.Bound } || !own.IsHeld(now))
        {
            if (!isKnown && _probed.Count == MaxProbes)
                return true;
            Leases.Enter(discover, address, DhcpBindingState.Offered, now + OfferTime);
        }
        if (isKnown)
        {
            Offer(discover, address);
            return true;
        }
        _probed[address] = discover;
        _toProbe.Enqueue(address);
        return true;
    }

    /// <summary>§4.3.2: which of four kinds of request it is follows from what it says.</summary>
    private bool OnRequest(DhcpMessage request, IpAddress? server, Instant now)
    {
        var own = Leases.Of(request.ClientKey);
        var requested = request.Options.Address(DhcpOption.RequestedAddress);
        if (server is not null && server != Self)
        {
            // SELECTING, but another one: what was held for this client is free again.
            if (own is { State: DhcpBindingState.Offered })
                Leases.Free(own, now);
            return false;
        }
        var address = requested ?? request.ClientAddress;
        if (address.IsAny)
            return false;
        // What nobody else was given meanwhile is still this client's, also when its time is over.
        if (own?.Address == address && !_probed.ContainsKey(address))
            Acknowledge(request, address, now);
        else if (server == Self || own is not null || !settings.Address.Subnet.Contains(address))
            Refuse(request, "that address is not yours to have here");
        else if (requested is not null && !Leases.IsHeld(address, now))
            return false; // INIT-REBOOT of one of whom nothing is known: §4.3.2 commands silence, there may be other servers.
        else if (Leases.InRange(address) && !Leases.IsHeld(address, now))
            Acknowledge(request, address, now);
        else
            Refuse(request, "somebody else has that address");
        return true;
    }

    private bool OnDecline(DhcpMessage decline, Instant now)
    {
        if (
            decline.Options.Address(DhcpOption.RequestedAddress) is not { } address
            || Leases.Of(decline.ClientKey)?.Address != address
        )
            return false;
        Leases.Taken(address, now + TakenTime);
        return true;
    }

    private bool OnRelease(DhcpMessage release, Instant now)
    {
        if (Leases.Of(release.ClientKey) is not { State: DhcpBindingState.Bound } own)
            return false;
        if (own.Address != release.ClientAddress)
            return false;
        Leases.Free(own, now);
        return true;
    }

    /// <summary>§4.3.5: everything but an address and its time, to an address that may be given from elsewhere.</summary>
    private bool OnInform(DhcpMessage inform)
    {
        if (!settings.Address.Subnet.Contains(inform.ClientAddress))
            return false;
        var reply = Reply(inform, DhcpMessageType.Ack, IpAddress.Any);
        Describe(reply.Options);
        Send(inform, reply);
        return true;
    }

    private void Offer(DhcpMessage discover, IpAddress address)
    {
        var offer = Reply(discover, DhcpMessageType.Offer, address);
        Lend(offer.Options);
        Send(discover, offer);
    }

    private void Acknowledge(DhcpMessage request, IpAddress address, Instant now)
    {
        Leases.Enter(request, address, DhcpBindingState.Bound, now + settings.LeaseTime);
        var ack = Reply(request, DhcpMessageType.Ack, address);
        Lend(ack.Options);
        Send(request, ack);
    }

    private void Refuse(DhcpMessage request, string why)
    {
        var nak = Reply(request, DhcpMessageType.Nak, IpAddress.Any);
        nak.Options.Add(DhcpOption.Message, why);
        // §4.1: who has a wrong address hears only what is for all.
        _replies.Enqueue(new(nak, new(IpAddress.Broadcast, DhcpMessage.ClientPort)));
    }

    private DhcpMessage Reply(DhcpMessage question, DhcpMessageType type, IpAddress address)
    {
        var reply = new DhcpMessage
        {
            Type = type,
            Transaction = question.Transaction,
            Broadcast = question.Broadcast,
            ClientAddress = type == DhcpMessageType.Ack ? question.ClientAddress : IpAddress.Any,
            YourAddress = address,
            Client = question.Client,
        };
        reply.Options.Add(DhcpOption.ServerIdentifier, Self);
        // RFC 6842: who said who he is hears it again.
        if (question.Options.Bytes(DhcpOption.ClientIdentifier) is { Length: <= 64 } identifier)
            reply.Options.Add(DhcpOption.ClientIdentifier, identifier);
        return reply;
    }

    private void Lend(DhcpOptions options)
    {
        var seconds = (uint)settings.LeaseTime.TotalSeconds;
        options.Add(DhcpOption.LeaseTime, seconds);
        options.Add(DhcpOption.RenewalTime, seconds / 2);
        options.Add(DhcpOption.RebindingTime, (uint)(seconds * 7L / 8));
        Describe(options);
    }

    private void Describe(DhcpOptions options)
    {
        options.Add(DhcpOption.SubnetMask, settings.Address.Subnet.Mask);
        options.Add(DhcpOption.BroadcastAddress, settings.Address.Subnet.Last);
        options.Add(DhcpOption.Router, settings.Routers);
        options.Add(DhcpOption.NameServer, settings.NameServers);
        if (settings.Domain is { } domain)
            options.Add(DhcpOption.DomainName, domain);
        if (settings.Mtu is { } mtu)
            options.Add(DhcpOption.InterfaceMtu, (ushort)mtu);
    }

    /// <summary>§4.1: to the address that the client has, if it has one; else to all, as nobody could find it otherwise.</summary>
    private void Send(DhcpMessage question, DhcpMessage reply)
    {
        var to = question.ClientAddress.IsAny ? IpAddress.Broadcast : question.ClientAddress;
        _replies.Enqueue(new(reply, new(to, DhcpMessage.ClientPort)));
    }
}
