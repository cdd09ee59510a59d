using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>The goodbye, the end of the sockets.</summary>
internal static class ClosingChapters
{
    public static Chapter? Close(Scene scene)
    {
        if (scene.Main is not { } connection || connection.Opened is null)
            return null;
        var voice = scene.Voice;
        var trace = scene.Trace(connection);
        var fin = trace.Segments.FirstOrDefault(static segment => segment.Has("FIN") || segment.Has("RST"));
        if (fin is null)
            return null;
        var first = fin.From == End.Local ? connection.LocalHost : connection.RemoteHost ?? "";
        var blocks = new List<Block>
        {
            voice.Tell(
                $"All is said. {first:host} closes first: FIN means 'this was my last byte'. The other side acknowledges, and when it has nothing more to say either, sends its own FIN.",
                $"할 말을 다 했습니다. {first:host}{Korean.Subject(first)} 먼저 닫습니다. FIN은 '내가 보낼 것은 여기까지입니다'라는 뜻입니다. 상대는 ACK로 답하고, 자기도 더 보낼 것이 없으면 FIN을 보냅니다."
            ),
            scene.Calls(connection.Descriptor ?? 0, scene.Visit.End, Closing(scene, connection), "close"),
            Ladder.Draw(scene, trace, trace.Segments.SkipWhile(segment => segment != fin)),
        };
        var others = scene.OwnConnections.Count() - 1;
        if (others > 0)
            blocks.Add(
                voice.Tell(
                    $"{(others == 1 ? "The other connection ends" : $"The other {others} connections end")} in the same way.",
                    $"나머지 연결 {others:number}개도 같은 방법으로 끊습니다."
                )
            );
        return new("close", voice.Say("Goodbye: FIN and ACK", "연결 끊기: FIN과 ACK"), blocks);
    }

    /// <summary>Where the program's close() comes back: the descriptor may be given to another socket right after.</summary>
    private static JournalEntry? Closing(Scene scene, Connection connection) =>
        scene.After(
            scene.Visit.End,
            entry =>
                entry.Host == connection.LocalHost
                && entry.What is SocketReturned { Call: "close" } call
                && call.Descriptor == connection.Descriptor
        );

    /// <summary>The states that one end went through; <c>Gone</c> is null where the last is not CLOSED.</summary>
    private static (string Host, string Socket, string States, Instant? Gone) Life(Connection connection, End end)
    {
        var steps = connection.States.Where(step => step.End == end).ToList();
        return (
            end == End.Local ? connection.LocalHost : connection.RemoteHost ?? "",
            connection[end].ToString(),
            string.Join(" → ", steps.Select(static step => Voice.State(step.To))),
            steps is [.., { To: TcpState.Closed, At: var gone }] ? gone : null
        );
    }

    public static Chapter? Gone(Scene scene)
    {
        if (scene.Connections.Count == 0)
            return null;
        var voice = scene.Voice;
        var lives = scene
            .Connections.SelectMany(static connection =>
                ((End[])[End.Local, End.Remote]).Select(end => Life(connection, end))
            )
            .Where(static life => life.States.Length > 0);
        var rows = new List<IReadOnlyList<Text>>();
        // Those that went the same way stand in one row.
        foreach (var alike in lives.GroupBy(static life => (life.Host, life.States)))
        {
            var (first, others) = (alike.First(), alike.Count() - 1);
            var last = alike.Max(static life => life.Gone);
            rows.Add([
                new(first.Host, Role.Host),
                others == 0
                    ? new(first.Socket, Role.Address)
                    : voice.Say(
                        $"{first.Socket:address} and {others} {(others == 1 ? "other" : "others")}",
                        $"{first.Socket:address} 외 {others}개"
                    ),
                new(first.States, Role.State),
                new(last is { } gone ? scene.Ms(gone) : "—", Role.Time),
            ]);
        }
        var blocks = new List<Block>();
        var waiting = scene
            .Connections.SelectMany(static it => it.States)
            .FirstOrDefault(static step => step.To == TcpState.TimeWait);
        if (waiting.Entry is { } entry)
            blocks.Add(
                voice.Tell(
                    $"A socket is not erased at once. {entry.Host:host}, who closed first, stays in {"TIME_WAIT":state} for a while: its last ACK may get lost and be asked for again, and a late segment must not stray into a new connection with the same ports.",
                    $"소켓은 바로 말소되지 않습니다. 먼저 닫은 {entry.Host:host}{Korean.Topic(entry.Host)} 한동안 {"TIME_WAIT":state} 상태로 기다립니다. 마지막 ACK가 사라져 다시 요구받을 수도 있고, 늦게 온 세그먼트가 같은 포트를 쓰는 새 연결에 섞이면 안 되기 때문입니다."
                )
            );
        blocks.Add(
            new Table(
                [
                    new(voice.Word("host", "호스트")),
                    new(voice.Word("socket", "소켓")),
                    new(voice.Word("its life", "상태의 변화"), Flows: true),
                    new(voice.Word("gone at ms", "말소 ms"), Right: true),
                ],
                rows
            )
        );
        blocks.Add(
            voice.Tell(
                $"At {scene.Ms(scene.Journey.Settled):time} ms the world is at rest: no frame on a cable, no socket, no timer.",
                $"{scene.Ms(scene.Journey.Settled):time} ms에 세계가 조용해졌습니다. 케이블 위의 프레임도, 소켓도, 타이머도 남아 있지 않습니다."
            )
        );
        return new("gone", voice.Say("The sockets are gone", "소켓 말소"), blocks);
    }
}
