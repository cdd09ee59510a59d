#pragma warning disable CA1001 // It is closed, as descriptors are.
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// A socket of the operating system's on a loop: its calls never block, and who has to wait is woken by the loop's driver.
/// <para>
/// Which family it is of shows only when it is bound or speaks for the first time, so it is made then; options that are set
/// before wait for it.
/// </para>
/// <para>
/// Where the driver tells edges, a socket that was found empty (or full) is not asked again before the driver has told that
/// something came. A read that brought less than it had room for has found it empty too, unless the peer has said its last:
/// then no further edge would come. So a request and its answer cost one receive and one send; and one that never has to
/// wait is never watched.
/// </para>
/// </summary>
internal sealed class HostSocket(EventLoop loop, string owner, SocketKind kind, HostOptions options)
{
    /// <summary>So many calls in a row may go on at once before the others have their turn.</summary>
    private const int CallsPerTurn = 16;

    private Signal? _readable;
    private Signal? _writable;
    private Signal? _either;
    private Signal? _made;
    private IWatch? _watch;
    private bool _hasPeerFinished;
    private int _callsInARow;

    public SystemSocket? Socket { get; private set; }

    public HostOptions Options => options;

    public bool IsClosed { get; private set; }

    /// <summary>Becomes true when an error waits to be fetched.</summary>
    public bool MayHaveError { get; set; }

    /// <summary>False: nothing has come since it was found empty.</summary>
    public bool MayRead { get; private set; } = true;

    /// <summary>False: no room has come up since it was found full.</summary>
    public bool MayWrite { get; private set; } = true;

    public EventLoop Loop => loop;

    /// <summary>The socket; made now if it is not there yet.</summary>
    public SystemSocket Get(IpAddress forAddress)
    {
        ThrowIfClosed();
        if (Socket is { } made)
            return made;
        var socket = SystemSocket.Open(loop.Driver, kind, forAddress.Family);
        options.ApplyTo(socket);
        Take(socket);
        return socket;
    }

    /// <summary>One that there is already: a connection that was accepted.</summary>
    public void Take(SystemSocket socket)
    {
        Socket = socket;
        _made?.Set();
    }

    /// <summary>Who listens before anybody has spoken waits for the first word, which says of which family the socket is.</summary>
    public async ValueTask<SystemSocket> GetAsync(CancellationToken stop)
    {
        while (Socket is null)
        {
            ThrowIfClosed();
            await (_made ??= new(loop, owner, "a socket that has not spoken yet")).WaitAsync(stop);
        }
        ThrowIfClosed();
        return Socket;
    }

    /// <summary>A call found nothing, or (less certainly) not as much as it had room for.</summary>
    public void FoundEmpty(bool isCertain)
    {
        if (_watch is not null && Socket!.TellsEdges && (isCertain || !_hasPeerFinished))
            MayRead = false;
    }

    /// <summary>A call could not give all that it had.</summary>
    public void FoundFull()
    {
        if (_watch is not null && Socket!.TellsEdges)
            MayWrite = false;
    }

    public ValueTask WaitToReadAsync(CancellationToken stop) => Readable().WaitAsync(stop);

    public ValueTask WaitToWriteAsync(CancellationToken stop) => Writable().WaitAsync(stop);

    /// <summary>As poll(2) says it, without waiting.</summary>
    public PollEvents Poll()
    {
        ThrowIfClosed();
        if (Socket is null)
            return kind == SocketKind.Stream ? PollEvents.Out | PollEvents.HangUp : PollEvents.Out;
        var found = Socket.Poll();
        // The driver will tell the edge later: who has been told now may try now.
        MayRead |= (found & ~PollEvents.Out) != PollEvents.None;
        MayWrite |= (found & ~PollEvents.In) != PollEvents.None;
        return found;
    }

    /// <summary>Set when it may have become ready for one of these: see <see cref="OpenSocket.Changed"/>.</summary>
    public Signal Changed(PollEvents wanted)
    {
        ThrowIfClosed();
        if (Socket is null)
            return _made ??= new(loop, owner, "a socket that has not spoken yet");
        if ((wanted & PollEvents.Out) == PollEvents.None)
            return Readable();
        return (wanted & ~PollEvents.Out) == PollEvents.None ? Writable() : Either();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PollEvents> PollAsync(PollEvents wanted, CancellationToken stop)
    {
        var told = wanted | PollEvents.Error | PollEvents.HangUp;
        while (true)
        {
            await TurnAsync();
            var isWorthAsking = wanted switch
            {
                PollEvents.In => MayRead,
                PollEvents.Out => MayWrite,
                _ => true,
            };
            if (isWorthAsking && (Poll() & told) is not PollEvents.None and var found)
                return found;
            if (Socket is null)
                await GetAsync(stop);
            await Changed(wanted).WaitAsync(stop);
            // The edge has said it: nobody else has read since.
            if (wanted == PollEvents.In && Socket is { TellsEdges: true } && MayRead && !IsClosed)
                return PollEvents.In;
        }
    }

    /// <summary>To be awaited before a call: one that never has to wait must not keep all others waiting.</summary>
    public ValueTask TurnAsync()
    {
        ThrowIfClosed();
        if (++_callsInARow < CallsPerTurn)
            return ValueTask.CompletedTask;
        _callsInARow = 0;
        return loop.YieldAsync();
    }

    public void ThrowIfClosed()
    {
        if (IsClosed)
            throw new SocketException((int)SocketError.OperationAborted);
    }

    /// <summary>Ends every wait on it.</summary>
    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        _watch?.Dispose();
        Socket?.Dispose();
        _readable?.Set();
        _writable?.Set();
        _either?.Set();
        _made?.Set();
    }

    private Signal Readable()
    {
        Watch(Readiness.Read);
        return _readable ??= new(loop, owner, "something to read from the operating system");
    }

    private Signal Writable()
    {
        Watch(Readiness.Write);
        return _writable ??= new(loop, owner, "room to write to the operating system");
    }

    private Signal Either()
    {
        Watch(Readiness.Read | Readiness.Write);
        return _either ??= new(loop, owner, "anything from the operating system");
    }

    private void Watch(Readiness what)
    {
        _callsInARow = 0;
        _watch ??= Socket!.Watch(OnReady);
        _watch.Want(what);
    }

    private void OnReady(Readiness ready)
    {
        // Not HasFlag: until the compiler has seen it often, that puts each of its values into a box.
        MayHaveError |= (ready & Readiness.Error) != Readiness.None;
        _hasPeerFinished |= (ready & Readiness.Ended) != Readiness.None;
        if ((ready & (Readiness.Read | Readiness.Error)) != Readiness.None)
        {
            MayRead = true;
            _readable?.Set();
        }
        if ((ready & (Readiness.Write | Readiness.Error)) != Readiness.None)
        {
            MayWrite = true;
            _writable?.Set();
        }
        _either?.Set();
    }
}
