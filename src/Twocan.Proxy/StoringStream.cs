using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Proxy;

/// <summary>
/// A response's body on its way to the client, with a copy for the store. <paramref name="finished"/> is called once: with
/// the whole body, or with null and the reason when there is none to store.
/// </summary>
internal sealed class StoringStream : LoopStream
{
    private readonly ClientResponse _response;
    private readonly long _limit;
    private readonly Action<byte[]?, CacheReason> _finished;
    private MemoryStream? _copy;

    public StoringStream(ClientResponse response, long limit, Action<byte[]?, CacheReason> finished)
    {
        (_response, _limit, _finished) = (response, limit, finished);
        _copy = new((int)Math.Min(response.BodyLength ?? 0, 1 << 20));
        if (response.HasEnded)
            Finish();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await _response.Body.ReadAsync(buffer, cancellationToken);
        if (_copy is not null && _copy.Length + length > _limit)
            GiveUp(CacheReason.TooLarge);
        _copy?.Write(buffer.Span[..length]);
        // Whoever reads just so many bytes as there are does not ask for the end.
        if (_response.HasEnded)
            Finish();
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveUp(CacheReason.Incomplete);
            _response.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Finish()
    {
        if (_copy is not { } copy)
            return;
        _copy = null;
        _finished(copy.ToArray(), CacheReason.Fresh);
    }

    private void GiveUp(CacheReason why)
    {
        if (_copy is null)
            return;
        _copy = null;
        _finished(null, why);
    }
}
