using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A frame as an adapter of this machine sent or received it, without its check sequence, which the hardware keeps.</summary>
public readonly ref struct HostFrame(int link, bool isOutgoing, bool isUnfinished, ReadOnlySpan<byte> bytes)
{
    public int Link => link;

    public bool IsOutgoing => isOutgoing;

    /// <summary>Its checksum was left to the adapter, and does not hold yet.</summary>
    public bool IsUnfinished => isUnfinished;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}

/// <summary>Everything that crosses the adapters of this machine (packet(7)): to be looked at. Needs CAP_NET_RAW.</summary>
[SupportedOSPlatform("linux")]
public sealed class PacketSocket : IDisposable
{
    private const int Family = 17; // AF_PACKET
    private const int Raw = 3; // SOCK_RAW
    private const ushort Everything = 3; // ETH_P_ALL
    private const byte Outgoing = 4; // PACKET_OUTGOING
    private const int Level = 263; // SOL_PACKET
    private const int Beside = 8; // PACKET_AUXDATA
    private const int ChecksumNotReady = 8; // TP_STATUS_CSUMNOTREADY
    private const int AddressLength = 20; // struct sockaddr_ll

    private readonly int _descriptor;
    private readonly byte[] _buffer = new byte[0x10_0000];
    private readonly IWatch _watch;

    /// <param name="onReady">There may be frames to take.</param>
    public PacketSocket(EventLoop loop, Action onReady)
    {
        var driver =
            loop.Driver as LinuxDriver
            ?? throw new ArgumentException("The machine's adapters need a loop in real time.", nameof(loop));
        _descriptor = Libc.Socket(
            Family,
            Raw | Libc.CloseOnExec | Libc.NonBlocking,
            BinaryPrimitives.ReverseEndianness(Everything)
        );
        if (_descriptor < 0)
            throw Marshal.GetLastPInvokeError() == 1
                ? new MissingRightException(
                    "to see what crosses this machine's adapters needs CAP_NET_RAW: run it as root"
                )
                : Libc.Failure(Marshal.GetLastPInvokeError(), "packet socket");
        var one = 1;
        Libc.Check(Libc.SetOption(_descriptor, Level, Beside, in one, sizeof(int)), "packet socket");
        _watch = driver.Watch(_descriptor, _ => onReady());
    }

    /// <summary>False when there is none.</summary>
    public unsafe bool TryTake(out HostFrame frame)
    {
        Span<byte> address = stackalloc byte[AddressLength];
        Span<byte> control = stackalloc byte[128];
        fixed (
            byte* bytes = _buffer,
                from = address,
                beside = control
        )
        {
            var vector = new Libc.IoVector { Base = bytes, Length = _buffer.Length };
            var message = new Libc.MessageHeader
            {
                Name = from,
                NameLength = AddressLength,
                Vectors = &vector,
                VectorCount = 1,
                Control = beside,
                ControlLength = control.Length,
            };
            var length = (int)Libc.ReceiveMessage(_descriptor, &message, 0);
            frame = new(
                BitConverter.ToInt32(address[4..]),
                address[10] == Outgoing,
                IsUnfinishedBy(control[..(int)message.ControlLength]),
                _buffer.AsSpan(0, Math.Max(length, 0))
            );
            return length > 0;
        }
    }

    private static bool IsUnfinishedBy(ReadOnlySpan<byte> control)
    {
        foreach (var item in new ControlItems(control))
        {
            if ((item.Level, item.Type) is (Level, Beside)) // struct tpacket_auxdata begins with the status
                return (BitConverter.ToInt32(item.Value) & ChecksumNotReady) != 0;
        }
        return false;
    }

    public void Dispose()
    {
        _watch.Dispose();
        _ = Libc.Close(_descriptor);
    }
}
