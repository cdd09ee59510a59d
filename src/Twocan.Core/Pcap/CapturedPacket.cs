namespace Twocan.Core;

/// <summary>Which way a captured frame went, seen from the captured adapter.</summary>
public enum CaptureDirection
{
    Unknown = 0,
    Inbound = 1,
    Outbound = 2,
}

/// <summary>What a capture was taken of: a cable, an adapter.</summary>
/// <param name="Number">Counted over the whole file, from 0.</param>
/// <param name="LinkType">1 is Ethernet; the others are in the registry of tcpdump.org.</param>
/// <param name="SnapLength">No more than so many bytes of a packet were kept; 0 is no limit.</param>
/// <param name="FcsLength">How many bytes of each frame are its frame check sequence, as far as the file says.</param>
public sealed record CaptureInterface(
    int Number,
    string? Name,
    string? Description,
    ushort LinkType,
    uint SnapLength,
    TimestampResolution Resolution,
    byte FcsLength,
    ulong BitsPerSecond
)
{
    public bool IsEthernet => LinkType == PcapngFormat.LinkTypeEthernet;
}

/// <summary>A packet of a capture that is read. Its bytes are lent: they are others when the next packet is read.</summary>
/// <param name="Number">Counted over the whole file, from 1, as Wireshark does.</param>
/// <param name="UnixNanoseconds">Since 1970 began; null where the file does not say, or says what no calendar holds.</param>
/// <param name="OriginalLength">What it was on the wire; more than there are bytes when it was cut.</param>
/// <param name="Comments">What somebody wrote to it; in a capture of ours, why it was sent.</param>
public readonly record struct CapturedPacket(
    long Number,
    CaptureInterface Interface,
    long? UnixNanoseconds,
    ReadOnlyMemory<byte> Bytes,
    uint OriginalLength,
    byte FcsLength,
    CaptureDirection Direction,
    IReadOnlyList<string> Comments
);
