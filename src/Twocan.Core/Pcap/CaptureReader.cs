namespace Twocan.Core;

/// <summary>How a capture that was read ended.</summary>
public enum CaptureEnd
{
    /// <summary>It has not ended yet.</summary>
    NotYet,

    /// <summary>After a whole block.</summary>
    Whole,

    /// <summary>In the middle of something, as when the writer crashed: what came before it is good.</summary>
    CutShort,

    /// <summary>Something stands there that cannot be; what came before it is good.</summary>
    Damaged,

    /// <summary>It does not begin as a capture does.</summary>
    NotACapture,
}

/// <summary>
/// Reads a capture packet by packet, as it comes from the stream: pcapng, and the older pcap with microseconds or
/// nanoseconds, in either byte order. It never throws on what stands in the file, and holds one block of it at a time.
/// <code>
/// while (reader.TryRead(out var packet)) …
/// if (reader.Problem is { } problem) …
/// </code>
/// </summary>
public sealed class CaptureReader : IDisposable
{
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly CaptureBytes _bytes;
    private readonly List<CaptureInterface> _interfaces = [];
    private ICaptureFormat? _format;

    public CaptureReader(Stream stream, bool leaveOpen = false)
    {
        (_stream, _leaveOpen) = (stream, leaveOpen);
        _bytes = new(stream);
    }

    /// <summary>Those that have been described so far, over all sections of the file.</summary>
    public IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <summary>Which program wrote it, as far as it says so.</summary>
    public string? Application => (_format as PcapngReader)?.Application;

    /// <summary>Packets that have been read.</summary>
    public long Packets { get; private set; }

    public CaptureEnd End { get; private set; }

    /// <summary>In one line, what is wrong with the file and where; null as long as nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>The next packet; false at the end, which <see cref="End"/> and <see cref="Problem"/> tell about.</summary>
    public bool TryRead(out CapturedPacket packet)
    {
        packet = default;
        if (End != CaptureEnd.NotYet)
            return false;
        _format ??= Recognize();
        if (_format is null)
        {
            (End, Problem) = (
                CaptureEnd.NotACapture,
                "this is no capture: it begins neither as pcapng nor as pcap does"
            );
            return false;
        }
        (End, Problem) = _format.Read(Packets + 1, out packet);
        if (End != CaptureEnd.NotYet)
            return false;
        Packets++;
        return true;
    }

    public void Dispose()
    {
        if (!_leaveOpen)
            _stream.Dispose();
    }

    private ICaptureFormat? Recognize()
    {
        if (!_bytes.TryPeek(4, out var magic))
            return null;
        if (_bytes.U32(magic.Span) == PcapngFormat.SectionHeader)
            return new PcapngReader(_bytes, _interfaces);
        return PcapReader.Recognizes(magic.Span) ? new PcapReader(_bytes, _interfaces) : null;
    }
}

/// <summary>One of the two ways in which captures are written down.</summary>
internal interface ICaptureFormat
{
    /// <summary><see cref="CaptureEnd.NotYet"/> and a packet, or how it ended and, if that was not well, what is wrong.</summary>
    (CaptureEnd End, string? Problem) Read(long number, out CapturedPacket packet);
}
