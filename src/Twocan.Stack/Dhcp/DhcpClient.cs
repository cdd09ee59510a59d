using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The states of RFC 2131, figure 5; the check of an address before it is used (§4.4.1); and INFORM.</summary>
public enum DhcpClientState
{
    Off,
    Init,
    Selecting,
    Requesting,
    Rebooting,
    Checking,
    Bound,
    Renewing,
    Rebinding,
    Informing,
}

/// <summary>A message that is to leave, and where to.</summary>
public readonly record struct DhcpTransmission(DhcpMessage Message, Endpoint To);

/// <summary>
/// One adapter's way to an address (RFC 2131 §4.4). It is told of what servers say and of whether somebody has the address
/// already; asked for messages to send; and due when it wants to be asked again. It sends nothing and sets nothing itself.
/// </summary>
public sealed class DhcpClient(MacAddress mac, RandomSource random, string? hostName = null)
{
    private const int MaxRequests = 4;
    private static readonly Duration FirstWait = Duration.FromSeconds(4);
    private static readonly Duration LongestWait = Duration.FromSeconds(64);
    private static readonly Duration LeastRenewWait = Duration.FromSeconds(60);

    /// <summary>§3.1, 5: so long after an address that was taken, or a refusal, so that a server that never learns is not flooded.</summary>
    private static readonly Duration AfterRefusal = Duration.FromSeconds(10);

    private static readonly Endpoint Everybody = new(IpAddress.Broadcast, DhcpMessage.ServerPort);

    private static readonly byte[] Wanted =
    [
        (byte)DhcpOption.SubnetMask,
        (byte)DhcpOption.Router,
        (byte)DhcpOption.NameServer,
        (byte)DhcpOption.DomainName,
        (byte)DhcpOption.InterfaceMtu,
        (byte)DhcpOption.RenewalTime,
        (byte)DhcpOption.RebindingTime,
    ];

    /// <summary>Said once, and never again: DECLINE and RELEASE.</summary>
    private readonly Queue<DhcpTransmission> _parting = new();
    private uint _transaction;
    private int _attempts;
    private Instant _began;
    private Instant _askedAt;
    private Instant _again = Instant.Never;
    private ushort _seconds;

    /// <summary>What was offered or confirmed, or what was ours before, or what is ours.</summary>
    private DhcpLease? _lease;
    private IpAddress _informed = IpAddress.Any;

    public DhcpClientState State { get; private set; }

    /// <summary>What may be used now; null without.</summary>
    public DhcpLease? Lease => HasLease ? _lease : null;

    /// <summary>What INFORM has brought.</summary>
    public DhcpOptions? Informed { get; private set; }

    /// <summary>The address to be looked for on the link before it is used; <see cref="OnChecked"/> wants to know.</summary>
    public IpAddress? ToCheck => State == DhcpClientState.Checking ? _lease!.Address.Address : null;

    public Instant Due => _parting.Count > 0 ? Instant.Zero : Instant.Min(_again, NextOfLease);

    private bool HasLease => State is DhcpClientState.Bound or DhcpClientState.Renewing or DhcpClientState.Rebinding;

    private Instant NextOfLease =>
        State switch
        {
            DhcpClientState.Bound => _lease!.RenewAt,
            DhcpClientState.Renewing => _lease!.RebindAt,
            DhcpClientState.Rebinding => _lease!.Ends,
            _ => Instant.Never,
        };

    /// <summary>Begins, perhaps with the lease that this adapter had before it was switched off (INIT-REBOOT).</summary>
    public void Start(Instant now, DhcpLease? before = null)
    {
        _began = now;
        _lease = before is not null && before.Ends > now ? before : null;
        Enter(_lease is null ? DhcpClientState.Init : DhcpClientState.Rebooting, now);
    }

    /// <summary>Asks what else there is to know for somebody who has an address (§3.4).</summary>
    public void Inform(IpAddress address, Instant now)
    {
        (_began, _informed) = (now, address);
        Enter(DhcpClientState.Informing, now);
    }

    /// <summary>Asks for more time before its time has come.</summary>
    public void Renew(Instant now)
    {
        if (State == DhcpClientState.Bound)
            Enter(DhcpClientState.Renewing, now);
    }

    /// <summary>Gives the address back.</summary>
    public void Release(Instant now)
    {
        if (Lease is { } lease)
        {
            _transaction = random.NextUInt32();
            var message = Make(DhcpMessageType.Release, lease.Address.Address);
            message.Options.Add(DhcpOption.ServerIdentifier, lease.Server);
            _parting.Enqueue(new(message, new(lease.Server, DhcpMessage.ServerPort)));
        }
        _lease = null;
        Enter(DhcpClientState.Off, Instant.Never);
    }

    /// <summary>False: it is for somebody else, or no answer to what was asked.</summary>
    public bool OnMessage(DhcpMessage message, Instant now)
    {
        if (message.Transaction != _transaction || message.Client != mac)
            return false;
        return message.Type switch
        {
            DhcpMessageType.Offer => State == DhcpClientState.Selecting && OnOffer(message, now),
            DhcpMessageType.Ack when State == DhcpClientState.Informing => OnInformed(message),
            DhcpMessageType.Ack => IsRequesting && OnAck(message, now),
            DhcpMessageType.Nak => IsRequesting && OnNak(message, now),
            _ => false,
        };
    }

    /// <summary>Somebody on the link has the address, or nobody has answered for it.</summary>
    public void OnChecked(bool isTaken, Instant now)
    {
        if (State != DhcpClientState.Checking)
            return;
        if (!isTaken)
        {
            Enter(DhcpClientState.Bound, Instant.Never);
            return;
        }
        _transaction = random.NextUInt32();
        var message = Make(DhcpMessageType.Decline, IpAddress.Any);
        message.Options.Add(DhcpOption.RequestedAddress, _lease!.Address.Address);
        message.Options.Add(DhcpOption.ServerIdentifier, _lease.Server);
        _parting.Enqueue(new(message, Everybody));
        _lease = null;
        Enter(DhcpClientState.Init, now + AfterRefusal);
    }

    public bool TryTransmit(Instant now, out DhcpTransmission transmission)
    {
        if (_parting.TryDequeue(out transmission))
            return true;
        Age(now);
        if (now < _again)
            return false;
        switch (State)
        {
            case DhcpClientState.Init:
                Enter(DhcpClientState.Selecting, now);
                break;
            case DhcpClientState.Requesting or DhcpClientState.Rebooting when _attempts == MaxRequests:
                // §3.1, 4: nobody confirms, so from the beginning; what was ours is still asked for by name.
                Enter(DhcpClientState.Selecting, now);
                break;
            case DhcpClientState.Informing when _attempts == MaxRequests:
                Enter(DhcpClientState.Off, Instant.Never);
                return false;
        }
        transmission = Ask(now);
        return true;
    }

    private bool IsRequesting =>
        State
            is DhcpClientState.Requesting
                or DhcpClientState.Rebooting
                or DhcpClientState.Renewing
                or DhcpClientState.Rebinding;

    /// <summary>The first that can be lived with is taken (§3.1, 3 leaves the choice to the client).</summary>
    private bool OnOffer(DhcpMessage offer, Instant now)
    {
        if (!DhcpLease.TryRead(offer, now, out var lease))
            return false;
        _lease = lease;
        Enter(DhcpClientState.Requesting, now);
        return true;
    }

    private bool OnAck(DhcpMessage ack, Instant now)
    {
        // §4.4.5: its time runs from when it was asked for, as the server's may.
        if (!DhcpLease.TryRead(ack, _askedAt, out var lease) || lease.Address.Address != _lease!.Address.Address)
            return false;
        if (lease.Ends <= now || (State == DhcpClientState.Requesting && lease.Server != _lease.Server))
            return false;
        var isNew = !HasLease;
        _lease = lease;
        Enter(isNew ? DhcpClientState.Checking : DhcpClientState.Bound, Instant.Never);
        return true;
    }

    private bool OnNak(DhcpMessage nak, Instant now)
    {
        if (nak.Options.Address(DhcpOption.ServerIdentifier) is not { } server)
            return false;
        var isRefused = State == DhcpClientState.Requesting;
        if (isRefused && server != _lease!.Server)
            return false;
        _lease = null;
        Enter(DhcpClientState.Init, isRefused ? now + AfterRefusal : now);
        return true;
    }

    private bool OnInformed(DhcpMessage ack)
    {
        Informed = ack.Options;
        Enter(DhcpClientState.Off, Instant.Never);
        return true;
    }

    /// <summary>T1, T2 and the end of the lease (§4.4.5).</summary>
    private void Age(Instant now)
    {
        while (HasLease && NextOfLease <= now)
        {
            if (State == DhcpClientState.Rebinding)
                _lease = null;
            Enter(
                State switch
                {
                    DhcpClientState.Bound => DhcpClientState.Renewing,
                    DhcpClientState.Renewing => DhcpClientState.Rebinding,
                    _ => DhcpClientState.Init,
                },
                now
            );
        }
    }

    /// <summary>The one place where the state changes. Each that asks begins a conversation of its own, but a request goes on with the offer's.</summary>
    private void Enter(DhcpClientState next, Instant again)
    {
        if (next is not (DhcpClientState.Requesting or DhcpClientState.Checking or DhcpClientState.Bound))
            _transaction = random.NextUInt32();
        if (next is DhcpClientState.Renewing or DhcpClientState.Init)
            _began = again;
        (State, _attempts, _again) = (next, 0, again);
    }

    private DhcpTransmission Ask(Instant now)
    {
        // §4.1: a request repeats what its discovery said.
        if (State != DhcpClientState.Requesting)
            _seconds = (ushort)Math.Clamp((now - _began).TotalSeconds, 0, ushort.MaxValue);
        _askedAt = now;
        _again = now + Wait(now);
        _attempts++;
        return State switch
        {
            DhcpClientState.Selecting => new(Discover(), Everybody),
            DhcpClientState.Informing => new(Make(DhcpMessageType.Inform, _informed), Everybody),
            DhcpClientState.Renewing => new(
                Make(DhcpMessageType.Request, _lease!.Address.Address),
                new(_lease.Server, DhcpMessage.ServerPort)
            ),
            DhcpClientState.Rebinding => new(Make(DhcpMessageType.Request, _lease!.Address.Address), Everybody),
            _ => new(Request(), Everybody),
        };
    }

    private DhcpMessage Discover()
    {
        var message = Make(DhcpMessageType.Discover, IpAddress.Any);
        if (_lease is { } before)
            message.Options.Add(DhcpOption.RequestedAddress, before.Address.Address);
        return message;
    }

    private DhcpMessage Request()
    {
        var message = Make(DhcpMessageType.Request, IpAddress.Any);
        message.Options.Add(DhcpOption.RequestedAddress, _lease!.Address.Address);
        if (State == DhcpClientState.Requesting)
            message.Options.Add(DhcpOption.ServerIdentifier, _lease.Server);
        return message;
    }

    /// <summary>§4.1: 4 seconds, doubled each time up to 64, a second more or less by luck; §4.4.5: half of what is left.</summary>
    private Duration Wait(Instant now)
    {
        if (HasLease)
            return Duration.Max(LeastRenewWait, (NextOfLease - now) / 2);
        var wait = Duration.Min(FirstWait * (1L << Math.Min(_attempts, 10)), LongestWait);
        return wait + Duration.FromSeconds(random.NextDouble() * 2 - 1);
    }

    private DhcpMessage Make(DhcpMessageType type, IpAddress client)
    {
        var message = new DhcpMessage
        {
            Type = type,
            Transaction = _transaction,
            Seconds = _seconds,
            // Who has no address yet hears only what is for all.
            Broadcast = client.IsAny && type != DhcpMessageType.Decline,
            ClientAddress = client,
            Client = mac,
        };
        Span<byte> identifier = stackalloc byte[1 + MacAddress.Length];
        identifier[0] = 1;
        mac.Write(identifier[1..]);
        message.Options.Add(DhcpOption.ClientIdentifier, identifier);
        // RFC 2131, table 5: who says goodbye wants nothing more.
        if (type is DhcpMessageType.Decline or DhcpMessageType.Release)
            return message;
        if (hostName is { Length: > 0 and <= 63 })
            message.Options.Add(DhcpOption.HostName, hostName);
        message.Options.Add(DhcpOption.MaxMessageSize, (ushort)(DhcpMessage.UsualLength + 28));
        message.Options.Add(DhcpOption.ParameterRequestList, Wanted);
        return message;
    }
}
