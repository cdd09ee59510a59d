using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What a router says of itself and its link, and how often (RFC 4861 §6.2.1, with its defaults).</summary>
public sealed record AdvertisementSettings
{
    /// <summary>False answers who asks and says nothing of itself: a link on which nobody asks stays quiet.</summary>
    public bool Unsolicited { get; init; } = true;

    public Duration MaxInterval { get; init; } = Duration.FromSeconds(600);

    public Duration MinInterval { get; init; } = Duration.FromSeconds(200);

    /// <summary>How long hosts may use it as their default router; zero says that it is none.</summary>
    public Duration RouterLifetime { get; init; } = Duration.FromSeconds(1800);

    public byte CurHopLimit { get; init; } = Ip.DefaultTimeToLive;

    /// <summary>Zero leaves it to the hosts.</summary>
    public Duration ReachableTime { get; init; }

    /// <summary>Zero leaves it to the hosts.</summary>
    public Duration RetransTimer { get; init; }

    /// <summary>The MTU to be used on the link; null says nothing of it.</summary>
    public int? Mtu { get; init; }

    /// <summary>Null advertises the adapter's own subnets, for 30 days valid and 7 preferred, on the link and for autoconfiguration.</summary>
    public IReadOnlyList<PrefixInformation>? Prefixes { get; init; }

    public IReadOnlyList<IpAddress> NameServers { get; init; } = [];
}

/// <summary>
/// A router's advertisements on one link as a machine (RFC 4861 §6.2): told of solicitations, asked whether to advertise, due when
/// it is time. The first few come soon after one another; after that each at a random moment, and never in a flood.
/// </summary>
public sealed class RouterAdvertiser(AdvertisementSettings settings, RandomSource random)
{
    /// <summary>§10.</summary>
    private const int InitialAdvertisements = 3;
    private static readonly Duration MaxInitialInterval = Duration.FromSeconds(16);
    private static readonly Duration MinDelayBetween = Duration.FromSeconds(3);
    private static readonly Duration MaxResponseDelay = Duration.FromMilliseconds(500);

    private Instant? _sentAt;
    private int _sent;
    private Instant _answerAt = Instant.Never;
    private Instant _nextAt = Instant.Never;

    public AdvertisementSettings Settings => settings;

    public Instant Due => Instant.Min(_answerAt, _nextAt);

    public void Start(Instant now) => _nextAt = settings.Unsolicited ? now : Instant.Never;

    /// <summary>§6.2.6: not at once, and not sooner than three seconds after the last; an answer to one is an answer to all.</summary>
    public void OnSolicitation(Instant now)
    {
        var at = now + MaxResponseDelay * random.NextDouble();
        if (_sentAt is { } sent)
            at = Instant.Max(at, sent + MinDelayBetween);
        _answerAt = Instant.Min(_answerAt, at);
    }

    public bool TryAdvertise(Instant now, out bool isAnswer)
    {
        isAnswer = _answerAt <= now;
        if (Due > now)
            return false;
        _answerAt = Instant.Never;
        _sentAt = now;
        if (!settings.Unsolicited)
            return true;
        var interval = settings.MinInterval + (settings.MaxInterval - settings.MinInterval) * random.NextDouble();
        _nextAt = now + (++_sent < InitialAdvertisements ? Duration.Min(interval, MaxInitialInterval) : interval);
        return true;
    }

    /// <summary>Writes an advertisement, but for its checksum.</summary>
    public void Write(PacketBuffer into, MacAddress mac, IReadOnlyList<PrefixInformation> prefixes)
    {
        NdMessage.WriteRouterAdvertisement(
            into,
            settings.CurHopLimit,
            (ushort)Math.Clamp(settings.RouterLifetime.TotalSeconds, 0, ushort.MaxValue),
            (uint)settings.ReachableTime.TotalMilliseconds,
            (uint)settings.RetransTimer.TotalMilliseconds
        );
        NdMessage.AppendMac(into, NdOptionType.SourceLinkLayerAddress, mac);
        if (settings.Mtu is { } mtu)
            NdMessage.AppendMtu(into, mtu);
        foreach (var prefix in prefixes)
            prefix.Write(into.Append(PrefixInformation.Length));
        // RFC 8106 §5.1: three times the longest interval, so that one lost advertisement does no harm.
        if (settings.NameServers.Count > 0)
            NdMessage.AppendNameServers(into, settings.NameServers, (uint)(settings.MaxInterval * 3L).TotalSeconds);
    }
}
