using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Twocan.Http;

/// <summary>Linux's calls to start a program and to end it. .NET's Process would wait on its thread pool, and gives a child no group of its own.</summary>
[SupportedOSPlatform("linux")]
internal static partial class ProcessCalls
{
    public const int WouldBlock = 11;

    private const int CloseOnExec = 0x80000;
    private const int SetFlags = 4;
    private const int NonBlocking = 0x800;
    private const short OwnGroup = 0x02;
    private const short DefaultSignals = 0x04;
    private const short SignalMask = 0x08;
    private const int KillSignal = 9;
    private const int WithoutWaiting = 1;

    /// <summary>More than these opaque structures take in any C library.</summary>
    private const int Opaque = 512;

    /// <summary>Our ends of it do not block; the program's do, as programs expect.</summary>
    public static (int Read, int Write) OpenPipe()
    {
        Span<int> ends = stackalloc int[2];
        if (Pipe(ref ends[0], CloseOnExec) != 0)
            throw new IOException("No pipe is left to run a program with.");
        return (ends[0], ends[1]);
    }

    /// <summary>Starts a program with these as its input and output, in its own folder; 0 with the error's number when it cannot be.</summary>
    public static unsafe int Spawn(
        string path,
        IReadOnlyList<KeyValuePair<string, string>> variables,
        int input,
        int output,
        out int error
    )
    {
        var actions = stackalloc byte[Opaque];
        var attributes = stackalloc byte[Opaque];
        var signals = stackalloc byte[128];
        _ = InitActions(actions);
        _ = InitAttributes(attributes);
        var strings = new List<nint>();
        try
        {
            _ = AddDuplicate(actions, input, 0);
            _ = AddDuplicate(actions, output, 1);
            _ = AddDuplicate(actions, 2, 2);
            _ = AddDirectory(actions, Path.GetDirectoryName(path)!);
            _ = AddCloseFrom(actions, 3);
            // What the runtime ignores (SIGPIPE) or blocks, a child would ignore and block too.
            _ = FillSignals(signals);
            _ = SetDefaultSignals(attributes, signals);
            _ = EmptySignals(signals);
            _ = SetSignalMask(attributes, signals);
            _ = SetGroup(attributes, 0);
            _ = SetAttributes(attributes, OwnGroup | DefaultSignals | SignalMask);
            var arguments = stackalloc nint[2] { Text(path, strings), 0 };
            var environment = new nint[variables.Count + 2];
            environment[0] = Text("PATH=/usr/local/bin:/usr/bin:/bin", strings);
            for (var i = 0; i < variables.Count; i++)
                environment[i + 1] = Text($"{variables[i].Key}={variables[i].Value}", strings);
            fixed (nint* pointers = environment)
            {
                error = PosixSpawn(out var process, path, actions, attributes, arguments, pointers);
                if (error != 0)
                    return 0;
                return process;
            }
        }
        finally
        {
            foreach (var text in strings)
                Marshal.FreeHGlobal(text);
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
        }
    }

    public static int Read(int descriptor, Span<byte> into) =>
        (int)ReadInto(descriptor, ref MemoryMarshal.GetReference(into), into.Length);

    public static int Write(int descriptor, ReadOnlySpan<byte> bytes) =>
        (int)WriteFrom(descriptor, in MemoryMarshal.GetReference(bytes), bytes.Length);

    public static void SetNonBlocking(int descriptor) => _ = Control(descriptor, SetFlags, NonBlocking);

    /// <summary>Ends a program and all of its group, and buries it: after SIGKILL that takes no time.</summary>
    public static void Kill(int process)
    {
        _ = SendSignal(-process, KillSignal);
        _ = WaitFor(process, out _, 0);
    }

    /// <summary>True when it has ended, and is buried with that.</summary>
    public static bool HasEnded(int process) => WaitFor(process, out _, WithoutWaiting) != 0;

    /// <summary>As bytes of ISO-8859-1 where they came from a message, so that each arrives as it was; else UTF-8.</summary>
    private static nint Text(string text, List<nint> all)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var pointer = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, pointer, bytes.Length);
        all.Add(pointer);
        return pointer;
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe(ref int ends, int flags);

    public static void Close(int descriptor) => _ = CloseDescriptor(descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadInto(int descriptor, ref byte into, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteFrom(int descriptor, in byte bytes, nint length);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitFor(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int PosixSpawn(
        out int process,
        string path,
        byte* actions,
        byte* attributes,
        nint* arguments,
        nint* environment
    );

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static unsafe partial int InitActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static unsafe partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static unsafe partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport(
        "libc",
        EntryPoint = "posix_spawn_file_actions_addchdir_np",
        StringMarshalling = StringMarshalling.Utf8
    )]
    private static unsafe partial int AddDirectory(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static unsafe partial int AddCloseFrom(byte* actions, int from);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static unsafe partial int InitAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static unsafe partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static unsafe partial int SetAttributes(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static unsafe partial int SetGroup(byte* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static unsafe partial int SetDefaultSignals(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static unsafe partial int SetSignalMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static unsafe partial int FillSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static unsafe partial int EmptySignals(byte* signals);
}
