using System.Buffers.Binary;

namespace Twocan.Dns;

/// <summary>The header of a message (RFC 1035 §4.1.1), seen in the bytes that carry it.</summary>
public readonly ref struct DnsHeader
{
    public const int Length = 12;
    private const int FlagBits = 0x87B0;
    private readonly ReadOnlySpan<byte> _bytes;

    private DnsHeader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out DnsHeader header)
    {
        header = bytes.Length >= Length ? new(bytes[..Length]) : default;
        return bytes.Length >= Length;
    }

    public ushort Id => Word(0);

    public DnsFlags Flags => (DnsFlags)(Word(2) & FlagBits);

    public bool IsResponse => Flags.HasFlag(DnsFlags.QR);

    public Opcode Opcode => (Opcode)(Word(2) >> 11 & 15);

    /// <summary>The lower four bits; an OPT record may bring more.</summary>
    public Rcode Rcode => (Rcode)(Word(2) & 15);

    public ushort QuestionCount => Word(4);

    public ushort AnswerCount => Word(6);

    public ushort AuthorityCount => Word(8);

    public ushort AdditionalCount => Word(10);

    public static void Write(Span<byte> into, ushort id, DnsFlags flags, Opcode opcode, Rcode rcode)
    {
        BinaryPrimitives.WriteUInt16BigEndian(into, id);
        BinaryPrimitives.WriteUInt16BigEndian(
            into[2..],
            (ushort)((int)flags & FlagBits | ((int)opcode & 15) << 11 | (int)rcode & 15)
        );
    }

    private ushort Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]);
}
