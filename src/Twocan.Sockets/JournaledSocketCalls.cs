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
public sealed partial class JournaledSocketCalls(
    ISocketCalls calls,
    HostJournal journal,
    Func<int, EventId> causeOf,
    EventLoop? realTime = null
) : ISocketCalls
{
    private readonly SocketCallLog _log = new(journal, realTime);

    public int Socket(SocketKind kind, EventId because = default, IpFamily family = IpFamily.V4)
    {
        var six = family == IpFamily.V4 ? "" : "6";
        var arguments = kind switch
        {
            SocketKind.Stream => $"AF_INET{six}, SOCK_STREAM, 0",
            SocketKind.Datagram => $"AF_INET{six}, SOCK_DGRAM, 0",
            _ => $"AF_INET{six}, SOCK_DGRAM, IPPROTO_ICMP{(six == "" ? "" : "V6")}",
        };
        var call = _log.Begin("socket", -1, arguments, because);
        try
        {
            var descriptor = calls.Socket(kind, call.Id, family);
            call = call with { Descriptor = descriptor };
            _log.End(call, descriptor.ToString());
            return descriptor;
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    public void Bind(int descriptor, Endpoint local, EventId because = default) =>
        Tell(
            _log.Begin("bind", descriptor, $"{descriptor}, {local}", because),
            local,
            static (calls, call, local) => calls.Bind(call.Descriptor, local, call.Id)
        );

    public void Listen(int descriptor, int backlog, EventId because = default) =>
        Tell(
            _log.Begin("listen", descriptor, $"{descriptor}, {backlog}", because),
            backlog,
            static (calls, call, backlog) => calls.Listen(call.Descriptor, backlog, call.Id)
        );

    public void Admit(int descriptor, IReadOnlyList<Subnet> subnets) =>
        Tell(
            _log.Begin("admit", descriptor, $"{descriptor}, {string.Join(' ', subnets)}", default),
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
            _log.Begin("shutdown", descriptor, $"{descriptor}, {name}", because),
            how,
            static (calls, call, how) => calls.Shutdown(call.Descriptor, how, call.Id)
        );
    }

    public void Close(int descriptor, EventId because = default) =>
        Tell(
            _log.Begin("close", descriptor, $"{descriptor}", because),
            0,
            static (calls, call, _) => calls.Close(call.Descriptor, call.Id)
        );

    public async ValueTask<int> AcceptAsync(int descriptor, CancellationToken stop = default)
    {
        var call = _log.Begin("accept", descriptor, $"{descriptor}", default);
        try
        {
            var accepted = await calls.AcceptAsync(descriptor, stop);
            _log.End(call, accepted.ToString(), causeOf(accepted));
            return accepted;
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
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
        var call = _log.Begin("connect", descriptor, $"{descriptor}, {remote}", because);
        try
        {
            await calls.ConnectAsync(descriptor, remote, call.Id, stop);
            _log.End(call, "0", causeOf(descriptor));
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
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
        var call = _log.Begin("sendto", descriptor, arguments, because);
        try
        {
            var count = await calls.ConnectAndSendAsync(descriptor, remote, data, call.Id, stop);
            _log.End(call, count.ToString(), causeOf(descriptor));
            return count;
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    public async ValueTask<Received> ReadAsync(int descriptor, Memory<byte> into, CancellationToken stop = default)
    {
        var call = _log.Begin("read", descriptor, $"{descriptor}, ≤{into.Length}", default);
        try
        {
            var received = await calls.ReadAsync(descriptor, into, stop);
            return received with { Because = _log.End(call, received.Length.ToString(), received.Because) };
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
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
        var call = _log.Begin("write", descriptor, $"{descriptor}, {data.Length} bytes", because);
        try
        {
            await calls.WriteAsync(descriptor, data, call.Id, stop);
            _log.End(call, data.Length.ToString());
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
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
        var call = _log.Begin("writev", descriptor, $"{descriptor}, {length} bytes in {pieces.Length} pieces", because);
        try
        {
            await calls.WritevAsync(descriptor, pieces, call.Id, stop);
            _log.End(call, length.ToString());
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
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
        var call = _log.Begin("sendfile", descriptor, arguments, because);
        try
        {
            await calls.SendFileAsync(descriptor, head, part, call.Id, stop);
            _log.End(call, (head.Length + part.Length).ToString());
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    public void SetOption(int descriptor, SocketOption option, int value) => calls.SetOption(descriptor, option, value);

    public int GetOption(int descriptor, SocketOption option) => calls.GetOption(descriptor, option);

    public Endpoint LocalEndpoint(int descriptor) => calls.LocalEndpoint(descriptor);

    public Endpoint RemoteEndpoint(int descriptor) => calls.RemoteEndpoint(descriptor);

    private static int LengthOf(ReadOnlySpan<ReadOnlyMemory<byte>> pieces)
    {
        var length = 0;
        foreach (var piece in pieces)
            length += piece.Length;
        return length;
    }

    private void Tell<T>(in SocketCall call, T argument, Action<ISocketCalls, SocketCall, T> invoke)
    {
        try
        {
            invoke(calls, call, argument);
            _log.End(call, "0");
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }
}
