using System.Buffers;
using System.Globalization;
using System.Text;

namespace Twocan.Http;

/// <summary>Writes a body whose length is not known beforehand (RFC 9112 §7.1).</summary>
public static class ChunkedWriter
{
    /// <summary>Writes one chunk; nothing for no bytes, since an empty chunk would be the end.</summary>
    public static void WriteChunk(IBufferWriter<byte> writer, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        Encoding.ASCII.GetBytes(data.Length.ToString("x", CultureInfo.InvariantCulture), writer);
        writer.Write("\r\n"u8);
        writer.Write(data);
        writer.Write("\r\n"u8);
    }

    public static void WriteEnd(IBufferWriter<byte> writer, Fields? trailers = null)
    {
        writer.Write("0\r\n"u8);
        if (trailers is not null)
            Encoding.Latin1.GetBytes(trailers.ToString(), writer);
        writer.Write("\r\n"u8);
    }
}
