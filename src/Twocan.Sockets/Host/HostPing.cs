using System.Buffers.Binary;
using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// ICMP echo by the operating system: a 'ping socket' where the machine lets this user have one, else a raw socket (for
/// root), of which only what belongs to this one is handed on. Either way the program gets whole ICMP messages, errors too.
/// </summary>
internal sealed class HostPing : OpenSocket
{
    private const byte EchoReply = 0;
    private const byte EchoRequest = 8;
    private const byte EchoRequest6 = 128;
    private const byte EchoReply6 = 129;
    private const int Ipv4HeaderLength = 20;
    private const int Ipv6HeaderLength = 40;

    private readonly HostSocket _host;
    private readonly ushort _identifier;
    private Endpoint _remote = Endpoint.Any;

    public HostPing(EventLoop loop, string owner, ushort identifier)
    {
        _identifier = identifier;
        _host = new(
            loop,
            owner,
            SocketKind.Icmp,
            new(SocketOption.TimeToLive, SocketOption.Broadcast, SocketOption.DontFragment, SocketOption.ReceiveBuffer)
        );
        // Said when the socket is asked for, and not again with each request.
        SystemSocket.Open(loop.Driver, SocketKind.Icmp, IpFamily.V4).Dispose();
    }

    public override Endpoint Local => _host.Socket?.Local ?? Endpoint.Any;

    public override Endpoint Remote => _remote;

    private bool IsRaw => _host.Socket!.IsRaw;

    /// <summary>'Any address' is what it has anyway, and leaves open of which family the peer is going to be.</summary>
    public override void Bind(Endpoint local)
    {
        if (!local.Address.IsAny)
            Check(_host.Get(local.Address).Bind(local));
    }

    public override ValueTask ConnectAsync(Endpoint remote, EventId because, CancellationToken stop)
    {
        Check(_host.Get(remote.Address).Connect(remote with { Port = new(1) }));
        _remote = remote with { Port = Port.Any };
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> data, EventId because, CancellationToken stop) =>
        SendToAsync(data, default, because, stop);

    public override async ValueTask SendToAsync(
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because,
        CancellationToken stop
    )
    {
        var target = to.Address.IsAny ? _remote : to;
        if (target.Address.IsAny)
            throw Failure(SocketError.DestinationAddressRequired);
        var message = data.ToArray();
        if (message.Length < 8 || message[0] is not (EchoRequest or EchoRequest6) || message[1] != 0)
            throw Failure(SocketError.InvalidArgument);
        var socket = _host.Get(target.Address);
        if (IsRaw)
            Complete(message);
        var hasForgiven = false;
        while (true)
        {
            await _host.TurnAsync();
            switch (socket.SendTo(message, target with { Port = Port.Any }))
            {
                case SocketError.Success:
                    return;
                case SocketError.WouldBlock:
                    await _host.WaitToWriteAsync(stop);
                    break;
                case var earlier when !hasForgiven && earlier != SocketError.MessageSize:
                    // The error about an earlier request is told where it waits, in the queue; this one has not been sent yet.
                    hasForgiven = true;
                    break;
                case var error:
                    throw Failure(error);
            }
        }
    }

    public override ValueTask<Received> ReadAsync(Memory<byte> into, CancellationToken stop) =>
        ReceiveFromAsync(into, stop);

    public override async ValueTask<Received> ReceiveFromAsync(Memory<byte> into, CancellationToken stop)
    {
        while (true)
        {
            await _host.TurnAsync();
            await _host.GetAsync(stop);
            if (TryReceiveError(into.Span, out var received))
                return received;
            var error = Receive(into.Span, out received);
            if (error == SocketError.WouldBlock)
                await _host.WaitToReadAsync(stop);
            else if (error != SocketError.Success && IsRaw)
                throw Failure(error);
            else if (error == SocketError.Success && (!IsRaw || TryTake(into.Span, ref received)))
                return received;
        }
    }

    public override bool TryRead(Span<byte> into, out Received received)
    {
        received = default;
        _host.ThrowIfClosed();
        if (_host.Socket is null)
            return false;
        return TryReceiveError(into, out received)
            || (Receive(into, out received) == SocketError.Success && (!IsRaw || TryTake(into, ref received)));
    }

    public override int TryWrite(ReadOnlySpan<byte> data, EventId because) => throw NotSupported();

    public override PollEvents Poll() => _host.Poll();

    public override Signal Changed(PollEvents wanted) => _host.Changed(wanted);

    public override ValueTask<PollEvents> PollAsync(PollEvents wanted, CancellationToken stop) =>
        _host.PollAsync(wanted, stop);

    public override void Close(EventId because) => _host.Close();

    public override void SetOption(SocketOption option, int value)
    {
        _host.ThrowIfClosed();
        _host.Options.Set(
            _host.Socket,
            option,
            option switch
            {
                SocketOption.TimeToLive => CheckTimeToLive(value),
                SocketOption.ReceiveBuffer => CheckBufferSize(value),
                _ => value,
            }
        );
    }

    public override int GetOption(SocketOption option) => _host.Options.Get(_host.Socket, option);

    /// <summary>A ping socket's kernel puts identifier and checksum in; a raw one's puts in nothing.</summary>
    private void Complete(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], _identifier);
        message[2..4].Clear();
        // ICMPv6's covers addresses that only the kernel knows yet, so the kernel computes it.
        if (message[0] == EchoRequest)
            BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Of(message));
    }

    private SocketError Receive(Span<byte> into, out Received received)
    {
        _host.Loop.LookAtTheClock();
        return _host.Socket!.ReceiveFrom(into, out received);
    }

    /// <summary>A raw socket hears all ICMP of the machine, with the IP header where it is IPv4's.</summary>
    private bool TryTake(Span<byte> bytes, ref Received received)
    {
        var message = bytes[..received.Length];
        if (_host.Socket!.Family == IpFamily.V4)
        {
            if (message.Length < Ipv4HeaderLength)
                return false;
            received = received with { TimeToLive = message[8] };
            var header = (message[0] & 15) * 4;
            if (message.Length < header + 8)
                return false;
            message = message[header..];
        }
        if (message.Length < 8 || !IsMine(message))
            return false;
        message.CopyTo(bytes);
        received = received with { Length = message.Length, From = new(received.From.Address, Port.Any) };
        return true;
    }

    private bool IsMine(ReadOnlySpan<byte> message)
    {
        switch (message[0])
        {
            case EchoReply or EchoReply6:
                return BinaryPrimitives.ReadUInt16BigEndian(message[4..]) == _identifier;
            case 3 or 4 or 11 or 12 or 1 or 2:
                var quoted = message[8..];
                var header =
                    quoted.Length == 0 ? 0
                    : quoted[0] >> 4 == 4 ? (quoted[0] & 15) * 4
                    : Ipv6HeaderLength;
                return quoted.Length >= header + 8
                    && quoted[header] is EchoRequest or EchoRequest6
                    && BinaryPrimitives.ReadUInt16BigEndian(quoted[(header + 4)..]) == _identifier;
            default:
                return false;
        }
    }

    private bool TryReceiveError(Span<byte> into, out Received received)
    {
        received = default;
        if (!_host.MayHaveError || IsRaw)
            return false;
        _host.MayHaveError = HostIcmpError.TryReceive(_host.Socket!, into, out received);
        return _host.MayHaveError;
    }
}
