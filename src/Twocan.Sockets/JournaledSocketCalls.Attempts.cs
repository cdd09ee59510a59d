using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>The calls of those who do not want to wait.</summary>
public sealed partial class JournaledSocketCalls
{
    /// <summary>Nobody is told of an attempt that found nothing: it is the wait that follows which means something.</summary>
    public bool TryAccept(int descriptor, out int accepted)
    {
        if (!calls.TryAccept(descriptor, out accepted))
            return false;
        _log.End(_log.Begin("accept", descriptor, $"{descriptor}", default), accepted.ToString(), causeOf(accepted));
        return true;
    }

    public bool TryRead(int descriptor, Span<byte> into, out Received received)
    {
        try
        {
            if (!calls.TryRead(descriptor, into, out received))
                return false;
        }
        catch (Exception error)
        {
            _log.Fail(_log.Begin("read", descriptor, $"{descriptor}, ≤{into.Length}", default), error);
            throw;
        }
        var call = _log.Begin("read", descriptor, $"{descriptor}, ≤{into.Length}", default);
        received = received with { Because = _log.End(call, received.Length.ToString(), received.Because) };
        return true;
    }

    public int TryWrite(int descriptor, ReadOnlySpan<byte> data, EventId because = default)
    {
        var call = _log.Begin("write", descriptor, $"{descriptor}, {data.Length} bytes", because);
        try
        {
            return _log.EndWrite(call, calls.TryWrite(descriptor, data, call.Id), data.Length);
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    public int TrySend(int descriptor, ReadOnlySpan<byte> data, SendFlags flags, EventId because = default)
    {
        var call = _log.Begin("send", descriptor, $"{descriptor}, {data.Length} bytes, {Words(flags)}", because);
        try
        {
            return _log.EndWrite(call, calls.TrySend(descriptor, data, flags, call.Id), data.Length);
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    public bool TryPeek(int descriptor, Span<byte> into, out Received received) =>
        calls.TryPeek(descriptor, into, out received);

    public int TryWritev(int descriptor, ReadOnlySpan<ReadOnlyMemory<byte>> pieces, EventId because = default)
    {
        var length = LengthOf(pieces);
        var call = _log.Begin("writev", descriptor, $"{descriptor}, {length} bytes in {pieces.Length} pieces", because);
        try
        {
            return _log.EndWrite(call, calls.TryWritev(descriptor, pieces, call.Id), length);
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    private static string Words(SendFlags flags) =>
        flags switch
        {
            SendFlags.None => "0",
            SendFlags.More => "MSG_MORE",
            SendFlags.EndOfRecord => "MSG_EOR",
            _ => "MSG_MORE|MSG_EOR",
        };
}
