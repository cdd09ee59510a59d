using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Twocan.Core;

namespace Twocan.Stack;

/// <summary>
/// Linux's TAP device (tuntap.txt): an Ethernet adapter of the kernel whose cable ends in this process. What the kernel sends is
/// read here, what is written here the kernel receives. It is gone when this process is, however that ends.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed partial class TapDevice : IDisposable
{
    private const int VlanTag = 4;

    /// <summary>Up to here a frame has a small buffer.</summary>
    private const int SmallFrame = 1600;

    private const int ReadWriteNonBlocking = 2 | 0x800 | 0x80000; // O_RDWR, O_NONBLOCK, O_CLOEXEC
    private const nuint SetInterface = 0x4004_54CA; // TUNSETIFF
    private const nuint SetOffload = 0x4004_54D0; // TUNSETOFFLOAD
    private const short Tap = 0x0002;
    private const short WithoutProtocol = 0x1000; // IFF_NO_PI
    private const short WithOffloadHeader = 0x4000; // IFF_VNET_HDR
    private const int OffloadsChecksum = 1; // TUN_F_CSUM
    private const int OffloadsSegments = 2 | 4 | 8; // TUN_F_TSO4, TUN_F_TSO6, TUN_F_TSO_ECN

    private TapDevice(int descriptor, string name, bool offloads) =>
        (Descriptor, Name, Offloads) = (descriptor, name, offloads);

    public int Descriptor { get; }

    public string Name { get; }

    /// <summary>Segments of TCP of up to 64 KiB go both ways uncut.</summary>
    public bool Offloads { get; }

    /// <summary>
    /// Makes the device in the caller's network namespace; throws <see cref="Win32Exception"/> with what is missing. A
    /// name with <c>%d</c> lets the kernel choose the number.
    /// </summary>
    /// <param name="offloads">Lets the kernel leave its segments uncut, and takes such from us.</param>
    public static TapDevice Open(string name, bool offloads = false)
    {
        if (name.Length is 0 or > 15)
            throw new ArgumentException($"'{name}' is not the name of an adapter: it has from 1 to 15 characters");
        var descriptor = OpenFile("/dev/net/tun", ReadWriteNonBlocking);
        if (descriptor < 0)
            throw Failure("/dev/net/tun");
        Span<byte> request = stackalloc byte[40]; // struct ifreq
        request.Clear();
        Encoding.ASCII.GetBytes(name, request[..15]);
        BitConverter.TryWriteBytes(request[16..], (short)(Tap | WithoutProtocol | WithOffloadHeader));
        if (
            Control(descriptor, SetInterface, ref request[0]) < 0
            || ControlNumber(descriptor, SetOffload, OffloadsChecksum | (offloads ? OffloadsSegments : 0)) < 0
        )
        {
            var failure = Failure($"make the TAP device {name}");
            _ = Close(descriptor);
            throw failure;
        }
        return new(descriptor, Encoding.ASCII.GetString(request[..request.IndexOf((byte)0)]), offloads);
    }

    /// <summary>
    /// Reads a frame that the kernel sends, filled up to the shortest length that Ethernet knows, and with a frame check
    /// sequence; where the kernel has left its segments uncut and its checks out, so they are. False when there is none.
    /// </summary>
    public bool TryRead(PacketPool pool, int mtu, [NotNullWhen(true)] out PacketBuffer? frame)
    {
        frame = null;
        var longest =
            VirtioHeader.Length + EthernetHeader.Length + VlanTag + (Offloads ? Ipv4Header.MaxPacketLength : mtu);
        while (frame is null)
        {
            var read = pool.Rent(longest + EthernetHeader.FcsLength);
            var length = (int)ReadBytes(Descriptor, ref read.Append(longest)[0], longest);
            if (length < VirtioHeader.Length + EthernetHeader.Length)
            {
                read.Dispose();
                return false;
            }
            read.Truncate(length);
            frame = Unpack(read, pool);
        }
        return true;
    }

    /// <summary>Gives the kernel a frame (without its frame check sequence); false when it does not take it.</summary>
    public bool TryWrite(PacketBuffer frame)
    {
        VirtioHeader.Put(frame);
        var bytes = frame.Span;
        return WriteBytes(Descriptor, in bytes[0], bytes.Length) == bytes.Length;
    }

    public static bool HasRoom(PacketBuffer frame) => frame.HeadRoom >= VirtioHeader.Length;

    /// <summary>The frame behind the header, with what that leaves to do; null when nothing can be made of it.</summary>
    private static PacketBuffer? Unpack(PacketBuffer read, PacketPool pool)
    {
        Span<byte> header = stackalloc byte[VirtioHeader.Length];
        read.Span[..VirtioHeader.Length].CopyTo(header);
        read.TrimStart(VirtioHeader.Length);
        var frame = read;
        if (read.Capacity > PacketPool.BufferSize && read.Length < SmallFrame)
        {
            // Somebody may keep it for a while: no buffer of 64 KiB for a few bytes.
            frame = pool.Rent(Math.Max(read.Length, EthernetHeader.MinFrameLength) + EthernetHeader.FcsLength);
            frame.Append(read.Span);
            read.Dispose();
        }
        if (VirtioHeader.TryTake(header, frame))
        {
            EthernetHeader.CloseFrame(frame);
            return frame;
        }
        frame.Dispose();
        return null;
    }

    public void Dispose() => _ = Close(Descriptor);

    private static Win32Exception Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, ref byte argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int ControlNumber(int descriptor, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadBytes(int descriptor, ref byte bytes, nint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteBytes(int descriptor, in byte bytes, nint length);
}
