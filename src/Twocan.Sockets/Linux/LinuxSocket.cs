using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A socket of Linux's by its descriptor: a call of ours is a call of the kernel's, with nothing in between.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class LinuxSocket(
    LinuxDriver driver,
    int descriptor,
    SocketKind kind,
    IpFamily family,
    bool isRaw = false
) : SystemSocket
{
    private const int Stream = 1; // SOCK_STREAM
    private const int Datagram = 2; // SOCK_DGRAM
    private const int Raw = 3; // SOCK_RAW
    private const int Icmp = 1; // IPPROTO_ICMP
    private const int Icmp6 = 58; // IPPROTO_ICMPV6
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int More = 0x8000; // MSG_MORE
    private bool _isClosed;

    public static LinuxSocket Open(LinuxDriver driver, SocketKind kind, IpFamily family)
    {
        var socket =
            kind == SocketKind.Icmp ? OpenPing(driver, family) : new(driver, Create(kind, family), kind, family);
        // As our own sockets do: what is bound to :: takes IPv4 too, unless it is told otherwise.
        if (family == IpFamily.V6 && kind != SocketKind.Icmp)
            socket.SetOption(SocketOption.V6Only, 0);
        if (kind != SocketKind.Stream)
            socket.TellTimeToLive();
        return socket;
    }

    public override IpFamily Family => family;

    public override bool IsRaw => isRaw;

    public override bool TellsEdges => true;

    public override Endpoint Local
    {
        get
        {
            Span<byte> address = stackalloc byte[LinuxAddress.MaxLength];
            var length = address.Length;
            return Libc.GetSocketName(descriptor, ref MemoryMarshal.GetReference(address), ref length) < 0
                ? Endpoint.Any
                : LinuxAddress.Read(address[..length]);
        }
    }

    public override Endpoint Remote
    {
        get
        {
            Span<byte> address = stackalloc byte[LinuxAddress.MaxLength];
            var length = address.Length;
            return Libc.GetPeerName(descriptor, ref MemoryMarshal.GetReference(address), ref length) < 0
                ? Endpoint.Any
                : LinuxAddress.Read(address[..length]);
        }
    }

    public override SocketError Bind(Endpoint local)
    {
        Span<byte> address = stackalloc byte[LinuxAddress.MaxLength];
        var length = LinuxAddress.Write(local, family, address);
        return length == 0
            ? SocketError.AddressFamilyNotSupported
            : Result(Libc.Bind(descriptor, in MemoryMarshal.GetReference(address), length));
    }

    public override SocketError Listen(int backlog) => Result(Libc.Listen(descriptor, backlog));

    public override SocketError Accept(out SystemSocket? connection, out Endpoint remote)
    {
        Span<byte> address = stackalloc byte[LinuxAddress.MaxLength];
        var length = address.Length;
        var accepted = Libc.Accept(
            descriptor,
            ref MemoryMarshal.GetReference(address),
            ref length,
            Libc.NonBlocking | Libc.CloseOnExec
        );
        (connection, remote) = (null, Endpoint.Any);
        if (accepted < 0)
            return LastError();
        connection = new LinuxSocket(driver, accepted, SocketKind.Stream, family);
        remote = LinuxAddress.Read(address[..length]);
        return SocketError.Success;
    }

    public override SocketError Connect(Endpoint remote)
    {
        Span<byte> address = stackalloc byte[LinuxAddress.MaxLength];
        var length = LinuxAddress.Write(remote, family, address);
        return length == 0
            ? SocketError.AddressFamilyNotSupported
            : Result(Libc.Connect(descriptor, in MemoryMarshal.GetReference(address), length));
    }

    public override SocketError Receive(Span<byte> into, out int count) =>
        Result(Libc.Receive(descriptor, ref MemoryMarshal.GetReference(into), into.Length, 0), out count);

    public override SocketError Send(ReadOnlySpan<byte> data, out int count) => Send(data, NoSignal, out count);

    public override SocketError SendHead(ReadOnlySpan<byte> head, out int count) =>
        Send(head, NoSignal | More, out count);

    public override bool SendsFiles => true;

    public override SocketError SendFile(FilePart part, out long count)
    {
        var offset = part.Offset;
        // The kernel takes no more than 2 GiB at a time.
        var length = (nint)Math.Min(part.Length, 0x7fff_f000);
        var sent = Libc.SendFile(descriptor, part.File, ref offset, length);
        count = Math.Max(sent, 0);
        return sent < 0 ? LastError() : SocketError.Success;
    }

    public override SocketError SendTo(ReadOnlySpan<byte> data, Endpoint to)
    {
        Span<byte> address = stackalloc byte[LinuxAddress.MaxLength];
        var length = LinuxAddress.Write(to, family, address);
        if (length == 0)
            return SocketError.AddressFamilyNotSupported;
        var sent = Libc.SendTo(
            descriptor,
            in MemoryMarshal.GetReference(data),
            data.Length,
            NoSignal,
            in MemoryMarshal.GetReference(address),
            length
        );
        return sent < 0 ? LastError() : SocketError.Success;
    }

    public override SocketError ReceiveFrom(Span<byte> into, out Received received) =>
        HostMessage.TryReceive(descriptor, into, out received, out var error) ? SocketError.Success : error;

    public override bool TryReceiveError(Span<byte> quoted, out ReceivedError error, out int length) =>
        HostMessage.TryReceiveError(descriptor, quoted, out error, out length);

    public override SocketError Shutdown(ShutdownHow how) => Result(Libc.Shutdown(descriptor, (int)how));

    public override PollEvents Poll()
    {
        var one = new Libc.PollEntry
        {
            Descriptor = descriptor,
            Wanted = (short)(PollEvents.In | PollEvents.Out | PollEvents.ReadHangUp),
        };
        return Libc.Poll(ref one, 1, 0) > 0 ? (PollEvents)one.Found : PollEvents.None;
    }

    public override IWatch Watch(Action<Readiness> onReady) => driver.Watch(descriptor, onReady);

    public override void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _ = Libc.Close(descriptor);
    }

    private static int Create(SocketKind kind, IpFamily family)
    {
        var type = kind == SocketKind.Stream ? Stream : Datagram;
        var created = Create(family, type, 0);
        return created >= 0 ? created : throw new SocketException((int)LastError());
    }

    private static int Create(IpFamily family, int type, int protocol) =>
        Libc.Socket(
            family == IpFamily.V4 ? LinuxAddress.Ipv4 : LinuxAddress.Ipv6,
            type | Libc.NonBlocking | Libc.CloseOnExec,
            protocol
        );

    private static LinuxSocket OpenPing(LinuxDriver driver, IpFamily family)
    {
        var protocol = family == IpFamily.V4 ? Icmp : Icmp6;
        var created = Create(family, Datagram, protocol);
        if (created >= 0)
        {
            var socket = new LinuxSocket(driver, created, SocketKind.Icmp, family);
            socket.SetOption(SocketOption.ReceiveErrors, 1);
            return socket;
        }
        if (
            LastError() is var refusal
            && refusal is SocketError.AddressFamilyNotSupported or SocketError.TooManyOpenSockets
        )
            throw new SocketException((int)refusal);
        created = Create(family, Raw, protocol);
        if (created >= 0)
            return new(driver, created, SocketKind.Icmp, family, isRaw: true);
        throw LastError() == SocketError.AccessDenied
            ? MissingRightException.ToPing()
            : new SocketException((int)LastError());
    }

    private SocketError Send(ReadOnlySpan<byte> data, int flags, out int count) =>
        Result(Libc.Send(descriptor, in MemoryMarshal.GetReference(data), data.Length, flags), out count);

    private static SocketError Result(int result) => result < 0 ? LastError() : SocketError.Success;

    private static SocketError Result(nint result, out int count)
    {
        count = (int)Math.Max(result, 0);
        return result < 0 ? LastError() : SocketError.Success;
    }

    private static SocketError LastError() => Errno.ToSocketError(Marshal.GetLastPInvokeError());
}
