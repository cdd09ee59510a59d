using Twocan.Core;

namespace Twocan.Stack;

public enum NatDirection
{
    /// <summary>From the inside to the world: the source is rewritten.</summary>
    Outbound,

    /// <summary>From the world to the inside: the destination is rewritten.</summary>
    Inbound,
}

/// <summary>
/// A router has put an outside address in place of an inside one, or the other way round. These three ends are the
/// row of its table that decided. Of ICMP the 'port' is the echo's identifier. What an ICMP error quotes is translated with it.
/// </summary>
public readonly record struct AddressTranslated(
    IpProtocol Protocol,
    Endpoint Inside,
    Endpoint Outside,
    Endpoint Remote,
    NatDirection Direction,
    bool IsNew,
    bool IsForward,
    bool IsIcmpError
) : IJournalEvent
{
    public Layer Layer => Layer.Ip;

    public string Say(Language language)
    {
        var (inside, outside, remote) = (Name(Inside, language), Name(Outside, language), Name(Remote, language));
        return language == Language.Korean
            ? $"NAT 표{Row(language)}: {Kind} {inside} ↔ {outside}, 상대 {remote}. {Deed(language)}"
            : $"NAT table{Row(language)}: {Kind} {inside} ↔ {outside} with {remote}; {Deed(language)}";
    }

    private string Row(Language language) =>
        (IsNew, IsForward, language) switch
        {
            (_, true, Language.Korean) => "의 포트 포워딩",
            (_, true, _) => ", a port forward",
            (true, _, Language.Korean) => "에 새로 적은 줄",
            (true, _, _) => ", a new row",
            (_, _, Language.Korean) => "의 줄",
            _ => "",
        };

    private string Deed(Language language) =>
        (IsIcmpError, Direction, language) switch
        {
            (false, NatDirection.Outbound, Language.Korean) => $"출발지를 {Outside.Address}(으)로 바꿉니다",
            (false, NatDirection.Outbound, _) => $"the source becomes {Outside.Address}",
            (false, _, Language.Korean) => $"목적지를 {Inside.Address}(으)로 바꿉니다",
            (false, _, _) => $"the destination becomes {Inside.Address}",
            (true, NatDirection.Outbound, Language.Korean) =>
                $"ICMP 오류와 그 안에 인용된 패킷에서 {Inside.Address}을(를) {Outside.Address}(으)로 바꿉니다",
            (true, NatDirection.Outbound, _) =>
                $"the ICMP error and the packet that it quotes say {Outside.Address} for {Inside.Address}",
            (true, _, Language.Korean) =>
                $"ICMP 오류와 그 안에 인용된 패킷에서 {Outside.Address}을(를) {Inside.Address}(으)로 바꿉니다",
            _ => $"the ICMP error and the packet that it quotes say {Inside.Address} for {Outside.Address}",
        };

    private string Kind =>
        Protocol switch
        {
            IpProtocol.Udp => "UDP",
            IpProtocol.Tcp => "TCP",
            _ => "ICMP",
        };

    private string Name(Endpoint end, Language language) =>
        (Protocol, end.Port == Port.Any, language) switch
        {
            (not IpProtocol.Icmp, _, _) => $"{end}",
            (_, true, _) => $"{end.Address}",
            (_, _, Language.Korean) => $"{end.Address} (식별자 {end.Port})",
            _ => $"{end.Address} (identifier {end.Port})",
        };
}
