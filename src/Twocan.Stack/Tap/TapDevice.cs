using System.ComponentModel;
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
    /// <summary>In front of each frame: what the kernel left for the hardware to do (struct virtio_net_hdr).</summary>
    private const int OffloadHeader = 10;
    private const byte NeedsChecksum = 1;

    private const int ReadWriteNonBlocking = 2 | 0x800 | 0x80000; // O_RDWR, O_NONBLOCK, O_CLOEXEC
    private const nuint SetInterface = 0x4004_54CA; // TUNSETIFF
    private const nuint SetOffload = 0x4004_54D0; // TUNSETOFFLOAD
    private const short Tap = 0x0002;
    private const short WithoutProtocol = 0x1000; // IFF_NO_PI
    private const short WithOffloadHeader = 0x4000; // IFF_VNET_HDR
    private const int OffloadsChecksum = 1; // TUN_F_CSUM

    private TapDevice(int descriptor, string name) => (Descriptor, Name) = (descriptor, name);

    public int Descriptor { get; }

    public string Name { get; }

    /// <summary>
    /// Makes the device in the caller's network namespace; throws <see cref="Win32Exception"/> with what is missing. A
    /// name with <c>%d</c> lets the kernel choose the number.
    /// </summary>
    public static TapDevice Open(string name)
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
            || ControlNumber(descriptor, SetOffload, OffloadsChecksum) < 0
        )
        {
            var failure = Failure($"make the TAP device {name}");
            _ = Close(descriptor);
            throw failure;
        }
        return new(descriptor, Encoding.ASCII.GetString(request[..request.IndexOf((byte)0)]));
    }

    /// <summary>
    /// Reads a frame that the kernel sends, whole: with its checksums, filled up to the shortest length that Ethernet
    /// knows, and with a frame check sequence. False when there is none.
    /// </summary>
    public bool TryRead(PacketPool pool, int mtu, out PacketBuffer frame)
    {
        var room = OffloadHeader + EthernetHeader.Length + 4 + mtu; // 4: a VLAN tag
        frame = pool.Rent(room + EthernetHeader.FcsLength);
        var length = (int)ReadBytes(Descriptor, ref frame.Append(room)[0], room);
        if (length < OffloadHeader + EthernetHeader.Length)
        {
            frame.Dispose();
            return false;
        }
        frame.Truncate(length);
        Span<byte> header = stackalloc byte[OffloadHeader];
        frame.Span[..OffloadHeader].CopyTo(header);
        frame.TrimStart(OffloadHeader);
        if (header[0] == NeedsChecksum)
            FinishChecksum(frame.Span, BitConverter.ToUInt16(header[6..]), BitConverter.ToUInt16(header[8..]));
        var padding = EthernetHeader.MinFrameLength - frame.Length;
        if (padding > 0)
            frame.Append(padding).Clear();
        var check = Crc32.Of(frame.Span);
        BitConverter.TryWriteBytes(frame.Append(EthernetHeader.FcsLength), check);
        return true;
    }

    /// <summary>Gives the kernel a frame (without its frame check sequence); false when it does not take it.</summary>
    public bool TryWrite(PacketBuffer frame)
    {
        frame.Prepend(OffloadHeader).Clear();
        var bytes = frame.Span;
        return WriteBytes(Descriptor, in bytes[0], bytes.Length) == bytes.Length;
    }

    public static bool HasRoom(PacketBuffer frame) => frame.HeadRoom >= OffloadHeader;

    public void Dispose() => _ = Close(Descriptor);

    /// <summary>The kernel has put the sum of the pseudo-header into the field; the rest was left to us.</summary>
    private static void FinishChecksum(Span<byte> frame, int start, int offset)
    {
        if (start + offset + 2 > frame.Length)
            return;
        var sum = InternetChecksum.Of(frame[start..]);
        // UDP's zero says 'none' (RFC 768); where it may not be said, both zeros are right.
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(
            frame[(start + offset)..],
            sum == 0 ? ushort.MaxValue : sum
        );
    }

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
