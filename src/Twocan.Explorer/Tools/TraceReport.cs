using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>How to trace a route, with the customary defaults.</summary>
public sealed record TraceSettings
{
    /// <summary>The time to live of the first probes.</summary>
    public int First { get; init; } = 1;

    /// <summary>That of the last.</summary>
    public int Max { get; init; } = 30;

    /// <summary>Probes with each time to live.</summary>
    public int Queries { get; init; } = 3;

    /// <summary>How long to wait for the answer to a probe.</summary>
    public Duration Wait { get; init; } = Duration.FromSeconds(5);

    /// <summary>ICMP echo requests in place of UDP datagrams.</summary>
    public bool Echo { get; init; }

    /// <summary>The number of the adapter on whose link a link-local target is meant.</summary>
    public int Scope { get; init; }
}

/// <summary>What came of a probe.</summary>
/// <param name="From">Who answered; null is silence.</param>
/// <param name="Mtu">With 'fragmentation needed': the longest packet that the next link takes.</param>
public sealed record TraceProbe(IpAddress? From, Duration Time, byte Type, byte Code, ushort Mtu)
{
    public static readonly TraceProbe Silence = new(null, default, default, 0, 0);

    /// <summary>The destination has it: it echoes, or says that nobody waits on that port.</summary>
    public bool IsAtTarget => Meaning is { IsThere: true };

    /// <summary>Somebody says that there is no way on.</summary>
    public bool IsDeadEnd => Meaning is { IsThere: false };

    /// <summary>The marks that traceroute has always had; empty where there is nothing to remark.</summary>
    public string Mark => Meaning?.Mark ?? "";

    /// <summary>Null where a probe only came to its end on the way.</summary>
    private (bool IsThere, string Mark)? Meaning =>
        From is not { } from ? null
        : from.IsV4 ? MeaningOf((IcmpType)Type)
        : MeaningOf((Icmpv6Type)Type);

    private (bool, string)? MeaningOf(IcmpType type) =>
        type switch
        {
            IcmpType.EchoReply => (true, ""),
            IcmpType.DestinationUnreachable when Code == IcmpCode.PortUnreachable => (true, ""),
            IcmpType.DestinationUnreachable => (
                false,
                Code switch
                {
                    0 or 6 or 11 => "!N",
                    1 or 7 or 8 or 12 => "!H",
                    2 => "!P",
                    4 => TooBig,
                    5 => "!S",
                    9 or 10 or 13 => "!X",
                    14 => "!V",
                    15 => "!C",
                    _ => $"!{Code}",
                }
            ),
            IcmpType.ParameterProblem => (false, "!P"),
            _ => null,
        };

    private (bool, string)? MeaningOf(Icmpv6Type type) =>
        type switch
        {
            Icmpv6Type.EchoReply => (true, ""),
            Icmpv6Type.DestinationUnreachable when Code == Icmpv6Code.PortUnreachable => (true, ""),
            Icmpv6Type.DestinationUnreachable => (
                false,
                Code switch
                {
                    Icmpv6Code.NoRoute => "!N",
                    Icmpv6Code.Prohibited or Icmpv6Code.SourceRefused or Icmpv6Code.RouteRejected => "!X",
                    Icmpv6Code.BeyondScope => "!S",
                    Icmpv6Code.AddressUnreachable => "!H",
                    _ => $"!{Code}",
                }
            ),
            Icmpv6Type.PacketTooBig => (false, TooBig),
            Icmpv6Type.ParameterProblem => (false, "!P"),
            _ => null,
        };

    private string TooBig => Mtu > 0 ? $"!F-{Mtu}" : "!F";
}

/// <summary>The answers to the probes with one time to live.</summary>
public sealed record TraceHop(int TimeToLive, IReadOnlyList<TraceProbe> Probes);

/// <summary>How far it went.</summary>
public sealed record TraceReport(IpAddress Target, IReadOnlyList<TraceHop> Hops, Duration Took)
{
    public bool IsReached => Hops.Any(hop => hop.Probes.Any(probe => probe.IsAtTarget));
}
