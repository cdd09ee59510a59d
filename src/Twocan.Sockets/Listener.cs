using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>A socket that waits for connections.</summary>
public sealed class Listener(ISocketCalls calls, int descriptor) : IDisposable, IAsyncDisposable
{
    private bool _closed;

    public int Descriptor { get; } = descriptor;

    public Endpoint LocalEndpoint { get; } = calls.LocalEndpoint(descriptor);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TcpStream> AcceptAsync(CancellationToken stop = default) =>
        new(calls, await calls.AcceptAsync(Descriptor, stop));

    /// <summary>Each connection as it comes, until <paramref name="stop"/>.</summary>
    public async IAsyncEnumerable<TcpStream> AcceptAllAsync([EnumeratorCancellation] CancellationToken stop = default)
    {
        while (!stop.IsCancellationRequested)
            yield return await AcceptAsync(stop);
    }

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        calls.Close(Descriptor);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
