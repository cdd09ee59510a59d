namespace Twocan.Explorer;

/// <summary>What a failure means, and what one might look at.</summary>
internal static class Endings
{
    /// <summary>The reason in a few Korean words; the English ones come with the failure.</summary>
    public static string InShort(Failure failure) =>
        failure.Kind switch
        {
            FailureKind.NoSuchName => "그런 이름이 없습니다 (NXDOMAIN)",
            FailureKind.NoAddress => "이름에 주소가 없습니다",
            FailureKind.NameServersSilent => "DNS 서버의 답을 얻지 못했습니다",
            FailureKind.ConnectionRefused => "접속이 거부되었습니다",
            FailureKind.TimedOut => "시간 안에 아무도 답하지 않았습니다",
            FailureKind.Unreachable => "그 호스트로 가는 길이 없습니다",
            FailureKind.ConnectionBroken => "연결이 끊어졌습니다",
            FailureKind.BadResponse => "응답을 읽을 수 없습니다",
            FailureKind.BadUrl => "다룰 수 없는 URL입니다",
            FailureKind.TooManyRedirects => "리다이렉트가 너무 많습니다",
            FailureKind.NotTrusted => "서버의 증명서를 믿을 수 없습니다",
            FailureKind.Status => $"서버의 응답은 {failure.Why}입니다",
            _ => "프록시에 닿지 못했습니다",
        };

    public static Phrase Of(FailureKind kind) =>
        kind switch
        {
            FailureKind.NoSuchName => new(
                "The name servers in charge say that there is no such name. Nothing was sent to any web server. Check the spelling of the host.",
                "담당 DNS 서버가 그런 이름은 없다고 답했습니다. 웹 서버에는 아무것도 보내지 않았습니다. 호스트 이름의 철자를 확인하십시오."
            ),
            FailureKind.NoAddress => new(
                "The name exists, but no address belongs to it: it may be a domain without a web server.",
                "이름은 있지만 주소가 없습니다. 웹 서버가 없는 도메인일 수 있습니다."
            ),
            FailureKind.NameServersSilent => new(
                "No name server gave an answer, so there was no address to go to. Look at the cables on the way to the name servers.",
                "어느 DNS 서버에서도 답을 얻지 못해 찾아갈 주소가 없었습니다. DNS 서버까지의 케이블을 살펴보십시오."
            ),
            FailureKind.ConnectionRefused => new(
                "The host is there, but no program listens on that port: its stack answered the SYN with RST.",
                "호스트는 있지만 그 포트에서 기다리는 프로그램이 없습니다. 상대의 프로토콜 스택이 SYN에 RST로 답했습니다."
            ),
            FailureKind.TimedOut => new(
                "Nobody answered, however often the segment was sent again, so TCP gave up and told the program.",
                "여러 번 다시 보내도 아무도 답하지 않아 TCP가 포기하고 프로그램에 알렸습니다."
            ),
            FailureKind.Unreachable => new(
                "A router said by ICMP that there is no way to that host.",
                "그 호스트로 가는 길이 없다고 라우터가 ICMP로 알려 왔습니다."
            ),
            FailureKind.ConnectionBroken => new(
                "The connection broke off in the middle.",
                "연결이 도중에 끊어졌습니다."
            ),
            FailureKind.BadResponse => new(
                "What came back was not a response that HTTP allows.",
                "돌아온 것이 HTTP 규칙에 맞는 응답이 아니었습니다."
            ),
            FailureKind.BadUrl => new(
                "The browser cannot go by that way of access.",
                "브라우저가 쓸 수 없는 액세스 방법입니다."
            ),
            FailureKind.TooManyRedirects => new(
                "The servers sent the browser from one place to the next without an end.",
                "서버들이 브라우저를 끝없이 다른 곳으로 보냈습니다."
            ),
            FailureKind.NotTrusted => new(
                "TLS came to nothing: the server could not show that it is who it says, or speaks in no way that we do.",
                "TLS가 이루어지지 않았습니다. 서버가 자신이 누구인지 증명하지 못했거나 서로 통하는 방식이 없습니다."
            ),
            FailureKind.Status => new(
                "The server answered, but not with what was asked for: 4xx means that the request was at fault, 5xx the server.",
                "서버가 응답했지만 요청한 것을 주지 않았습니다. 4xx는 리퀘스트의 잘못, 5xx는 서버의 잘못이라는 뜻입니다."
            ),
            _ => new(
                "The proxy that the settings name could not be reached, so no server was ever asked.",
                "설정된 프록시에 닿지 못해 어떤 서버에도 요청하지 못했습니다."
            ),
        };
}
