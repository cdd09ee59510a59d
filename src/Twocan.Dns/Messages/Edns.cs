namespace Twocan.Dns;

/// <summary>What the OPT pseudo-record says about the message and its sender (RFC 6891 §6.1).</summary>
public sealed record Edns(ushort UdpPayloadSize, byte Version = 0, bool DnssecOk = false)
{
    /// <summary>Fits an IPv6 packet of the least MTU, so that it is never fragmented.</summary>
    public const ushort DefaultPayloadSize = 1232;

    private const uint DnssecOkBit = 0x8000;

    /// <summary>Options, unread: {code, length, bytes} each.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    internal static Edns From(in ResourceRecord record) =>
        new(record.Class.Number, (byte)(record.Ttl >> 16), (record.Ttl & DnssecOkBit) != 0)
        {
            Options = ((OpaqueData)record.Data).Wire,
        };

    /// <summary>The upper eight bits of the message's RCODE.</summary>
    internal static int ExtendedRcode(in ResourceRecord record) => (int)(record.Ttl >> 24) << 4;

    internal ResourceRecord ToRecord(Rcode rcode) =>
        new(
            DomainName.Root,
            RecordType.OPT,
            new RecordClass(UdpPayloadSize),
            (uint)((int)rcode >> 4) << 24 | (uint)Version << 16 | (DnssecOk ? DnssecOkBit : 0),
            new OpaqueData(Options)
        );
}
