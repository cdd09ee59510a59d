using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>What can be told of a connection when only its socket calls are known: the operating system has the rest.</summary>
internal static class HostChapters
{
    public static Chapter? Sockets(Scene scene)
    {
        if (!scene.Journey.IsOnHost)
            return null;
        var voice = scene.Voice;
        var calls = Calls(scene);
        if (calls.Count == 0)
            return null;
        return new(
            "socket",
            voice.Say("The sockets", "소켓"),
            [
                voice.Tell(
                    $"With an address in hand the browser asks the operating system for a socket and calls it by its descriptor. connect() comes back after one round trip: the kernel has sent SYN and heard SYN ACK meanwhile. How it cuts, numbers, resends and acknowledges, and by which way its packets go, it keeps to itself; {"--capture":call} in a world shows all of that.",
                    $"IP 주소를 알았으니 브라우저는 운영체제에 소켓을 만들어 달라고 하고, 받은 디스크립터로 그 소켓을 부릅니다. connect()는 한 번 왕복한 뒤에 돌아옵니다. 그 사이에 커널이 SYN을 보내고 SYN ACK를 받습니다. 커널이 데이터를 어떻게 자르고 번호를 매기고 다시 보내고 확인하는지, 패킷이 어느 길로 가는지는 알려 주지 않습니다. 이 세계 안에서는 {"--capture":call}로 모두 볼 수 있습니다."
                ),
                new Table(
                    [
                        new("ms", Right: true),
                        new(voice.Word("took ms", "걸린 ms"), Right: true),
                        new(voice.Word("call", "호출"), Flows: true),
                    ],
                    calls
                ),
            ]
        );
    }

    /// <summary>How many connections the browser made.</summary>
    public static int Connects(Scene scene) =>
        scene
            .Events<RequestSent>(scene.Journey.Host)
            .Select(request =>
                scene.Journey.Journal.Entries.LastOrDefault(entry =>
                    entry.Id.Value < request.Entry.Id.Value
                    && entry.What is SocketReturned { Call: "connect" } connect
                    && connect.Descriptor == request.What.Descriptor
                )
            )
            .Distinct()
            .Count();

    /// <summary>What each request waited for.</summary>
    public static Chapter Totals(Scene scene)
    {
        var voice = scene.Voice;
        var rows = new List<IReadOnlyList<Text>>();
        var open = new Dictionary<int, (Instant Sent, string Target, Instant? First)>();
        foreach (var entry in scene.Journey.Journal.Entries)
        {
            switch (entry.What)
            {
                case RequestSent request:
                    open[request.Descriptor] = (entry.At, $"{request.Method} {request.Target}", null);
                    break;
                case ResponseBegan began when open.TryGetValue(began.Descriptor, out var waiting):
                    open[began.Descriptor] = waiting with { First = entry.At };
                    break;
                case ResponseEnded ended when open.Remove(ended.Descriptor, out var done) && done.First is { } first:
                    rows.Add([
                        new(scene.Ms(done.Sent), Role.Time),
                        new(Voice.Milliseconds(first - done.Sent), Role.Number),
                        new(Voice.Milliseconds(entry.At - first), Role.Number),
                        Voice.Number(ended.BodyLength),
                        new(done.Target, Role.Call),
                    ]);
                    break;
                default:
                    break;
            }
        }
        return new(
            "totals",
            voice.Say("What was waited for", "무엇을 기다렸는가"),
            [
                new Table(
                    [
                        new(voice.Word("asked at ms", "요청 ms"), Right: true),
                        new(voice.Word("first byte after ms", "첫 바이트까지 ms"), Right: true),
                        new(voice.Word("body took ms", "본문 ms"), Right: true),
                        new(voice.Word("bytes", "바이트"), Right: true),
                        new(voice.Word("request", "리퀘스트"), Flows: true),
                    ],
                    rows
                ),
            ]
        );
    }

    /// <summary>The calls on sockets that are streams, as they came back, with how long each took.</summary>
    private static List<IReadOnlyList<Text>> Calls(Scene scene)
    {
        var rows = new List<IReadOnlyList<Text>>();
        var streams = new HashSet<int>();
        var began = new Dictionary<(string Call, int Descriptor), Instant>();
        foreach (var entry in scene.Journey.Journal.Entries)
        {
            // Not by their causes: what made a read come back, only the kernel knows.
            if (entry.Id.Value < scene.Visit.Click.Id.Value)
                continue;
            if (entry.What is SocketCalled called)
                began[(called.Call, called.Descriptor)] = entry.At;
            if (entry.What is not SocketReturned call)
                continue;
            var isNew = call.Call == "socket";
            if (isNew && call.Arguments.Contains("SOCK_STREAM", StringComparison.Ordinal))
                streams.Add(call.Descriptor);
            if (!streams.Contains(call.Descriptor))
                continue;
            var from = began.GetValueOrDefault((call.Call, isNew ? -1 : call.Descriptor), entry.At);
            rows.Add([
                new(scene.Ms(from), Role.Time),
                new(Voice.Milliseconds(entry.At - from), Role.Number),
                new(call.Say(scene.Voice.Language), call.Result.StartsWith('-') ? Role.Bad : Role.Call),
            ]);
            if (call.Call == "close")
                streams.Remove(call.Descriptor);
        }
        return rows;
    }
}
