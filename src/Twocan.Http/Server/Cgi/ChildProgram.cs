using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// A program of this machine that runs beside the loop: its input, and as a stream its output. It is started without a shell, in a
/// process group of its own, with no descriptor of ours but these and nothing in its environment but what it is given.
/// Disposed, it is given a moment to end and then killed, and all that it has started with it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ChildProgram : LoopStream
{
    private static readonly Duration s_grace = Duration.FromSeconds(2);

    private readonly EventLoop _loop;
    private readonly int _process;
    private readonly ChildPipe _input;
    private readonly ChildPipe _output;
    private bool _hasEnded;
    private bool _isDisposed;

    private ChildProgram(EventLoop loop, int process, int input, int output)
    {
        (_loop, _process) = (loop, process);
        _input = new(loop, input, "a program to read");
        _output = new(loop, output, "a program to write");
    }

    public static ChildProgram Start(EventLoop loop, string path, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        if (loop.Driver is not LinuxDriver)
            throw new IOException("Programs of the machine run only where the loop is the machine's own.");
        var (input, output) = (ProcessCalls.OpenPipe(), ProcessCalls.OpenPipe());
        var process = ProcessCalls.Spawn(path, variables, input.Read, output.Write, out var error);
        ProcessCalls.Close(input.Read);
        ProcessCalls.Close(output.Write);
        if (process > 0)
            return new(loop, process, input.Write, output.Read);
        ProcessCalls.Close(input.Write);
        ProcessCalls.Close(output.Read);
        throw new IOException($"The program cannot be started: {new Win32Exception(error).Message}");
    }

    /// <summary>False when the program reads no more.</summary>
    public ValueTask<bool> WriteInputAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop) =>
        _input.WriteAsync(bytes, stop);

    public void EndInput() => _input.Close();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await _output.ReadAsync(buffer, cancellationToken);
        _hasEnded |= length == 0;
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _input.Close();
            _output.Close();
            if (_hasEnded)
                _loop.Start("a program to end", EndAsync);
            else
                ProcessCalls.Kill(_process);
        }
        base.Dispose(disposing);
    }

    /// <summary>Its output is at its end: what it does after that has its time too.</summary>
    private async Task EndAsync()
    {
        var pause = Duration.FromMilliseconds(1);
        for (var until = _loop.Now + s_grace; _loop.Now < until; pause *= 2)
        {
            if (ProcessCalls.HasEnded(_process))
                return;
            await _loop.DelayAsync(pause);
        }
        ProcessCalls.Kill(_process);
    }
}

/// <summary>Our end of a pipe to a program.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ChildPipe
{
    private readonly int _descriptor;
    private readonly Signal _ready;
    private readonly IWatch _watch;
    private bool _isClosed;

    public ChildPipe(EventLoop loop, int descriptor, string what)
    {
        _descriptor = descriptor;
        _ready = new(loop, "loop", what);
        ProcessCalls.SetNonBlocking(descriptor);
        _watch = ((LinuxDriver)loop.Driver).Watch(descriptor, _ => _ready.Set());
    }

    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken stop)
    {
        while (!_isClosed)
        {
            var length = ProcessCalls.Read(_descriptor, into.Span);
            if (length >= 0)
                return length;
            if (Marshal.GetLastPInvokeError() != ProcessCalls.WouldBlock)
                throw new IOException("The program's output cannot be read.");
            await _ready.WaitAsync(stop);
        }
        return 0;
    }

    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!_isClosed)
        {
            var length = ProcessCalls.Write(_descriptor, bytes.Span);
            if (length < 0 && Marshal.GetLastPInvokeError() != ProcessCalls.WouldBlock)
                return false;
            bytes = bytes[Math.Max(length, 0)..];
            if (bytes.IsEmpty)
                return true;
            if (length < 0)
                await _ready.WaitAsync(stop);
        }
        return false;
    }

    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _watch.Dispose();
        ProcessCalls.Close(_descriptor);
        _ready.Set();
    }
}
