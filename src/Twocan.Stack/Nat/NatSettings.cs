using Twocan.Core;

namespace Twocan.Stack;

/// <summary>Whom a mapping lets in (RFC 4787 §5).</summary>
public enum NatFiltering
{
    /// <summary>Only the very endpoint that the inside has sent to: the stricter of the two.</summary>
    AddressAndPortDependent,

    /// <summary>Anybody, once the inside has sent to somebody: what games and telephones would like best (REQ-8).</summary>
    EndpointIndependent,
}

/// <summary>How a NAPT behaves where the RFCs leave a choice.</summary>
public sealed record NatSettings
{
    public static readonly NatSettings Default = new();

    public NatFiltering Filtering { get; init; }

    /// <summary>RFC 4787 REQ-5: two minutes at least, five recommended.</summary>
    public Duration UdpTimeout { get; init; } = Duration.FromSeconds(300);

    /// <summary>RFC 5508 REQ-2: of an echo.</summary>
    public Duration IcmpTimeout { get; init; } = Duration.FromSeconds(60);

    /// <summary>RFC 5382 REQ-5: longer than the two hours after which keep-alives begin.</summary>
    public Duration TcpEstablishedTimeout { get; init; } = Duration.FromSeconds(7440);

    /// <summary>RFC 5382 REQ-5: of connections that are being opened, closed or were reset.</summary>
    public Duration TcpTransitoryTimeout { get; init; } = Duration.FromSeconds(240);

    /// <summary>How many sessions the table holds; beyond that see <see cref="NatTable"/>.</summary>
    public int Capacity { get; init; } = 8192;
}
