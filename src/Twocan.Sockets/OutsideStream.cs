using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>
/// A connection of a loop's for code that lives on other threads: <c>HttpClient</c> (as <c>SocketsHttpHandler.ConnectCallback</c>),
/// and whatever else hops to the thread pool. Each call goes to the loop, is made there, and its end is told to whoever awaits it,
/// off the loop again.
/// <para>
/// The loop has to run meanwhile: on a thread of its own in real time, or pumped by the test that waits for the answer
/// (<c>loop.RunFor</c>, again and again). How much of a world's time passes between two such calls then depends on the
/// threads: every byte is right, but two runs are not the same run. Who needs that keeps to the loop.
/// </para>
/// </summary>
public sealed class OutsideStream : LoopStream
{
    private readonly EventLoop _loop;
    private readonly TcpStream _stream;

    private OutsideStream(EventLoop loop, TcpStream stream) => (_loop, _stream) = (loop, stream);

    public override bool CanWrite => true;

    /// <summary>Connects; any thread may call it.</summary>
    public static async ValueTask<Stream> ConnectAsync(
        INetwork network,
        Endpoint remote,
        CancellationToken stop = default
    )
    {
        var loop = network.Loop;
        return await OnLoopAsync(
            loop,
            async over => new OutsideStream(loop, await network.ConnectAsync(remote, default, over)),
            stop
        );
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(OnLoopAsync(_loop, async stop => await _stream.ReadAsync(buffer, stop), cancellationToken));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(
            OnLoopAsync(
                _loop,
                async stop =>
                {
                    await _stream.WriteAsync(buffer, stop);
                    return buffer.Length;
                },
                cancellationToken
            )
        );

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>Nobody waits for the end of it.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _loop.PostFromOutside(_stream.Dispose);
        base.Dispose(disposing);
    }

    private static async Task<T> OnLoopAsync<T>(
        EventLoop loop,
        Func<CancellationToken, Task<T>> call,
        CancellationToken stop
    )
    {
        // Told on the loop and continued off it: the one place where that is what is wanted.
        var end = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var over = new CancellationTokenSource();
        // A wait on the loop is cancelled on the loop.
        using var told = stop.UnsafeRegister(_ => loop.PostFromOutside(over.Cancel), null);
        loop.PostFromOutside(() => _ = CallAsync());
        return await end.Task;

        async Task CallAsync()
        {
            try
            {
                end.SetResult(await call(over.Token));
            }
            catch (OperationCanceledException)
            {
                end.SetCanceled(stop);
            }
#pragma warning disable CA1031 // Whatever it was, the one who called gets it.
            catch (Exception failure)
            {
                end.SetException(failure);
            }
#pragma warning restore CA1031
        }
    }
}
