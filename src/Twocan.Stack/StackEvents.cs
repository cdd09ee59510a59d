using Twocan.Core;

namespace Twocan.Stack;

// What the layers of a host's stack tell the journal. Each points back (because) to what led to it:
// a segment to the write or the segment that it answers, a packet to its segment, a frame to its packet.

/// <summary>The host's own packet leaves: which route was found, who is the next hop.</summary>
public readonly record struct PacketSent(
    IpAddress Source,
    IpAddress Destination,
    IpProtocol Protocol,
    int Length,
    byte TimeToLive,
    Subnet Route,
    IpAddress NextHop,
    string Adapter
) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Destination}은(는) 경로 {Route}에 맞습니다: {Adapter}로, 다음 홉 {NextHop}"
            : $"{Destination} matches route {Route}: out of {Adapter}, next hop {NextHop}";
}

/// <summary>A router passes a packet on.</summary>
public readonly record struct PacketForwarded(
    IpAddress Source,
    IpAddress Destination,
    byte TimeToLiveBefore,
    byte TimeToLiveAfter,
    Subnet Route,
    IpAddress NextHop,
    string InAdapter,
    string OutAdapter
) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Destination}은(는) 경로 {Route}에 맞습니다: {OutAdapter}로, 다음 홉 {NextHop}, TTL {TimeToLiveBefore} → {TimeToLiveAfter}"
            : $"{Destination} matches route {Route}: out of {OutAdapter}, next hop {NextHop}, TTL {TimeToLiveBefore} → {TimeToLiveAfter}";
}

/// <summary>A packet reached the host that it is addressed to.</summary>
public readonly record struct PacketDelivered(IpAddress Source, IpAddress Destination, IpProtocol Protocol, int Length)
    : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Source}에서 온 {Protocol} 패킷은 나에게 온 것입니다"
            : $"takes the {Protocol} packet from {Source}: it is for me";
}

/// <summary>A packet is too long for its link and is cut into pieces.</summary>
public readonly record struct PacketFragmented(
    IpAddress Source,
    IpAddress Destination,
    uint Identification,
    int Length,
    int Mtu
) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Length}바이트 패킷을 링크의 MTU {Mtu}바이트에 맞게 조각으로 나눕니다 (식별 번호 0x{Identification:x4})"
            : $"cuts the packet of {Length} bytes into fragments of at most {Mtu}, as the link takes no more (identification 0x{Identification:x4})";
}

/// <summary>A piece of a packet has reached the host that it is addressed to.</summary>
public readonly record struct FragmentReceived(
    IpAddress Source,
    IpAddress Destination,
    uint Identification,
    int Offset,
    int Length,
    bool IsLast
) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"패킷 0x{Identification:x4}의 {(IsLast ? "마지막 " : "")}조각이 {Source}에서 왔습니다: {Offset}번째 바이트부터 {Length}바이트"
            : $"takes {(IsLast ? "the last" : "a")} fragment of packet 0x{Identification:x4} from {Source}: {Length} bytes, from byte {Offset} on";
}

/// <summary>All pieces of a packet are there.</summary>
public readonly record struct PacketReassembled(
    IpAddress Source,
    IpAddress Destination,
    uint Identification,
    int Length
) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"패킷 0x{Identification:x4}의 조각이 모두 모여 {Length}바이트 패킷으로 다시 맞춥니다"
            : $"has all fragments of packet 0x{Identification:x4} and puts them together: {Length} bytes";
}

/// <summary>Something was thrown away. Counted by the same reason.</summary>
public readonly record struct Dropped(Layer Layer, DropReason Reason, string Detail) : IJournalEvent
{
    public string Say(Language language)
    {
        var where = Detail.Length > 0 ? $" ({Detail})" : "";
        return language == Language.Korean
            ? $"버립니다: {Reason.Say(language)}{where}"
            : $"drops it: {Reason.Say(language)}{where}";
    }
}

public readonly record struct IcmpSent(IpAddress To, byte Type, byte Code, string What) : IJournalEvent
{
    public Layer Layer => Layer.Icmp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{To}에게 ICMP로 알립니다: {IcmpWords.Describe(To.IsV4, Type, Code, language)}"
            : $"tells {To} by ICMP: {What}";
}

public readonly record struct IcmpReceived(IpAddress From, byte Type, byte Code, string What) : IJournalEvent
{
    public Layer Layer => Layer.Icmp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{From}에서 ICMP로 알려 왔습니다: {IcmpWords.Describe(From.IsV4, Type, Code, language)}"
            : $"hears from {From} by ICMP: {What}";
}

/// <summary>A host takes a router's word that another one is nearer.</summary>
public readonly record struct RouteRedirected(IpAddress Destination, IpAddress Gateway, IpAddress From) : IJournalEvent
{
    public Layer Layer => Layer.Icmp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"앞으로 {Destination}{Korean.Toward(Destination.ToString())} 가는 것은 {From} 대신 {Gateway}에게 바로 보냅니다"
            : $"will send what goes to {Destination} straight to {Gateway} from now on, not by way of {From}";
}

public readonly record struct DatagramSent(Endpoint Local, Endpoint Remote, int Length) : IJournalEvent
{
    public Layer Layer => Layer.Udp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"UDP 데이터그램 {Length}바이트를 {Remote}(으)로 보냅니다"
            : $"sends a UDP datagram of {Length} bytes to {Remote}";
}

public readonly record struct DatagramReceived(Endpoint Local, Endpoint Remote, int Length) : IJournalEvent
{
    public Layer Layer => Layer.Udp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"UDP 데이터그램 {Length}바이트가 {Remote}에서 왔습니다"
            : $"gets a UDP datagram of {Length} bytes from {Remote}";
}
