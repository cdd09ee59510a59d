using System.Buffers.Binary;
using System.Text;

namespace Twocan.Core.Tests;

/// <summary>Reads pcapng straight from the format's description, knowing nothing of the writer.</summary>
internal sealed class PcapngFile
{
    public List<Interface> Interfaces { get; } = [];

    public List<Packet> Packets { get; } = [];

    /// <summary>Bytes behind the last whole block.</summary>
    public int Rest { get; private set; }

    public static PcapngFile Read(ReadOnlySpan<byte> bytes)
    {
        var file = new PcapngFile();
        var first = true;
        while (bytes.Length >= 12)
        {
            var type = U32(bytes);
            var length = (int)U32(bytes[4..]);
            if (length > bytes.Length)
                break;
            Assert.Equal(0, length % 4);
            Assert.Equal((uint)length, U32(bytes[(length - 4)..]));
            Assert.Equal(first, type == 0x0A0D0D0A);
            first = false;
            file.ReadBlock(type, bytes[8..(length - 4)]);
            bytes = bytes[length..];
        }
        file.Rest = bytes.Length;
        return file;
    }

    private void ReadBlock(uint type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case 0x0A0D0D0A:
                Assert.Equal(0x1A2B3C4Du, U32(body));
                Assert.Equal(1u, U32(body[4..]));
                Options(body[16..]);
                break;
            case 1:
                Assert.Equal(1u, U32(body));
                Interfaces.Add(new(Options(body[8..])));
                break;
            case 6:
                var captured = (int)U32(body[12..]);
                Assert.Equal((uint)captured, U32(body[16..]));
                var at = (long)((ulong)U32(body[4..]) << 32 | U32(body[8..]));
                var padded = captured + 3 & ~3;
                Packets.Add(
                    new((int)U32(body), at, body.Slice(20, captured).ToArray(), Options(body[(20 + padded)..]))
                );
                break;
            default:
                Assert.Fail($"a block of type {type}");
                break;
        }
    }

    private static Dictionary<int, byte[]> Options(ReadOnlySpan<byte> bytes)
    {
        var options = new Dictionary<int, byte[]>();
        while (!bytes.IsEmpty)
        {
            int code = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            if (code == 0)
            {
                Assert.Equal(4, bytes.Length);
                break;
            }
            options.Add(code, bytes.Slice(4, length).ToArray());
            bytes = bytes[(4 + (length + 3 & ~3))..];
        }
        return options;
    }

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    internal sealed record Interface(Dictionary<int, byte[]> Options)
    {
        public string Name => Encoding.UTF8.GetString(Options[2]);
    }

    internal sealed record Packet(int Interface, long UnixNanoseconds, byte[] Bytes, Dictionary<int, byte[]> Options)
    {
        public string? Comment => Options.TryGetValue(1, out var text) ? Encoding.UTF8.GetString(text) : null;
    }
}
