using Twocan.Core;

namespace Twocan.Stack;

/// <summary>The reasons for which something is thrown away, as a person would say them.</summary>
public static class DropReasons
{
    public static string Say(this DropReason reason, Language language) =>
        language == Language.Korean ? Korean(reason) : English(reason);

    private static string English(DropReason reason) =>
        reason switch
        {
            DropReason.FrameTooShort => "the frame is shorter than Ethernet allows",
            DropReason.CollisionFragment => "it is what a collision has left of a frame (a runt)",
            DropReason.FrameCheckFailed => "the frame was damaged on the way, its check sequence is wrong",
            DropReason.NotForMe => "the frame is for another adapter",
            DropReason.UnknownEtherType => "the frame carries a protocol that is not spoken here",
            DropReason.BadArp => "the ARP message makes no sense",
            DropReason.NoNeighbour => "the next hop does not answer",
            DropReason.NeighbourQueueFull => "too many packets wait for this next hop",
            DropReason.BadIpHeader => "the IP header makes no sense",
            DropReason.BadIpChecksum => "the IP header was damaged, its checksum is wrong",
            DropReason.BadSource => "nobody can have sent it from that address",
            DropReason.BadDestination => "that address cannot be sent to in this way",
            DropReason.BadOption => "an option in its IP header makes no sense",
            DropReason.SourceRoute => "its sender wants to choose the way, which nobody here grants",
            DropReason.NotForwarding => "it is for somebody else, and this host is no router for it",
            DropReason.TimeToLiveExpired => "its time to live is over",
            DropReason.NoRoute => "no route leads there",
            DropReason.TooBig => "it is too long for the next link",
            DropReason.BadFragment => "it is a fragment that no packet can be cut into",
            DropReason.TinyFragment => "it is a fragment so small that it hides the TCP header",
            DropReason.OverlappingFragments => "its fragments overlap, so nobody can say what was sent",
            DropReason.DuplicateFragment => "this fragment is here already",
            DropReason.ReassemblyTimedOut => "the rest of its fragments did not come in time",
            DropReason.ReassemblyFull => "too many fragments wait, the oldest make room",
            DropReason.NoProtocol => "its protocol is not spoken here",
            DropReason.BadIcmp => "the ICMP message makes no sense",
            DropReason.BadRedirect => "only the router that is asked may name a better one, and only one nearby",
            DropReason.BadUdp => "the UDP datagram was damaged",
            DropReason.NoPort => "nobody waits on that UDP port",
            DropReason.ReceiveQueueFull => "the program has not fetched what came before, its queue is full",
            DropReason.BadTcp => "the TCP segment was damaged",
            DropReason.NoConnection => "no connection and no listener has that TCP port",
            DropReason.AcceptQueueFull => "too many connections wait to be accepted",
            DropReason.SynQueueFull => "too many handshakes are under way at once",
            DropReason.UnsolicitedInbound => "nobody inside has asked for it, the NAT table has no row that lets it in",
            DropReason.NoTranslation =>
                "address translation knows no row for it, and makes none for packets of this kind",
            DropReason.TranslationTableFull => "the NAT table is full",
            DropReason.BadExtensionHeader => "its extension headers make no sense, or are too many",
            DropReason.UnknownOption => "it has an option that is not known here and must not be passed over",
            DropReason.RoutingHeader => "it asks to be sent on by way of others, which is refused",
            DropReason.NothingInside => "it carries nothing, as its last header says",
            DropReason.GroupNotJoined => "it is for a group that nobody here listens to",
            DropReason.BadNeighbourMessage => "the message of the link makes no sense, or has come from beyond it",
            _ => reason.ToString(),
        };

    private static string Korean(DropReason reason) =>
        reason switch
        {
            DropReason.FrameTooShort => "프레임이 이더넷의 최소 길이보다 짧습니다",
            DropReason.CollisionFragment => "충돌하고 남은 프레임 조각(런트)입니다",
            DropReason.FrameCheckFailed => "프레임이 도중에 손상되어 FCS가 맞지 않습니다",
            DropReason.NotForMe => "다른 어댑터에게 가는 프레임입니다",
            DropReason.UnknownEtherType => "여기서 모르는 프로토콜을 담은 프레임입니다",
            DropReason.BadArp => "ARP 메시지가 올바르지 않습니다",
            DropReason.NoNeighbour => "다음 홉이 대답하지 않습니다",
            DropReason.NeighbourQueueFull => "이 다음 홉을 기다리는 패킷이 너무 많습니다",
            DropReason.BadIpHeader => "IP 헤더가 올바르지 않습니다",
            DropReason.BadIpChecksum => "IP 헤더가 손상되어 체크섬이 맞지 않습니다",
            DropReason.BadSource => "그 주소에서 보낼 수 없는 패킷입니다",
            DropReason.BadDestination => "그 주소로는 이렇게 보낼 수 없습니다",
            DropReason.BadOption => "IP 헤더의 옵션이 올바르지 않습니다",
            DropReason.SourceRoute => "보낸 쪽이 경로를 스스로 정하려 합니다. 여기서는 허용하지 않습니다",
            DropReason.NotForwarding => "다른 곳으로 가는 패킷인데 여기서는 전달하지 않습니다",
            DropReason.TimeToLiveExpired => "TTL이 다했습니다",
            DropReason.NoRoute => "그곳으로 가는 경로가 없습니다",
            DropReason.TooBig => "다음 링크에 너무 긴 패킷입니다",
            DropReason.BadFragment => "있을 수 없는 모양의 조각입니다",
            DropReason.TinyFragment => "TCP 헤더를 숨길 만큼 작은 조각입니다",
            DropReason.OverlappingFragments => "조각이 서로 겹쳐 무엇을 보냈는지 알 수 없습니다",
            DropReason.DuplicateFragment => "이미 받은 조각입니다",
            DropReason.ReassemblyTimedOut => "나머지 조각이 제시간에 오지 않았습니다",
            DropReason.ReassemblyFull => "기다리는 조각이 너무 많아 가장 오래된 것을 버립니다",
            DropReason.NoProtocol => "여기서 모르는 프로토콜입니다",
            DropReason.BadIcmp => "ICMP 메시지가 올바르지 않습니다",
            DropReason.BadRedirect => "지금 쓰는 라우터만, 같은 링크의 라우터로만 길을 바꾸라고 할 수 있습니다",
            DropReason.BadUdp => "UDP 데이터그램이 손상되었습니다",
            DropReason.NoPort => "그 UDP 포트에서 기다리는 프로그램이 없습니다",
            DropReason.ReceiveQueueFull => "프로그램이 앞의 것을 아직 가져가지 않아 수신 큐가 가득 찼습니다",
            DropReason.BadTcp => "TCP 세그먼트가 손상되었습니다",
            DropReason.NoConnection => "그 TCP 포트에는 연결도, 기다리는 소켓도 없습니다",
            DropReason.AcceptQueueFull => "accept를 기다리는 연결이 너무 많습니다",
            DropReason.SynQueueFull => "한꺼번에 진행 중인 연결 요청이 너무 많습니다",
            DropReason.UnsolicitedInbound => "안쪽에서 부르지 않은 패킷입니다. NAT 표에 들여보낼 줄이 없습니다",
            DropReason.NoTranslation => "NAT 표에 맞는 줄이 없고, 이런 패킷으로는 새로 적지 않습니다",
            DropReason.TranslationTableFull => "NAT 표가 가득 찼습니다",
            DropReason.BadExtensionHeader => "확장 헤더가 올바르지 않거나 너무 많습니다",
            DropReason.UnknownOption => "여기서 모르는 옵션인데 건너뛰면 안 되는 것입니다",
            DropReason.RoutingHeader => "다른 곳을 거쳐 보내 달라는 라우팅 헤더는 받아 주지 않습니다",
            DropReason.NothingInside => "마지막 헤더가 말하는 대로 아무것도 담고 있지 않습니다",
            DropReason.GroupNotJoined => "여기서 듣지 않는 그룹으로 가는 것입니다",
            DropReason.BadNeighbourMessage => "이웃 탐색 메시지가 올바르지 않거나 이 링크 밖에서 온 것입니다",
            _ => reason.ToString(),
        };
}
