using Twocan.Core;
using Twocan.Dns;

namespace Twocan.Explorer;

/// <summary>The resolver and the name servers, as a tree: who asked whom for whose sake, and what was said.</summary>
internal static class NamesChapter
{
    public static Chapter Tell(Scene scene)
    {
        var voice = scene.Voice;
        var blocks = new List<Block>();
        var resolution = scene.OwnResolutions.FirstOrDefault();
        if (resolution is null && scene.Journey.Proxy is { } proxy)
            blocks.Add(
                voice.Tell(
                    $"The address of the proxy {proxy:host} stands in the browser's settings, so the browser asks nobody. To find the server is the proxy's business now.",
                    $"프록시 {proxy:host}의 주소는 브라우저에 설정되어 있으므로 브라우저는 아무에게도 묻지 않습니다. 서버를 찾는 것은 이제 프록시가 할 일입니다."
                )
            );
        else if (resolution is null)
            blocks.Add(
                voice.Tell(
                    $"There is an address already, so nobody has to be asked for one.",
                    $"이미 IP 주소를 알고 있으므로 아무에게도 묻지 않습니다."
                )
            );
        else if (resolution.Queries.Count == 0)
            blocks.Add(FromMemory(voice, resolution));
        else
            TellSearch(scene, resolution, blocks);
        foreach (var other in scene.Resolutions)
            if (other != resolution && other.Queries.Count > 0)
                TellOther(scene, other, blocks);
        return new("names", voice.Say("The resolver and the name servers", "리졸버와 DNS 서버"), blocks);
    }

    private static Paragraph FromMemory(Voice voice, Resolution resolution) =>
        voice.Tell(
            $"The resolver still remembers {resolution.Name:name} from before, {string.Join(", ", resolution.Answers):address}: its period of validity has not run out, so no packet leaves.",
            $"리졸버가 {resolution.Name:name}의 주소 {string.Join(", ", resolution.Answers):address}{Korean.Object(string.Concat(resolution.Answers))} 아직 기억하고 있습니다. 유효기간이 남아 있으므로 아무 패킷도 보내지 않습니다."
        );

    private static void TellSearch(Scene scene, Resolution resolution, List<Block> blocks)
    {
        var voice = scene.Voice;
        var first = resolution.Queries[0];
        var server = Server(first);
        blocks.Add(
            voice.Tell(
                $"Routers carry addresses, not names. So the browser calls the resolver, a part of the socket library ({Call(resolution)}), and waits. The resolver asks the nearest name server, {server:host}, whose address stands in this machine's settings; that one asks its way down from the root.",
                $"라우터는 이름이 아니라 IP 주소를 보고 패킷을 나릅니다. 그래서 브라우저는 Socket 라이브러리에 든 리졸버({Call(resolution)})를 호출하고 답을 기다립니다. 리졸버는 이 컴퓨터에 설정된 가장 가까운 DNS 서버 {server:host}에 묻고, 그 서버는 루트부터 차례로 아래로 내려가며 물어봅니다."
            )
        );
        blocks.Add(new Tree(Nodes(scene, resolution, null)));
        blocks.Add(Outcome(scene, resolution));
        if (resolution is { Type: "AAAA", Answers: [var address, ..] })
            blocks.Add(LongAddress(voice, address));
        if (Descriptor(scene, resolution) is { } descriptor)
        {
            blocks.Add(
                voice.Tell(
                    $"What the resolver called in the socket library for it (UDP: a question, an answer, no connection):",
                    $"이를 위해 리졸버가 호출한 소켓 함수입니다. UDP이므로 접속 없이 질문 하나와 답 하나를 주고받습니다."
                )
            );
            blocks.Add(
                scene.Calls(
                    descriptor,
                    resolution.Began,
                    resolution.Ended,
                    "socket",
                    "bind",
                    "connect",
                    "sendto",
                    "recvfrom",
                    "close"
                )
            );
        }
    }

    /// <summary>What programs call that know IPv6, and what they called before.</summary>
    private static string Call(Resolution resolution) => resolution.Type == "A" ? "gethostbyname" : "getaddrinfo";

    /// <summary>What stands behind AAAA, for who sees one for the first time.</summary>
    private static Paragraph LongAddress(Voice voice, string address) =>
        voice.Tell(
            $"An AAAA record holds four times what an A record does: an IPv6 address of 128 bits, written as eight numbers in hexadecimal, where {"::":address} stands for all the zeros that are left out. The first half of {address:address} is the network number, the second half the host's: so many that nobody needs to share one.",
            $"AAAA 레코드에는 A 레코드의 네 배가 들어갑니다. 128비트의 IPv6 주소이며 16진수 여덟 개로 쓰고, {"::":address}은 생략한 0들을 나타냅니다. {address:address}의 앞 절반은 네트워크 번호, 뒤 절반은 호스트 번호입니다. 아주 많아서 주소 하나를 여럿이 나누어 쓸 필요가 없습니다."
        );

    private static void TellOther(Scene scene, Resolution resolution, List<Block> blocks)
    {
        var voice = scene.Voice;
        blocks.Add(
            resolution.Began.Host == scene.Journey.Host
            && scene.OwnResolutions.Any(other => other != resolution && other.Name == resolution.Name)
                ? voice.Tell(
                    $"An address of the other kind may do as well, so the resolver asks for {resolution.Type:strong} at the same time:",
                    $"다른 종류의 주소도 쓸 수 있으므로 리졸버는 {resolution.Type:strong} 레코드도 함께 묻습니다."
                )
            : resolution.Began.Host == scene.Journey.Host
                ? voice.Tell(
                    $"Later another name was needed, {resolution.Name:name}:",
                    $"나중에 다른 이름 {resolution.Name:name}도 필요해졌습니다."
                )
            : voice.Tell(
                $"{resolution.Began.Host:host} needed the address of {resolution.Name:name}:",
                $"{resolution.Began.Host:host}에서는 {resolution.Name:name}의 주소가 필요했습니다."
            )
        );
        blocks.Add(new Tree(Nodes(scene, resolution, null)));
    }

    private static List<TreeNode> Nodes(Scene scene, Resolution resolution, Query? parent) =>
        [
            .. resolution
                .Queries.Where(query => query.Parent == parent)
                .Select(query => new TreeNode(Say(scene, query), Nodes(scene, resolution, query))),
        ];

    private static Text Say(Scene scene, Query query)
    {
        var voice = scene.Voice;
        var sent = scene.Ms(query.Sent.At);
        var question = Scene.Frame(FirstFrame(scene, query.Sent));
        var server = Server(query);
        Text asked = query.Zone.Length switch
        {
            0 => voice.Say(
                $"{sent:time} ms {query.Asker:host} asks {server:host} for {query.Name:name} {query.Type} {question}",
                $"{sent:time} ms {query.Asker:host} → {server:host}: {query.Name:name}의 {query.Type} 레코드? {question}"
            ),
            _ => voice.Say(
                $"{sent:time} ms {query.Asker:host} asks {server:host}, in charge of {Zone(query, voice):name} {question}",
                $"{sent:time} ms {query.Asker:host} → {server:host} ({Zone(query, voice):name} 담당) {question}"
            ),
        };
        if (query.Attempt > 1)
            asked += voice.Say($" {"again, try " + query.Attempt:bad}", $" {query.Attempt + "번째 시도":bad}");
        if (query.Received is not { } received)
            return asked + voice.Say($": {"no answer":bad}", $": {"답이 없음":bad}");
        return asked
            + $" → {scene.Ms(received.At):time} ms {Scene.Frame(scene.Journey.PacketOf(received))}: "
            + Answer(scene, query, received);
    }

    private static Text Answer(Scene scene, Query query, JournalEntry received)
    {
        var voice = scene.Voice;
        var message = scene.Journey.PacketOf(received)?.Dissection;
        var cut = message?.Find("DNS", "Authority: name")?.Value ?? "";
        var below = message?.Find("DNS", "Authority: data")?.Value ?? "";
        return query.Kind switch
        {
            AnswerKind.Referral => voice.Say(
                $"'ask {below:host}, who looks after {cut:name}'",
                $"'{cut:name}{Korean.Topic(cut)} {below:host}{Korean.Subject(below)} 담당하니 거기에 물으십시오'"
            ),
            AnswerKind.Alias => voice.Say($"an alias: {query.Summary:name}", $"별명입니다: {query.Summary:name}"),
            AnswerKind.NameError => voice.Say($"{"no such name":bad}", $"{"그런 이름은 없습니다":bad}"),
            AnswerKind.NoData => voice.Say(
                $"{"the name has no such record":bad}",
                $"{"이름은 있지만 그런 레코드가 없습니다":bad}"
            ),
            AnswerKind.Answer when query.Authoritative => voice.Say(
                $"{query.Summary:address}, from the registered server itself",
                $"{query.Summary:address} (등록된 서버의 답)"
            ),
            AnswerKind.Answer when query.FromCache => voice.Say(
                $"{query.Summary:address}, from its cache",
                $"{query.Summary:address} (캐시에서 답함)"
            ),
            AnswerKind.Answer => new(query.Summary, Role.Address),
            _ => voice.Say($"failure ({query.Rcode:bad})", $"실패 ({query.Rcode:bad})"),
        };
    }

    private static Paragraph Outcome(Scene scene, Resolution resolution)
    {
        var voice = scene.Voice;
        var ended = scene.Ms(resolution.Ended?.At ?? resolution.Began.At);
        if (resolution.Answers.Count == 0)
            return voice.Tell(
                $"At {ended:time} ms the resolver gives up: {resolution.Name:name} has no address to be had ({resolution.Rcode:bad}).",
                $"{ended:time} ms에 리졸버가 찾기를 그만둡니다. {resolution.Name:name}의 주소를 얻지 못했습니다 ({resolution.Rcode:bad})."
            );
        var answers = string.Join(", ", resolution.Answers);
        var answered = resolution.Queries.LastOrDefault(static query => query is { Parent: null, Received: not null });
        var validity = answered?.Received is { } received
            ? scene.Journey.PacketOf(received)?.Dissection.Find("DNS", "Answer: TTL")?.Value
            : null;
        return voice.Tell(
            $"At {ended:time} ms the resolver writes {answers:address} into the browser's memory. The name server keeps it too, and everything that it heard on the way, for as long as each is valid ({validity ?? "?"}).",
            $"{ended:time} ms에 리졸버가 {answers:address}{Korean.Object(answers)} 브라우저의 메모리에 써 넣습니다. DNS 서버는 이 답과 도중에 들은 것을 모두 유효기간({validity ?? "?"}) 동안 캐시에 보관합니다."
        );
    }

    private static string Server(Query query) =>
        query.ServerName.Length > 0 ? query.ServerName : query.Server.Address.ToString();

    private static string Zone(Query query, Voice voice) =>
        query.Zone == "." ? voice.Word("the root", "루트") : query.Zone;

    /// <summary>The frame in which a question left its host.</summary>
    private static Packet? FirstFrame(Scene scene, JournalEntry sent) =>
        scene.Journey.Packets.FirstOrDefault(packet =>
            packet.At >= sent.At
            && packet.Entry.Host == sent.Host
            && packet.Dissection.Dns is not null
            && scene.Journey.Journal.Climb(packet.Entry).Contains(sent)
        );

    private static int? Descriptor(Scene scene, Resolution resolution)
    {
        foreach (var entry in scene.Journey.Journal.Entries)
            if (
                entry.At >= resolution.Began.At
                && entry.Host == scene.Journey.Host
                && entry.What is Sockets.SocketCalled { Call: "sendto" } call
            )
                return call.Descriptor;
        return null;
    }
}
