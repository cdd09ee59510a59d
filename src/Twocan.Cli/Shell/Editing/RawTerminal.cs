using System.Runtime.InteropServices;

namespace Twocan.Cli;

/// <summary>
/// Standard input as single keys: while it is open, the terminal gives each byte as it comes, echoes none, and makes no signals of
/// Ctrl-C. POSIX (termios); the structure's layout differs between systems and is left to the C library.
/// </summary>
internal sealed unsafe partial class RawTerminal : IDisposable
{
    /// <summary>Longer than any system's struct termios.</summary>
    private const int TermiosLength = 256;

    private const int StandardInput = 0;
    private const int AfterOutput = 1; // TCSADRAIN
    private const short Readable = 1; // POLLIN

    private readonly byte[] _before;
    private readonly PosixSignalRegistration _terminated;
    private bool _isOpen = true;

    private RawTerminal(byte[] before)
    {
        _before = before;
        // Who is ended from outside leaves the terminal as it was.
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Restore());
    }

    /// <summary>Null where standard input is no terminal that can do it.</summary>
    public static RawTerminal? TryOpen()
    {
        if (OperatingSystem.IsWindows() || Console.IsInputRedirected)
            return null;
        var before = new byte[TermiosLength];
        fixed (byte* old = before)
        {
            if (GetAttributes(StandardInput, old) != 0)
                return null;
            var raw = stackalloc byte[TermiosLength];
            before.CopyTo(new Span<byte>(raw, TermiosLength));
            MakeRaw(raw);
            if (SetAttributes(StandardInput, AfterOutput, raw) != 0)
                return null;
        }
        return new(before);
    }

    /// <summary>What was typed; empty when nothing was for so long, null at the end (the terminal is gone).</summary>
    public static ReadOnlyMemory<byte>? Read(TimeSpan patience)
    {
        var watched = new Watched { Descriptor = StandardInput, Events = Readable };
        if (Poll(&watched, 1, (int)patience.TotalMilliseconds) <= 0)
            return ReadOnlyMemory<byte>.Empty; // nothing, or a signal: the caller looks what it was and comes again
        var bytes = new byte[1024];
        fixed (byte* into = bytes)
        {
            var count = ReadBytes(StandardInput, into, bytes.Length);
            return count > 0 ? bytes.AsMemory(0, (int)count) : null;
        }
    }

    public void Dispose()
    {
        _terminated.Dispose();
        Restore();
    }

    private void Restore()
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        fixed (byte* old = _before)
            _ = SetAttributes(StandardInput, AfterOutput, old);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* termios);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Watched* watched, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadBytes(int descriptor, byte* into, nint count);

    /// <summary>struct pollfd.</summary>
    private struct Watched
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
