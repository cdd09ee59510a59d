using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Worlds;

/// <summary>What a call gave back: its result, or -1 and the number of the error.</summary>
internal readonly record struct DrillOutcome(long Result, int Error = 0)
{
    public static DrillOutcome Failed(int error) => new(-1, error);
}

/// <summary>
/// Makes the system calls of a script on our socket calls. Descriptors are called what the script calls them; whether one
/// blocks, as O_NONBLOCK and MSG_DONTWAIT say, is decided here: a call that may not wait is made with a token that is
/// cancelled already.
/// </summary>
internal sealed partial class DrillCalls(ProtocolStack stack, DrillSettings settings, DrillTalks talks)
{
    private readonly Dictionary<int, Open> _open = [];
    private readonly ISocketCalls _calls = stack.Calls;

    private sealed class Open
    {
        public required int Live { get; init; }

        public required bool IsStream { get; init; }

        public bool IsNonBlocking { get; set; }

        /// <summary>TCP_INQ: recvmsg says how much is left.</summary>
        public bool TellsQueue { get; set; }

        /// <summary>TCP_FASTOPEN_KEY, for the listener that it will be.</summary>
        public FastOpenKey? FastOpenKey { get; set; }
    }

    /// <summary>The control information of the connection that the script used last.</summary>
    public TcpInfo? LastInfo => LastStream is { } live ? InfoOf(live) : null;

    private int? LastStream { get; set; }

    public async Task<DrillOutcome> CallAsync(DrillCall call)
    {
        try
        {
            return await MakeAsync(new(call));
        }
        catch (SocketException failure)
        {
            return DrillOutcome.Failed(Errors.NumberOf(failure.SocketErrorCode));
        }
        catch (OperationCanceledException)
        {
            return DrillOutcome.Failed(Errors.NumberOf(IsConnecting(new(call)) ? "EINPROGRESS" : "EAGAIN"));
        }
    }

    private static bool IsConnecting(DrillArguments call) =>
        call.Name switch
        {
            "connect" => true,
            "sendto" or "send" => (call.NumberOr(3, 0) & Constants.FastOpen) != 0,
            "sendmsg" => (call.NumberOr(2, 0) & Constants.FastOpen) != 0,
            _ => false,
        };

    private ValueTask<DrillOutcome> MakeAsync(DrillArguments call) =>
        call.Name switch
        {
            "socket" => Now(Socket(call)),
            "bind" => Now(Bind(call)),
            "listen" => Now(Listen(call)),
            "accept" or "accept4" => AcceptAsync(call),
            "connect" => ConnectAsync(call),
            "read" => ReceiveAsync(call, call.Count(2), 0),
            "readv" => ReceiveAsync(call, call.Vector(1), 0),
            "recv" or "recvfrom" => ReceiveAsync(call, call.Count(2), call.Number(3)),
            "recvmsg" => ReceiveMessageAsync(call),
            "write" => SendAsync(call, call.Count(2), 0, null),
            "writev" => SendAsync(call, call.Vector(1), 0, null),
            "send" => SendAsync(call, call.Count(2), call.Number(3), null),
            "sendto" => SendAsync(call, call.Count(2), call.Number(3), call.Address(4, RemoteDefault)),
            "sendmsg" => SendAsync(call, call.MessageLength(1), call.Number(2), null),
            "close" => Now(Close(call)),
            "shutdown" => Now(Shutdown(call)),
            "fcntl" => Now(Control(call)),
            "ioctl" => Now(Queued(call)),
            "poll" => PollAsync(call),
            "epoll_create" or "epoll_create1" => Now(CreateSet(call)),
            "epoll_ctl" => Now(ChangeSet(call)),
            "epoll_wait" => WaitForSetAsync(call),
            "setsockopt" => Now(SetOption(call)),
            "getsockopt" => Now(GetOption(call)),
            _ => throw call.Unsupported($"the call {call.Name}"),
        };

    private static ValueTask<DrillOutcome> Now(DrillOutcome outcome) => new(outcome);

    private Endpoint RemoteDefault => new(settings.RemoteAddress, settings.ConnectPort);

    private DrillOutcome Socket(DrillArguments call)
    {
        var type = call.Number(1);
        var isStream = (type & 15) == 1;
        if (!isStream && (type & 15) != 2)
            throw call.Unsupported("a socket of that type");
        if (call.NumberOr(2, 0) is not (0 or 6 or 17))
            throw call.Unsupported("a socket of that protocol");
        var live = _calls.Socket(isStream ? SocketKind.Stream : SocketKind.Datagram);
        return Opened(call, live, isStream, (type & Constants.NonBlocking) != 0);
    }

    /// <summary>From now on the descriptor is called what the script expects.</summary>
    private DrillOutcome Opened(DrillArguments call, int live, bool isStream, bool isNonBlocking)
    {
        var name = (int)(call.Expected is >= 0 and <= int.MaxValue ? call.Expected.Value : live);
        // As in packetdrill, a name that is given again means the newer one.
        _open[name] = new()
        {
            Live = live,
            IsStream = isStream,
            IsNonBlocking = isNonBlocking,
        };
        if (isStream)
            LastStream = live;
        return new(name);
    }

    private DrillOutcome Bind(DrillArguments call)
    {
        var open = Find(call);
        var local = call.Address(1, new(settings.LocalAddress, settings.BindPort)) ?? Endpoint.Any;
        _calls.Bind(open.Live, local);
        if (!open.IsStream)
            talks.OnBindDatagram(local.Address.IsAny ? new(settings.LocalAddress, local.Port) : local);
        return new(0);
    }

    private DrillOutcome Listen(DrillArguments call)
    {
        var open = Find(call);
        _calls.Listen(open.Live, (int)call.Number(1));
        if (open.FastOpenKey is { } key)
            SetKey(open, key);
        talks.OnListen(_calls.LocalEndpoint(open.Live));
        return new(0);
    }

    private async ValueTask<DrillOutcome> AcceptAsync(DrillArguments call)
    {
        var open = Find(call);
        var live = await _calls.AcceptAsync(open.Live, Patience(open, 0));
        return Opened(call, live, isStream: true, (call.NumberOr(3, 0) & Constants.NonBlocking) != 0);
    }

    private async ValueTask<DrillOutcome> ConnectAsync(DrillArguments call)
    {
        var open = Find(call);
        var remote = call.Address(1, RemoteDefault) ?? default; // AF_UNSPEC
        var state = InfoOf(open.Live)?.State;
        var local = _calls.LocalEndpoint(open.Live);
        // Another try after a failure goes from a port of its own.
        if (state == TcpState.Closed)
            local = new(local.Address, Port.Any);
        if (state is null or TcpState.Closed)
            talks.OnConnect(open.IsStream ? IpProtocol.Tcp : IpProtocol.Udp, local, remote);
        await _calls.ConnectAsync(open.Live, remote, default, Patience(open, 0));
        return new(0);
    }

    private DrillOutcome Close(DrillArguments call)
    {
        if (_sets.Remove((int)Math.Clamp(call.Number(0), -1, int.MaxValue)))
            return new(0);
        var open = Find(call);
        _open.Remove((int)call.Number(0));
        if (LastStream == open.Live && _open.Count > 0)
            LastStream = null;
        _calls.Close(open.Live);
        return new(0);
    }

    private DrillOutcome Shutdown(DrillArguments call)
    {
        var open = Find(call);
        _calls.Shutdown(open.Live, (ShutdownHow)Math.Clamp(call.Number(1), 0, 2));
        return new(0);
    }

    private DrillOutcome Control(DrillArguments call)
    {
        var open = Find(call);
        switch (call.Number(1))
        {
            case 3: // F_GETFL
                return new(2 | (open.IsNonBlocking ? Constants.NonBlocking : 0));
            case 4: // F_SETFL
                open.IsNonBlocking = (call.Number(2) & Constants.NonBlocking) != 0;
                return new(0);
            default:
                throw call.Unsupported("this fcntl");
        }
    }

    /// <summary>How much waits: to be read, to be acknowledged, to be sent.</summary>
    private DrillOutcome Queued(DrillArguments call)
    {
        var open = Find(call);
        if (InfoOf(open.Live) is not { } info)
            throw call.Unsupported("ioctl of what is not connected");
        var octets = call.Number(1) switch
        {
            0x541B => info.ReceiveQueue,
            0x5411 => info.SendQueue,
            0x894B => info.SendQueue - info.InFlight,
            _ => throw call.Unsupported("this ioctl"),
        };
        call.CheckOut(2, octets);
        return new(0);
    }

    private Open Find(DrillArguments call) => Find(call, call.Number(0));

    private Open Find(DrillArguments call, long descriptor) =>
        _open.TryGetValue((int)Math.Clamp(descriptor, -1, int.MaxValue), out var open)
            ? open
            : throw new SocketException((int)SocketError.NotSocket);

    private static CancellationToken Patience(Open open, long flags) =>
        new(canceled: open.IsNonBlocking || (flags & Constants.DontWait) != 0);

    private TcpInfo? InfoOf(int live) => (stack.Sockets.Behind(live) as OpenStream)?.Info;
}
