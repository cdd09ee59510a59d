using System.Numerics;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The constants that the RFCs leave to an implementation, in one place.</summary>
public sealed record TcpSettings
{
    public static readonly TcpSettings Default = new();

    /// <summary>What a send buffer holds at first, and how far it may grow with the congestion window.</summary>
    public int SendBufferSize { get; init; } = 64 * 1024;

    public int MaxSendBufferSize { get; init; } = 4 << 20;

    /// <summary>As much as a SYN can say: a larger one would have to be told of at once.</summary>
    public int ReceiveBufferSize { get; init; } = ushort.MaxValue;

    /// <summary>How far a receive buffer may grow with what the program takes in a round trip.</summary>
    public int MaxReceiveBufferSize { get; init; } = 6 << 20;

    /// <summary>RFC 7323 §2: windows beyond 65,535.</summary>
    public bool WindowScaling { get; init; } = true;

    /// <summary>RFC 7323 §3: round trips measured by each segment, old duplicates found out.</summary>
    public bool Timestamps { get; init; } = true;

    /// <summary>RFC 7323 §3.2: once agreed upon, a segment without a time stamp should be dropped. Linux takes it.</summary>
    public bool RequiresTimestamps { get; init; } = true;

    /// <summary>RFC 2018: acknowledgements tell of what lies behind a hole, and the sender resends only what is missing.</summary>
    public bool Sack { get; init; } = true;

    /// <summary>RFC 2883: they also tell of what came twice.</summary>
    public bool DuplicateSack { get; init; } = true;

    /// <summary>How the congestion window grows and shrinks: <c>cubic</c>, <c>reno</c> or <c>bbr</c>.</summary>
    public string CongestionControl { get; init; } = Cubic.NameOf;

    /// <summary>RFC 3168.</summary>
    public EcnUse Ecn { get; init; } = EcnUse.Accept;

    /// <summary>RFC 6928.</summary>
    public int InitialWindowSegments { get; init; } = 10;

    /// <summary>RFC 9406: slow start ends when round trips become longer, not only when something is lost.</summary>
    public bool HyStart { get; init; } = true;

    /// <summary>RFC 9406 §4.3, L: by so many segments slow start lets the window grow on one acknowledgement, where nothing paces.</summary>
    public int SlowStartSegmentsPerAck { get; init; } = Stack.HyStart.MaxSegmentsPerAck;

    /// <summary>RFC 3042: the first two duplicates already let new segments out.</summary>
    public bool LimitedTransmit { get; init; } = true;

    /// <summary>RFC 8985: losses are found by time; else, with SACK, by what lies above them (RFC 6675).</summary>
    public bool Rack { get; init; } = true;

    /// <summary>RFC 8985 §7.</summary>
    public bool TailLossProbe { get; init; } = true;

    /// <summary>RFC 5682: a timeout that was needless is found out, and undone.</summary>
    public bool ForwardRto { get; init; } = true;

    /// <summary>RFC 2861: a window that was not used for long shrinks.</summary>
    public bool RestartsAfterIdle { get; init; } = true;

    public ICongestionControl CreateCongestionControl() =>
        CongestionControl switch
        {
            Cubic.NameOf => new Cubic(HyStart, SlowStartSegmentsPerAck),
            Reno.NameOf => new Reno(),
            Bbr.NameOf => new Bbr(),
            _ => throw new ArgumentException($"There is no congestion control '{CongestionControl}'."),
        };

    /// <summary>The least shift by which a window of the largest buffer can be told in 16 bits.</summary>
    public byte OwnWindowScale =>
        (byte)
            Math.Clamp(
                32 - BitOperations.LeadingZeroCount((uint)MaxReceiveBufferSize >> 16),
                0,
                SegmentOptions.MaxWindowScale
            );

    /// <summary>RFC 6298 §2.1.</summary>
    public Duration InitialRto { get; init; } = Duration.FromSeconds(1);

    /// <summary>RFC 6298 §5.7: the RTO after a handshake whose SYN was lost.</summary>
    public Duration RtoAfterLostSyn { get; init; } = Duration.FromSeconds(3);

    /// <summary>
    /// The least that RTO lies above SRTT: room for a peer that delays its acknowledgements. RFC 6298 §2.4 would round
    /// the whole RTO up to a second; like Linux we hold that to be long on today's networks.
    /// </summary>
    public Duration MinRtoMargin { get; init; } = Duration.FromMilliseconds(200);

    /// <summary>RFC 6298 §2.5: at least 60 seconds.</summary>
    public Duration MaxRto { get; init; } = Duration.FromSeconds(60);

    /// <summary>RFC 9293 §3.8.6.3: less than half a second.</summary>
    public Duration AckDelay { get; init; } = Duration.FromMilliseconds(40);

    /// <summary>How many segments at the beginning are acknowledged one by one, unless data is sent in answer to them; Linux does so for 16.</summary>
    public int QuickAcknowledgements { get; init; }

    /// <summary>
    /// A window that has grown is told of by itself only when it is twice what the peer knows of, as on Linux; else as soon as
    /// two segments more fit (RFC 9293 §3.8.6.2.2).
    /// </summary>
    public bool UpdatesDoubledWindows { get; init; }

    /// <summary>TCP_MAXSEG: the longest segment, beside what link, path and peer allow; zero is no limit of its own.</summary>
    public int MaxSegmentSize { get; init; }

    /// <summary>TCP_NODELAY.</summary>
    public bool NoDelay { get; init; }

    /// <summary>TCP_CORK.</summary>
    public bool Cork { get; init; }

    /// <summary>SO_KEEPALIVE; TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT (RFC 9293 §3.8.4: two hours at least by default).</summary>
    public bool KeepAlive { get; init; }

    public Duration KeepAliveTime { get; init; } = Duration.FromSeconds(7200);

    public Duration KeepAliveInterval { get; init; } = Duration.FromSeconds(75);

    public int KeepAliveProbes { get; init; } = 9;

    /// <summary>TCP_USER_TIMEOUT (RFC 9293 §3.8.3, RFC 5482): how long data may stay unacknowledged; zero leaves it to <see cref="DataRetries"/>.</summary>
    public Duration UserTimeout { get; init; }

    /// <summary>How often a SYN is resent: 1 + 2 + 4 + … + 60 + 60 seconds, beyond the three minutes of RFC 9293 §3.8.3.</summary>
    public int SynRetries { get; init; } = 7;

    /// <summary>How often a SYN, ACK is resent to somebody who may never have been there.</summary>
    public int SynAckRetries { get; init; } = 5;

    /// <summary>How many handshakes a listener keeps open at once, if its backlog is not larger.</summary>
    public int SynQueueLength { get; init; } = 256;

    /// <summary>RFC 4987 §3.6: what SYN queues have no room for is answered all the same.</summary>
    public bool SynCookies { get; init; } = true;

    /// <summary>RFC 4821.</summary>
    public PathMtuProbing PathMtuProbing { get; init; } = PathMtuProbing.OnBlackHole;

    /// <summary>A segment without options that nearly every path takes (RFC 4821 §7.7); Linux's <c>tcp_base_mss</c>.</summary>
    public int BaseSegmentSize { get; init; } = 1024;

    /// <summary>No shorter ones are tried; over IPv6 every path takes 1,220 (RFC 8200 §5).</summary>
    public int LeastProbedSegmentSize { get; init; } = 512;

    /// <summary>The search ends when it is known to so many octets.</summary>
    public int PathMtuThreshold { get; init; } = 8;

    /// <summary>After so long it begins anew: the path may have become wider (RFC 4821 §7.8 says 5 minutes at least).</summary>
    public Duration PathMtuProbeInterval { get; init; } = Duration.FromSeconds(600);

    /// <summary>So many timeouts of a long segment in a row are held for a black hole.</summary>
    public int BlackHoleTimeouts { get; init; } = 2;

    /// <summary>RFC 7413.</summary>
    public FastOpenUse FastOpen { get; init; } = FastOpenUse.Client | FastOpenUse.Server;

    /// <summary>TCP_FASTOPEN: how many connections of a listener may bring data in their SYN at once; zero lets none.</summary>
    public int FastOpenQueueLength { get; init; }

    /// <summary>TCP_FASTOPEN_CONNECT: connect waits for the first data, so that the SYN can carry it.</summary>
    public bool FastOpenConnect { get; init; }

    /// <summary>TCP_FASTOPEN_KEY: null for the host's own, which it has made up.</summary>
    public FastOpenKey? FastOpenKey { get; init; }

    /// <summary>Every SYN is answered so, even where there is room; Linux's <c>tcp_syncookies=2</c>.</summary>
    public bool OnlySynCookies { get; init; }

    /// <summary>How often data is resent without any answer (RFC 9293 §3.8.3, R2: at least 100 seconds).</summary>
    public int DataRetries { get; init; } = 15;

    /// <summary>Maximum segment lifetime; TIME-WAIT lasts two of them.</summary>
    public Duration Msl { get; init; } = Duration.FromSeconds(30);

    /// <summary>
    /// After so long in TIME-WAIT a port may be used for the next connection to the same place, if both sides use time stamps:
    /// by those nobody takes the one for the other (RFC 6191, seen from the other side). Null for never.
    /// </summary>
    public Duration? TimeWaitReuse { get; init; } = Duration.FromSeconds(1);

    /// <summary>A SYN after that echoes the last time stamp of the old connection, as on Linux; RFC 7323 §3.2 would have 0 there.</summary>
    public bool EchoesFormerTimestamp { get; init; }

    /// <summary>IP_LOCAL_PORT_RANGE: from which ports a socket connects that was not bound.</summary>
    public PortRange LocalPorts { get; init; } = PortRange.Dynamic;

    /// <summary>How long FIN-WAIT-2 waits for the peer's FIN once no program holds the socket any more.</summary>
    public Duration FinWait2Timeout { get; init; } = Duration.FromSeconds(60);
}
