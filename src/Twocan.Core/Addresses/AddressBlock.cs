namespace Twocan.Core;

public enum AddressKind
{
    /// <summary>'This network', 'no address yet'.</summary>
    Unspecified,
    Loopback,
    Private,

    /// <summary>Between a provider and its customers (carrier-grade NAT).</summary>
    Shared,
    LinkLocal,
    Multicast,
    Broadcast,
    Documentation,
    Benchmarking,

    /// <summary>Kept for a protocol's own use: translation, tunnels, discard.</summary>
    Protocol,
    Reserved,

    /// <summary>Anybody's, and reachable from anywhere.</summary>
    Public,
}

/// <summary>A block of addresses with a meaning of its own: the IANA special-purpose registries (RFC 6890) and what stands beside them.</summary>
public sealed record AddressBlock(AddressKind Kind, Subnet Block, string Source, string English, string Korean)
{
    /// <summary>From the narrowest to the widest within each family, so that the first that fits is the right one.</summary>
    private static readonly AddressBlock[] All =
    [
        new(
            AddressKind.Broadcast,
            Subnet.Parse("255.255.255.255/32"),
            "RFC 919",
            "everybody on my own link, whatever its network number is",
            "네트워크 번호와 상관없이 같은 링크에 있는 모두를 가리킵니다"
        ),
        new(
            AddressKind.Protocol,
            Subnet.Parse("192.0.0.0/24"),
            "RFC 6890",
            "kept for protocols' own use",
            "프로토콜 자체가 쓰도록 남겨 둔 주소입니다"
        ),
        new(
            AddressKind.Documentation,
            Subnet.Parse("192.0.2.0/24"),
            "RFC 5737",
            "for examples in books and documents (TEST-NET-1); no real network has it",
            "책과 문서의 예제를 위한 주소(TEST-NET-1)입니다. 실제 네트워크에는 없습니다"
        ),
        new(
            AddressKind.Documentation,
            Subnet.Parse("198.51.100.0/24"),
            "RFC 5737",
            "for examples in books and documents (TEST-NET-2); no real network has it",
            "책과 문서의 예제를 위한 주소(TEST-NET-2)입니다. 실제 네트워크에는 없습니다"
        ),
        new(
            AddressKind.Documentation,
            Subnet.Parse("203.0.113.0/24"),
            "RFC 5737",
            "for examples in books and documents (TEST-NET-3); no real network has it",
            "책과 문서의 예제를 위한 주소(TEST-NET-3)입니다. 실제 네트워크에는 없습니다"
        ),
        new(
            AddressKind.Private,
            Subnet.Parse("192.168.0.0/16"),
            "RFC 1918",
            "many networks use it inside, none shows it outside; a router must translate it (NAT)",
            "여러 네트워크가 안에서만 쓰며, 밖으로 나가려면 라우터가 바꾸어 주어야 합니다(NAT)"
        ),
        new(
            AddressKind.LinkLocal,
            Subnet.Parse("169.254.0.0/16"),
            "RFC 3927",
            "chosen by a host for itself when nobody gave it one; no router passes it on",
            "주소를 받지 못한 호스트가 스스로 고른 주소입니다. 라우터는 전달하지 않습니다"
        ),
        new(
            AddressKind.Benchmarking,
            Subnet.Parse("198.18.0.0/15"),
            "RFC 2544",
            "for measuring network devices in a laboratory",
            "실험실에서 네트워크 장비를 측정할 때 쓰는 주소입니다"
        ),
        new(
            AddressKind.Private,
            Subnet.Parse("172.16.0.0/12"),
            "RFC 1918",
            "many networks use it inside, none shows it outside; a router must translate it (NAT)",
            "여러 네트워크가 안에서만 쓰며, 밖으로 나가려면 라우터가 바꾸어 주어야 합니다(NAT)"
        ),
        new(
            AddressKind.Shared,
            Subnet.Parse("100.64.0.0/10"),
            "RFC 6598",
            "between a provider and its customers, who share one public address (carrier-grade NAT)",
            "통신사와 가입자 사이에서 쓰는 주소입니다. 가입자 여럿이 공인 주소 하나를 나누어 씁니다(CGNAT)"
        ),
        new(
            AddressKind.Unspecified,
            Subnet.Parse("0.0.0.0/8"),
            "RFC 791",
            "'this network': 0.0.0.0 means 'no address yet' in a packet and 'any address of mine' in a program",
            "'이 네트워크'를 뜻합니다. 0.0.0.0은 패킷에서는 '아직 주소 없음', 프로그램에서는 '내 주소 아무것이나'입니다"
        ),
        new(
            AddressKind.Private,
            Subnet.Parse("10.0.0.0/8"),
            "RFC 1918",
            "many networks use it inside, none shows it outside; a router must translate it (NAT)",
            "여러 네트워크가 안에서만 쓰며, 밖으로 나가려면 라우터가 바꾸어 주어야 합니다(NAT)"
        ),
        new(
            AddressKind.Loopback,
            Subnet.Parse("127.0.0.0/8"),
            "RFC 1122",
            "this host itself: such a packet never reaches a cable",
            "이 호스트 자신입니다. 이런 패킷은 케이블로 나가지 않습니다"
        ),
        new(
            AddressKind.Multicast,
            Subnet.Parse("224.0.0.0/4"),
            "RFC 5771",
            "a group of hosts: whoever has joined it gets the packet",
            "호스트의 모임입니다. 가입한 모두가 패킷을 받습니다"
        ),
        new(
            AddressKind.Reserved,
            Subnet.Parse("240.0.0.0/4"),
            "RFC 1112",
            "reserved for a future that has not come",
            "아직 오지 않은 미래를 위해 남겨 둔 주소입니다"
        ),
        new(
            AddressKind.Public,
            Subnet.AllV4,
            "RFC 791",
            "one holder in the whole Internet, reachable from anywhere",
            "인터넷 전체에서 주인이 하나이고 어디서나 닿을 수 있습니다"
        ),
        new(
            AddressKind.Unspecified,
            Subnet.Parse("::/128"),
            "RFC 4291",
            "'no address yet' in a packet, 'any address of mine' in a program",
            "패킷에서는 '아직 주소 없음', 프로그램에서는 '내 주소 아무것이나'를 뜻합니다"
        ),
        new(
            AddressKind.Loopback,
            Subnet.Parse("::1/128"),
            "RFC 4291",
            "this host itself: such a packet never reaches a cable",
            "이 호스트 자신입니다. 이런 패킷은 케이블로 나가지 않습니다"
        ),
        new(
            AddressKind.Protocol,
            Subnet.Parse("64:ff9b::/96"),
            "RFC 6052",
            "an IPv4 address in its last 32 bits, for translation between the two families",
            "마지막 32비트가 IPv4 주소입니다. 두 IP 사이를 번역할 때 씁니다"
        ),
        new(
            AddressKind.Protocol,
            Subnet.Parse("100::/64"),
            "RFC 6666",
            "a hole: routers throw away what is sent there",
            "버리는 구멍입니다. 라우터는 이곳으로 가는 것을 버립니다"
        ),
        new(
            AddressKind.Protocol,
            Subnet.Parse("2001::/32"),
            "RFC 4380",
            "Teredo: IPv6 carried through UDP over IPv4",
            "Teredo입니다. IPv6를 IPv4의 UDP에 실어 나릅니다"
        ),
        new(
            AddressKind.Documentation,
            Subnet.Parse("2001:db8::/32"),
            "RFC 3849",
            "for examples in books and documents; no real network has it",
            "책과 문서의 예제를 위한 주소입니다. 실제 네트워크에는 없습니다"
        ),
        new(
            AddressKind.Documentation,
            Subnet.Parse("3fff::/20"),
            "RFC 9637",
            "for examples in books and documents; no real network has it",
            "책과 문서의 예제를 위한 주소입니다. 실제 네트워크에는 없습니다"
        ),
        new(
            AddressKind.Protocol,
            Subnet.Parse("2002::/16"),
            "RFC 3056",
            "6to4: the IPv4 address of its gateway stands in the next 32 bits",
            "6to4입니다. 다음 32비트에 관문의 IPv4 주소가 들어 있습니다"
        ),
        new(
            AddressKind.LinkLocal,
            Subnet.Parse("fe80::/10"),
            "RFC 4291",
            "every adapter has one for its own link; no router passes it on",
            "어댑터마다 자기 링크용으로 하나씩 가집니다. 라우터는 전달하지 않습니다"
        ),
        new(
            AddressKind.Multicast,
            Subnet.Parse("ff00::/8"),
            "RFC 4291",
            "a group of hosts: whoever has joined it gets the packet",
            "호스트의 모임입니다. 가입한 모두가 패킷을 받습니다"
        ),
        new(
            AddressKind.Private,
            Subnet.Parse("fc00::/7"),
            "RFC 4193",
            "unique local: meant for use inside, no router of the Internet carries it",
            "unique local 주소로, 안에서만 쓰며 인터넷의 라우터는 나르지 않습니다"
        ),
        new(
            AddressKind.Public,
            Subnet.Parse("2000::/3"),
            "RFC 4291",
            "one holder in the whole Internet, reachable from anywhere",
            "인터넷 전체에서 주인이 하나이고 어디서나 닿을 수 있습니다"
        ),
        new(
            AddressKind.Reserved,
            Subnet.Parse("::/0"),
            "RFC 4291",
            "not given out to anybody",
            "아직 아무에게도 주지 않은 주소입니다"
        ),
    ];

    /// <summary>The narrowest block that an address belongs to; there always is one.</summary>
    public static AddressBlock Of(IpAddress address) => All.First(block => block.Block.Contains(address));

    public string Say(Language language) => language == Language.Korean ? Korean : English;
}
