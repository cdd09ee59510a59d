using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>The socket, ARP, the handshake, the segments and their hops.</summary>
internal static class ConnectionChapters
{
    public static Chapter? Socket(Scene scene)
    {
        if (scene.Main is not { } connection)
            return null;
        var voice = scene.Voice;
        var descriptor = connection.Descriptor ?? 0;
        var blocks = new List<Block>
        {
            voice.Tell(
                $"With an address in hand the browser asks the protocol stack for a socket: a piece of memory that holds all that the stack must know to carry one conversation (addresses, ports, state, how far it has got). What it is given is a small number, the descriptor {descriptor:number}, by which the program tells its sockets apart.",
                $"IP 주소를 알았으니 브라우저는 프로토콜 스택에 소켓을 만들어 달라고 합니다. 소켓은 대화 하나에 필요한 제어 정보(주소, 포트 번호, 상태, 진행 상황)를 적어 두는 메모리 영역입니다. 브라우저가 받는 것은 디스크립터라는 작은 번호 {descriptor:number}이며, 프로그램은 이 번호로 자기 소켓들을 구별합니다."
            ),
            scene.Calls(
                descriptor,
                scene.OwnResolutions.FirstOrDefault()?.Ended ?? scene.Visit.Click,
                Returned(scene, connection),
                "socket",
                "connect"
            ),
            voice.Tell(
                $"From outside, ports tell sockets apart: {connection.Remote.Port:number} is where the other side is known to listen, and for its own end the stack has picked {connection.Local.Port:number}, which nobody else uses.",
                $"바깥에서는 포트 번호로 소켓을 구별합니다. {connection.Remote.Port:number}번은 상대가 기다리고 있다고 알려진 번호이고, 이쪽 번호 {connection.Local.Port:number}{Korean.Topic(connection.Local.Port.ToString())} 프로토콜 스택이 비어 있는 것 가운데서 골랐습니다."
            ),
        };
        return new("socket", voice.Say("The socket", "소켓"), blocks);
    }

    /// <summary>Where connect() comes back, with or without a connection.</summary>
    private static JournalEntry? Returned(Scene scene, Connection connection) =>
        scene.After(
            connection.Began,
            entry =>
                entry.Host == connection.LocalHost
                && entry.What is SocketReturned { Call: "connect" } call
                && call.Descriptor == connection.Descriptor
        );

    public static Chapter? Arp(Scene scene)
    {
        var voice = scene.Voice;
        var all = scene
            .Journey.Packets.Where(packet =>
                packet.PassesOn is null
                && packet.Dissection.Protocol == "ARP"
                && scene.Journey.Journal.Root(packet.Entry) == scene.Visit.Click
            )
            .ToList();
        if (scene.Events<PacketSent>(scene.Journey.Host).FirstOrDefault() is not { Entry: not null } first)
            return null;
        var (hop, route) = (first.What.NextHop, first.What.Route);
        var me = first.What.Source.ToString();
        var mine = all.Where(packet =>
                packet.Dissection.Find("ARP", "Sender IP")?.Value == me
                || packet.Dissection.Find("ARP", "Target IP")?.Value == me
            )
            .ToList();
        var blocks = new List<Block>
        {
            hop == first.What.Destination
                ? voice.Tell(
                    $"A packet leaves through the LAN adapter, and Ethernet knows only MAC addresses. {first.What.Destination:address} is on this very network ({route:address}), so the frame goes to it directly; but which MAC address has it?",
                    $"패킷은 LAN 어댑터를 통해 나가는데, 이더넷은 MAC 주소밖에 모릅니다. {first.What.Destination:address}{Korean.Topic(first.What.Destination.ToString())} 같은 네트워크({route:address}) 안에 있으므로 프레임을 바로 보내면 됩니다. 그런데 그 MAC 주소는 무엇일까요?"
                )
                : voice.Tell(
                    $"A packet leaves through the LAN adapter, and Ethernet knows only MAC addresses. {first.What.Destination:address} is not on this network: the routing table sends it by {route:address} to the router {hop:address}. But which MAC address has that one?",
                    $"패킷은 LAN 어댑터를 통해 나가는데, 이더넷은 MAC 주소밖에 모릅니다. {first.What.Destination:address}{Korean.Topic(first.What.Destination.ToString())} 이 네트워크에 없으므로 경로표의 {route:address}에 따라 라우터 {hop:address}에 맡깁니다. 그런데 라우터의 MAC 주소는 무엇일까요?"
                ),
        };
        if (mine.Count == 0)
        {
            blocks.Add(
                voice.Tell(
                    $"The ARP cache still knows it from before.",
                    $"ARP 캐시에 아직 남아 있어 다시 묻지 않습니다."
                )
            );
        }
        else
        {
            blocks.Add(
                voice.Tell(
                    $"ARP asks everybody on the LAN, and the one who is meant answers. Meanwhile the packet waits; it is not lost. (This came with the very first packet that left, at {scene.Ms(mine[0].At):time} ms.)",
                    $"ARP로 LAN의 모두에게 물으면 해당하는 쪽이 대답합니다. 그동안 패킷은 버려지지 않고 기다립니다. (이 일은 맨 처음 패킷이 나갈 때, {scene.Ms(mine[0].At):time} ms에 일어났습니다.)"
                )
            );
            blocks.Add(
                new Table(
                    [
                        new(voice.Word("frame", "프레임"), Right: true),
                        new("ms", Right: true),
                        new(voice.Word("node", "노드")),
                        new("ARP", Flows: true),
                    ],
                    [
                        .. mine.Select(packet =>
                            (IReadOnlyList<Text>)
                                [
                                    Scene.Frame(packet),
                                    new(scene.Ms(packet.At), Role.Time),
                                    new(packet.From, Role.Host),
                                    packet.Dissection.Summary,
                                ]
                        ),
                    ]
                )
            );
        }
        if (all.Count > mine.Count)
            blocks.Add(
                voice.Tell(
                    $"The others on the way did the same on their own cables: {all.Count - mine.Count:number} more questions and answers.",
                    $"도중의 다른 기기들도 저마다 자기 케이블에서 같은 일을 했습니다. 질문과 대답이 {all.Count - mine.Count:number}개 더 오갔습니다."
                )
            );
        return new("arp", voice.Say("Whose MAC address? ARP", "MAC 주소를 알아내는 ARP"), blocks);
    }

    public static Chapter? Handshake(Scene scene)
    {
        if (scene.Main is not { } connection)
            return null;
        var voice = scene.Voice;
        var trace = scene.Trace(connection);
        // Up to the first segment that acknowledges the server's SYN; it may already carry the request.
        var third = trace.Segments.FirstOrDefault(static segment => segment.From == End.Local && segment.Has("ACK"));
        var segments = trace.Segments.TakeWhile(segment => segment != third);
        if (third is not null)
            segments = segments.Append(third);
        return new(
            "handshake",
            voice.Say("Connecting: the handshake", "접속: 세 번의 악수"),
            [
                voice.Tell(
                    $"connect() lets the two sockets get to know each other. SYN says 'I begin to count at this number', ACK 'I have heard you': three segments, since each side says both once and the middle one says two things at a time. Numbers are shown counted from the first; the real first ones are random.",
                    $"connect()는 두 소켓이 서로를 알게 하는 일입니다. SYN은 '나는 이 번호부터 셉니다', ACK는 '잘 들었습니다'라는 뜻입니다. 양쪽이 한 번씩 두 말을 하되 가운데 세그먼트가 두 말을 함께 하므로 모두 세 번 오갑니다. 번호는 첫 번호를 0으로 하여 적었으며 실제 첫 번호는 무작위로 정합니다."
                ),
                Ladder.Draw(scene, trace, segments),
                connection.Opened is { } at
                    ? voice.Tell(
                        $"At {scene.Ms(at):time} ms the browser's end is {"ESTABLISHED":state}: a pipe leads from socket to socket. Both sides have set memory aside for what will come.{(third?.Tcp.Length > 0 ? " (The third ACK did not have to travel alone: it rides with the request.)" : "")}",
                        $"{scene.Ms(at):time} ms에 브라우저 쪽 소켓이 {"ESTABLISHED":state} 상태가 됩니다. 두 소켓 사이에 파이프가 놓였고, 양쪽은 데이터를 담을 버퍼 메모리를 마련했습니다.{(third?.Tcp.Length > 0 ? " (세 번째 ACK는 따로 가지 않고 리퀘스트와 합승합니다.)" : "")}"
                    )
                    : voice.Tell($"It did not come to a connection.", $"접속이 이루어지지 않았습니다."),
            ]
        );
    }

    public static Chapter? Segments(Scene scene)
    {
        if (scene.Main is not { Opening.Entry: { } opened } connection)
            return null;
        var voice = scene.Voice;
        var trace = scene.Trace(connection);
        var page = scene.Visit.Page?.Ended ?? scene.Visit.End;
        var segments = trace.Segments.Where(segment => !segment.IsBefore(opened) && segment.IsBefore(page)).ToList();
        if (segments.Count == 0)
            return null;
        var request = segments.Find(static segment => segment.From == End.Local && segment.Tcp.Length > 0)?.Packet;
        var blocks = new List<Block>
        {
            voice.Tell(
                $"write() hands the message to the stack, which cuts it into segments of at most one MSS, numbers every byte, and keeps a copy until the other side has acknowledged it.",
                $"write()로 넘겨받은 메시지를 프로토콜 스택은 MSS 이하의 세그먼트로 나누고, 바이트마다 번호를 매기며, 상대가 확인(ACK)할 때까지 사본을 보관합니다."
            ),
            scene.Calls(connection.Descriptor ?? 0, opened, page, "write", "read"),
            Ladder.Draw(scene, trace, segments),
        };
        if (request is not null)
        {
            blocks.Add(
                voice.Tell(
                    $"Follow frame {Scene.Frame(request)}, which carries the request, across every hop. Each router looks its destination up anew, takes one from the TTL, and makes a new Ethernet frame for the next cable. {(connection.IsTranslated ? "The destination stays the same all the way; the sender's private address does not: the home router puts its own public one in its place (NAT)." : "IP addresses stay the same all the way."):plain}",
                    $"리퀘스트를 실은 프레임 {Scene.Frame(request)}{Korean.Object(request.Number.ToString())} 따라가 봅시다. 라우터는 매번 경로표에서 수신처를 다시 찾고, TTL을 하나 줄이고, 다음 케이블에 맞는 이더넷 프레임을 새로 만듭니다. {(connection.IsTranslated ? "수신처 주소는 끝까지 그대로이지만, 보낸 쪽의 사설 주소는 집의 라우터가 자기 공인 주소로 바꿉니다 (NAT)." : "IP 주소는 끝까지 그대로입니다."):plain}"
                )
            );
            blocks.Add(Hops.Draw(scene.Journey, request, voice, scene.Visit.Click.At));
        }
        return new("segments", voice.Say("Segments and hops", "세그먼트와 홉"), blocks);
    }
}
