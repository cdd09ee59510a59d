using Twocan.Core;
using Twocan.Dns;
using Twocan.Http;
using Twocan.Stack;
using Twocan.Worlds;

namespace Twocan.Explorer;

/// <summary>Writes a journey as the one JSON object.</summary>
public sealed class JourneyReporter(Journey journey, EventLoop loop)
{
    private readonly Instant _start = journey.Visits[0].Click.At;

    public static JourneyReport Report(Journey journey, EventLoop loop) => new JourneyReporter(journey, loop).Report();

    private JourneyReport Report() =>
        new(
            journey.Url,
            journey.IsWhole,
            journey.Failure is { } failure ? $"{failure.Url}: {failure.Why}" : null,
            journey.Failure is { } kind ? Snake(kind.Kind) : null,
            journey.Host,
            loop.Seed,
            loop.ToDate(_start).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ"),
            [.. journey.Visits.SelectMany(visit => visit.Resources.Select(resource => Report(resource, visit)))],
            [.. journey.Resolutions.Select(Report)],
            [.. journey.Connections.Select(Report), .. journey.HostConnections.Select(Report)],
            [.. journey.Packets.Select(Report)],
            Report(Totals.Of(journey))
        );

    private ResourceReport Report(Resource resource, Visit visit) =>
        new(
            resource.Url,
            Snake(resource.Kind),
            resource.Initiator,
            resource.Status,
            resource.Bytes,
            resource.ContentType,
            resource.FromCache,
            resource.Request?.Descriptor,
            Micros(resource.Began.At),
            Micros(resource.Asked?.At),
            Micros(resource.Answered?.At),
            Micros(resource.Ended?.At),
            resource.Sha256.Length > 0 ? resource.Sha256 : null,
            resource.CacheStatus,
            resource.Ended?.What is FetchFailed failed ? failed.Why : null,
            visit.Number
        );

    private ResolutionReport Report(Resolution resolution) =>
        new(
            resolution.Name,
            resolution.Type,
            resolution.Began.Host,
            resolution.Rcode.Length > 0 ? resolution.Rcode : null,
            resolution.Answers,
            resolution.FromCache,
            Micros(resolution.Began.At),
            Micros(resolution.Ended?.At),
            [.. resolution.Queries.Select(Report)]
        );

    private QueryReport Report(Query query) =>
        new(
            query.Server.Address.ToString(),
            query.ServerName,
            query.Zone,
            query.Name,
            query.Type,
            query.Rcode,
            KindOf(query),
            Micros(query.Sent.At),
            Micros(query.Received?.At),
            query.Asker,
            query.Attempt,
            query.Authoritative
        );

    private static string KindOf(Query query) => query.FromCache ? "cached" : Snake(query.Kind ?? AnswerKind.Failure);

    private ConnectionReport Report(Connection connection) =>
        new(
            connection.Local.ToString(),
            connection.Remote.ToString(),
            (connection.Accepted?.Remote ?? connection.Local).ToString(),
            (connection.Accepted?.Local ?? connection.Remote).ToString(),
            connection.LocalHost,
            connection.RemoteHost,
            connection.Descriptor,
            Micros(connection.Opened),
            Micros(connection.Closed),
            [
                .. connection.States.Select(step => new StateReport(
                    Micros(step.At),
                    Snake(step.End),
                    Voice.State(step.To)
                )),
            ],
            null,
            null
        );

    private ConnectionReport Report(HostConnection connection) =>
        new(
            connection.Local?.ToString() ?? "",
            connection.Remote,
            connection.Local?.ToString() ?? "",
            connection.Remote,
            journey.Host,
            null,
            connection.Descriptor,
            Micros(connection.Opened),
            Micros(connection.Closed),
            [],
            connection is { Tls: { } tls, Secured: { } secured }
                ? new(
                    Micros(secured),
                    tls.Version,
                    tls.CipherSuite,
                    tls.Protocol,
                    tls.IsProven,
                    [.. tls.Certificates.Select(Report)]
                )
                : null,
            connection.Info is { } info
                ? new(
                    Micros(info.SmoothedRtt),
                    Micros(info.RttVariation),
                    Micros(info.MinRtt),
                    Micros(info.Rto),
                    info.SegmentSize,
                    info.CongestionWindow,
                    info.Retransmissions,
                    info.SegmentsSent,
                    info.SegmentsReceived,
                    info.BytesAcknowledged,
                    info.BytesReceived
                )
                : null
        );

    private static CertificateReport Report(ShownCertificate it) =>
        new(
            it.Subject,
            it.Issuer,
            it.Names,
            $"{it.Begins:yyyy-MM-ddTHH:mm:ssZ}",
            $"{it.Ends:yyyy-MM-ddTHH:mm:ssZ}",
            it.Key
        );

    private PacketReport Report(Packet packet)
    {
        var dissection = packet.Dissection;
        var cause = Cause(packet);
        return new(
            packet.Number,
            Micros(packet.At),
            packet.From,
            packet.Link,
            dissection.Source,
            dissection.Destination,
            dissection.Protocol,
            dissection.Summary,
            packet.Length,
            cause is null ? "" : $"{cause.Host} {cause.What.Say(Language.English)}",
            journey.PacketOf(journey.Journal.Find(packet.Entry.Because))?.Number,
            Micros(packet.Arrived),
            packet.Lost,
            dissection.Tcp is { } tcp
                ? new(
                    tcp.SourcePort,
                    tcp.DestinationPort,
                    tcp.Sequence,
                    tcp.Acknowledgement,
                    tcp.Flags,
                    tcp.Window,
                    tcp.Length
                )
                : null,
            dissection.Dns is { } dns ? new(dns.Id, dns.IsResponse, dns.Name, dns.Type, dns.Rcode, dns.Answers) : null,
            dissection.Http is { } http
                ? new(
                    http.Method.Length > 0 ? http.Method : null,
                    http.Target.Length > 0 ? http.Target : null,
                    http.Status > 0 ? http.Status : null
                )
                : null
        );
    }

    /// <summary>The event of a layer above the cables and IP: the segment, the datagram, ARP's question.</summary>
    private JournalEntry? Cause(Packet packet) =>
        journey
            .Journal.Climb(journey.Journal.Find(packet.Origin.Entry.Because))
            .FirstOrDefault(static entry =>
                entry.What
                    is not (
                        FrameSent
                        or FrameArrived
                        or IMediumEvent
                        or PacketSent
                        or PacketForwarded
                        or NeighbourQueued
                    )
            );

    private TotalsReport Report(Totals totals)
    {
        double Time(WaitKind kind) => Micros(totals.Time.GetValueOrDefault(kind));
        var moving =
            totals.Time.GetValueOrDefault(WaitKind.Propagation) + totals.Time.GetValueOrDefault(WaitKind.Transmission);
        return new(
            totals.PageBytes,
            totals.CarriedBytes,
            totals.OwnCableBytes,
            totals.Frames,
            totals.FramesLost,
            Micros(totals.Took),
            Micros(journey.Settled),
            new(
                Micros(totals.Took),
                Time(WaitKind.Propagation),
                Time(WaitKind.Transmission),
                Micros(totals.Took - moving),
                Time(WaitKind.Queue),
                Time(WaitKind.Arp),
                Time(WaitKind.NeighbourDiscovery),
                Time(WaitKind.Retransmission),
                Time(WaitKind.DelayedAcknowledgement),
                Time(WaitKind.Window),
                Time(WaitKind.Resolver),
                Time(WaitKind.Server),
                Time(WaitKind.Other)
            )
        );
    }

    private double Micros(Instant at) => Micros(at - _start);

    private double? Micros(Instant? at) => at is { } instant ? Micros(instant) : null;

    /// <summary>Nanoseconds as thousandths: exact in a double for 104 days of the world's time.</summary>
    private static double Micros(Duration span) => span.Nanoseconds / 1000.0;

    private static string Snake<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
