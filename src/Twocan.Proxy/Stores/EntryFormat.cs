using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Twocan.Core;
using Twocan.Http;

namespace Twocan.Proxy;

/// <summary>
/// A stored response as bytes: <c>TWOCAN-1</c>, the head's length and CRC-32, the body's length and CRC-32 (all
/// little-endian, 4 bytes), the head, the body. The head can be read and trusted without the body.
/// </summary>
internal static class EntryFormat
{
    public const int PreambleLength = 24;

    /// <summary>A head larger than this is damage.</summary>
    private const int MostHeadBytes = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "TWOCAN-1"u8;

    public static byte[] WritePreamble(byte[] head, byte[] body)
    {
        var preamble = new byte[PreambleLength];
        Magic.CopyTo(preamble);
        BinaryPrimitives.WriteInt32LittleEndian(preamble.AsSpan(8), head.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(preamble.AsSpan(12), Crc32.Of(head));
        BinaryPrimitives.WriteInt32LittleEndian(preamble.AsSpan(16), body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(preamble.AsSpan(20), Crc32.Of(body));
        return preamble;
    }

    public static byte[] WriteHead(StoredResponse response)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8))
        {
            writer.Write(response.Url);
            writer.Write(response.Status);
            writer.Write(response.Reason);
            writer.Write(response.RequestedAt.UtcTicks);
            writer.Write(response.ReceivedAt.UtcTicks);
            WriteFields(writer, response.Fields);
            WriteFields(writer, response.Selecting);
        }
        return bytes.ToArray();
    }

    /// <summary>Reads the head at the stream's place, and leaves the stream at the body.</summary>
    public static bool TryReadHead(
        Stream stream,
        [NotNullWhen(true)] out StoredResponse? response,
        out uint bodyChecksum
    )
    {
        (response, bodyChecksum) = (null, 0);
        Span<byte> preamble = stackalloc byte[PreambleLength];
        if (stream.ReadAtLeast(preamble, PreambleLength, throwOnEndOfStream: false) < PreambleLength)
            return false;
        var headLength = BinaryPrimitives.ReadInt32LittleEndian(preamble[8..]);
        var bodyLength = BinaryPrimitives.ReadInt32LittleEndian(preamble[16..]);
        if (!preamble.StartsWith(Magic) || headLength is < 0 or > MostHeadBytes || bodyLength < 0)
            return false;
        if (stream.Length != (long)PreambleLength + headLength + bodyLength)
            return false;
        var head = new byte[headLength];
        stream.ReadExactly(head);
        bodyChecksum = BinaryPrimitives.ReadUInt32LittleEndian(preamble[20..]);
        return Crc32.Of(head) == BinaryPrimitives.ReadUInt32LittleEndian(preamble[12..])
            && TryParseHead(head, bodyLength, out response);
    }

    private static bool TryParseHead(byte[] head, int bodyLength, [NotNullWhen(true)] out StoredResponse? response)
    {
        response = null;
        try
        {
            using var reader = new BinaryReader(new MemoryStream(head), Encoding.UTF8);
            var (url, status, reason) = (reader.ReadString(), reader.ReadInt32(), reader.ReadString());
            var (requested, received) = (reader.ReadInt64(), reader.ReadInt64());
            if (ReadFields(reader) is not { } fields || ReadFields(reader) is not { } selecting)
                return false;
            response = new(
                url,
                status,
                reason,
                fields,
                selecting,
                new(requested, TimeSpan.Zero),
                new(received, TimeSpan.Zero),
                bodyLength
            );
            return true;
        }
        catch (Exception damage) when (damage is IOException or FormatException or ArgumentException)
        {
            return false;
        }
    }

    private static void WriteFields(BinaryWriter writer, Fields fields)
    {
        writer.Write(fields.Count);
        foreach (var field in fields)
        {
            writer.Write(field.Name);
            writer.Write(field.Value);
        }
    }

    private static Fields? ReadFields(BinaryReader reader)
    {
        var fields = new Fields();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (name, value) = (reader.ReadString(), reader.ReadString());
            if (!fields.TryAdd(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value)))
                return null;
        }
        return fields;
    }
}
