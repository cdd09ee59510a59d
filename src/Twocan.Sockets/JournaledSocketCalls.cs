using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// Socket calls that are told to the journal, as C programmers know them: <c>connect(3, 192.0.2.226:80) = 0</c>. A call's
/// event is the cause of the packets that follow from it; the cause of its return is what let it return.
/// </summary>
/// <param name="causeOf">The event that let the last call on a descriptor return, where the call itself does not say it.</param>
/// <param name="realTime">
/// The loop of an operating system's sockets. Its kernel says of nothing why it came: an answer is taken to have come because of
/// what was last written. And a call takes time there, also one that waits for nobody.
/// </param>
public sealed class JournaledSocketCalls(
    ISocketCalls calls,
    HostJournal journal,
    Func<int, EventId> causeOf,
    EventLoop? realTime = null
) : ISocketCalls
{
    private readonly Dictionary<int, EventId> _lastSaid = [];

    public int Socket(SocketKind kind, EventId because = default, IpFamily family = IpFamily.V4)
    {
        var six = family == IpFamily.V4 ? "" : "6";
        var arguments = kind switch
        {
            SocketKind.Stream => $"AF_INET{six}, SOCK_STREAM, 0",
            SocketKind.Datagram => $"AF_INET{six}, SOCK_DGRAM, 0",
            _ => $"AF_INET{six}, SOCK_DGRAM, IPPROTO_ICMP{(six == "" ? "" : "V6")}",
        };
        var call = Begin("socket", -1, arguments, because);
        try
        {
            var descriptor = calls.Socket(kind, call.Id, family);
            call = call with { Descriptor = descriptor };
            End(call, descriptor.ToString());
            return descriptor;
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public void Bind(int descriptor, Endpoint local, EventId because = default) =>
        Tell(
            Begin("bind", descriptor, $"{descriptor}, {local}", because),
            local,
            static (calls, call, local) => calls.Bind(call.Descriptor, local, call.Id)
        );

    public void Listen(int descriptor, int backlog, EventId because = default) =>
        Tell(
            Begin("listen", descriptor, $"{descriptor}, {backlog}", because),
            backlog,
            static (calls, call, backlog) => calls.Listen(call.Descriptor, backlog, call.Id)
        );

    public void Admit(int descriptor, IReadOnlyList<Subnet> subnets) =>
        Tell(
            Begin("admit", descriptor, $"{descriptor}, {string.Join(' ', subnets)}", default),
            subnets,
            static (calls, call, subnets) => calls.Admit(call.Descriptor, subnets)
        );

    public void Shutdown(int descriptor, ShutdownHow how, EventId because = default)
    {
        var name = how switch
        {
            ShutdownHow.Read => "SHUT_RD",
            ShutdownHow.Write => "SHUT_WR",
            _ => "SHUT_RDWR",
        };
        Tell(
            Begin("shutdown", descriptor, $"{descriptor}, {name}", because),
            how,
            static (calls, call, how) => calls.Shutdown(call.Descriptor, how, call.Id)
        );
    }

    public void Close(int descriptor, EventId because = default) =>
        Tell(
            Begin("close", descriptor, $"{descriptor}", because),
            0,
            static (calls, call, _) => calls.Close(call.Descriptor, call.Id)
        );

    public async ValueTask<int> AcceptAsync(int descriptor, CancellationToken stop = default)
    {
        var call = Begin("accept", descriptor, $"{descriptor}", default);
        try
        {
            var accepted = await calls.AcceptAsync(descriptor, stop);
            End(call, accepted.ToString(), causeOf(accepted));
            return accepted;
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask ConnectAsync(
        int descriptor,
        Endpoint remote,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var call = Begin("connect", descriptor, $"{descriptor}, {remote}", because);
        try
        {
            await calls.ConnectAsync(descriptor, remote, call.Id, stop);
            End(call, "0", causeOf(descriptor));
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask<int> ConnectAndSendAsync(
        int descriptor,
        Endpoint remote,
        ReadOnlyMemory<byte> data,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var arguments = $"{descriptor}, {data.Length} bytes, MSG_FASTOPEN, {remote}";
        var call = Begin("sendto", descriptor, arguments, because);
        try
        {
            var count = await calls.ConnectAndSendAsync(descriptor, remote, data, call.Id, stop);
            End(call, count.ToString(), causeOf(descriptor));
            return count;
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask<Received> ReadAsync(int descriptor, Memory<byte> into, CancellationToken stop = default)
    {
        var call = Begin("read", descriptor, $"{descriptor}, ≤{into.Length}", default);
        try
        {
            var received = await calls.ReadAsync(descriptor, into, stop);
            return received with { Because = End(call, received.Length.ToString(), received.Because) };
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask WriteAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var call = Begin("write", descriptor, $"{descriptor}, {data.Length} bytes", because);
        try
        {
            await calls.WriteAsync(descriptor, data, call.Id, stop);
            End(call, data.Length.ToString());
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask WritevAsync(
        int descriptor,
        ReadOnlyMemory<ReadOnlyMemory<byte>> pieces,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var length = LengthOf(pieces.Span);
        var call = Begin("writev", descriptor, $"{descriptor}, {length} bytes in {pieces.Length} pieces", because);
        try
        {
            await calls.WritevAsync(descriptor, pieces, call.Id, stop);
            End(call, length.ToString());
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask SendFileAsync(
        int descriptor,
        ReadOnlyMemory<byte> head,
        FilePart part,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var arguments = $"{descriptor}, {head.Length} bytes and {part.Length} of a file";
        var call = Begin("sendfile", descriptor, arguments, because);
        try
        {
            await calls.SendFileAsync(descriptor, head, part, call.Id, stop);
            End(call, (head.Length + part.Length).ToString());
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    /// <summary>Nobody is told of an attempt that found nothing: it is the wait that follows which means something.</summary>
    public bool TryAccept(int descriptor, out int accepted)
    {
        if (!calls.TryAccept(descriptor, out accepted))
            return false;
        End(Begin("accept", descriptor, $"{descriptor}", default), accepted.ToString(), causeOf(accepted));
        return true;
    }

    public bool TryRead(int descriptor, Span<byte> into, out Received received)
    {
        try
        {
            if (!calls.TryRead(descriptor, into, out received))
                return false;
        }
        catch (Exception error)
        {
            Fail(Begin("read", descriptor, $"{descriptor}, ≤{into.Length}", default), error);
            throw;
        }
        var call = Begin("read", descriptor, $"{descriptor}, ≤{into.Length}", default);
        received = received with { Because = End(call, received.Length.ToString(), received.Because) };
        return true;
    }

    public int TryWrite(int descriptor, ReadOnlySpan<byte> data, EventId because = default)
    {
        var call = Begin("write", descriptor, $"{descriptor}, {data.Length} bytes", because);
        try
        {
            return EndWrite(call, calls.TryWrite(descriptor, data, call.Id), data.Length);
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public int TrySend(int descriptor, ReadOnlySpan<byte> data, SendFlags flags, EventId because = default)
    {
        var call = Begin("send", descriptor, $"{descriptor}, {data.Length} bytes, {Words(flags)}", because);
        try
        {
            return EndWrite(call, calls.TrySend(descriptor, data, flags, call.Id), data.Length);
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public bool TryPeek(int descriptor, Span<byte> into, out Received received) =>
        calls.TryPeek(descriptor, into, out received);

    private static string Words(SendFlags flags) =>
        flags switch
        {
            SendFlags.None => "0",
            SendFlags.More => "MSG_MORE",
            SendFlags.EndOfRecord => "MSG_EOR",
            _ => "MSG_MORE|MSG_EOR",
        };

    public int TryWritev(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, EventId because = default)
    {
        var length = LengthOf(pieces);
        var call = Begin("writev", descriptor, $"{descriptor}, {length} bytes in {pieces.Length} pieces", because);
        try
        {
            return EndWrite(call, calls.TryWritev(descriptor, pieces, call.Id), length);
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public PollEvents Poll(int descriptor) => calls.Poll(descriptor);

    public async ValueTask<PollEvents> PollAsync(int descriptor, PollEvents wanted, CancellationToken stop = default)
    {
        var call = Begin("poll", descriptor, $"{descriptor}, {wanted}", default);
        try
        {
            var found = await calls.PollAsync(descriptor, wanted, stop);
            End(call, found.ToString());
            return found;
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask<int> PollAsync(
        Memory<PollDescriptor> descriptors,
        Duration? timeout = null,
        CancellationToken stop = default
    )
    {
        var time = timeout is { } some ? $"{some}" : "∞";
        var call = Begin("poll", -1, $"[{Words(descriptors.Span, one => one.Wanted)}], {time}", default);
        try
        {
            var count = await calls.PollAsync(descriptors, timeout, stop);
            var found = Words(descriptors.Span, one => one.Found);
            End(call, count == 0 ? "0" : $"{count} [{found}]");
            return count;
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    /// <summary>3 In, 4 In, Out: those of which something is said, and not all of a thousand.</summary>
    private static string Words(ReadOnlySpan<PollDescriptor> descriptors, Func<PollDescriptor, PollEvents> which)
    {
        const int Most = 8;
        var (said, left) = (new List<string>(), 0);
        foreach (var one in descriptors)
        {
            var events = which(one);
            if (events == PollEvents.None)
                continue;
            if (said.Count < Most)
                said.Add($"{one.Descriptor} {events.ToString().Replace(", ", "|", StringComparison.Ordinal)}");
            else
                left++;
        }
        return string.Join(", ", said) + (left > 0 ? $", {left} more" : "");
    }

    public async ValueTask SendToAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var call = Begin(
            "sendto",
            descriptor,
            to == default ? $"{descriptor}, {data.Length} bytes" : $"{descriptor}, {data.Length} bytes, {to}",
            because
        );
        try
        {
            await calls.SendToAsync(descriptor, data, to, call.Id, stop);
            End(call, data.Length.ToString());
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask<Received> ReceiveFromAsync(
        int descriptor,
        Memory<byte> into,
        CancellationToken stop = default
    )
    {
        var call = Begin("recvfrom", descriptor, $"{descriptor}, ≤{into.Length}", default);
        try
        {
            var received = await calls.ReceiveFromAsync(descriptor, into, stop);
            return received with { Because = End(call, received.Length.ToString(), received.Because) };
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public async ValueTask<ReceivedError> ReceiveErrorAsync(int descriptor, CancellationToken stop = default)
    {
        var call = Begin("recvmsg", descriptor, $"{descriptor}, MSG_ERRQUEUE", default);
        try
        {
            var error = await calls.ReceiveErrorAsync(descriptor, stop);
            var result = $"{Errno.NameOf(error.Error)} from {error.From}";
            return error with { Because = End(call, result, error.Because) };
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    public void SetOption(int descriptor, SocketOption option, int value) => calls.SetOption(descriptor, option, value);

    public int GetOption(int descriptor, SocketOption option) => calls.GetOption(descriptor, option);

    public Endpoint LocalEndpoint(int descriptor) => calls.LocalEndpoint(descriptor);

    public Endpoint RemoteEndpoint(int descriptor) => calls.RemoteEndpoint(descriptor);

    private readonly record struct Call(string Name, int Descriptor, string Arguments, EventId Id);

    private Call Begin(string name, int descriptor, string arguments, EventId because)
    {
        realTime?.LookAtTheClock();
        return new(name, descriptor, arguments, journal.Tell(new SocketCalled(name, descriptor, arguments), because));
    }

    /// <summary>What let the call return is its cause; a call that did not have to wait returned because it was made.</summary>
    private EventId End(in Call call, string result, EventId cause = default)
    {
        realTime?.LookAtTheClock();
        if (cause.IsNone)
            cause = call.Name is "read" or "recvfrom" ? _lastSaid.GetValueOrDefault(call.Descriptor, call.Id) : call.Id;
        var end = journal.Tell(new SocketReturned(call.Name, call.Descriptor, call.Arguments, result), cause);
        if (realTime is not null)
            Remember(call, end);
        return end;
    }

    private void Remember(in Call call, EventId end)
    {
        if (call.Name is "write" or "writev" or "sendfile" or "sendto")
            _lastSaid[call.Descriptor] = end;
        else if (call.Name is "close")
            _lastSaid.Remove(call.Descriptor);
    }

    private int EndWrite(in Call call, int written, int length)
    {
        End(call, written == 0 && length > 0 ? $"-1 {Errno.NameOf(SocketError.WouldBlock)}" : written.ToString());
        return written;
    }

    private static int LengthOf(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        var length = 0;
        foreach (var piece in pieces)
            length += piece.Length;
        return length;
    }

    private void Tell<T>(in Call call, T argument, Action<ISocketCalls, Call, T> invoke)
    {
        try
        {
            invoke(calls, call, argument);
            End(call, "0");
        }
        catch (Exception error)
        {
            Fail(call, error);
            throw;
        }
    }

    private void Fail(in Call call, Exception error)
    {
        var name = error switch
        {
            SocketException socketError => Errno.NameOf(socketError.SocketErrorCode),
            OperationCanceledException => "EINTR",
            _ => error.GetType().Name,
        };
        End(call, $"-1 {name}", error is CausedSocketException caused ? caused.Because : default);
    }
}
