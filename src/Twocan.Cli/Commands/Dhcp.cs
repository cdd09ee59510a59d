using System.Text.Json;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;
using Twocan.Stack;

namespace Twocan.Cli;

/// <summary><c>dhcp</c>: how does a host get its address, and how does it know its router and its name server?</summary>
internal sealed class Dhcp()
    : ProgramVerb(
        "dhcp",
        "Let a host get its address by DHCP, and show each message with what it says",
        "twocan dhcp --host pc2",
        "twocan dhcp --world home --host phone"
    )
{
    /// <summary>This machine's own address is not ours to put aside.</summary>
    public override bool RunsOnHost => false;

    public override bool ReadsJournal(Invocation call) => true;

    public override HostProgram Prepare(Invocation call) =>
        async (anywhere, stop) =>
        {
            var session = (WorldSession)anywhere;
            var report = await new DhcpExchange(session.Host).RunAsync(stop);
            if (call.Json)
                call.Terminal.JsonLine(DhcpAnswer.Of(report, session, call.Language), DhcpJson.Default.DhcpAnswer);
            else
                Show(report, session, call.Terminal);
            return report.Lease is null ? Exit.No : Exit.Done;
        };

    private static void Show(DhcpExchangeReport report, WorldSession session, Terminal terminal)
    {
        var host = session.Host.Name;
        if (report.PutAside.Count > 0)
        {
            var aside = string.Join(", ", report.PutAside);
            terminal.Write(
                new Paragraph(
                    terminal.Say(
                        $"{aside} is written down for {host}. It puts that aside and asks, as if it had just been plugged in.",
                        $"{host}의 주소는 {aside}{Korean.Toward(aside)} 적혀 있습니다. 잠시 잊고, 방금 연결된 것처럼 DHCP로 묻습니다."
                    )
                )
            );
            terminal.Line();
        }
        foreach (var step in report.Steps)
            Show(step, report.Began, terminal);
        terminal.Write(new Paragraph(Ending(report, session, terminal)));
    }

    private static void Show(DhcpStep step, Instant began, Terminal terminal)
    {
        var (message, language) = (step.Message, terminal.Language);
        var to = step.To.Address.IsLimitedBroadcast
            ? terminal.Say("everybody on the link", "링크의 모두")
            : step.To.Address.ToString();
        var words = new DhcpWords(message);
        terminal.Line($"{Time(step.At - began):time}  {step.Host:host} → {to}  {DhcpWords.Name(message.Type):strong}");
        terminal.Write(new Paragraph(language == Language.Korean ? words.Korean : words.English, "", 11));
        var options = new List<IReadOnlyList<Text>>();
        foreach (var (code, _) in message.Options.All)
        {
            if (DhcpWords.Name(code) is not { } name)
                continue;
            var label = language == Language.Korean ? name.Korean : name.English;
            var room = new string(' ', Math.Max(0, 22 - CellWidth.Of(label)));
            options.Add([$"             {label:faint}{room}", DhcpWords.Value(message.Options, code, language)]);
        }
        terminal.Write(new Table([new(""), new("", Flows: true)], options));
        terminal.Line();
    }

    private static Text Ending(DhcpExchangeReport report, WorldSession session, Terminal terminal)
    {
        var host = session.Host.Name;
        if (report.Lease is not { } lease)
            return terminal.Say(
                $"{host} has no address: nobody on its link lends any.",
                $"{host}에게 주소를 빌려주는 곳이 이 링크에 없습니다."
            );
        var (routers, servers) = (string.Join(", ", lease.Routers), string.Join(", ", lease.NameServers));
        var seconds = lease.Ends == Instant.Never ? null : $"{(lease.Ends - lease.Began).TotalSeconds:0}";
        return terminal.Say(
            $"Before it takes the address, {host} asks the link by ARP whether somebody has it: nobody answers. So {host} is {lease.Address}{(seconds is null ? "" : $" for {seconds} seconds")}, "
                + $"sends what goes elsewhere to {Or(routers, "nobody")}, and asks {Or(servers, "nobody")} for names.",
            $"주소를 쓰기 전에 {host}{Korean.Topic(host)} ARP로 누가 이미 쓰는지 묻고, 아무도 답하지 않습니다. 이제 {host}의 주소는 {lease.Address}입니다{(seconds is null ? "" : $"({seconds}초 동안)")}. "
                + $"다른 곳으로 가는 패킷은 {Or(routers, "아무 데도")}{(routers.Length > 0 ? Korean.Toward(routers) : "")} 보내고, 이름은 {Or(servers, "아무에게도")}에 묻습니다."
        );
    }

    private static string Or(string text, string other) => text.Length > 0 ? text : other;

    private static string Time(Duration time) => $"{time.TotalMilliseconds:0.000} ms".PadLeft(11);
}

/// <summary>The answer of <c>dhcp --json</c>; times are since the host began to ask.</summary>
internal sealed record DhcpAnswer(
    string Host,
    IReadOnlyList<string> PutAside,
    IReadOnlyList<DhcpAnswerMessage> Messages,
    LeaseAnswer? Lease
)
{
    public static DhcpAnswer Of(DhcpExchangeReport report, WorldSession session, Language language) =>
        new(
            session.Host.Name,
            [.. report.PutAside.Select(address => address.ToString())],
            [.. report.Steps.Select(step => DhcpAnswerMessage.Of(step, report.Began, language))],
            report.Lease is { } lease ? LeaseAnswer.Of(lease) : null
        );
}

internal sealed record DhcpAnswerMessage(
    double TimeUs,
    string From,
    string To,
    string Type,
    string Transaction,
    string? ClientAddress,
    string? YourAddress,
    IReadOnlyDictionary<string, string> Options
)
{
    public static DhcpAnswerMessage Of(DhcpStep step, Instant began, Language language)
    {
        var message = step.Message;
        var options = new Dictionary<string, string>();
        foreach (var (code, _) in message.Options.All)
        {
            var name = DhcpWords.Name(code) is null ? $"option_{(byte)code}" : code.ToString();
            options[JsonNamingPolicy.SnakeCaseLower.ConvertName(name)] = DhcpWords.Value(
                message.Options,
                code,
                language
            );
        }
        return new(
            Math.Round((step.At - began).TotalMicroseconds, 3),
            step.Host,
            step.To.ToString(),
            DhcpWords.Name(message.Type),
            $"0x{message.Transaction:x8}",
            message.ClientAddress.IsAny ? null : message.ClientAddress.ToString(),
            message.YourAddress.IsAny ? null : message.YourAddress.ToString(),
            options
        );
    }
}

/// <summary>A lease, for <c>--json</c>.</summary>
internal sealed record LeaseAnswer(
    string Address,
    string Server,
    IReadOnlyList<string> Routers,
    IReadOnlyList<string> NameServers,
    string? Domain,
    double? Seconds
)
{
    public static LeaseAnswer Of(DhcpLease lease) =>
        new(
            lease.Address.ToString(),
            lease.Server.ToString(),
            [.. lease.Routers.Select(router => router.ToString())],
            [.. lease.NameServers.Select(server => server.ToString())],
            lease.Domain,
            lease.Ends == Instant.Never ? null : Math.Round((lease.Ends - lease.Began).TotalSeconds, 3)
        );
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DhcpAnswer))]
internal sealed partial class DhcpJson : JsonSerializerContext;
