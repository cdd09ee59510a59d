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
            row.Info is { } info ? NetstatInfo.Of(info) : null
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
    long DeliveryRate
)
{
    public static NetstatInfo Of(in TcpInfo info) =>
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
            info.DeliveryRate
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
