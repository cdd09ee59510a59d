using System.Net.Sockets;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>A response's body; its end writes the exchange down and gives the connection back.</summary>
internal sealed class ResponseBody(
    INetwork network,
    ConnectionPool pool,
    ClientConnection connection,
    Url url,
    ResponseTiming timing,
    EventId because
) : BodyStream(connection.Messages)
{
    private bool _isReturned;

    public EventId Because { get; private set; } = because;

    public Framing Framing { get; } = connection.Reader.Framing;

    public Fields Trailers { get; private set; } = new();

    protected override async ValueTask<MessageEvent> NextAsync(CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_isReturned, this);
        MessageEvent happened;
        try
        {
            happened = await Connection.NextAsync(stop);
        }
        catch (SocketException failure)
        {
            Return(reusable: false);
            throw Failures.Tell(network, url, FetchStep.Receive, failure, connection.Stream.Descriptor, Because);
        }
        if (happened != MessageEvent.Error)
            return happened;
        Return(reusable: false);
        var why = $"the response is broken: {connection.Reader.Error.Why}";
        throw Failures.Tell(network, url, FetchStep.Receive, null, why, connection.Stream.Descriptor, Because);
    }

    protected override void OnEnd()
    {
        timing.Ended = network.Loop.Now;
        Trailers = connection.Reader.Trailers;
        var arrival = connection.Stream.LastArrival.IsNone ? Because : connection.Stream.LastArrival;
        var ended = new ResponseEnded(connection.Stream.Descriptor, connection.Reader.Head!.Status, BytesRead);
        Because = network.Journal?.Tell(ended, arrival) ?? Because;
        // What follows on this connection, its close too, follows from this.
        connection.Stream.Because = Because;
        Return(connection.Reader.KeepsAlive);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Return(reusable: false);
        base.Dispose(disposing);
    }

    private void Return(bool reusable)
    {
        if (_isReturned)
            return;
        _isReturned = true;
        pool.Return(connection, reusable);
    }
}
