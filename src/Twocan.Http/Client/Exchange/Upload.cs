using System.Buffers;
using System.Net.Sockets;

namespace Twocan.Http;

/// <summary>
/// A body on its way out, piece by piece, while the answer may begin already: a server need not have heard all to say what it
/// thinks.
/// </summary>
internal sealed class Upload(ClientConnection connection, ClientRequest request, FetchPatience patience)
{
    private const int PieceLength = 16 * 1024;

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);

    public bool HasBegun { get; private set; }

    /// <summary>All of it is out.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The server, or whoever is between, takes no more.</summary>
    public SocketException? Refusal { get; private set; }

    /// <summary>The body itself could not be read.</summary>
    public Exception? Broken { get; private set; }

    public long Sent { get; private set; }

    /// <summary>Nobody wants the rest, or whatever became of it.</summary>
    public bool IsStopped { get; private set; }

    public void Stop()
    {
        if (IsStopped)
            return;
        IsStopped = true;
        _stop.Cancel();
        _stop.Dispose();
    }

    public async Task RunAsync()
    {
        HasBegun = true;
        try
        {
            await SendAsync();
            IsWhole = true;
            patience.Enter(FetchPhase.FirstByte);
        }
        catch (Exception) when (IsStopped)
        {
            // Whose connection it was may be somebody else's by now, or nobody's.
        }
        catch (SocketException refusal)
        {
            // What the server has to say to that may be on its way.
            Refusal = refusal;
        }
#pragma warning disable CA1031 // Whatever the caller's stream throws is told to who awaits the response.
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            Broken = broken;
            patience.Cancel();
        }
#pragma warning restore CA1031
    }

    private async Task SendAsync()
    {
        var isChunked = RequestWriter.IsChunked(request);
        var stop = _stop.Token;
        var (transport, left) = (connection.Messages.Transport, request.Body!.Length ?? long.MaxValue);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        var chunk = isChunked ? new ArrayBufferWriter<byte>(PieceLength + 32) : null;
        try
        {
            await using var body = request.Body.Open();
            while (left > 0)
            {
                var most = (int)Math.Min(PieceLength, left);
                var length = await body.ReadAsync(buffer.AsMemory(0, most), stop);
                if (length == 0)
                    break;
                stop.ThrowIfCancellationRequested();
                left -= request.Body.Length is null ? 0 : length;
                patience.Enter(FetchPhase.Send);
                if (chunk is null)
                {
                    await transport.WriteAsync(buffer.AsMemory(0, length), stop);
                }
                else
                {
                    chunk.ResetWrittenCount();
                    ChunkedWriter.WriteChunk(chunk, buffer.AsSpan(0, length));
                    await transport.WriteAsync(chunk.WrittenMemory, stop);
                }
                stop.ThrowIfCancellationRequested();
                Sent += length;
                request.Watcher?.OnUpload(Sent);
            }
            if (request.Body.Length is not null && left > 0)
                throw new IOException($"the body to be sent is {left} bytes shorter than it was said to be");
            if (isChunked)
                await transport.WriteAsync("0\r\n\r\n"u8.ToArray(), stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
