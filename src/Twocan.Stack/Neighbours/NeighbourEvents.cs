using Twocan.Core;

namespace Twocan.Stack;

// What is told of the search for MAC addresses. IPv4 searches by ARP, IPv6 by neighbour discovery, and the address says which.

/// <summary>The link is asked who has an address.</summary>
public readonly record struct NeighbourAsked(string Adapter, IpAddress Target, int Attempt) : IJournalEvent
{
    public Layer Layer => NeighbourWords.LayerOf(Target);

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Target}의 MAC 주소를 {NeighbourWords.Protocol(Target, language)}{Korean.Toward(NeighbourWords.Protocol(Target, language))} 묻습니다 ({Adapter}, {Attempt}번째)"
            : $"asks by {NeighbourWords.Protocol(Target, language)} who has {Target} ({Adapter}, attempt {Attempt})";
}

/// <summary>Somebody who asked for an address of ours is answered.</summary>
public readonly record struct NeighbourAnswered(string Adapter, IpAddress Target, IpAddress Asker) : IJournalEvent
{
    public Layer Layer => NeighbourWords.LayerOf(Target);

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Asker}에게 {Target}{Korean.Topic(Target.ToString())} 나라고 답합니다"
            : $"answers {Asker}: {Target} is me";
}

/// <summary>A MAC address goes into the ARP cache, or into that of the IPv6 neighbours.</summary>
public readonly record struct NeighbourLearned(string Adapter, IpAddress Address, MacAddress Mac, int Released)
    : IJournalEvent
{
    public Layer Layer => NeighbourWords.LayerOf(Address);

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Address}의 MAC 주소는 {Mac}: {(Address.IsV4 ? "ARP" : "이웃")} 캐시에 적습니다"
                + (Released > 0 ? $" (기다리던 패킷 {Released}개를 보냅니다)" : "")
            : $"learns that {Address} is at {Mac}" + (Released > 0 ? $" and sends the {Released} waiting" : "");
}

/// <summary>A packet waits until the next hop's MAC address is known.</summary>
public readonly record struct NeighbourQueued(string Adapter, IpAddress NextHop, int Waiting) : IJournalEvent
{
    public Layer Layer => NeighbourWords.LayerOf(NextHop);

    public string Say(Language language) =>
        language == Language.Korean
            ? $"패킷이 {NextHop}의 MAC 주소를 기다립니다 (대기 {Waiting}개)"
            : $"keeps a packet until the MAC address of {NextHop} is known ({Waiting} waiting)";
}

/// <summary>Nobody answered: the packets that waited are thrown away, their senders are told 'host unreachable'.</summary>
public readonly record struct NeighbourGaveUp(string Adapter, IpAddress Target, int Dropped) : IJournalEvent
{
    public Layer Layer => NeighbourWords.LayerOf(Target);

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Target}에서 {(Target.IsV4 ? "ARP 답이" : "답이")} 없습니다: 기다리던 패킷 {Dropped}개를 버립니다"
            : $"gives {Target} up, nobody answers: {Dropped} packets thrown away";
}

internal static class NeighbourWords
{
    public static Layer LayerOf(IpAddress address) => address.IsV4 ? Layer.Arp : Layer.Icmp;

    public static string Protocol(IpAddress address, Language language) =>
        address.IsV4 ? "ARP"
        : language == Language.Korean ? "이웃 탐색"
        : "neighbour discovery";
}
