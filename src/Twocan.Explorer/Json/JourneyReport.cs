using System.Text.Json.Serialization;

namespace Twocan.Explorer;

// The journey as a program reads it. Times are microseconds of the world's time, counted from the click; names in
// snake_case are made from these.

public sealed record JourneyReport(
    string Url,
    bool Ok,
    string? Error,
    string? ErrorKind,
    string Host,
    ulong Seed,
    string StartedAt,
    IReadOnlyList<ResourceReport> Resources,
    IReadOnlyList<ResolutionReport> Resolutions,
    IReadOnlyList<ConnectionReport> Connections,
    IReadOnlyList<PacketReport> Packets,
    TotalsReport Totals
);

/// <param name="Initiator">The page, frame or style sheet that wants it, or the URL that led on to it; null for what was typed.</param>
/// <param name="Descriptor">The socket that carried it.</param>
/// <param name="RequestedUs">When its request was sent: until then it waited for a connection.</param>
/// <param name="AnsweredUs">When the head of its response was there.</param>
/// <param name="Visit">Which pressing of Enter it was fetched for, from 1.</param>
public sealed record ResourceReport(
    string Url,
    string Kind,
    string? Initiator,
    int Status,
    long Bytes,
    string ContentType,
    bool FromCache,
    int? Descriptor,
    double StartedUs,
    double? RequestedUs,
    double? AnsweredUs,
    double? FinishedUs,
    string? Sha256,
    string? CacheStatus,
    string? Error,
    int Visit
);

public sealed record ResolutionReport(
    string Name,
    string Type,
    string Host,
    string? Rcode,
    IReadOnlyList<string> Answers,
    bool FromCache,
    double StartedUs,
    double? FinishedUs,
    IReadOnlyList<QueryReport> Queries
);

/// <param name="Zone">The zone that the server is asked as a server of; empty for the question to the nearest server.</param>
/// <param name="AskedBy">The host that asked.</param>
public sealed record QueryReport(
    string Server,
    string ServerName,
    string Zone,
    string Name,
    string Type,
    string? Rcode,
    string AnswerKind,
    double SentUs,
    double? ReceivedUs,
    string AskedBy,
    int Attempt,
    bool Authoritative
);

/// <param name="LocalAfar">The ends as the far socket knows them: others than <paramref name="Local"/> and <paramref name="Remote"/> where a NAT stands between.</param>
/// <param name="TcpInfo">What this machine's kernel says of it; null in a world.</param>
public sealed record ConnectionReport(
    string Local,
    string Remote,
    string LocalAfar,
    string RemoteAfar,
    string LocalHost,
    string? RemoteHost,
    int? Descriptor,
    double? OpenedUs,
    double? ClosedUs,
    IReadOnlyList<StateReport> States,
    TlsReport? Tls,
    TcpInfoReport? TcpInfo
);

/// <param name="AgreedUs">When both had the secret.</param>
/// <param name="Proven">Somebody whom this machine trusts vouches for the server.</param>
public sealed record TlsReport(
    double AgreedUs,
    string Version,
    string CipherSuite,
    string? Alpn,
    bool Proven,
    IReadOnlyList<CertificateReport> Certificates
);

public sealed record CertificateReport(
    string Subject,
    string Issuer,
    IReadOnlyList<string> Names,
    string NotBefore,
    string NotAfter,
    string Key
);

/// <param name="CongestionWindow">In bytes.</param>
public sealed record TcpInfoReport(
    double SmoothedRttUs,
    double RttVariationUs,
    double MinRttUs,
    double RtoUs,
    int SegmentSize,
    int CongestionWindow,
    int Retransmissions,
    int SegmentsSent,
    int SegmentsReceived,
    long BytesAcknowledged,
    long BytesReceived
);

/// <param name="End"><c>local</c>, who connected, or <c>remote</c>, who accepted.</param>
public sealed record StateReport(double AtUs, string End, string State);

/// <param name="N">The frame's number over all cables in the order of time: the same as in the capture.</param>
/// <param name="Node">Who put the frame on the cable.</param>
/// <param name="Cause">The event above the cables that it was sent for.</param>
/// <param name="CausePacket">The frame from which this one follows; null for the first.</param>
public sealed record PacketReport(
    int N,
    double AtUs,
    string Node,
    string Link,
    string Src,
    string Dst,
    string Protocol,
    string Summary,
    int Length,
    string Cause,
    int? CausePacket,
    double? ArrivedUs,
    string? Lost,
    TcpReport? Tcp,
    DnsReport? Dns,
    HttpReport? Http
);

public sealed record TcpReport(
    int SourcePort,
    int DestinationPort,
    uint Sequence,
    uint Acknowledgement,
    string Flags,
    int Window,
    int Length
);

public sealed record DnsReport(int Id, bool Response, string Name, string Type, string Rcode, int Answers);

public sealed record HttpReport(string? Method, string? Target, int? Status);

public sealed record TotalsReport(
    long PageBytes,
    long CarriedBytes,
    long OwnCableBytes,
    int Packets,
    int PacketsLost,
    double DurationUs,
    double SettledUs,
    TimeReport TimeUs
);

/// <summary>Where the time from the click to the page went; the parts add up to the whole.</summary>
public sealed record TimeReport(
    double Total,
    double Propagation,
    double Transmission,
    double Waiting,
    double Queue,
    double Arp,
    double NeighbourDiscovery,
    double Retransmission,
    double DelayedAck,
    double Window,
    double Resolver,
    double Server,
    double Other
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JourneyReport))]
[JsonSerializable(typeof(ComparisonReport))]
public sealed partial class JourneyJson : JsonSerializerContext;
