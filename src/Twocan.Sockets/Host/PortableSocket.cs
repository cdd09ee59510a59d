#pragma warning disable RS0030 // The operating system's sockets: this folder is where they are known.
using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A socket as .NET has it, the same on every system.</summary>
internal sealed class PortableSocket : SystemSocket
{
    private readonly PortableDriver _driver;
    private readonly Socket _socket;
    private HostEndpoint? _peer;

    private PortableSocket(PortableDriver driver, Socket socket)
    {
        (_driver, _socket) = (driver, socket);
        socket.Blocking = false;
    }

    public static PortableSocket Open(PortableDriver driver, SocketKind kind, IpFamily family)
    {
        var system = family == IpFamily.V4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        var socket = kind switch
        {
            SocketKind.Stream => new Socket(system, SocketType.Stream, ProtocolType.Tcp),
            SocketKind.Datagram => new Socket(system, SocketType.Dgram, ProtocolType.Udp),
            _ => OpenPing(system),
        };
        // As our own sockets do: what is bound to :: takes IPv4 too, unless it is told otherwise.
        if (family == IpFamily.V6 && kind != SocketKind.Icmp)
            socket.DualMode = true;
        return new(driver, socket);
    }

    public override IpFamily Family => _socket.AddressFamily == AddressFamily.InterNetwork ? IpFamily.V4 : IpFamily.V6;

    public override bool IsRaw => _socket.SocketType == SocketType.Raw;

    public override bool TellsEdges => false;

    public override Endpoint Local => HostEndpoint.FromSystem(_socket.LocalEndPoint);

    public override Endpoint Remote => HostEndpoint.FromSystem(_socket.RemoteEndPoint);

    public override SocketError Bind(Endpoint local) => Try(() => _socket.Bind(HostEndpoint.ToSystem(local, Family)));

    public override SocketError Listen(int backlog) => Try(() => _socket.Listen(backlog));

    public override SocketError Accept(out SystemSocket? connection, out Endpoint remote)
    {
        (connection, remote) = (null, Endpoint.Any);
        if (!_socket.Poll(0, SelectMode.SelectRead))
            return SocketError.WouldBlock;
        try
        {
            var accepted = _socket.Accept();
            (connection, remote) = (
                new PortableSocket(_driver, accepted),
                HostEndpoint.FromSystem(accepted.RemoteEndPoint)
            );
            return SocketError.Success;
        }
        catch (SocketException refusal)
        {
            return refusal.SocketErrorCode;
        }
    }

    public override SocketError Connect(Endpoint remote) =>
        Try(() => _socket.Connect(HostEndpoint.ToSystem(remote, Family))) is var error
        && error == SocketError.WouldBlock
            ? SocketError.InProgress
            : error;

    public override SocketError Receive(Span<byte> into, out int count)
    {
        count = _socket.Receive(into, SocketFlags.None, out var error);
        return error;
    }

    public override SocketError Send(ReadOnlySpan<byte> data, out int count)
    {
        count = _socket.Send(data, SocketFlags.None, out var error);
        return error;
    }

    public override SocketError SendPieces(ReadOnlySpan<ReadOnlyMemory<byte>> pieces, int skip, out int count)
    {
        count = 0;
        foreach (var piece in pieces)
        {
            if (skip >= piece.Length)
            {
                skip -= piece.Length;
                continue;
            }
            var error = Send(piece.Span[skip..], out var sent);
            count += sent;
            if (error != SocketError.Success)
                return count > 0 ? SocketError.Success : error;
            if (sent < piece.Length - skip)
                break;
            skip = 0;
        }
        return SocketError.Success;
    }

    public override SocketError SendTo(ReadOnlySpan<byte> data, Endpoint to)
    {
        _peer ??= new(_socket.AddressFamily);
        if (!_peer.TrySet(to))
            return SocketError.AddressFamilyNotSupported;
        try
        {
            _socket.SendTo(data, SocketFlags.None, _peer.Raw);
            return SocketError.Success;
        }
        catch (SocketException refusal)
        {
            return refusal.SocketErrorCode;
        }
    }

    public override SocketError ReceiveFrom(Span<byte> into, out Received received)
    {
        received = default;
        // An error that waits does not make it readable.
        if (!_socket.Poll(0, SelectMode.SelectRead))
            return TakeError() is var waiting && waiting != SocketError.Success ? waiting : SocketError.WouldBlock;
        try
        {
            _peer ??= new(_socket.AddressFamily);
            var length = _socket.ReceiveFrom(into, SocketFlags.None, _peer.Raw);
            received = new(length, _peer.Get(), 0, default);
            return SocketError.Success;
        }
        catch (SocketException refusal)
        {
            return refusal.SocketErrorCode;
        }
    }

    public override SocketError Shutdown(ShutdownHow how) => Try(() => _socket.Shutdown((SocketShutdown)how));

    public override PollEvents Poll() =>
        (_socket.Poll(0, SelectMode.SelectRead) ? PollEvents.In : PollEvents.None)
        | (_socket.Poll(0, SelectMode.SelectWrite) ? PollEvents.Out : PollEvents.None)
        | (_socket.Poll(0, SelectMode.SelectError) ? PollEvents.Error : PollEvents.None);

    public override SocketError TakeError() =>
        (SocketError)(int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;

    public override SocketError SetOption(SocketOption option, int value) => Try(() => Apply(option, value));

    public override int? GetOption(SocketOption option) =>
        option switch
        {
            SocketOption.TimeToLive => _socket.Ttl,
            SocketOption.SendBuffer => _socket.SendBufferSize,
            SocketOption.ReceiveBuffer => _socket.ReceiveBufferSize,
            SocketOption.NoDelay => _socket.NoDelay ? 1 : 0,
            _ => null,
        };

    public override IWatch Watch(Action<Readiness> onReady) => _driver.Watch(_socket, onReady);

    public override void Dispose() => _socket.Dispose();

    private static Socket OpenPing(AddressFamily family)
    {
        var protocol = family == AddressFamily.InterNetwork ? ProtocolType.Icmp : ProtocolType.IcmpV6;
        try
        {
            return new(family, SocketType.Dgram, protocol);
        }
        catch (SocketException refusal)
            when (refusal.SocketErrorCode
                    is not (SocketError.AddressFamilyNotSupported or SocketError.TooManyOpenSockets)
            )
        {
            try
            {
                return new(family, SocketType.Raw, protocol);
            }
            catch (SocketException noRight) when (noRight.SocketErrorCode == SocketError.AccessDenied)
            {
                throw MissingRightException.ToPing();
            }
        }
    }

    private static SocketError Try(Action call)
    {
        try
        {
            call();
            return SocketError.Success;
        }
        catch (SocketException refusal)
        {
            return refusal.SocketErrorCode;
        }
    }

    private void Apply(SocketOption option, int value)
    {
        switch (option)
        {
            case SocketOption.NoDelay:
                _socket.NoDelay = value != 0;
                break;
            case SocketOption.KeepAlive:
                _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, value != 0);
                break;
            case SocketOption.KeepAliveTime:
                _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, value);
                break;
            case SocketOption.KeepAliveInterval:
                _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, value);
                break;
            case SocketOption.KeepAliveProbes:
                _socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, value);
                break;
            case SocketOption.SendBuffer:
                _socket.SendBufferSize = value;
                break;
            case SocketOption.ReceiveBuffer:
                _socket.ReceiveBufferSize = value;
                break;
            case SocketOption.TimeToLive:
                _socket.Ttl = (short)value;
                break;
            case SocketOption.Broadcast:
                _socket.EnableBroadcast = value != 0;
                break;
            case SocketOption.DontFragment when Family == IpFamily.V4:
                _socket.DontFragment = value != 0;
                break;
            case SocketOption.Linger:
                _socket.LingerState = new(value >= 0, Math.Max(value, 0));
                break;
            case SocketOption.V6Only:
                if (Family == IpFamily.V6)
                    _socket.DualMode = value == 0;
                break;
            case SocketOption.ReuseAddress:
                // .NET binds TCP sockets so wherever it is without danger; its own option of that name is another one.
                break;
            default:
                throw new SocketException((int)SocketError.ProtocolOption);
        }
    }
}
