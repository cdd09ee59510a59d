using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>What a program writes: first its head, then its content, each piece in its time.</summary>
internal sealed class CgiOutput(INetwork network, Stream output, Duration timeout) : LoopStream
{
    private byte[] _bytes = new byte[4096];
    private int _begin;
    private int _end;

    /// <summary>It has said nothing for too long.</summary>
    public bool IsTimeOver { get; private set; }

    /// <summary>Null when there is none, or it did not come in time.</summary>
    public async ValueTask<CgiHead?> ReadHeadAsync(CancellationToken stop)
    {
        while (true)
        {
            if (_end == _bytes.Length)
                Array.Resize(ref _bytes, _bytes.Length * 2);
            var length = await ReadOutputAsync(_bytes.AsMemory(_end), stop);
            if (IsTimeOver)
                return null;
            _end += length;
            var head = CgiHead.Read(_bytes.AsSpan(0, _end), isAll: length == 0, out _begin);
            if (head is not null || _begin > 0 || length == 0)
                return head;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_begin == _end)
        {
            var length = await ReadOutputAsync(buffer, cancellationToken);
            return IsTimeOver ? throw new IOException("The program has taken too long.") : length;
        }
        var count = Math.Min(buffer.Length, _end - _begin);
        _bytes.AsSpan(_begin, count).CopyTo(buffer.Span);
        _begin += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            output.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadOutputAsync(Memory<byte> into, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(timeout.ToTimeSpan(), network.Loop.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await output.ReadAsync(into, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            IsTimeOver = true;
            return 0;
        }
    }
}
