using System.Globalization;
using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;
using Twocan.Stack;

namespace Twocan.Cli.Tests;

/// <summary>Our end of a cell: the steps of peer.py, on our socket calls.</summary>
internal sealed class OurEnd(Worlds.Host host, Cell cell, TcpSettings settings, Endpoint kernel, CancellationToken stop)
{
    private const int Chunk = 32 * 1024;
    private readonly EventLoop _loop = host.World.Loop;
    private readonly Signal _changed = new(host.World.Loop, "test", cell.Name);
    private int _gathered;
    private int _running;

    public CellEnd Result { get; } = new();

    public bool IsOver { get; private set; }

    /// <summary>Listens at once, if that is our part, so that the kernel may come from now on.</summary>
    public Listener? Listen()
    {
        host.Stack.Tcp.Settings = settings;
        return cell.KernelConnects
            ? host.Network.Listen(kernel.Port, new ListenOptions { Backlog = Math.Max(cell.AtOnce, 16) })
            : null;
    }

    public async Task RunAsync(Listener? listener)
    {
        for (var number = 0; number < cell.Count; number++)
        {
            while (_running == cell.AtOnce)
                await _changed.WaitAsync();
            _running++;
            var accepted = listener is null ? null : await AcceptAsync(listener);
            _loop.Start(cell.Name, () => ConverseAsync(accepted, listener is null));
        }
        while (_running > 0)
            await _changed.WaitAsync();
        listener?.Dispose();
        IsOver = true;
    }

    private async Task<TcpStream?> AcceptAsync(Listener listener)
    {
        try
        {
            return await listener.AcceptAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task ConverseAsync(TcpStream? stream, bool connects)
    {
        var end = "";
        try
        {
            // A socket takes its settings as it is made.
            host.Stack.Tcp.Settings = settings;
            if (connects)
                stream = await host.Network.ConnectAsync(kernel, stop: stop);
            if (stream is null)
                throw new OperationCanceledException();
            var salt = (stream.LocalEndpoint.Port.Number + stream.RemoteEndpoint.Port.Number) * 7;
            await new Conversation(this, stream, salt).RunAsync();
        }
        catch (SocketException failure)
        {
            end = $"{failure.SocketErrorCode}";
        }
        catch (OperationCanceledException)
        {
            end = "Canceled";
        }
        finally
        {
            stream?.Dispose();
        }
        Result.Ends[end] = Result.Ends.GetValueOrDefault(end) + 1;
        _running--;
        _changed.Set();
    }

    private async Task GatherAsync()
    {
        _gathered++;
        _changed.Set();
        while (_gathered < cell.Count)
            await _changed.WaitAsync(stop);
    }

    private sealed class Conversation(OurEnd end, TcpStream stream, int salt)
    {
        private readonly byte[] _buffer = new byte[Chunk];
        private long _sent;
        private long _received;

        public async Task RunAsync()
        {
            foreach (var step in end.Steps)
            {
                var colon = step.IndexOf(':', StringComparison.Ordinal);
                var (name, amount) =
                    colon < 0
                        ? (step, 0)
                        : (step[..colon], double.Parse(step[(colon + 1)..], CultureInfo.InvariantCulture));
                await StepAsync(name, amount);
            }
        }

        private Task StepAsync(string name, double amount) =>
            name switch
            {
                "send" => SendAsync((long)amount),
                "dribble" => DribbleAsync((int)amount),
                "ask" => AskAsync((int)amount),
                "answer" => AnswerAsync(),
                "take" => TakeAsync((long)amount),
                "drain" => TakeAsync(long.MaxValue),
                "both" => BothAsync((long)amount),
                "flood" => SendAsync(long.MaxValue),
                "shut" => Shut(),
                "wait" => end._loop.DelayAsync(Duration.FromSeconds(amount), end.Stop).AsTask(),
                "gate" => end.GatherAsync(),
                "reset" => Reset(),
                _ => throw new ArgumentException($"There is no step '{name}'."),
            };

        private async Task WriteAsync(int length)
        {
            await stream.WriteAsync(Pattern.OursToSend(salt, _sent, length), end.Stop);
            _sent += length;
            end.Result.Sent += length;
        }

        private async ValueTask<int> ReadAsync(int length)
        {
            var count = await stream.ReadAsync(_buffer.AsMemory(0, length), end.Stop);
            if (!_buffer.AsSpan(0, count).SequenceEqual(Pattern.Kernels(salt, _received, count)))
                end.Result.Wrong ??= $"octet {_received} or one of the {count} behind it is wrong";
            _received += count;
            end.Result.Received += count;
            return count;
        }

        private async Task SendAsync(long count)
        {
            for (var left = count; left > 0; left -= Chunk)
                await WriteAsync((int)Math.Min(left, Chunk));
        }

        private async Task DribbleAsync(int count)
        {
            for (var i = 0; i < count; i++)
                await WriteAsync(1);
        }

        private async Task AskAsync(int count)
        {
            stream.NoDelay = true;
            for (var i = 0; i < count; i++)
            {
                await WriteAsync(1);
                if (await ReadAsync(1) == 0)
                    throw new SocketException((int)SocketError.NoData);
            }
        }

        private async Task AnswerAsync()
        {
            while (await ReadAsync(1) > 0)
                await WriteAsync(1);
        }

        private async Task TakeAsync(long count)
        {
            for (var least = count == long.MaxValue ? count : _received + count; _received < least; )
            {
                if (await ReadAsync((int)Math.Min(least - _received, Chunk)) == 0)
                    return;
            }
        }

        /// <summary>Writes and reads at the same time.</summary>
        private async Task BothAsync(long count)
        {
            var (over, isOver, failure) = (new Signal(end._loop, "test", "writer"), false, default(Exception));
            end._loop.Start(
                "writer",
                async () =>
                {
                    try
                    {
                        await SendAsync(count);
                        stream.ShutdownWrite();
                    }
                    catch (Exception caught) when (caught is SocketException or OperationCanceledException)
                    {
                        failure = caught;
                    }
                    isOver = true;
                    over.Set();
                }
            );
            await TakeAsync(long.MaxValue);
            while (!isOver)
                await over.WaitAsync();
            if (failure is not null)
                throw failure;
        }

        private Task Shut()
        {
            stream.ShutdownWrite();
            return Task.CompletedTask;
        }

        private Task Reset()
        {
            end.Calls.SetOption(stream.Descriptor, SocketOption.Linger, 0);
            return Task.CompletedTask;
        }
    }

    private IReadOnlyList<string> Steps { get; } = cell.Ours.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private CancellationToken Stop => stop;

    private ISocketCalls Calls => host.Network.Calls;
}
