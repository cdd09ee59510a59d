using Twocan.Core;

namespace Twocan.Explorer;

/// <summary>The same thing said in both languages.</summary>
public readonly record struct Phrase(string English, string Korean)
{
    public string In(Language language) => language == Language.Korean ? Korean : English;

    public static implicit operator Phrase(string same) => new(same, same);
}

/// <summary>One field of a header: where it lies in the frame, what it says, what that is good for.</summary>
public sealed record Field(string Name, string Value, int Offset, int Length, Phrase Meaning);

/// <summary>One header (or body) inside a frame.</summary>
public sealed record DissectedLayer(string Name, int Offset, int Length, IReadOnlyList<Field> Fields);

public readonly record struct TcpFacts(
    ushort SourcePort,
    ushort DestinationPort,
    uint Sequence,
    uint Acknowledgement,
    string Flags,
    ushort Window,
    int Length
);

public readonly record struct UdpFacts(ushort SourcePort, ushort DestinationPort, int Length);

public readonly record struct DnsFacts(ushort Id, bool IsResponse, string Name, string Type, string Rcode, int Answers);

/// <summary>The start line of a message, where a segment begins with one. <paramref name="Status"/> is zero in a request.</summary>
public readonly record struct HttpFacts(string Method, string Target, int Status);

/// <summary>A frame taken apart: each layer with its fields, and in one line what it is.</summary>
public sealed class Dissection
{
    public required ReadOnlyMemory<byte> Frame { get; init; }

    public List<DissectedLayer> Layers { get; } = [];

    /// <summary>The highest protocol that was recognised: ARP, ICMP, ICMPv6, UDP, TCP, DNS, HTTP.</summary>
    public string Protocol { get; internal set; } = "Ethernet";

    /// <summary>The sender as the highest addressed layer names it: an IP address, else a MAC address.</summary>
    public string Source { get; internal set; } = "";

    public string Destination { get; internal set; } = "";

    public string Summary { get; internal set; } = "";

    public TcpFacts? Tcp { get; internal set; }

    public UdpFacts? Udp { get; internal set; }

    public DnsFacts? Dns { get; internal set; }

    public HttpFacts? Http { get; internal set; }

    /// <summary>Bytes that came after all headers up to TCP or UDP: what the program sent.</summary>
    public int PayloadLength { get; internal set; }

    /// <summary>What is wrong with the frame: it ends too early, a checksum does not hold. Null for a good one.</summary>
    public string? Problem { get; internal set; }

    public Field? Find(string layer, string field)
    {
        foreach (var candidate in Layers)
            if (candidate.Name == layer)
                foreach (var inside in candidate.Fields)
                    if (inside.Name == field)
                        return inside;
        return null;
    }

    public override string ToString() => Summary;
}
