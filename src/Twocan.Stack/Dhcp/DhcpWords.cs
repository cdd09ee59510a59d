using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What DHCP messages say, for people.</summary>
public readonly struct DhcpWords(DhcpMessage message)
{
    private const uint ForEver = uint.MaxValue;

    public string English =>
        message.Type switch
        {
            DhcpMessageType.Discover => "calls to the whole link: is there anybody who can lend me an address?",
            DhcpMessageType.Offer => $"offers {message.YourAddress}",
            DhcpMessageType.Request when message.ClientAddress.IsAny => $"asks for {Wanted}",
            DhcpMessageType.Request => $"asks to keep {message.ClientAddress}",
            DhcpMessageType.Ack when message.YourAddress.IsAny => "tells what there is to know on this link",
            DhcpMessageType.Ack => $"lends {message.YourAddress}",
            DhcpMessageType.Nak => $"refuses: {message.Options.Text(DhcpOption.Message) ?? "no reason given"}",
            DhcpMessageType.Decline => $"does not take {Wanted}, somebody has it already",
            DhcpMessageType.Release => $"gives {message.ClientAddress} back",
            _ => $"has {message.ClientAddress} and asks what else there is to know",
        };

    public string Korean =>
        message.Type switch
        {
            DhcpMessageType.Discover => "링크 전체에 묻습니다. 주소를 빌려줄 DHCP 서버가 있습니까?",
            DhcpMessageType.Offer => With(message.YourAddress, "빌려주겠다고 제안합니다"),
            DhcpMessageType.Request when message.ClientAddress.IsAny => With(Wanted, "달라고 요청합니다"),
            DhcpMessageType.Request => With(message.ClientAddress, "계속 쓰겠다고 요청합니다"),
            DhcpMessageType.Ack when message.YourAddress.IsAny => "이 링크의 설정을 알려 줍니다",
            DhcpMessageType.Ack => With(message.YourAddress, "빌려줍니다"),
            DhcpMessageType.Nak =>
                $"거절합니다: {message.Options.Text(DhcpOption.Message) ?? "까닭은 말하지 않습니다"}",
            DhcpMessageType.Decline => With(Wanted, "받지 않습니다. 누군가 이미 쓰고 있습니다"),
            DhcpMessageType.Release => With(message.ClientAddress, "돌려줍니다"),
            _ =>
                $"주소는 {message.ClientAddress}{(Ends(message.ClientAddress) ? "이며" : "며")}, 나머지 설정을 묻습니다",
        };

    public static string Name(DhcpMessageType type) => type.ToString().ToUpperInvariant();

    /// <summary>The name of an option, and what it says; null for those that only serve the exchange of messages.</summary>
    public static (string English, string Korean)? Name(DhcpOption code) =>
        code switch
        {
            DhcpOption.SubnetMask => ("mask", "마스크"),
            DhcpOption.Router => ("router", "라우터"),
            DhcpOption.NameServer => ("name server", "DNS 서버"),
            DhcpOption.HostName => ("host name", "호스트 이름"),
            DhcpOption.DomainName => ("domain", "도메인"),
            DhcpOption.InterfaceMtu => ("MTU", "MTU"),
            DhcpOption.BroadcastAddress => ("broadcast", "브로드캐스트"),
            DhcpOption.RequestedAddress => ("wanted address", "바라는 주소"),
            DhcpOption.LeaseTime => ("lease time", "임대 기간"),
            DhcpOption.ServerIdentifier => ("server", "서버"),
            DhcpOption.ParameterRequestList => ("wants to know", "알고 싶은 것"),
            DhcpOption.Message => ("message", "메시지"),
            DhcpOption.MaxMessageSize => ("longest message", "최대 메시지 길이"),
            DhcpOption.RenewalTime => ("renew after (T1)", "갱신 시각 (T1)"),
            DhcpOption.RebindingTime => ("ask anybody after (T2)", "재바인딩 시각 (T2)"),
            DhcpOption.ClientIdentifier => ("client", "클라이언트"),
            _ => null,
        };

    /// <summary>An option's value as a person would write it.</summary>
    public static string Value(DhcpOptions options, DhcpOption code, Language language)
    {
        switch (code)
        {
            case DhcpOption.HostName or DhcpOption.DomainName or DhcpOption.Message:
                return options.Text(code) ?? "";
            case DhcpOption.LeaseTime
            or DhcpOption.RenewalTime
            or DhcpOption.RebindingTime when options.Number32(code) is { } seconds:
                return seconds == ForEver
                    ? language == Language.Korean
                        ? "무기한"
                        : "for ever"
                    : language == Language.Korean
                        ? $"{seconds}초"
                        : $"{seconds} s";
            case DhcpOption.InterfaceMtu or DhcpOption.MaxMessageSize when options.Number16(code) is { } length:
                return $"{length}";
            case DhcpOption.SubnetMask
            or DhcpOption.Router
            or DhcpOption.NameServer
            or DhcpOption.BroadcastAddress
            or DhcpOption.RequestedAddress
            or DhcpOption.ServerIdentifier when options.Addresses(code) is { Count: > 0 } addresses:
                return string.Join(", ", addresses);
            case DhcpOption.ClientIdentifier when options.Bytes(code) is [1, .. { Length: MacAddress.Length } mac]:
                return MacAddress.Read(mac).ToString();
            case DhcpOption.ParameterRequestList:
                return string.Join(", ", options.Bytes(code)!.Select(wanted => NameOf((DhcpOption)wanted, language)));
            default:
                return Convert.ToHexString(options.Bytes(code) ?? []);
        }
    }

    private static string NameOf(DhcpOption code, Language language) =>
        Name(code) is not { } name ? $"{(byte)code}"
        : language == Language.Korean ? name.Korean
        : name.English;

    private IpAddress Wanted => message.Options.Address(DhcpOption.RequestedAddress) ?? IpAddress.Any;

    private static string With(IpAddress address, string verb) =>
        $"{address}{Core.Korean.Object(address.ToString())} {verb}";

    private static bool Ends(IpAddress address) => Core.Korean.Subject(address.ToString()) == "이";
}
