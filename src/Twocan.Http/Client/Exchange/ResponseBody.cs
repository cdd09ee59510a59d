using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>A response's body; its end writes the exchange down and gives the connection back.</summary>
internal sealed class ResponseBody(
    WebClient client,
    ClientConnection connection,
    Url url,
    Upload? upload,
    ResponseTiming timing,
    FetchPatience patience,
    EventId because
) : BodyStream(connection.Messages)
{
    private bool _isReturned;
    private bool _endsPatience;

    public EventId Because { get; private set; } = because;

    public Framing Framing { get; } = connection.Reader.Framing;

    public Fields? Trailers { get; private set; }

    /// <summary>It is what the caller gets: with it the fetch ends.</summary>
    public void HandOver()
    {
        _endsPatience = true;
        if (_isReturned)
            patience.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<MessageEvent> NextAsync(CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_isReturned, this);
        var happened = Connection.Next();
        if (happened == MessageEvent.NeedMore)
            happened = await WaitAsync(stop);
        if (happened != MessageEvent.Error)
            return happened;
        Return(reusable: false);
        var why = $"the response is broken: {connection.Reader.Error.Why}";
        throw Failures.Tell(client.Network, url, FetchStep.Receive, null, why, connection.Stream.Descriptor, Because);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<MessageEvent> WaitAsync(CancellationToken stop)
    {
        patience.Enter(FetchPhase.Idle);
        // What the caller says with a read of his own counts too.
        using var mine =
            stop == patience.Outer
                ? default
                : stop.UnsafeRegister(static patience => ((FetchPatience)patience!).Cancel(), patience);
        try
        {
            return await Connection.NextAsync(patience.Token);
        }
        catch (SocketException failure)
        {
            Return(reusable: false);
            throw Failures.Tell(client.Network, url, FetchStep.Receive, failure, connection.Stream.Descriptor, Because);
        }
        catch (OperationCanceledException)
        {
            Return(reusable: false);
            throw client.Given(patience, url, upload?.Broken, Because, stop);
        }
    }

    protected override void OnEnd()
    {
        timing.Ended = client.Network.Loop.LookAtTheClock();
        Trailers = connection.Reader.Framing.Kind == FramingKind.Chunked ? connection.Reader.Trailers : null;
        var arrival = connection.Stream.LastArrival.IsNone ? Because : connection.Stream.LastArrival;
        var ended = new ResponseEnded(connection.Stream.Descriptor, connection.Reader.Head!.Status, BytesRead);
        Because = client.Network.Journal?.Tell(ended, arrival) ?? Because;
        // What follows on this connection, its close too, follows from this.
        connection.Stream.Because = Because;
        Return(connection.Reader.KeepsAlive && upload is null or { IsWhole: true });
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Return(reusable: false);
        base.Dispose(disposing);
    }

    /// <summary>How long the server keeps the connection, if it says so.</summary>
    private static Duration? KeptFor(Fields fields)
    {
        if (!fields.Contains("Keep-Alive"))
            return null;
        var said = KeepAlive.Of(fields);
        return said.Max == 0 ? Duration.Zero : said.Timeout;
    }

    private void Return(bool reusable)
    {
        if (_isReturned)
            return;
        _isReturned = true;
        upload?.Stop();
        client.Pool.Return(connection, reusable, KeptFor(connection.Reader.Head!.Fields));
        if (_endsPatience)
            patience.Dispose();
    }
}
