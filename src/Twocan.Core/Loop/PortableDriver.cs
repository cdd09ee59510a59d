#pragma warning disable RS0030 // It waits in the operating system's own 'select', as .NET has it everywhere.
using System.Net;
using System.Net.Sockets;

namespace Twocan.Core;

/// <summary>
/// Real time on any system that .NET runs on: one thread that sleeps in select. It asks anew about all sockets that
/// somebody waits for, each time: right for some hundreds of them, and for all that <see cref="LinuxDriver"/> is not for.
/// </summary>
public sealed class PortableDriver : LoopDriver, IDisposable
{
    private readonly RealClock _clock = new();
    private readonly List<PortableWatch> _watches = [];
    private readonly List<PortableWatch> _told = [];
    private readonly List<Socket> _read = [];
    private readonly List<Socket> _write = [];
    private readonly List<Socket> _error = [];
    private readonly Socket _wake = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _one = new byte[1];

    public PortableDriver()
    {
        // A datagram to itself ends a wait: the one thing that every system's select understands.
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
        _wake.Blocking = false;
    }

    public override DateTimeOffset Epoch => _clock.Epoch;

    public override Instant Now => _clock.Now;

    public override bool IsOfTheMachine => true;

    public IWatch Watch(Socket socket, Action<Readiness> onReady)
    {
        var watch = new PortableWatch(this, socket, onReady);
        _watches.Add(watch);
        return watch;
    }

    public override bool Wait(Instant due)
    {
        Select(due == Instant.Never ? Timeout.InfiniteTimeSpan : TimeoutUntil(due));
        return true;
    }

    public override bool Look()
    {
        Select(TimeSpan.Zero);
        return true;
    }

    public override void Deliver()
    {
        foreach (var watch in _told)
            watch.Tell();
        _told.Clear();
    }

    public override void Wake()
    {
        try
        {
            _wake.Send(_one);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Full: it is going to wake anyway. Disposed: nobody sleeps any more.
        }
    }

    public void Dispose() => _wake.Dispose();

    /// <summary>Rounded up: who wakes too early would only go to sleep again.</summary>
    private TimeSpan TimeoutUntil(Instant due)
    {
        var left = due - _clock.Now;
        return left <= Duration.Zero ? TimeSpan.Zero : TimeSpan.FromMicroseconds((left.Nanoseconds + 999) / 1000);
    }

    private void Select(TimeSpan timeout)
    {
        _read.Add(_wake);
        foreach (var watch in _watches)
            watch.Ask(_read, _write, _error);
        Socket.Select(_read, _write, _error, timeout);
        if (_read.Remove(_wake))
            Drain();
        if (_read.Count + _write.Count + _error.Count > 0)
            Note();
        _read.Clear();
        _write.Clear();
        _error.Clear();
    }

    private void Note()
    {
        var (read, write, error) = (_read.ToHashSet(), _write.ToHashSet(), _error.ToHashSet());
        foreach (var watch in _watches)
        {
            if (watch.Note(read, write, error))
                _told.Add(watch);
        }
    }

    private void Drain()
    {
        while (_wake.Available > 0)
            _wake.Receive(_one, SocketFlags.None, out _);
    }

    private sealed class PortableWatch(PortableDriver driver, Socket socket, Action<Readiness> onReady) : IWatch
    {
        private Readiness _wanted;
        private Readiness _found;
        private bool _isGone;

        public void Want(Readiness what) => _wanted |= what;

        public void Ask(List<Socket> read, List<Socket> write, List<Socket> error)
        {
            if (_wanted == Readiness.None)
                return;
            if ((_wanted & Readiness.Read) != Readiness.None)
                read.Add(socket);
            if ((_wanted & Readiness.Write) != Readiness.None)
                write.Add(socket);
            error.Add(socket);
        }

        public bool Note(HashSet<Socket> read, HashSet<Socket> write, HashSet<Socket> error)
        {
            _found = Readiness.None;
            if (read.Contains(socket))
                _found |= Readiness.Read;
            if (write.Contains(socket))
                _found |= Readiness.Write;
            if (error.Contains(socket))
                _found = Readiness.Read | Readiness.Write | Readiness.Error;
            _wanted &= ~_found;
            return _found != Readiness.None;
        }

        public void Tell()
        {
            if (!_isGone)
                onReady(_found);
        }

        public void Dispose()
        {
            _isGone = true;
            driver._watches.Remove(this);
        }
    }
}
