using Twocan.Core;

namespace Twocan.Stack;

/// <summary>A DHCP message leaves.</summary>
public readonly record struct DhcpSent(DhcpMessage Message, Endpoint To) : IJournalEvent
{
    public Layer Layer => Layer.Dhcp;

    public string Say(Language language)
    {
        var words = new DhcpWords(Message);
        return language == Language.Korean ? words.Korean : words.English;
    }
}

/// <summary>A DHCP message has come.</summary>
public readonly record struct DhcpReceived(DhcpMessage Message, Endpoint From) : IJournalEvent
{
    public Layer Layer => Layer.Dhcp;

    public string Say(Language language)
    {
        var type = DhcpWords.Name(Message.Type);
        return language == Language.Korean ? $"DHCP {type} 메시지를 받았습니다" : $"gets a DHCP {type}";
    }
}

/// <summary>An adapter has its address by DHCP.</summary>
public readonly record struct DhcpConfigured(string Adapter, DhcpLease Lease) : IJournalEvent
{
    public Layer Layer => Layer.Dhcp;

    public string Say(Language language)
    {
        var address = Lease.Address.ToString();
        return language == Language.Korean
            ? $"{Adapter} 어댑터의 주소는 이제 {address}입니다. {Lease.Server}에서 빌렸습니다"
            : $"has {address} on {Adapter} now, on loan from {Lease.Server}";
    }
}

/// <summary>An adapter's address is not its own any more.</summary>
public readonly record struct DhcpLost(string Adapter, InterfaceAddress Address) : IJournalEvent
{
    public Layer Layer => Layer.Dhcp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Adapter} 어댑터의 주소 {Address}{Korean.Object(Address.ToString())} 더는 쓰지 않습니다"
            : $"gives up {Address} on {Adapter}";
}

/// <summary>Somebody was found at an address that was to be given away or taken.</summary>
public readonly record struct DhcpAddressTaken(IpAddress Address) : IJournalEvent
{
    public Layer Layer => Layer.Dhcp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Address}{Korean.Topic(Address.ToString())} 누군가 이미 쓰고 있습니다"
            : $"finds that somebody has {Address} already";
}

/// <summary>A server has nothing left to give.</summary>
public readonly record struct DhcpExhausted(MacAddress Client) : IJournalEvent
{
    public Layer Layer => Layer.Dhcp;

    public string Say(Language language) =>
        language == Language.Korean
            ? $"{Client}에게 줄 주소가 남아 있지 않습니다"
            : $"has no address left for {Client}";
}
