using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Twocan.Core;
using Twocan.Explorer;

namespace Twocan.Cli;

/// <summary><c>ip explain</c>: what an address and its mask say together.</summary>
internal sealed class IpExplain : Verb
{
    private readonly Argument<string> _address = new("ADDRESS[/MASK]")
    {
        Description = "An address, and where its network number ends: 10.11.12.13/24 or 10.11.12.13/255.255.255.0",
    };

    public IpExplain()
        : base(
            "explain",
            "Take an IP address apart: network number and host number, mask, first and last host, broadcast, what kind it is and why",
            "twocan ip explain 10.11.12.13/24",
            "twocan ip explain 192.168.1.77/255.255.255.224",
            "twocan ip explain 2001:db8::1/48"
        ) => Arguments.Add(_address);

    public override int Run(Invocation call)
    {
        if (!AddressExplanation.TryParse(call.Get(_address), out var explanation, out var mistake))
            throw new WrongUsageException(mistake);
        if (call.Json)
            call.Terminal.JsonLine(IpReport.Of(explanation, call.Language), IpJson.Default.IpReport);
        else
            Show(explanation, call.Terminal);
        return Exit.Done;
    }

    private static void Show(AddressExplanation it, Terminal terminal)
    {
        terminal.Line($"{$"{it.Address}/{it.PrefixLength}":strong}");
        terminal.Line();
        var picture = new AddressPicture(it, terminal);
        picture.Row(terminal.Say("address", "주소"), it.Address);
        picture.Row(terminal.Say("mask", "넷 마스크"), it.Subnet.Mask);
        picture.Row(terminal.Say("network", "네트워크"), it.Subnet.Network);
        if (it.Broadcast is { } broadcast)
            picture.Row(terminal.Say("broadcast", "브로드캐스트"), broadcast);
        picture.Ruler();
        terminal.Line();
        terminal.Write(
            new Table(
                [new(""), new("", Flows: true)],
                [.. Facts(it, terminal).Select(fact => (IReadOnlyList<Text>)[new Text($"  {fact.Label}"), fact.Text])]
            )
        );
    }

    private static IEnumerable<(string Label, string Text)> Facts(AddressExplanation it, Terminal terminal)
    {
        var role = it.Role switch
        {
            AddressRole.Network => terminal.Say(
                "host number all zeros: this is the name of the subnet, no host has it",
                "호스트 번호가 모두 0입니다. 서브넷 자체의 이름이며 어떤 호스트의 주소도 아닙니다"
            ),
            AddressRole.Broadcast => terminal.Say(
                "host number all ones: everybody in the subnet, no host has it",
                "호스트 번호가 모두 1입니다. 서브넷의 모두를 가리키며 어떤 호스트의 주소도 아닙니다"
            ),
            _ when it.HostBits == 0 => terminal.Say("this one address alone", "이 주소 하나뿐입니다"),
            _ => terminal.Say(
                $"number {it.HostNumber} in the subnet {it.Subnet}",
                $"서브넷 {it.Subnet} 안의 {it.HostNumber}번입니다"
            ),
        };
        yield return (terminal.Say("host number", "호스트 번호"), role);
        yield return (terminal.Say("hosts", "호스트"), $"{it.FirstHost} – {it.LastHost} ({Count(it, it.HostCount)})");
        yield return (
            terminal.Say("addresses", "전체 주소"),
            $"{it.Subnet.Network} – {it.Subnet.Last} ({Count(it, it.AddressCount)})"
        );
        yield return (
            terminal.Say("kind", "종류"),
            $"{KindName(it.Block.Kind, terminal)}: {it.Block.Say(terminal.Language)}"
        );
        yield return (terminal.Say("because", "이유"), Because(it.Block, terminal));
        if (it.Class is { } letter)
            yield return (terminal.Say("class", "클래스"), $"{letter}: {ClassHistory(letter, terminal)}");
        if (!it.MaskGiven)
            yield return (
                terminal.Say("no mask", "마스크 없음"),
                it.Address.IsV4
                    ? terminal.Say(
                        $"you gave none, so the one of class {it.Class} is shown: today the mask decides, so say it, as in {it.Address}/24",
                        $"마스크가 없어 클래스 {it.Class}의 것을 보였습니다. 지금은 마스크가 결정하므로 {it.Address}/24처럼 적으십시오"
                    )
                    : terminal.Say(
                        "you gave no prefix length, so the customary /64 of a subnet is shown",
                        "프리픽스 길이가 없어 서브넷의 관례인 /64를 보였습니다"
                    )
            );
    }

    private static string Because(AddressBlock block, Terminal terminal) =>
        block.Block.PrefixLength > 0
            ? terminal.Say(
                $"it is in {block.Block} ({block.Source})",
                $"{block.Block}에 들어 있습니다 ({block.Source})"
            )
            : terminal.Say(
                "it is in none of the blocks with a meaning of their own",
                "따로 뜻이 정해진 블록에 들어 있지 않습니다"
            );

    private static string ClassHistory(char letter, Terminal terminal) =>
        letter switch
        {
            'D' => terminal.Say(
                "first bits 1110, groups of hosts (multicast)",
                "첫 비트가 1110이며 멀티캐스트용입니다"
            ),
            'E' => terminal.Say("first bits 1111, never used", "첫 비트가 1111이며 쓰인 적이 없습니다"),
            _ => terminal.Say(
                $"first bits {FirstBits(letter)}, so /{AddressExplanation.ClassPrefixLength(letter)} before masks came (1993, CIDR); history now",
                $"첫 비트가 {FirstBits(letter)}입니다. 마스크가 나오기 전(1993년 CIDR 이전)에는 /{AddressExplanation.ClassPrefixLength(letter)}로 잘랐으며 지금은 역사입니다"
            ),
        };

    private static string FirstBits(char letter) =>
        letter switch
        {
            'A' => "0",
            'B' => "10",
            _ => "110",
        };

    private static string KindName(AddressKind kind, Terminal terminal) =>
        terminal.Say(
            IpReport.KindName(kind),
            kind switch
            {
                AddressKind.Unspecified => "미지정",
                AddressKind.Loopback => "루프백",
                AddressKind.Private => "사설",
                AddressKind.Shared => "공유(CGNAT)",
                AddressKind.LinkLocal => "링크 로컬",
                AddressKind.Multicast => "멀티캐스트",
                AddressKind.Broadcast => "브로드캐스트",
                AddressKind.Documentation => "문서용",
                AddressKind.Benchmarking => "측정용",
                AddressKind.Protocol => "프로토콜용",
                AddressKind.Reserved => "예약",
                _ => "공인",
            }
        );

    /// <summary>A number that nobody can read is said as a power.</summary>
    private static string Count(AddressExplanation it, UInt128 number) =>
        it.HostBits > 40 ? $"2^{it.HostBits}" : number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>The answer of <c>ip explain --json</c>.</summary>
internal sealed record IpReport(
    string Address,
    int Family,
    int PrefixLength,
    bool MaskGiven,
    string Mask,
    string Network,
    UInt128 HostNumber,
    string FirstHost,
    string LastHost,
    string? Broadcast,
    string LastAddress,
    UInt128? Addresses,
    UInt128? Hosts,
    string Role,
    string Kind,
    string KindBlock,
    string KindSource,
    string Why,
    string? Class,
    string AddressBits,
    string MaskBits
)
{
    public static IpReport Of(AddressExplanation it, Language language) =>
        new(
            it.Address.ToString(),
            (int)it.Address.Family,
            it.PrefixLength,
            it.MaskGiven,
            it.Subnet.Mask.ToString(),
            it.Subnet.Network.ToString(),
            it.HostNumber,
            it.FirstHost.ToString(),
            it.LastHost.ToString(),
            it.Broadcast?.ToString(),
            it.Subnet.Last.ToString(),
            it.HostBits == 128 ? null : it.AddressCount,
            it.HostBits == 128 ? null : it.HostCount,
            it.Role switch
            {
                AddressRole.Network => "network",
                AddressRole.Broadcast => "broadcast",
                _ => "host",
            },
            KindName(it.Block.Kind).Replace('-', '_'),
            it.Block.Block.ToString(),
            it.Block.Source,
            it.Block.Say(language),
            it.Class?.ToString(),
            AddressPicture.Bits(it.Address),
            AddressPicture.Bits(it.Subnet.Mask)
        );

    public static string KindName(AddressKind kind) =>
        kind switch
        {
            AddressKind.LinkLocal => "link-local",
            _ => kind.ToString().ToLowerInvariant(),
        };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IpReport))]
internal sealed partial class IpJson : JsonSerializerContext;
