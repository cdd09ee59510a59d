using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>The socket, the handshake, the segments and their hops.</summary>
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
            var isV4 = connection.Remote.Address.IsV4;
            blocks.Add(
                voice.Tell(
                    $"Follow frame {Scene.Frame(request)}, which carries the request, across every hop. Each router looks its destination up anew, takes one from {(isV4 ? "the TTL" : "the hop limit"):plain}, and makes a new Ethernet frame for the next cable. {(!isV4 ? "The IPv6 addresses stay the same all the way: there are enough of them for every computer at home, and nobody has to put another in their place (no NAT)." : connection.IsTranslated ? "The destination stays the same all the way; the sender's private address does not: the home router puts its own public one in its place (NAT)." : "IP addresses stay the same all the way."):plain}",
                    $"리퀘스트를 실은 프레임 {Scene.Frame(request)}{Korean.Object(request.Number.ToString())} 따라가 봅시다. 라우터는 매번 경로표에서 수신처를 다시 찾고, {(isV4 ? "TTL을" : "홉 제한을"):plain} 하나 줄이고, 다음 케이블에 맞는 이더넷 프레임을 새로 만듭니다. {(!isV4 ? "IPv6 주소는 끝까지 그대로입니다. 집 안의 컴퓨터마다 돌아갈 만큼 주소가 넉넉하므로 아무도 주소를 바꿀 필요가 없습니다 (NAT 없음)." : connection.IsTranslated ? "수신처 주소는 끝까지 그대로이지만, 보낸 쪽의 사설 주소는 집의 라우터가 자기 공인 주소로 바꿉니다 (NAT)." : "IP 주소는 끝까지 그대로입니다."):plain}"
                )
            );
            blocks.Add(Hops.Draw(scene.Journey, request, voice, scene.Visit.Click.At));
        }
        return new("segments", voice.Say("Segments and hops", "세그먼트와 홉"), blocks);
    }
}
