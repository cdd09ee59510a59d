namespace Twocan.Explorer;

/// <summary>ARP (RFC 826) for IPv4 over Ethernet.</summary>
internal static class ArpDissector
{
    public static int Read(Dissection dissection, int start, int end)
    {
        var arp = new FieldWalk(dissection, "ARP", start, end);
        dissection.Protocol = "ARP";
        arp.Word(
            "Hardware type",
            "what kind of link: 1 is Ethernet",
            "링크의 종류입니다. 1은 이더넷입니다",
            static type => type == 1 ? "1 (Ethernet)" : type.ToString()
        );
        arp.Word(
            "Protocol type",
            "what kind of address is asked about",
            "묻는 주소의 종류입니다",
            static type => type == 0x0800 ? "0x0800 (IPv4)" : $"0x{type:x4}"
        );
        arp.Byte("Hardware length", "bytes of a MAC address", "MAC 주소의 바이트 수입니다");
        arp.Byte("Protocol length", "bytes of an IP address", "IP 주소의 바이트 수입니다");
        var operation = arp.Word(
            "Operation",
            "a question or an answer",
            "질문(request)인지 대답(reply)인지 나타냅니다",
            static op =>
                op switch
                {
                    1 => "1 (request)",
                    2 => "2 (reply)",
                    _ => op.ToString(),
                }
        );
        var senderMac = arp.Mac("Sender MAC", "who speaks: the adapter", "말하는 쪽의 MAC 주소입니다");
        var sender = arp.Address("Sender IP", "who speaks: the IP address", "말하는 쪽의 IP 주소입니다");
        arp.Mac(
            "Target MAC",
            "who is meant: the adapter (zero where it is still asked for)",
            "상대의 MAC 주소입니다. 아직 모르면 0으로 채웁니다"
        );
        var target = arp.Address("Target IP", "who is meant: the IP address", "상대의 IP 주소입니다");
        arp.Finish();
        dissection.Summary = operation switch
        {
            1 => $"Who has {target}? Tell {sender}",
            2 => $"{sender} is at {senderMac}",
            _ => $"ARP operation {operation}",
        };
        return arp.At;
    }
}
