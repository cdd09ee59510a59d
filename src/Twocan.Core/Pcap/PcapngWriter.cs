using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using static Twocan.Core.PcapngFormat;

namespace Twocan.Core;

/// <summary>
/// Writes a capture in pcapng (draft-ietf-opsawg-pcapng), the format of Wireshark: a section header, a block for each
/// interface (here: a cable or an adapter), a block for each frame. Times are the world's date in nanoseconds, so the
/// bytes follow from what was captured alone.
/// <para>
/// Blocks are gathered and handed to the stream whole: a file whose writer was killed ends after some whole block, and
/// can be read up to there.
/// </para>
/// </summary>
public sealed class PcapngWriter : IDisposable
{
    private const int GatherBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private byte[] _bytes = new byte[GatherBytes + 4096];
    private int _length;
    private int _blockStart;
    private int _interfaces;
    private bool _disposed;

    public PcapngWriter(Stream stream, bool leaveOpen = false)
    {
        _stream = stream;
        _leaveOpen = leaveOpen;
        BeginBlock(SectionHeader);
        Put32(ByteOrderMagic);
        Put16(1); // version 1.0
        Put16(0);
        Put64(ulong.MaxValue); // length of the section: not known while it is written
        PutOption(UserApplication, "Twocan");
        PutEndOfOptions();
        EndBlock();
    }

    /// <summary>Describes a cable or an adapter, and answers the number by which its frames name it.</summary>
    /// <param name="name">As people know it: <c>pc--home-hub</c>.</param>
    /// <param name="description">What it is, when the name does not say enough.</param>
    /// <param name="fcsLength">How many bytes of each frame are its frame check sequence; readers then check it.</param>
    /// <param name="bitsPerSecond">Zero when nobody knows.</param>
    public int AddInterface(string name, string? description = null, byte fcsLength = 4, ulong bitsPerSecond = 0)
    {
        BeginBlock(InterfaceDescription);
        Put16(LinkTypeEthernet);
        Put16(0);
        Put32(0); // no limit to what is captured of a frame
        PutOption(InterfaceName, name);
        if (description is not null)
            PutOption(InterfaceDescribed, description);
        if (bitsPerSecond != 0)
        {
            PutOptionHead(InterfaceSpeed, 8);
            Put64(bitsPerSecond);
        }
        PutOption(TimeResolution, 9); // 10^-9 s
        PutOption(FrameCheckLength, fcsLength);
        PutEndOfOptions();
        EndBlock();
        return _interfaces++;
    }

    /// <summary>A frame that was on the wire at <paramref name="at"/> of a loop whose time began at <paramref name="epoch"/>.</summary>
    public void Write(
        int interfaceNumber,
        DateTimeOffset epoch,
        Instant at,
        ReadOnlySpan<byte> frame,
        string? comment = null,
        CaptureDirection direction = CaptureDirection.Unknown
    ) => Write(interfaceNumber, UnixNanoseconds(epoch) + at.Nanoseconds, frame, comment, direction);

    /// <summary>A frame that was on the wire so many nanoseconds after 1970 began.</summary>
    public void Write(
        int interfaceNumber,
        long unixNanoseconds,
        ReadOnlySpan<byte> frame,
        string? comment = null,
        CaptureDirection direction = CaptureDirection.Unknown
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceNumber);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceNumber, _interfaces);
        ArgumentOutOfRangeException.ThrowIfNegative(unixNanoseconds);
        BeginBlock(EnhancedPacket);
        Put32((uint)interfaceNumber);
        Put32((uint)((ulong)unixNanoseconds >> 32));
        Put32((uint)unixNanoseconds);
        Put32((uint)frame.Length);
        Put32((uint)frame.Length);
        frame.CopyTo(Extend(frame.Length));
        Pad();
        if (comment is not null || direction != CaptureDirection.Unknown)
        {
            if (comment is not null)
                PutOption(Comment, comment);
            if (direction != CaptureDirection.Unknown)
            {
                PutOptionHead(PacketFlags, 4);
                Put32((uint)direction);
            }
            PutEndOfOptions();
        }
        EndBlock();
    }

    /// <summary>Hands all that was written to the stream, and the stream's own buffer to where it goes.</summary>
    public void Flush()
    {
        HandOver();
        _stream.Flush();
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Flush();
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private static long UnixNanoseconds(DateTimeOffset date) => checked((date - DateTimeOffset.UnixEpoch).Ticks * 100);

    private void HandOver()
    {
        _stream.Write(_bytes, 0, _length);
        _length = 0;
    }

    private void BeginBlock(uint type)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _blockStart = _length;
        Put32(type);
        Put32(0); // the length, known at the end
    }

    private void EndBlock()
    {
        var length = (uint)(_length - _blockStart + 4);
        Put32(length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_blockStart + 4), length);
        if (_length >= GatherBytes)
            HandOver();
    }

    private void PutOption(ushort option, string text)
    {
        var room = Math.Min(Encoding.UTF8.GetMaxByteCount(text.Length), ushort.MaxValue);
        var head = _length;
        PutOptionHead(option, 0);
        // What is too long for the format is cut after a whole character.
        Utf8.FromUtf16(text, Extend(room), out _, out var written);
        _length -= room - written;
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(head + 2), (ushort)written);
        Pad();
    }

    private void PutOption(ushort option, byte value)
    {
        PutOptionHead(option, 1);
        Extend(1)[0] = value;
        Pad();
    }

    private void PutOptionHead(ushort option, ushort length)
    {
        Put16(option);
        Put16(length);
    }

    private void PutEndOfOptions() => PutOptionHead(EndOfOptions, 0);

    private void Put16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Extend(2), value);

    private void Put32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Extend(4), value);

    private void Put64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Extend(8), value);

    private void Pad() => Extend(-(_length - _blockStart) & 3).Clear();

    private Span<byte> Extend(int count)
    {
        if (_length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
