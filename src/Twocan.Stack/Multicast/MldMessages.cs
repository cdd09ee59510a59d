using System.Buffers.Binary;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>What a report says of a group (RFC 3810 §5.2.12).</summary>
public enum MldRecordType : byte
{
    IsInclude = 1,

    /// <summary>'I listen to this group, whoever speaks', as an answer.</summary>
    IsExclude = 2,

    /// <summary>'I do not listen any more.'</summary>
    ToInclude = 3,

    /// <summary>'From now on I listen.'</summary>
    ToExclude = 4,
    AllowNewSources = 5,
    BlockOldSources = 6,
}

/// <summary>'Who listens, and to what?' (RFC 3810 §5.1), seen in the bytes that carry it, from the ICMPv6 type on.</summary>
public readonly ref struct MldQuery
{
    /// <summary>Of version 1 (RFC 2710).</summary>
    public const int LeastLength = 24;

    private const int LengthOfVersion2 = 28;

    private readonly ReadOnlySpan<byte> _bytes;

    private MldQuery(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public int Version => _bytes.Length >= LengthOfVersion2 ? 2 : 1;

    /// <summary>Within this time everybody answers, each at a random moment (§5.1.3).</summary>
    public Duration MaximumResponseDelay
    {
        get
        {
            int code = BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);
            var isFloat = Version == 2 && code >= 0x8000;
            return Duration.FromMilliseconds(isFloat ? (0x1000 | code & 0xFFF) << ((code >> 12 & 7) + 3) : code);
        }
    }

    /// <summary>:: asks about all groups.</summary>
    public IpAddress Group => IpAddress.Read(_bytes[8..24]);

    public bool IsGeneral => Group.IsAny;

    /// <summary>§8.2.1 and §5.1: 24 bytes are version 1, 28 and more version 2, anything between is thrown away.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out MldQuery query)
    {
        query = default;
        if (
            message.Length < LeastLength
            || (Icmpv6Type)message[0] != Icmpv6Type.MulticastListenerQuery
            || message.Length is > LeastLength and < LengthOfVersion2
        )
            return false;
        query = new(message);
        return query.IsGeneral || query.Group.IsMulticast && !query.Group.IsV4;
    }
}

/// <summary>'I listen to these groups' (RFC 3810 §5.2): an enumerator over the records, in the bytes that carry them.</summary>
public ref struct MldReport
{
    public const int FixedLength = 8;
    public const int RecordLength = 20;

    private ReadOnlySpan<byte> _rest;
    private int _left;

    public MldRecordType Type { get; private set; }

    public IpAddress Group { get; private set; }

    public readonly int Left => _left;

    public static bool TryRead(ReadOnlySpan<byte> message, out MldReport report)
    {
        report = default;
        if (message.Length < FixedLength || (Icmpv6Type)message[0] != Icmpv6Type.MulticastListenerReportV2)
            return false;
        report._left = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        report._rest = message[FixedLength..];
        return true;
    }

    public bool MoveNext()
    {
        if (_left == 0 || _rest.Length < RecordLength)
            return false;
        var length = RecordLength + BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) * 16 + _rest[1] * 4;
        if (length > _rest.Length)
            return false;
        (Type, Group) = ((MldRecordType)_rest[0], IpAddress.Read(_rest[4..20]));
        _rest = _rest[length..];
        _left--;
        return true;
    }

    /// <summary>Begins a report of <paramref name="count"/> records; its checksum is put in when all are there.</summary>
    public static void Begin(PacketBuffer into, int count)
    {
        var header = into.Append(FixedLength);
        header.Clear();
        header[0] = (byte)Icmpv6Type.MulticastListenerReportV2;
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)count);
    }

    public static void Append(PacketBuffer into, MldRecordType type, IpAddress group)
    {
        var record = into.Append(RecordLength);
        record[..4].Clear();
        record[0] = (byte)type;
        group.Write(record[4..]);
    }
}
