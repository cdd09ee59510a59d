using System.Runtime.Versioning;

namespace Twocan.Core;

/// <summary>
/// Real time on Linux: one thread that sleeps in epoll until a descriptor is ready, a timer is due or somebody wakes it.
/// <para>
/// Descriptors are watched edge by edge (EPOLLET), each registered once for all its life: who reads or writes tries first
/// and waits only for the edge after 'would block', so that waiting costs no system call of its own.
/// </para>
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class LinuxDriver : LoopDriver, IDisposable
{
    private const int MaxEvents = 256;

    private readonly RealClock _clock = new();
    private readonly EpollEvents _events = new(MaxEvents);
    private readonly List<LinuxWatch?> _watches = [];
    private readonly Stack<int> _free = new();
    private readonly int _epoll;
    private readonly int _wake;
    private int _count;
    private uint _serial;
    private bool _isPunctual;
    private bool _isDisposed;

    public LinuxDriver()
    {
        _epoll = Epoll.Create();
        _wake = Epoll.CreateEvent();
        Epoll.Add(_epoll, _wake, ulong.MaxValue, Epoll.In);
    }

    public override DateTimeOffset Epoch => _clock.Epoch;

    public override Instant Now => _clock.Now;

    public override bool IsOfTheMachine => true;

    /// <summary>
    /// Watches a descriptor until the answer is disposed and, right after, the descriptor is closed: closing it takes it out of
    /// epoll, which saves a call for each connection.
    /// </summary>
    public IWatch Watch(int descriptor, Action<Readiness> onReady)
    {
        var watch = new LinuxWatch(this, _free.TryPop(out var free) ? free : _watches.Count, onReady)
        {
            // An event that is under way for a descriptor that is closed must not reach the next one of that number.
            Serial = _serial++ & 0x7FFF_FFFF,
        };
        if (watch.Index == _watches.Count)
            _watches.Add(watch);
        else
            _watches[watch.Index] = watch;
        Epoll.Add(_epoll, descriptor, watch.Key, Epoll.In | Epoll.Out | Epoll.PeerClosed | Epoll.EdgeTriggered);
        return watch;
    }

    public override bool Wait(Instant due)
    {
        if (!_isPunctual)
        {
            // By default the kernel lets timers of ordinary threads be late by 50 µs, which is a short cable's whole delay many times.
            _isPunctual = true;
            Epoll.BePunctual();
        }
        _count = Epoll.Wait(_epoll, _events, due == Instant.Never ? null : Duration.Max(due - _clock.Now, default));
        return true;
    }

    public override bool Look()
    {
        _count = Epoll.Wait(_epoll, _events, Duration.Zero);
        return true;
    }

    public override void Deliver()
    {
        var count = _count;
        _count = 0;
        for (var i = 0; i < count; i++)
        {
            var (key, what) = _events[i];
            if (key == ulong.MaxValue)
                Epoll.ResetEvent(_wake);
            else if (_watches[(int)(uint)key] is { } watch && watch.Key == key)
                watch.Tell(Epoll.ReadinessOf(what));
        }
    }

    public override void Wake()
    {
        // Another thread may be late, and the number may be another file's by then.
        lock (_events)
        {
            if (!_isDisposed)
                Epoll.SetEvent(_wake);
        }
    }

    public void Dispose()
    {
        lock (_events)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            Epoll.Close(_wake);
            Epoll.Close(_epoll);
        }
    }

    private void Remove(LinuxWatch watch)
    {
        _watches[watch.Index] = null;
        _free.Push(watch.Index);
    }

    private sealed class LinuxWatch(LinuxDriver driver, int index, Action<Readiness> onReady) : IWatch
    {
        private bool _isGone;

        public int Index => index;

        public uint Serial { get; init; }

        public ulong Key => (ulong)Serial << 32 | (uint)index;

        public void Tell(Readiness what) => onReady(what);

        /// <summary>The edge comes by itself.</summary>
        public void Want(Readiness what) { }

        public void Dispose()
        {
            if (_isGone)
                return;
            _isGone = true;
            driver.Remove(this);
        }
    }
}
