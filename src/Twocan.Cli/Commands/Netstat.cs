using System.CommandLine;
using System.Text.Json;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Stack;

namespace Twocan.Cli;

/// <summary><c>netstat</c>: which sockets does a host have, and what do they know?</summary>
internal sealed class Netstat : Verb
{
    private readonly Option<bool> _all = new("--all", "-a") { Description = "Sockets that listen, too" };

    private readonly Option<bool> _listening = new("--listening", "-l") { Description = "Only sockets that listen" };

    private readonly Option<bool> _numeric = new("--numeric", "-n")
    {
        Description = "Numbers, not the names of hosts and services",
    };

    private readonly Option<bool> _tcp = new("--tcp", "-t") { Description = "TCP alone" };

    private readonly Option<bool> _udp = new("--udp", "-u") { Description = "UDP alone" };

    private readonly Option<bool> _timers = new("--timers", "-o")
    {
        Description = "Timers: what each connection waits for, and how long still",
    };

    private readonly Option<bool> _programs = new("--program", "-p")
    {
        Description = "Which program holds each socket",
    };

    private readonly Option<bool> _info = new("--info", "-e")
    {
        Description = "The control information of each connection: round trip, window, congestion window, …",
    };

    private readonly Option<bool> _interfaces = new("--interfaces", "-i")
    {
        Description = "Adapters, in place of sockets",
    };

    private readonly Option<bool> _statistics = new("--statistics", "-s")
    {
        Description = "What the protocol stack did, in place of sockets",
    };

    private readonly Option<bool> _routes = new("--route", "-r")
    {
        Description = "The routing table, in place of sockets",
    };

    private readonly Option<string[]> _after = new("--after")
    {
        Description = "Let this happen first, a new world has no connections: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    private readonly Option<string?> _watch = new("--watch")
    {
        Description = "Tell how the states of sockets change while this happens: " + Errands.Grammar,
        HelpName = "WHAT",
    };

    public Netstat()
        : base(
            "netstat",
            "Show a host's sockets: states, queues, timers, and what else its control information holds",
            "twocan netstat -a --host www.lab.cyber.co.kr",
            "twocan netstat -a -p --host ns.isp",
            "twocan netstat -i --on-host",
            "twocan netstat -t -o -e --after http://www.lab.cyber.co.kr/",
            "twocan netstat --watch http://www.lab.cyber.co.kr/",
            "twocan netstat -s --after 'ping www.lab.cyber.co.kr'"
        )
    {
        foreach (
            var option in (Option[])
                [
                    _all,
                    _listening,
                    _numeric,
                    _tcp,
                    _udp,
                    _timers,
                    _programs,
                    _info,
                    _interfaces,
                    _statistics,
                    _routes,
                    _after,
                    _watch,
                ]
        )
            Options.Add(option);
    }

    public override bool RunsOnHost => true;

    public override int Run(Invocation call)
    {
        if (new[] { _interfaces, _statistics, _routes }.Count(call.Get) > 1)
            throw new WrongUsageException("-i, -s and -r show a table each: say one of them");
        if (call.OnHost)
            return OnHost.OfLinux(
                call,
                [_after, _watch, _statistics],
                here =>
                    here.Get(_routes) ? HostRoutes.Show(here, null)
                    : here.Get(_interfaces) ? HostIfconfig.Show(here)
                    : HostNetstat.Show(here, Wanted(here))
            );
        using var session = WorldSession.Open(call, journal: call.Has(_watch));
        var errands = Errands.Read(call, _after, session, session.Host);
        Errand? watched = null;
        if (call.Get(_watch) is { } text && !Errand.TryParse(text, out watched, out var wrong))
            throw new WrongUsageException($"--watch: {wrong}");
        var after = errands.Run(call);
        if (watched is not null)
            return Watch(call, session, watched);
        if (call.Get(_routes))
            return Routes.ShowAll(call, session);
        if (!call.Json)
            Errands.Show(after, call.Terminal);
        if (call.Get(_interfaces))
            return ShowAdapters(call, session);
        if (call.Get(_statistics))
            return ShowStatistics(call, session);
        var rows = SocketTable
            .Of(session.Host.Stack)
            .Where(row => Wanted(call).Takes(row.State is not null, row.IsListening))
            .ToList();
        if (call.Json)
            call.Terminal.JsonLine(
                new(session.Host.Name, after, [.. rows.Select(row => NetstatSocket.Of(row, session))]),
                NetstatJson.Default.NetstatAnswer
            );
        else if (rows.Count == 0)
            call.Terminal.Line(
                call.Terminal.Say(
                    $"{session.Host.Name} has no such socket{(errands.Count == 0 && !call.Get(_all) ? "; -a shows those that listen" : "")}",
                    $"{session.Host.Name}에는 그런 소켓이 없습니다{(errands.Count == 0 && !call.Get(_all) ? ". -a로 기다리는 소켓도 볼 수 있습니다" : "")}"
                )
            );
        else
            Show(call, session, rows);
        return rows.Count > 0 ? Exit.Done : Exit.No;
    }

    private NetstatWanted Wanted(Invocation call) =>
        new(call.Get(_all), call.Get(_listening), call.Get(_tcp), call.Get(_udp))
        {
            Numeric = call.Get(_numeric),
            Timers = call.Get(_timers),
            Programs = call.Get(_programs),
            Info = call.Get(_info),
        };

    private void Show(Invocation call, WorldSession session, IReadOnlyList<SocketRow> rows)
    {
        var terminal = call.Terminal;
        List<Column> columns =
        [
            new(terminal.Say("Proto", "프로토콜")),
            new(terminal.Say("Recv-Q", "수신 대기"), Right: true),
            new(terminal.Say("Send-Q", "송신 대기"), Right: true),
            new(terminal.Say("Local", "내 쪽")),
            new(terminal.Say("Remote", "상대 쪽")),
            new(terminal.Say("State", "상태")),
        ];
        if (call.Get(_timers))
            columns.Add(new(terminal.Say("Timer", "타이머")));
        if (call.Get(_programs))
            columns.Add(new(terminal.Say("Program", "프로그램")));
        terminal.Write(new Table(columns, [.. rows.Select(row => Row(call, session, row))]));
        if (!call.Get(_info))
            return;
        foreach (var row in rows.Where(row => row.Info is not null))
            ShowInfo(call, session, row, row.Info!.Value);
    }

    private IReadOnlyList<Text> Row(Invocation call, WorldSession session, SocketRow row)
    {
        List<Text> cells =
        [
            row.Protocol,
            $"{row.ReceiveQueue:number}",
            $"{row.SendQueue:number}",
            End(call, session, row.Local),
            row.Remote is { } remote ? End(call, session, remote) : new Text("*", Role.Faint),
            row.State is { } state ? new Text(NameOf(state), Role.State) : "",
        ];
        if (call.Get(_timers))
            cells.Add(row.Timer == TcpTimer.None ? "" : (Text)$"{Say(row.Timer, call.Terminal)} {row.TimerLeft:time}");
        if (call.Get(_programs))
            cells.Add(row.Program is { } program ? new Text(program, Role.Name) : "");
        return cells;
    }

    private void ShowInfo(Invocation call, WorldSession session, SocketRow row, in TcpInfo info)
    {
        var terminal = call.Terminal;
        terminal.Line();
        terminal.Line((Text)"" + End(call, session, row.Local) + " → " + End(call, session, row.Remote!.Value));
        Tell(
            terminal,
            terminal.Say(
                $"round trip {info.SmoothedRtt} ± {info.RttVariation}, at least {info.MinRtt}; retransmission after {info.Rto}; {info.Retransmissions} retransmitted",
                $"왕복 시간 {info.SmoothedRtt} ± {info.RttVariation}, 최소 {info.MinRtt}. 재전송까지 {info.Rto}. 재전송 {info.Retransmissions}번"
            )
        );
        Tell(
            terminal,
            terminal.Say(
                $"{info.CongestionControl}: congestion window {info.CongestionWindow} bytes, {info.InFlight} in flight, {info.Recovery}; delivered {info.Delivered} bytes",
                $"{info.CongestionControl}: 혼잡 윈도우 {info.CongestionWindow}바이트, 확인 전 {info.InFlight}바이트, {info.Recovery}. 전달한 양 {info.Delivered}바이트"
            )
        );
        Tell(
            terminal,
            terminal.Say(
                $"window of the peer {info.SendWindow} bytes, mine {info.ReceiveWindow}; segments of {info.SegmentSize} bytes; buffers {info.SendBuffer} to send, {info.ReceiveBuffer} to receive",
                $"상대의 윈도우 {info.SendWindow}바이트, 나의 윈도우 {info.ReceiveWindow}바이트. 세그먼트 {info.SegmentSize}바이트. 송신 버퍼 {info.SendBuffer}, 수신 버퍼 {info.ReceiveBuffer}바이트"
            )
        );
        TellCounts(terminal, info);
    }

    private static void TellCounts(Terminal terminal, in TcpInfo info)
    {
        var counts = info.Counts;
        var receiver = info.ReceiverRtt > Duration.Zero;
        Tell(
            terminal,
            terminal.Say(
                $"data: {counts.BytesSent} bytes out, {counts.BytesResent} of them again, {counts.BytesReceived} in; segments: {counts.SegmentsOut} out, {counts.DataSegmentsOut} with data, {counts.SegmentsIn} in, {counts.DataSegmentsIn} with data{(receiver ? $"; round trip as the receiver sees it {info.ReceiverRtt}" : "")}",
                $"데이터: 보낸 것 {counts.BytesSent}바이트, 그중 다시 보낸 것 {counts.BytesResent}바이트, 받은 것 {counts.BytesReceived}바이트. 세그먼트: 보낸 것 {counts.SegmentsOut}개, 그중 데이터가 있는 것 {counts.DataSegmentsOut}개, 받은 것 {counts.SegmentsIn}개, 그중 데이터가 있는 것 {counts.DataSegmentsIn}개{(receiver ? $". 받는 쪽에서 본 왕복 시간 {info.ReceiverRtt}" : "")}"
            )
        );
        if (info.ReorderingsSeen == 0 && info.DuplicatesReported == 0 && info.SegmentsMarked == 0)
            return;
        Tell(
            terminal,
            terminal.Say(
                $"out of order: by up to {info.Reordering} segments, seen {info.ReorderingsSeen} times; came twice, says the peer: {info.DuplicatesReported}; marked by a crowded network: {info.SegmentsMarked}",
                $"순서 바뀜: 최대 세그먼트 {info.Reordering}개, {info.ReorderingsSeen}번 나타남. 상대가 두 번 받았다고 알린 것: {info.DuplicatesReported}번. 혼잡한 네트워크가 표시한 것: {info.SegmentsMarked}개"
            )
        );
    }

    /// <summary>Wrapped where it is too wide, and every line of it indented.</summary>
    private static void Tell(Terminal terminal, string sentence) => terminal.Write(new Paragraph(sentence, Indent: 4));

    private int Watch(Invocation call, WorldSession session, Errand errand)
    {
        var by = errand.Host is { } name
            ? session.World.Hosts.FirstOrDefault(one => one.Name == name)
                ?? throw new WrongUsageException($"--watch: {WorldSession.NoSuchHost(name, session.World)}")
            : session.Host;
        var (terminal, began, changes) = (call.Terminal, session.World.Loop.Now, 0);
        using var reading = session.World.Journal!.Subscribe(entry =>
        {
            if (entry.Host != session.Host.Name || entry.What is not StateChanged changed)
                return;
            changes++;
            if (call.Json)
                terminal.JsonLine(NetstatChange.Of(changed, entry.At - began), NetstatJson.Default.NetstatChange);
            else
                terminal.Line(
                    new Text($"{entry.At - began, 12}  ", Role.Time)
                        + End(call, session, changed.Local)
                        + " → "
                        + End(call, session, changed.Remote)
                        + $"  {NameOf(changed.From):state} → {NameOf(changed.To):state}  {changed.Why:faint}"
                );
        });
        var outcome = session.Run(stop => errand.RunAsync(by, stop));
        session.Settle();
        if (!call.Json)
        {
            terminal.Line();
            terminal.Line($"{by.Name:host}: {errand.Text}: {outcome.Say.In(call.Language):faint}");
        }
        return changes > 0 ? Exit.Done : Exit.No;
    }

    private static int ShowAdapters(Invocation call, WorldSession session)
    {
        var adapters = session.Host.Adapters;
        if (call.Json)
        {
            call.Terminal.JsonLine(
                new(
                    session.Host.Name,
                    [
                        .. adapters.Select(one => new NetstatAdapter(
                            one.Name,
                            one.Mtu,
                            one.FramesReceived,
                            one.BytesReceived,
                            one.FramesSent,
                            one.BytesSent
                        )),
                    ]
                ),
                NetstatJson.Default.NetstatAdapters
            );
            return Exit.Done;
        }
        var terminal = call.Terminal;
        terminal.Write(
            new Table(
                [
                    new(terminal.Say("Adapter", "어댑터")),
                    new("MTU", Right: true),
                    new(terminal.Say("Frames in", "받은 프레임"), Right: true),
                    new(terminal.Say("Bytes in", "받은 바이트"), Right: true),
                    new(terminal.Say("Frames out", "보낸 프레임"), Right: true),
                    new(terminal.Say("Bytes out", "보낸 바이트"), Right: true),
                ],
                [
                    .. adapters.Select(one =>
                        (IReadOnlyList<Text>)
                            [
                                one.Name,
                                $"{one.Mtu:number}",
                                $"{one.FramesReceived:number}",
                                $"{one.BytesReceived:number}",
                                $"{one.FramesSent:number}",
                                $"{one.BytesSent:number}",
                            ]
                    ),
                ]
            )
        );
        return Exit.Done;
    }

    private static int ShowStatistics(Invocation call, WorldSession session)
    {
        if (call.Json)
            call.Terminal.JsonLine(
                new(session.Host.Name, IfconfigCounters.Of(session.Host.Stack.Counters)),
                NetstatJson.Default.NetstatStatistics
            );
        else
            Ifconfig.Show(session.Host.Stack.Counters, call.Terminal);
        return Exit.Done;
    }

    private Text End(Invocation call, WorldSession session, Endpoint end)
    {
        if (call.Get(_numeric))
            return new(end.ToString(), Role.Address);
        var port = ServiceNames.NameOf(end.Port) ?? end.Port.ToString();
        if (end.Address.IsAny)
            return (Text)$"*:{port:name}";
        return session.NameOf(end.Address) is { } name
            ? (Text)$"{name:host}:{port:name}"
            : new Text(new Endpoint(end.Address, end.Port).ToString(), Role.Address);
    }

    /// <summary>As RFC 9293 writes them.</summary>
    public static string NameOf(TcpState state) =>
        state switch
        {
            TcpState.SynSent => "SYN-SENT",
            TcpState.SynReceived => "SYN-RECEIVED",
            TcpState.FinWait1 => "FIN-WAIT-1",
            TcpState.FinWait2 => "FIN-WAIT-2",
            TcpState.CloseWait => "CLOSE-WAIT",
            TcpState.LastAck => "LAST-ACK",
            TcpState.TimeWait => "TIME-WAIT",
            _ => state.ToString().ToUpperInvariant(),
        };

    private static string Say(TcpTimer timer, Terminal terminal) =>
        timer switch
        {
            TcpTimer.Retransmit => terminal.Say("resends in", "재전송까지"),
            TcpTimer.Persist => terminal.Say("asks for the window in", "윈도우를 물어보기까지"),
            TcpTimer.DelayedAck => terminal.Say("acknowledges in", "확인 응답까지"),
            TcpTimer.Recovery => terminal.Say("looks for losses in", "손실 확인까지"),
            TcpTimer.KeepAlive => terminal.Say("asks for a sign of life in", "연결 확인까지"),
            TcpTimer.UserTimeout => terminal.Say("gives up in", "포기하기까지"),
            _ => terminal.Say("is erased in", "소켓 말소까지"),
        };
}
