using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What ICMP messages say, for people.</summary>
public static class IcmpWords
{
    /// <summary>The same in the numbers of either family.</summary>
    public static string Describe(bool isV4, byte type, byte code, Language language) =>
        isV4 ? Describe((IcmpType)type, code, language) : Icmpv6Header.Describe((Icmpv6Type)type, code, language);

    public static string Describe(IcmpType type, byte code, Language language)
    {
        var (english, korean) =
            Words(type, code) ?? ($"type {(byte)type} code {code}", $"타입 {(byte)type} 코드 {code}");
        return language == Language.Korean ? korean : english;
    }

    private static (string English, string Korean)? Words(IcmpType type, byte code) =>
        type switch
        {
            IcmpType.EchoReply => ("echo reply", "에코 응답"),
            IcmpType.EchoRequest => ("echo request", "에코 요청"),
            IcmpType.DestinationUnreachable => Unreachable(code),
            IcmpType.Redirect => ("there is a nearer router", "더 가까운 라우터가 있음"),
            IcmpType.TimeExceeded when code == IcmpCode.InTransit => ("time to live exceeded", "TTL이 다함"),
            IcmpType.TimeExceeded => ("time exceeded while fragments were awaited", "조각을 기다리다 시간이 다함"),
            IcmpType.ParameterProblem => ("parameter problem", "헤더에 잘못이 있음"),
            _ => null,
        };

    private static (string English, string Korean)? Unreachable(byte code) =>
        code switch
        {
            IcmpCode.NetworkUnreachable => ("network unreachable", "네트워크에 닿을 수 없음"),
            IcmpCode.HostUnreachable => ("host unreachable", "호스트에 닿을 수 없음"),
            IcmpCode.ProtocolUnreachable => ("protocol unreachable", "모르는 프로토콜"),
            IcmpCode.PortUnreachable => ("port unreachable", "그 포트에는 아무도 없음"),
            IcmpCode.FragmentationNeeded => ("too big for the next link", "패킷이 다음 링크에 너무 큼"),
            IcmpCode.SourceRouteFailed => ("the way that the sender chose leads nowhere", "보낸 쪽이 정한 길이 막힘"),
            IcmpCode.NetworkUnknown => ("network unknown", "모르는 네트워크"),
            IcmpCode.HostUnknown => ("host unknown", "모르는 호스트"),
            IcmpCode.HostIsolated => ("host isolated", "호스트가 고립됨"),
            IcmpCode.NetworkProhibited => ("network administratively prohibited", "네트워크 접근이 금지됨"),
            IcmpCode.HostProhibited => ("host administratively prohibited", "호스트 접근이 금지됨"),
            IcmpCode.NetworkUnreachableForService => (
                "network unreachable for this type of service",
                "이 서비스 종류로는 네트워크에 닿을 수 없음"
            ),
            IcmpCode.HostUnreachableForService => (
                "host unreachable for this type of service",
                "이 서비스 종류로는 호스트에 닿을 수 없음"
            ),
            IcmpCode.AdministrativelyProhibited => ("administratively prohibited", "관리자가 금지함"),
            IcmpCode.PrecedenceViolation => ("precedence not allowed", "허용되지 않는 우선순위"),
            IcmpCode.PrecedenceCutoff => ("precedence too low", "우선순위가 너무 낮음"),
            _ => null,
        };
}
