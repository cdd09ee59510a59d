using System.Buffers.Binary;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Explorer;

/// <summary>Time (RFC 868): the seconds since 1900 as a number of 32 bits, whatever is asked.</summary>
public static class TimeService
{
    public static readonly Port Port = new(37);

    private static readonly DateTimeOffset s_begin = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static SmallService Service { get; } =
        new(
            "time",
            Port,
            static (network, stream, stop) => SmallService.SayAsync(stream, Now(network), stop),
            static (network, _) => Now(network)
        );

    private static ReadOnlyMemory<byte> Now(INetwork network)
    {
        var bytes = new byte[4];
        // In 2036 it begins again at 0.
        var seconds = (long)(network.Loop.UtcNow - s_begin).TotalSeconds;
        BinaryPrimitives.WriteUInt32BigEndian(bytes, unchecked((uint)seconds));
        return bytes;
    }
}
