using System.Buffers;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A file's way into a socket where the system has no shorter one: block by block through memory.</summary>
internal static class FileBlocks
{
    private const int Length = 64 * 1024;

    public static async ValueTask SendAsync(
        OpenSocket socket,
        ReadOnlyMemory<byte> head,
        FilePart part,
        EventId because,
        CancellationToken stop
    )
    {
        var block = ArrayPool<byte>.Shared.Rent(Length);
        try
        {
            if (head.Length > block.Length)
            {
                await socket.WriteAsync(head, because, stop);
                head = default;
            }
            // The head travels with the first of the file's bytes.
            head.CopyTo(block);
            var (used, offset, left) = (head.Length, part.Offset, part.Length);
            do
            {
                if (left > 0 && used < block.Length)
                {
                    var count = Read(part.File, block.AsSpan(used, (int)Math.Min(block.Length - used, left)), offset);
                    (used, offset, left) = (used + count, offset + count, left - count);
                }
                await socket.WriteAsync(block.AsMemory(0, used), because, stop);
                used = 0;
            } while (left > 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    public static EndOfStreamException EndsTooEarly(long missing) =>
        new($"the file ends {missing} bytes before the end of what was to be sent");

    private static int Read(Microsoft.Win32.SafeHandles.SafeFileHandle file, Span<byte> into, long offset) =>
        RandomAccess.Read(file, into, offset) is > 0 and var count ? count : throw EndsTooEarly(into.Length);
}
