namespace Twocan.Core;

/// <summary>
/// The older format of captures (draft-ietf-opsawg-pcap): a header with the link type and the unit of time, and then
/// packets, each behind its time and its two lengths.
/// </summary>
internal sealed class PcapReader(CaptureBytes bytes, List<CaptureInterface> interfaces) : ICaptureFormat
{
    /// <summary>What no writer exceeds (Wireshark's MAXIMUM_SNAPLEN is 262,144; USB's is larger): more is damage.</summary>
    public const uint MaxPacket = 16 << 20;

    private const int FileHeader = 24;
    private const int RecordHeader = 16;
    private const uint MicrosecondMagic = 0xA1B2_C3D4;
    private const uint NanosecondMagic = 0xA1B2_3C4D;

    private bool _begun;

    public static bool Recognizes(ReadOnlySpan<byte> magic) =>
        magic
            is [0xA1, 0xB2, 0xC3, 0xD4]
                or [0xA1, 0xB2, 0x3C, 0x4D]
                or [0xD4, 0xC3, 0xB2, 0xA1]
                or [0x4D, 0x3C, 0xB2, 0xA1];

    public (CaptureEnd End, string? Problem) Read(long number, out CapturedPacket packet)
    {
        packet = default;
        if (!_begun)
        {
            if (!bytes.TryPeek(FileHeader, out var header))
                return (CaptureEnd.CutShort, "cut short within the header of the file");
            Begin(header.Span);
        }
        if (!bytes.TryPeek(RecordHeader, out var record))
            return bytes.Held == 0 ? (CaptureEnd.Whole, null) : CutShort(number);
        var head = record.Span;
        var (seconds, fraction) = (bytes.U32(head), bytes.U32(head[4..]));
        var (captured, original) = (bytes.U32(head[8..]), bytes.U32(head[12..]));
        if (captured > MaxPacket)
            return (CaptureEnd.Damaged, $"damaged at byte {bytes.Offset}: packet {number} would have {captured} bytes");
        if (!bytes.TryPeek(RecordHeader + (int)captured, out record))
            return CutShort(number);
        var from = interfaces[0];
        var unit = from.Resolution == TimestampResolution.Nanoseconds ? 1L : 1000;
        packet = new(
            number,
            from,
            seconds * 1_000_000_000L + fraction * unit,
            record[RecordHeader..],
            original,
            from.FcsLength,
            CaptureDirection.Unknown,
            []
        );
        bytes.TrySkip(RecordHeader + captured);
        return (CaptureEnd.NotYet, null);
    }

    private void Begin(ReadOnlySpan<byte> header)
    {
        _begun = true;
        bytes.IsBigEndian = header[0] == 0xA1;
        // The upper half of the link type's word says whether there is an FCS and how many 16-bit words it has.
        var link = bytes.U32(header[20..]);
        interfaces.Add(
            new(
                0,
                null,
                null,
                (ushort)link,
                bytes.U32(header[16..]),
                bytes.U32(header) == NanosecondMagic
                    ? TimestampResolution.Nanoseconds
                    : TimestampResolution.Microseconds,
                (byte)((link & 0x0400_0000) != 0 ? link >> 28 << 1 : 0),
                0
            )
        );
        bytes.TrySkip(FileHeader);
    }

    private (CaptureEnd, string) CutShort(long number) =>
        (
            CaptureEnd.CutShort,
            $"cut short after {number - 1} packets: of the next one, from byte {bytes.Offset} on, only {bytes.Held} bytes are there"
        );
}
