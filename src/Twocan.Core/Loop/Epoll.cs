using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Twocan.Core;

/// <summary>Linux's epoll and eventfd, as the C library has them.</summary>
internal static partial class Epoll
{
    public const uint In = 0x001;
    public const uint Out = 0x004;
    public const uint PeerClosed = 0x2000; // EPOLLRDHUP
    public const uint EdgeTriggered = 1u << 31;

    private const uint Error = 0x008;
    private const uint HangUp = 0x010;
    private const int CloseOnExec = 0x80000; // EPOLL_CLOEXEC, EFD_CLOEXEC
    private const int NonBlocking = 0x800;
    private const int ControlAdd = 1;
    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK
    private const int Interrupted = 4; // EINTR

    private static bool s_waitsInNanoseconds = true;

    public static int Create() => Check(EpollCreate(CloseOnExec));

    public static int CreateEvent() => Check(EventFd(0, CloseOnExec | NonBlocking));

    public static void Add(int epoll, int descriptor, ulong key, uint events)
    {
        Span<byte> one = stackalloc byte[EpollEvents.Size];
        EpollEvents.Write(one, key, events);
        Check(EpollControl(epoll, ControlAdd, descriptor, ref MemoryMarshal.GetReference(one)));
    }

    /// <summary>How many events there are; a <paramref name="timeout"/> of null is for ever.</summary>
    public static int Wait(int epoll, EpollEvents events, Duration? timeout)
    {
        var count = s_waitsInNanoseconds
            ? WaitNanoseconds(epoll, events, timeout)
            : WaitMilliseconds(epoll, events, timeout);
        if (count >= 0)
            return count;
        if (Marshal.GetLastPInvokeError() == Interrupted)
            return 0;
        throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public static void SetEvent(int descriptor)
    {
        ulong one = 1;
        _ = EventWrite(descriptor, ref one, sizeof(ulong));
    }

    public static void ResetEvent(int descriptor) => _ = EventRead(descriptor, out _, sizeof(ulong));

    public static void BePunctual() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    public static Readiness ReadinessOf(uint events)
    {
        var ready = Readiness.None;
        if ((events & (In | PeerClosed | HangUp | Error)) != 0)
            ready |= Readiness.Read;
        if ((events & (Out | HangUp | Error)) != 0)
            ready |= Readiness.Write;
        if ((events & Error) != 0)
            ready |= Readiness.Error;
        if ((events & (PeerClosed | HangUp | Error)) != 0)
            ready |= Readiness.Ended;
        return ready;
    }

    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    private static int WaitNanoseconds(int epoll, EpollEvents events, Duration? timeout)
    {
        try
        {
            if (timeout is not { } span)
                return EpollWait(epoll, ref events.First, events.Capacity, -1);
            var time = new TimeSpec(span.Nanoseconds / 1_000_000_000, span.Nanoseconds % 1_000_000_000);
            var count = EpollWaitPrecisely(epoll, ref events.First, events.Capacity, in time, 0);
            // ENOSYS: a kernel before 5.11.
            return count < 0 && Marshal.GetLastPInvokeError() == 38 ? Fall() : count;
        }
        catch (EntryPointNotFoundException)
        {
            return Fall();
        }

        int Fall()
        {
            s_waitsInNanoseconds = false;
            return WaitMilliseconds(epoll, events, timeout);
        }
    }

    private static int WaitMilliseconds(int epoll, EpollEvents events, Duration? timeout)
    {
        var milliseconds = timeout is { } span
            ? (int)Math.Min((span.Nanoseconds + 999_999) / 1_000_000, int.MaxValue)
            : -1;
        return EpollWait(epoll, ref events.First, events.Capacity, milliseconds);
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int what, int descriptor, ref byte one);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int epoll, ref byte events, int capacity, int milliseconds);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    private static partial int EpollWaitPrecisely(
        int epoll,
        ref byte events,
        int capacity,
        in TimeSpec timeout,
        nint signals
    );

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint EventRead(int descriptor, out ulong value, nint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint EventWrite(int descriptor, ref ulong value, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nint a, nint b, nint c, nint d);
}

/// <summary>Room for events. On x86 the kernel packs them: 4 bytes of flags and 8 of key without a gap.</summary>
internal sealed class EpollEvents(int capacity)
{
    private static readonly int s_keyAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;

    public static readonly int Size = s_keyAt + 8;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity * (4 + 4 + 8), pinned: true);

    public int Capacity => capacity;

    public ref byte First => ref _bytes[0];

    public (ulong Key, uint Events) this[int index]
    {
        get
        {
            var one = _bytes.AsSpan(index * Size, Size);
            return (BitConverter.ToUInt64(one[s_keyAt..]), BitConverter.ToUInt32(one));
        }
    }

    public static void Write(Span<byte> into, ulong key, uint events)
    {
        BitConverter.TryWriteBytes(into, events);
        BitConverter.TryWriteBytes(into[s_keyAt..], key);
    }
}
