using System.Runtime.InteropServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// A conversation with the Linux kernel about its network (rtnetlink(7)): one question, and all that it answers. It
/// belongs to the network namespace in which it was opened. The kernel answers at once, so nobody has to await it.
/// </summary>
internal sealed class Netlink(int protocol = Netlink.Routes) : IDisposable
{
    public const ushort Request = 1;
    public const ushort Acknowledge = 4;
    public const ushort Dump = 0x300;
    public const ushort Create = 0x400;
    public const ushort Replace = 0x100;

    public const int Routes = 0; // NETLINK_ROUTE
    public const int Sockets = 4; // NETLINK_SOCK_DIAG

    private const int Family = 16; // AF_NETLINK
    private const int Raw = 3; // SOCK_RAW
    private const ushort ErrorType = 2;
    private const ushort DoneType = 3;
    private const ushort IsMultipart = 2;

    private readonly int _socket = Libc.Check(Libc.Socket(Family, Raw | Libc.CloseOnExec, protocol), "netlink");
    private readonly byte[] _buffer = new byte[64 * 1024];

    public delegate void Reader(in NetlinkAnswer answer);

    /// <summary>Asks, and hands each message of the answer on; throws what the kernel refuses, as <paramref name="what"/>.</summary>
    public void Ask(NetlinkRequest request, string what, Reader? read = null)
    {
        var bytes = request.Bytes;
        Libc.Check(Libc.Send(_socket, bytes[0], bytes.Length, 0), what);
        while (true)
        {
            var length = Libc.Check(Libc.Receive(_socket, ref _buffer[0], _buffer.Length, 0), what);
            if (ReadAll(_buffer.AsSpan(0, length), what, read))
                return;
        }
    }

    public void Dispose() => _ = Libc.Close(_socket);

    /// <summary>True with the last message of the answer.</summary>
    private static bool ReadAll(ReadOnlySpan<byte> rest, string what, Reader? read)
    {
        while (rest.Length >= NetlinkRequest.HeaderLength)
        {
            var length = MemoryMarshal.Read<int>(rest);
            var (type, flags) = (BitConverter.ToUInt16(rest[4..]), BitConverter.ToUInt16(rest[6..]));
            if (length < NetlinkRequest.HeaderLength || length > rest.Length)
                return true;
            var body = rest[NetlinkRequest.HeaderLength..length];
            switch (type)
            {
                case ErrorType:
                    // An error of zero is an acknowledgement.
                    var error = -MemoryMarshal.Read<int>(body);
                    return error == 0 ? true : throw Libc.Failure(error, what);
                case DoneType:
                    return true;
                default:
                    read?.Invoke(new(type, body));
                    if ((flags & IsMultipart) == 0)
                        return true;
                    break;
            }
            rest = rest[Math.Min(NetlinkRequest.Align(length), rest.Length)..];
        }
        return false;
    }
}
