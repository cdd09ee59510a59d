using System.Buffers.Binary;

namespace Twocan.Stack;

/// <summary>
/// The options of one segment as values: read from a header, or to be written into one. They are laid out as Linux does it
/// (which is what tools and other stacks have been tested with), each on a border of four octets.
/// </summary>
public struct SegmentOptions
{
    /// <summary>RFC 7323 §2.3: more would make a window of half the sequence space.</summary>
    public const byte MaxWindowScale = 14;

    /// <summary>NOP, NOP, and the option: what time stamps take of each segment.</summary>
    public const int TimestampsLength = 12;

    public const int MaxLength = 40;

    /// <summary>In a SYN: the longest segment that its sender takes; 0 when it does not say.</summary>
    public int MaximumSegmentSize { get; set; }

    /// <summary>In a SYN: windows of its sender are to be shifted by so much.</summary>
    public byte? WindowScale { get; set; }

    public bool SackPermitted { get; set; }

    public bool HasTimestamps { get; set; }

    public uint TimestampValue { get; set; }

    public uint TimestampEcho { get; set; }

    public SackBlocks Sack { get; set; }

    /// <summary>In a SYN: RFC 7413.</summary>
    public FastOpenCookie? FastOpen { get; set; }

    /// <summary>Octets that these options take in a header, with their padding.</summary>
    public readonly int Length =>
        (MaximumSegmentSize > 0 ? 4 : 0)
        + (HasTimestamps ? TimestampsLength : 0)
        + (SackPermitted && !HasTimestamps ? 4 : 0)
        + (WindowScale is null ? 0 : 4)
        + (Sack.IsEmpty ? 0 : 4 + 8 * Sack.Count)
        + (FastOpen?.OptionLength ?? 0);

    /// <summary>How many SACK blocks there is room for beside the rest.</summary>
    public readonly int RoomForBlocks => (MaxLength - 4 - (Length - (Sack.IsEmpty ? 0 : 4 + 8 * Sack.Count))) / 8;

    /// <summary>What is named twice counts as last named; what has a wrong length is passed over.</summary>
    public static SegmentOptions Read(TcpOptions options)
    {
        var values = default(SegmentOptions);
        foreach (var option in options)
        {
            var data = option.Data;
            switch (option.Kind, data.Length)
            {
                case (TcpOptionKind.MaximumSegmentSize, 2):
                    values.MaximumSegmentSize = BinaryPrimitives.ReadUInt16BigEndian(data);
                    break;
                case (TcpOptionKind.WindowScale, 1):
                    values.WindowScale = Math.Min(data[0], MaxWindowScale);
                    break;
                case (TcpOptionKind.SackPermitted, 0):
                    values.SackPermitted = true;
                    break;
                case (TcpOptionKind.Timestamps, 8):
                    values.HasTimestamps = true;
                    values.TimestampValue = BinaryPrimitives.ReadUInt32BigEndian(data);
                    values.TimestampEcho = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
                    break;
                case (TcpOptionKind.Sack, >= 8) when data.Length % 8 == 0:
                    values.Sack = ReadBlocks(data);
                    break;
                case (TcpOptionKind.FastOpen or TcpOptionKind.Experimental, _):
                    values.FastOpen = FastOpenCookie.Read(option) ?? values.FastOpen;
                    break;
            }
        }
        return values;
    }

    /// <summary>Fills <paramref name="into"/>, which is as long as <see cref="Length"/> says.</summary>
    public readonly void Write(Span<byte> into)
    {
        if (MaximumSegmentSize > 0)
        {
            into[0] = (byte)TcpOptionKind.MaximumSegmentSize;
            into[1] = 4;
            BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)MaximumSegmentSize);
            into = into[4..];
        }
        if (HasTimestamps)
        {
            // 'SACK permitted' takes the place of the two NOPs.
            into[0] = (byte)(SackPermitted ? TcpOptionKind.SackPermitted : TcpOptionKind.NoOperation);
            into[1] = (byte)(SackPermitted ? 2 : (int)TcpOptionKind.NoOperation);
            into[2] = (byte)TcpOptionKind.Timestamps;
            into[3] = 10;
            BinaryPrimitives.WriteUInt32BigEndian(into[4..], TimestampValue);
            BinaryPrimitives.WriteUInt32BigEndian(into[8..], TimestampEcho);
            into = into[TimestampsLength..];
        }
        else if (SackPermitted)
        {
            Pad(into);
            into[2] = (byte)TcpOptionKind.SackPermitted;
            into[3] = 2;
            into = into[4..];
        }
        if (WindowScale is { } scale)
        {
            into[0] = (byte)TcpOptionKind.NoOperation;
            into[1] = (byte)TcpOptionKind.WindowScale;
            into[2] = 3;
            into[3] = scale;
            into = into[4..];
        }
        FastOpen?.Write(into);
        if (!Sack.IsEmpty)
            WriteBlocks(into[(FastOpen?.OptionLength ?? 0)..]);
    }

    private readonly void WriteBlocks(Span<byte> into)
    {
        Pad(into);
        into[2] = (byte)TcpOptionKind.Sack;
        into[3] = (byte)(2 + 8 * Sack.Count);
        for (var i = 0; i < Sack.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(into[(4 + 8 * i)..], Sack[i].Start.Value);
            BinaryPrimitives.WriteUInt32BigEndian(into[(8 + 8 * i)..], Sack[i].End.Value);
        }
    }

    private static void Pad(Span<byte> into) => into[0] = into[1] = (byte)TcpOptionKind.NoOperation;

    private static SackBlocks ReadBlocks(ReadOnlySpan<byte> data)
    {
        var blocks = default(SackBlocks);
        for (; data.Length >= 8; data = data[8..])
        {
            var start = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(data));
            var end = new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
            if (start < end)
                blocks.Add(new(start, end));
        }
        return blocks;
    }
}
