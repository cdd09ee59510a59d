using Twocan.Core;
using Twocan.Stack;

namespace Twocan.Explorer;

/// <summary>ICMPv6: echo and errors (RFC 4443), neighbour discovery (RFC 4861), multicast listeners (RFC 2710, 3810).</summary>
internal static class Icmpv6Dissector
{
    private const int PrefixLength = 32;

    public static int Read(Dissection dissection, int start, int end, IpAddress source, IpAddress destination)
    {
        var icmp = new FieldWalk(dissection, "ICMPv6", start, end);
        dissection.Protocol = "ICMPv6";
        if (!icmp.Has(4))
        {
            dissection.Summary = "ICMPv6 cut short";
            return Dissector.Data(dissection, start, end, "Data");
        }
        var right = Ipv4Dissector.ChecksumHolds(icmp.Rest, 58, source, destination);
        var type = (Icmpv6Type)
            icmp.Byte(
                "Type",
                "what it tells; below 128 it is an error",
                "무엇을 알리는지 나타냅니다. 128보다 작으면 오류입니다",
                static type => $"{type} ({Icmpv6Header.Describe((Icmpv6Type)type, 0, Language.English)})"
            );
        var code = icmp.Byte("Code", "and which kind of that", "그 가운데 어떤 종류인지 나타냅니다");
        icmp.Word(
            "Checksum",
            "over the message and the addresses: IPv6's own header has none",
            "메시지와 주소를 함께 계산한 체크섬입니다. IPv6 헤더에는 체크섬이 없습니다",
            sum => $"0x{sum:x4} ({(right ? "right" : "wrong")})"
        );
        if (!right)
            dissection.Problem ??= "the ICMPv6 checksum does not hold";
        var what = Icmpv6Header.Describe(type, code, Language.English);
        dissection.Summary = char.ToUpperInvariant(what[0]) + what[1..];
        switch (type)
        {
            case Icmpv6Type.EchoRequest or Icmpv6Type.EchoReply:
                return Echo(dissection, icmp, end);
            case Icmpv6Type.RouterSolicitation:
                icmp.DoubleWord("Reserved", "zero", "0으로 둡니다");
                dissection.Summary = "Is there a router here?";
                break;
            case Icmpv6Type.RouterAdvertisement:
                RouterAdvertisement(dissection, icmp);
                break;
            case Icmpv6Type.NeighbourSolicitation:
                Solicitation(dissection, icmp, source);
                break;
            case Icmpv6Type.NeighbourAdvertisement:
                Advertisement(dissection, icmp);
                break;
            case Icmpv6Type.Redirect:
                Redirect(dissection, icmp);
                break;
            case Icmpv6Type.MulticastListenerReportV2:
                Report(dissection, icmp);
                break;
            case Icmpv6Type.MulticastListenerQuery
            or Icmpv6Type.MulticastListenerReport
            or Icmpv6Type.MulticastListenerDone:
                Listener(dissection, icmp, type);
                break;
            default:
                return Error(dissection, icmp, type, end);
        }
        if (IsNeighbourDiscovery(type))
            Options(dissection, icmp);
        icmp.Finish();
        return Dissector.Data(dissection, icmp.At, end, "Data");
    }

    private static bool IsNeighbourDiscovery(Icmpv6Type type) =>
        type is >= Icmpv6Type.RouterSolicitation and <= Icmpv6Type.Redirect;

    private static int Echo(Dissection dissection, FieldWalk icmp, int end)
    {
        var id = icmp.Word("Identifier", "which ping asks", "어느 ping이 보냈는지 구별합니다");
        var sequence = icmp.Word("Sequence", "which of its questions", "몇 번째 질문인지 나타냅니다");
        dissection.Summary += $" id={id} seq={sequence}";
        icmp.Finish();
        dissection.PayloadLength = Math.Max(0, end - icmp.At);
        return Dissector.Data(dissection, icmp.At, end, "Echo data");
    }

    private static int Error(Dissection dissection, FieldWalk icmp, Icmpv6Type type, int end)
    {
        if (type == Icmpv6Type.PacketTooBig)
            dissection.Summary +=
                $", MTU {icmp.DoubleWord(
                "MTU",
                "the longest packet that the next link takes: the sender is to make shorter ones",
                "다음 링크가 받는 가장 긴 패킷입니다. 보내는 쪽이 더 짧게 보내야 합니다"
            )}";
        else if (type == Icmpv6Type.ParameterProblem)
            icmp.DoubleWord("Pointer", "at which byte of the packet", "패킷의 몇 번째 바이트가 문제인지 나타냅니다");
        else
            icmp.DoubleWord("Unused", "zero", "0으로 둡니다");
        icmp.Finish();
        dissection.PayloadLength = Math.Max(0, end - icmp.At);
        return Dissector.Data(dissection, icmp.At, end, "Quoted packet");
    }

    private static void Solicitation(Dissection dissection, FieldWalk icmp, IpAddress source)
    {
        icmp.DoubleWord("Reserved", "zero", "0으로 둡니다");
        var target = icmp.Address("Target", "whose MAC address is asked for", "MAC 주소를 알고 싶은 상대입니다", 16);
        // RFC 4862 §5.4.2: who is nobody yet asks whether he may be this.
        dissection.Summary = source.IsAny ? $"Has anybody {target} already?" : $"Who has {target}? Tell {source}";
    }

    private static void Advertisement(Dissection dissection, FieldWalk icmp)
    {
        icmp.DoubleWord(
            "Flags",
            "R: I am a router; S: you have asked; O: forget what you knew",
            "R은 라우터, S는 질문에 대한 답, O는 이전 기록을 바꾸라는 뜻입니다",
            static flags =>
                $"0x{flags:x8}{((flags & 0x8000_0000) != 0 ? " R" : "")}{((flags & 0x4000_0000) != 0 ? " S" : "")}{((flags & 0x2000_0000) != 0 ? " O" : "")}"
        );
        var target = icmp.Address("Target", "whose MAC address follows", "MAC 주소를 알려 주는 주소입니다", 16);
        dissection.Summary = NdOptions.TryFindMac(icmp.Rest, NdOptionType.TargetLinkLayerAddress, out var mac)
            ? $"{target} is at {mac}"
            : $"{target} is here";
    }

    private static void RouterAdvertisement(Dissection dissection, FieldWalk icmp)
    {
        icmp.Byte("Hop limit", "what hosts are to begin with", "호스트가 처음에 쓸 홉 제한입니다");
        icmp.Byte(
            "Flags",
            "M: addresses by DHCPv6; O: other settings by DHCPv6",
            "M은 주소를, O는 다른 설정을 DHCPv6로 받으라는 뜻입니다",
            static flags => $"0x{flags:x2}{((flags & 0x80) != 0 ? " M" : "")}{((flags & 0x40) != 0 ? " O" : "")}"
        );
        var lifetime = icmp.Word(
            "Router lifetime",
            "for so many seconds it is a way out; 0: it is none",
            "이 시간 동안 기본 라우터로 쓸 수 있습니다. 0이면 쓸 수 없습니다",
            static seconds => $"{seconds} s"
        );
        icmp.DoubleWord(
            "Reachable time",
            "how long a neighbour counts as reachable, in ms; 0 leaves it open",
            "이웃이 닿는다고 믿는 시간(ms)입니다. 0이면 정하지 않습니다"
        );
        icmp.DoubleWord(
            "Retrans timer",
            "how long to wait before asking again, in ms; 0 leaves it open",
            "다시 묻기까지 기다리는 시간(ms)입니다. 0이면 정하지 않습니다"
        );
        dissection.Summary = lifetime > 0 ? "I am a router" : "I am no router any more";
    }

    private static void Redirect(Dissection dissection, FieldWalk icmp)
    {
        icmp.DoubleWord("Reserved", "zero", "0으로 둡니다");
        var target = icmp.Address("Target", "the better next hop", "더 나은 다음 홉입니다", 16);
        var destination = icmp.Address(
            "Destination",
            "for packets to this address",
            "이 주소로 가는 패킷에 해당합니다",
            16
        );
        dissection.Summary = $"To {destination} go by {target}";
    }

    private static void Listener(Dissection dissection, FieldWalk icmp, Icmpv6Type type)
    {
        icmp.Word("Maximum delay", "how long an answer may wait, in ms", "대답을 미룰 수 있는 시간(ms)입니다");
        icmp.Word("Reserved", "zero", "0으로 둡니다");
        var group = icmp.Address(
            "Group",
            "which group; :: is every one",
            "어느 그룹인지 나타냅니다. ::은 모두입니다",
            16
        );
        dissection.Summary = type switch
        {
            Icmpv6Type.MulticastListenerQuery when group.IsAny => "Who listens to any group?",
            Icmpv6Type.MulticastListenerQuery => $"Who listens to {group}?",
            Icmpv6Type.MulticastListenerReport => $"I listen to {group}",
            _ => $"I do not listen to {group} any more",
        };
    }

    private static void Report(Dissection dissection, FieldWalk icmp)
    {
        icmp.Word("Reserved", "zero", "0으로 둡니다");
        var count = icmp.Word("Records", "how many groups it tells of", "몇 개의 그룹을 알리는지 나타냅니다");
        var groups = new List<string>();
        for (var i = 0; i < count && icmp.Left >= 20; i++)
        {
            var type = icmp.Byte(
                "Record type",
                "what has changed: 4 is 'I listen to it now', 3 'not any more', 2 'I do listen'",
                "무엇이 바뀌었는지 나타냅니다. 4는 수신 시작, 3은 수신 중지, 2는 수신 중입니다"
            );
            var words = icmp.Byte("Auxiliary length", "words at the record's end", "기록 끝에 붙는 자료의 길이입니다");
            var sources = icmp.Word("Sources", "only from these, or not from these", "특정 출발지의 수입니다");
            var group = icmp.Address("Group", "which group", "어느 그룹인지 나타냅니다", 16);
            groups.Add(type == 3 ? $"not {group}" : group.ToString());
            var rest = Math.Min(sources * 16 + words * 4, icmp.Left);
            if (rest > 0)
                icmp.Note("Sources and more", $"{rest} bytes", rest, "as counted above", "위에서 센 자료입니다");
        }
        dissection.Summary = $"I listen to {string.Join(", ", groups)}";
    }

    /// <summary>RFC 4861 §4.6 and RFC 8106.</summary>
    private static void Options(Dissection dissection, FieldWalk icmp)
    {
        while (icmp.Left >= 8)
        {
            var (type, length) = ((NdOptionType)icmp.Rest[0], icmp.Rest[1] * 8);
            if (length == 0 || length > icmp.Left)
            {
                dissection.Problem ??= "an option of neighbour discovery has an impossible length";
                return;
            }
            var option = icmp.Rest[..length];
            switch (type)
            {
                case NdOptionType.SourceLinkLayerAddress when length == 8:
                    Begin(icmp, type);
                    icmp.Mac("Source MAC", "who asks: the adapter", "묻는 쪽의 MAC 주소입니다");
                    break;
                case NdOptionType.TargetLinkLayerAddress when length == 8:
                    Begin(icmp, type);
                    icmp.Mac("Target MAC", "the answer: the adapter of the target", "대답, 곧 상대의 MAC 주소입니다");
                    break;
                case NdOptionType.Mtu when length == 8:
                    Begin(icmp, type);
                    icmp.Word("Reserved", "zero", "0으로 둡니다");
                    icmp.DoubleWord("MTU", "for IPv6 on this link", "이 링크에서 쓸 IPv6의 MTU입니다");
                    break;
                case NdOptionType.PrefixInformation when length == PrefixLength:
                    Prefix(dissection, icmp);
                    break;
                case NdOptionType.RecursiveDnsServer
                    when length >= 24 && RecursiveDnsServers.TryRead(option, out var servers):
                    Begin(icmp, type);
                    icmp.Word("Reserved", "zero", "0으로 둡니다");
                    icmp.DoubleWord("Lifetime", "for so many seconds", "쓸 수 있는 시간입니다", Seconds);
                    for (var i = servers.Count; i > 0; i--)
                        icmp.Address("Name server", "whom to ask for names", "이름을 물을 DNS 서버입니다", 16);
                    break;
                default:
                    icmp.Note($"Option {(byte)type}", $"{length} bytes", length, "an option", "옵션입니다");
                    break;
            }
        }
    }

    private static void Begin(FieldWalk icmp, NdOptionType type)
    {
        icmp.Byte("Option", "what kind of option", "옵션의 종류입니다", _ => $"{(byte)type} ({NameOf(type)})");
        icmp.Byte("Option length", "in units of 8 bytes", "8바이트 단위의 길이입니다");
    }

    private static void Prefix(Dissection dissection, FieldWalk icmp)
    {
        Begin(icmp, NdOptionType.PrefixInformation);
        var length = icmp.Byte("Prefix length", "bits of the network number", "네트워크 번호의 비트 수입니다");
        icmp.Byte(
            "Prefix flags",
            "L: these are on this link; A: make yourself an address of it",
            "L은 이 링크에 있다는 뜻이고, A는 이것으로 주소를 만들라는 뜻입니다",
            static flags => $"0x{flags:x2}{((flags & 0x80) != 0 ? " L" : "")}{((flags & 0x40) != 0 ? " A" : "")}"
        );
        icmp.DoubleWord(
            "Valid lifetime",
            "for so long such an address may be used",
            "주소를 쓸 수 있는 시간입니다",
            Seconds
        );
        icmp.DoubleWord(
            "Preferred lifetime",
            "for so long something new may begin with it",
            "새 통신에 쓸 수 있는 시간입니다",
            Seconds
        );
        icmp.DoubleWord("Reserved", "zero", "0으로 둡니다");
        var prefix = icmp.Address("Prefix", "the network number", "네트워크 번호입니다", 16);
        dissection.Summary += $", prefix {prefix}/{length}";
    }

    private static string Seconds(uint seconds) => seconds == uint.MaxValue ? "for ever" : $"{seconds} s";

    private static string NameOf(NdOptionType type) =>
        type switch
        {
            NdOptionType.SourceLinkLayerAddress => "source MAC address",
            NdOptionType.TargetLinkLayerAddress => "target MAC address",
            NdOptionType.PrefixInformation => "prefix information",
            NdOptionType.RedirectedHeader => "redirected header",
            NdOptionType.Mtu => "MTU",
            _ => "name servers",
        };
}
