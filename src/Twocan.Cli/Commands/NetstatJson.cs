using System.Text.Json;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Stack;

namespace Twocan.Cli;

/// <summary>The answer of <c>netstat --json</c>.</summary>
internal sealed record NetstatAnswer(
    string Host,
    IReadOnlyList<ErrandAnswer> After,
    IReadOnlyList<NetstatSocket> Sockets
);

/// <summary>The remote end is null of who listens, the state of UDP, the timer where none runs, and the rest of who is no connection.</summary>
internal sealed record NetstatSocket(
    string Protocol,
    string Local,
    string? Remote,
    string? RemoteName,
    string? State,
    int ReceiveQueue,
    int SendQueue,
    string? Timer,
    double? TimerUs,
    string? Program,
    NetstatInfo? Info
)
{
    public static NetstatSocket Of(SocketRow row, WorldSession session) =>
        new(
            row.Protocol,
            row.Local.ToString(),
            row.Remote?.ToString(),
            row.Remote is { } remote ? session.NameOf(remote.Address) : null,
            row.State is { } state ? Netstat.NameOf(state) : null,
            row.ReceiveQueue,
            row.SendQueue,
            row.Timer == TcpTimer.None ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(row.Timer.ToString()),
            row.Timer == TcpTimer.None ? null : row.TimerLeft.TotalMicroseconds,
            row.Program,
            row.Info is { } info ? NetstatInfo.Of(info, session.World.Loop.Now) : null
        );
}

internal sealed record NetstatInfo(
    double RttUs,
    double RttVariationUs,
    double MinRttUs,
    double RtoUs,
    string CongestionControl,
    string Recovery,
    int Cwnd,
    int Ssthresh,
    int InFlight,
    int Retransmissions,
    int SendWindow,
    int ReceiveWindow,
    int Mss,
    int SendBuffer,
    int ReceiveBuffer,
    long Delivered,
    long DeliveryRate,
    double ReceiverRttUs,
    int Reordering,
    int ReorderingsSeen,
    long DuplicatesReported,
    long SegmentsMarked,
    NetstatCounts Counts,
    NetstatLimits Limits
)
{
    public static NetstatInfo Of(in TcpInfo info, Instant now) =>
        new(
            info.SmoothedRtt.TotalMicroseconds,
            info.RttVariation.TotalMicroseconds,
            info.MinRtt.TotalMicroseconds,
            info.Rto.TotalMicroseconds,
            info.CongestionControl,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(info.Recovery.ToString()),
            info.CongestionWindow,
            info.SlowStartThreshold,
            info.InFlight,
            info.Retransmissions,
            info.SendWindow,
            info.ReceiveWindow,
            info.SegmentSize,
            info.SendBuffer,
            info.ReceiveBuffer,
            info.Delivered,
            info.DeliveryRate,
            info.ReceiverRtt.TotalMicroseconds,
            info.Reordering,
            info.ReorderingsSeen,
            info.DuplicatesReported,
            info.SegmentsMarked,
            NetstatCounts.Of(info.Counts),
            NetstatLimits.Of(info.SendingTime, now)
        );
}

/// <summary>What has gone each way so far.</summary>
internal sealed record NetstatCounts(
    long SegmentsIn,
    long SegmentsOut,
    long DataSegmentsIn,
    long DataSegmentsOut,
    long BytesSent,
    long BytesResent,
    long BytesAcknowledged,
    long BytesReceived
)
{
    public static NetstatCounts Of(in TcpCounts counts) =>
        new(
            counts.SegmentsIn,
            counts.SegmentsOut,
            counts.DataSegmentsIn,
            counts.DataSegmentsOut,
            counts.BytesSent,
            counts.BytesResent,
            counts.BytesAcknowledged,
            counts.BytesReceived
        );
}

/// <summary>How long there was something to send; and for how long of that the peer's window or the send buffer held it up.</summary>
internal sealed record NetstatLimits(double BusyUs, double ByPeerUs, double ByBufferUs)
{
    public static NetstatLimits Of(in SendingTime time, Instant now) =>
        new(
            time.Busy(now).TotalMicroseconds,
            time.LimitedByPeer(now).TotalMicroseconds,
            time.LimitedByBuffer(now).TotalMicroseconds
        );
}

/// <summary>A line of <c>netstat --watch --json</c>.</summary>
internal sealed record NetstatChange(double AtUs, string Local, string Remote, string From, string To, string Why)
{
    public static NetstatChange Of(in StateChanged changed, Duration at) =>
        new(
            at.TotalMicroseconds,
            changed.Local.ToString(),
            changed.Remote.ToString(),
            Netstat.NameOf(changed.From),
            Netstat.NameOf(changed.To),
            changed.Why
        );
}

internal sealed record NetstatAdapters(string Host, IReadOnlyList<NetstatAdapter> Adapters);

internal sealed record NetstatAdapter(
    string Name,
    int Mtu,
    long FramesReceived,
    long BytesReceived,
    long FramesSent,
    long BytesSent
);

internal sealed record NetstatStatistics(string Host, IfconfigCounters Counters);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NetstatAnswer))]
[JsonSerializable(typeof(NetstatChange))]
[JsonSerializable(typeof(NetstatAdapters))]
[JsonSerializable(typeof(NetstatStatistics))]
internal sealed partial class NetstatJson : JsonSerializerContext;
