namespace Twocan.Explorer;

/// <summary>What time is spent with, in a word and in a sentence.</summary>
internal static class WaitNames
{
    public static Phrase Of(WaitKind kind) =>
        kind switch
        {
            WaitKind.Propagation => new("propagation", "전파"),
            WaitKind.Transmission => new("transmission", "송신"),
            WaitKind.Queue => new("queues", "줄 서기"),
            WaitKind.Arp => new("ARP", "ARP"),
            WaitKind.NeighbourDiscovery => new("neighbours", "이웃 탐색"),
            WaitKind.Retransmission => new("retransmission", "재전송 대기"),
            WaitKind.DelayedAcknowledgement => new("delayed ACKs", "지연 ACK"),
            WaitKind.Window => new("window", "윈도우"),
            WaitKind.Resolver => new("resolver", "리졸버 대기"),
            WaitKind.Server => new("server", "서버"),
            _ => new("other waiting", "그 밖의 대기"),
        };

    public static Phrase Why(WaitKind kind) =>
        kind switch
        {
            WaitKind.Propagation => new("signals run through cables: distance", "신호가 케이블을 달리는 시간: 거리"),
            WaitKind.Transmission => new(
                "bits go on the cable one by one: rate",
                "비트를 하나씩 케이블에 싣는 시간: 속도"
            ),
            WaitKind.Queue => new("frames stand in line for a cable", "프레임이 케이블 앞에서 차례를 기다림"),
            WaitKind.Arp or WaitKind.NeighbourDiscovery => new(
                "packets wait for a MAC address",
                "패킷이 MAC 주소를 기다림"
            ),
            WaitKind.Retransmission => new("TCP waits before it sends again", "TCP가 다시 보내기 전에 기다림"),
            WaitKind.DelayedAcknowledgement => new(
                "an ACK waits for data to ride with",
                "ACK가 합승할 데이터를 기다림"
            ),
            WaitKind.Window => new("data waits for acknowledgements", "데이터가 ACK를 기다림"),
            WaitKind.Resolver => new(
                "a resolver waits for an answer that does not come",
                "리졸버가 오지 않는 답을 기다림"
            ),
            WaitKind.Server => new("a server works", "서버가 일함"),
            _ => new("", ""),
        };
}
