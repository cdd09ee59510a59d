using System.Globalization;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Explorer;

/// <summary>TLS: what the two sides agreed on before a word of HTTP was said, and who vouches for the server.</summary>
internal static class SecrecyChapter
{
    public static Chapter? Tell(Scene scene)
    {
        var secured = scene.Journey.HostConnections.Where(static it => it.Tls is not null).ToList();
        if (secured is not [{ Tls: { } tls }, ..])
            return null;
        var voice = scene.Voice;
        var blocks = new List<Block>
        {
            voice.Tell(
                $"{"https":call} is http with TLS in between. Before the browser says a word of HTTP, both sides make a secret that nobody on the way can know, and the server proves by a certificate who it is. From then on all that passes on the way is encrypted: of the request, somebody who listens sees no more than its length, and whom it is for. (What the first calls of each socket above wrote and read was this talk.)",
                $"{"https":call}는 http 아래에 TLS를 한 겹 넣은 것입니다. 브라우저가 HTTP를 한 마디라도 하기 전에, 양쪽은 도중의 누구도 알 수 없는 비밀 키를 함께 만들고, 서버는 인증서로 자기가 누구인지 증명합니다. 그다음부터는 모두 암호화되므로 도중에 엿듣는 사람은 길이와 상대만 알 수 있습니다. (위에서 소켓마다 처음에 쓰고 읽은 것이 이 대화입니다.)"
            ),
            Agreed(scene, secured),
            voice.Tell(
                $"They agreed on {tls.Version:strong}: {Cipher(tls.CipherSuite, voice)}. {Spoken(tls, voice)}",
                $"양쪽은 {tls.Version:strong}에 합의했습니다: {Cipher(tls.CipherSuite, voice)}. {Spoken(tls, voice)}"
            ),
            tls.IsProven
                ? voice.Tell(
                    $"The certificates, from the server's own up to the one that this machine knew before:",
                    $"서버 자신의 인증서부터 이 컴퓨터가 미리 알고 있던 것까지, 인증서는 다음과 같습니다."
                )
                : voice.Tell($"The certificates that the server showed:", $"서버가 보여 준 인증서는 다음과 같습니다."),
            Certificates(tls, voice),
            Proof(tls, Url.Parse(scene.Journey.Url).Host.Display, voice),
        };
        return new("tls", voice.Say("A secret, and a proof: TLS", "비밀과 증명: TLS"), blocks);
    }

    private static Table Agreed(Scene scene, List<HostConnection> secured)
    {
        var voice = scene.Voice;
        return new(
            [
                new(voice.Word("socket", "소켓"), Right: true),
                new(voice.Word("connected ms", "접속 ms"), Right: true),
                new(voice.Word("secret ms", "합의 ms"), Right: true),
                new(voice.Word("took ms", "걸린 ms"), Right: true),
                new(voice.Word("agreed on", "합의한 것"), Flows: true),
            ],
            [
                .. secured.Select(it =>
                    (IReadOnlyList<Text>)
                        [
                            new($"{it.Descriptor}", Role.Number),
                            new(scene.Ms(it.Opened!.Value), Role.Time),
                            new(scene.Ms(it.Secured!.Value), Role.Time),
                            new(Voice.Milliseconds(it.Secured.Value - it.Opened.Value), Role.Number),
                            $"{it.Tls!.Value.Version:strong} {it.Tls.Value.CipherSuite:call}{(it.Tls.Value.Protocol is { } alpn ? $", ALPN {alpn}" : "")}",
                        ]
                ),
            ]
        );
    }

    /// <summary>The suite's name read aloud; TLS 1.3's say no more than how to encrypt and which hash makes the keys.</summary>
    private static string Cipher(string suite, Voice voice)
    {
        var name = suite.StartsWith("TLS_", StringComparison.Ordinal) ? suite[4..] : suite;
        var with = name.Split("_WITH_");
        var last = with[^1].LastIndexOf('_');
        if (last < 0)
            return suite;
        var (how, hash) = (with[^1][..last].Replace('_', '-'), with[^1][(last + 1)..]);
        var keys = with.Length > 1 ? with[0].Replace('_', '-') : "";
        return voice.IsKorean
            ? $"{(keys.Length > 0 ? $"키는 {keys}{Korean.Toward(keys)} 정하고, " : "")}{how}{Korean.Toward(how)} 암호화하며, 해시는 {hash}입니다"
            : $"{(keys.Length > 0 ? $"keys by {keys}, " : "")}encrypted by {how}, keys and proofs hashed by {hash}";
    }

    private static Text Spoken(in TlsEstablished tls, Voice voice) =>
        tls.Protocol is { } protocol
            ? voice.Say(
                $"And that they will speak {protocol:call} inside (ALPN)",
                $"안에서는 {protocol:call}로 말하기로 했습니다(ALPN)"
            ) + "."
            : voice.Say(
                $"The server said nothing of what is spoken inside (no ALPN), so it is HTTP/1.1.",
                $"안에서 무엇으로 말할지는 서버가 정하지 않아(ALPN 없음) HTTP/1.1로 말합니다."
            );

    private static Table Certificates(in TlsEstablished tls, Voice voice) =>
        new(
            [
                new(voice.Word("whose", "주인"), Flows: true),
                new(voice.Word("signed by", "서명한 곳")),
                new(voice.Word("good until", "유효기간 끝")),
                new(voice.Word("key", "키")),
            ],
            [
                .. tls.Certificates.Select(it =>
                    (IReadOnlyList<Text>)
                        [
                            $"{NameOf(it.Subject):name}{(it.Names.Count > 0 ? $" ({string.Join(", ", it.Names.Take(4))}{(it.Names.Count > 4 ? ", …" : "")})" : "")}",
                            it.IsSelfSigned ? voice.Say("itself", "자기 자신") : NameOf(it.Issuer),
                            new(it.Ends.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Role.Time),
                            it.Key,
                        ]
                ),
            ]
        );

    private static Paragraph Proof(in TlsEstablished tls, string host, Voice voice) =>
        tls.IsProven
            ? voice.Tell(
                $"The last one is among those that this machine {"trusts":good}, each signature holds, and the first is good for {host:host}: so it is the right server that answers.",
                $"마지막 인증서는 이 컴퓨터가 {"믿는":good} 것 가운데 하나이고, 서명이 모두 맞으며, 첫 인증서가 {host:host}에 쓸 수 있는 것이므로 상대는 바로 그 서버입니다."
            )
            : voice.Tell(
                $"{"Nobody that this machine knows vouches for it":bad}; the browser was told to believe anybody ({"--insecure":call}). What is said is secret, but with whom it is shared nobody can tell.",
                $"{"이 컴퓨터가 아는 누구도 보증하지 않습니다":bad}. 누구든 믿으라는 지시({"--insecure":call})가 있어 그대로 진행했습니다. 내용은 비밀이지만, 누구와 나눈 비밀인지는 알 수 없습니다."
            );

    /// <summary>Of a distinguished name what people know it by.</summary>
    private static string NameOf(string distinguished)
    {
        foreach (var part in distinguished.Split(", "))
            if (part.StartsWith("CN=", StringComparison.Ordinal))
                return part[3..];
        return distinguished;
    }
}
