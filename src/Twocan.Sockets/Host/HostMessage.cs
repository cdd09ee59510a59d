using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// recvmsg(2) of Linux: a datagram with what the kernel knows beside it, or an ICMP error from the socket's error queue.
/// .NET has no word for either.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class HostMessage
{
    private const int ErrorQueue = 0x2000; // MSG_ERRQUEUE
    private const int Ip = 0;
    private const int Ip6 = 41;

    /// <summary>False when there is none.</summary>
    public static bool TryReceive(int descriptor, Span<byte> into, out Received received, out SocketError error)
    {
        received = default;
        Span<byte> name = stackalloc byte[LinuxAddress.MaxLength];
        Span<byte> control = stackalloc byte[256];
        if (!TryCall(descriptor, into, name, ref control, 0, out var length, out error))
            return false;
        byte timeToLive = 0;
        foreach (var item in new ControlItems(control))
        {
            if ((item.Level, item.Type) is (Ip, 2) or (Ip6, 52)) // IP_TTL, IPV6_HOPLIMIT
                timeToLive = (byte)BitConverter.ToInt32(item.Value);
        }
        received = new(length, LinuxAddress.Read(name), timeToLive, default);
        return true;
    }

    /// <summary>False when none waits. <paramref name="quoted"/> gets the beginning of what was sent.</summary>
    public static bool TryReceiveError(int descriptor, Span<byte> quoted, out ReceivedError received, out int length)
    {
        received = default;
        Span<byte> name = stackalloc byte[LinuxAddress.MaxLength];
        Span<byte> beside = stackalloc byte[256];
        while (true)
        {
            var control = beside;
            if (!TryCall(descriptor, quoted, name, ref control, ErrorQueue, out length, out _))
                return false;
            foreach (var item in new ControlItems(control))
            {
                // struct sock_extended_err: error, origin, type, code, a gap, info (the MTU), data; then who says so
                if ((item.Level, item.Type) is not ((Ip, 11) or (Ip6, 25)) || item.Value.Length < 16)
                    continue;
                received = new(
                    Errno.ToSocketError(BitConverter.ToInt32(item.Value)),
                    LinuxAddress.Read(item.Value[16..]).Address,
                    item.Value[5],
                    item.Value[6],
                    (ushort)Math.Min(BitConverter.ToUInt32(item.Value[8..]), ushort.MaxValue),
                    LinuxAddress.Read(name),
                    default
                );
                return true;
            }
        }
    }

    private static unsafe bool TryCall(
        int descriptor,
        Span<byte> into,
        Span<byte> name,
        ref Span<byte> control,
        int flags,
        out int length,
        out SocketError error
    )
    {
        fixed (
            byte* bytes = into,
                from = name,
                beside = control
        )
        {
            var vector = new Libc.IoVector { Base = bytes, Length = into.Length };
            var message = new Libc.MessageHeader
            {
                Name = from,
                NameLength = name.Length,
                Vectors = &vector,
                VectorCount = 1,
                Control = beside,
                ControlLength = control.Length,
            };
            length = (int)Libc.ReceiveMessage(descriptor, &message, flags);
            error = length >= 0 ? SocketError.Success : Errno.ToSocketError(Marshal.GetLastPInvokeError());
            control = control[..(int)message.ControlLength];
            return length >= 0;
        }
    }
}
