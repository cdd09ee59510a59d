using Twocan.Core;

namespace Twocan.Sockets;

/// <summary>The calls that name the other end each time, and the queue of errors about what they sent.</summary>
public sealed partial class JournaledSocketCalls
{
    public async ValueTask SendToAsync(
        int descriptor,
        ReadOnlyMemory<byte> data,
        Endpoint to,
        EventId because = default,
        CancellationToken stop = default
    )
    {
        var call = _log.Begin(
            "sendto",
            descriptor,
            to == default ? $"{descriptor}, {data.Length} bytes" : $"{descriptor}, {data.Length} bytes, {to}",
            because
        );
        try
        {
            await calls.SendToAsync(descriptor, data, to, call.Id, stop);
            _log.End(call, data.Length.ToString());
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    public async ValueTask<Received> ReceiveFromAsync(
        int descriptor,
        Memory<byte> into,
        CancellationToken stop = default
    )
    {
        var call = _log.Begin("recvfrom", descriptor, $"{descriptor}, ≤{into.Length}", default);
        try
        {
            var received = await calls.ReceiveFromAsync(descriptor, into, stop);
            return received with { Because = _log.End(call, received.Length.ToString(), received.Because) };
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }

    public async ValueTask<ReceivedError> ReceiveErrorAsync(int descriptor, CancellationToken stop = default)
    {
        var call = _log.Begin("recvmsg", descriptor, $"{descriptor}, MSG_ERRQUEUE", default);
        try
        {
            var error = await calls.ReceiveErrorAsync(descriptor, stop);
            var result = $"{Errno.NameOf(error.Error)} from {error.From}";
            return error with { Because = _log.End(call, result, error.Because) };
        }
        catch (Exception error)
        {
            _log.Fail(call, error);
            throw;
        }
    }
}
