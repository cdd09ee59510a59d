#pragma warning disable CA1001 // It is closed, as descriptors are.
#pragma warning disable RS0030 // The operating system's sockets: this folder is where they are known.
using System.Net.Sockets;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// A socket of the operating system's on a loop: its calls never block, and who has to wait is woken by the loop's driver.
/// <para>
/// Which family it is of shows only when it is bound or speaks for the first time, so it is made then; options that are set
/// before wait for it.
/// </para>
/// </summary>
internal sealed class HostSocket(EventLoop loop, string owner, Func<AddressFamily, Socket> make)
{
    /// <summary>So many calls in a row may go on at once before the others have their turn.</summary>
    private const int CallsPerTurn = 16;

    private readonly Signal _readable = new(loop, owner, "something to read from the operating system");
    private readonly Signal _writable = new(loop, owner, "room to write to the operating system");
    private readonly Signal _made = new(loop, owner, "a socket that has not spoken yet");
    private readonly List<Action<Socket>> _options = [];
    private IWatch? _watch;
    private int _callsInARow;

    public Socket? Socket { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Becomes true when an error waits to be fetched.</summary>
    public bool MayHaveError { get; set; }

    public EventLoop Loop => loop;

    /// <summary>The socket; made now if it is not there yet.</summary>
    public Socket Get(IpAddress forAddress)
    {
        ThrowIfClosed();
        if (Socket is { } made)
            return made;
        Take(make(HostEndpoint.FamilyOf(forAddress)));
        return Socket!;
    }

    /// <summary>One that there is already: a connection that was accepted.</summary>
    public void Take(Socket socket)
    {
        Socket = socket;
        socket.Blocking = false;
        // As our own sockets do: what is bound to :: takes IPv4 too, unless it is told otherwise.
        if (
            socket is
            { AddressFamily: AddressFamily.InterNetworkV6, ProtocolType: ProtocolType.Tcp or ProtocolType.Udp }
        )
            socket.DualMode = true;
        foreach (var option in _options)
            option(socket);
        _options.Clear();
        _made.Set();
    }

    /// <summary>Who listens before anybody has spoken waits for the first word, which says of which family the socket is.</summary>
    public async ValueTask<Socket> GetAsync(CancellationToken stop)
    {
        while (Socket is null)
        {
            ThrowIfClosed();
            await _made.WaitAsync(stop);
        }
        ThrowIfClosed();
        return Socket;
    }

    /// <summary>Sets an option now, or as soon as there is a socket.</summary>
    public void Configure(Action<Socket> option)
    {
        ThrowIfClosed();
        if (Socket is { } socket)
            option(socket);
        else
            _options.Add(option);
    }

    public ValueTask WaitToReadAsync(CancellationToken stop)
    {
        Watch(Readiness.Read);
        return _readable.WaitAsync(stop);
    }

    public ValueTask WaitToWriteAsync(CancellationToken stop)
    {
        Watch(Readiness.Write);
        return _writable.WaitAsync(stop);
    }

    /// <summary>As poll(2) says it, without waiting.</summary>
    public PollEvents Poll()
    {
        ThrowIfClosed();
        if (Socket is not { } socket)
            return PollEvents.None;
        return (socket.Poll(0, SelectMode.SelectRead) ? PollEvents.In : PollEvents.None)
            | (socket.Poll(0, SelectMode.SelectWrite) ? PollEvents.Out : PollEvents.None)
            | (socket.Poll(0, SelectMode.SelectError) ? PollEvents.Error : PollEvents.None);
    }

    public async ValueTask<PollEvents> PollAsync(PollEvents wanted, CancellationToken stop)
    {
        wanted |= PollEvents.Error | PollEvents.HangUp;
        while (true)
        {
            await GetAsync(stop);
            if ((Poll() & wanted) is not PollEvents.None and var found)
                return found;
            if (wanted.HasFlag(PollEvents.In) && wanted.HasFlag(PollEvents.Out))
                throw new SocketException((int)SocketError.OperationNotSupported);
            await (wanted.HasFlag(PollEvents.Out) ? WaitToWriteAsync(stop) : WaitToReadAsync(stop));
        }
    }

    /// <summary>To be awaited before a call: one that never has to wait must not keep all others waiting.</summary>
    public ValueTask TurnAsync()
    {
        ThrowIfClosed();
        loop.LookAtTheClock();
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
        _readable.Set();
        _writable.Set();
        _made.Set();
    }

    private void Watch(Readiness what)
    {
        _callsInARow = 0;
        _watch ??= loop.Driver switch
        {
            LinuxDriver driver when OperatingSystem.IsLinux() => driver.Watch((int)Socket!.Handle, OnReady),
            PortableDriver driver => driver.Watch(Socket!, OnReady),
            _ => throw new InvalidOperationException("The operating system's sockets need a loop in real time."),
        };
        _watch.Want(what);
    }

    private void OnReady(Readiness ready)
    {
        MayHaveError |= ready.HasFlag(Readiness.Error);
        if ((ready & (Readiness.Read | Readiness.Error)) != Readiness.None)
            _readable.Set();
        if ((ready & (Readiness.Write | Readiness.Error)) != Readiness.None)
            _writable.Set();
    }
}
