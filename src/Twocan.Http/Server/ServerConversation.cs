using System.Buffers;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// One connection of a server, from its first request to its close.
/// <para>
/// Theory of operation. Requests are read, answered and forgotten one at a time, so answers to pipelined requests go out in
/// order by themselves. There is one timer: whatever is waited for has a time, and when it is over the connection ends;
/// so one cancellation serves the whole life of it. When the server closes first, it says its last and then listens a
/// little for the client's goodbye: closing with unread bytes would reset the connection and take the answer with it (RFC 9112 §9.6).
/// </para>
/// </summary>
internal sealed class ServerConversation : IDisposable
{
    private const int MostDrained = 64 * 1024;
    private static readonly Duration LingerTime = Duration.FromSeconds(2);

    private readonly INetwork _network;
    private readonly IRequestHandler _handler;
    private readonly ServerOptions _options;
    private readonly TcpStream _stream;
    private readonly CancellationToken _stop;
    private readonly RequestReader _reader;
    private readonly MessageConnection _connection;
    private readonly CancellationTokenSource _patience;
    private readonly LoopTimer _timer;
    private bool _timeIsUp;
    private int _served;

    public ServerConversation(
        INetwork network,
        IRequestHandler handler,
        ServerOptions options,
        TcpStream stream,
        CancellationToken stop
    )
    {
        (_network, _handler, _options, _stream, _stop) = (network, handler, options, stream, stop);
        _reader = new(options.Limits) { IsProxy = options.IsProxy };
        _connection = new(stream, _reader);
        _patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _timer = network.Loop.CreateTimer(() =>
        {
            _timeIsUp = true;
            _patience.Cancel();
        });
        // An answer is written as a whole; waiting for more would only hold back its last, short segment.
        stream.NoDelay = true;
    }

    public async Task RunAsync()
    {
        try
        {
            while (await ServeOneAsync())
                _served++;
        }
        catch (OperationCanceledException) when (_timeIsUp) { }
    }

    public void Dispose()
    {
        _timer.Cancel();
        _patience.Dispose();
        _stream.Dispose();
    }

    /// <summary>Reads a request and answers it; false when that was the last.</summary>
    private async ValueTask<bool> ServeOneAsync()
    {
        MessageEvent happened;
        try
        {
            happened = await ReadHeadAsync();
        }
        catch (OperationCanceledException) when (_timeIsUp && _reader.IsWithinHead && !_stop.IsCancellationRequested)
        {
            await RefuseAsync(new(408, "the request took too long"), EventId.None);
            return false;
        }
        if (happened == MessageEvent.Closed)
            return false;

        var arrival = _stream.LastArrival;
        if (happened == MessageEvent.Error)
        {
            await RefuseAsync(_reader.Error, arrival);
            return false;
        }
        var head = _reader.Head!;
        var received =
            _network.Journal?.Tell(
                new RequestReceived(_stream.Descriptor, head.Method, head.Target, head.ToString()),
                arrival
            )
            ?? arrival;
        _stream.Because = received;
        return await AnswerAsync(head, received);
    }

    private async ValueTask<MessageEvent> ReadHeadAsync()
    {
        _timer.Set(_network.Loop.Now + _options.IdleTimeout);
        var hasBegun = false;
        while (true)
        {
            var happened = _connection.Next();
            if (happened != MessageEvent.NeedMore)
                return happened;
            if (_reader.IsWithinHead && !hasBegun)
            {
                hasBegun = true;
                _timer.Set(_network.Loop.Now + _options.ReadTimeout);
            }
            if (!await _connection.FillAsync(_patience.Token))
                return _reader.ReadEnd();
        }
    }

    private async ValueTask<bool> AnswerAsync(RequestHead head, EventId received)
    {
        _timer.Cancel();
        using var body = new RequestBody(this, _connection, head.ExpectsContinue);
        body.EndIfEmpty();
        var request = new ServerRequest(head, body, _reader)
        {
            Local = _stream.LocalEndpoint,
            Remote = _stream.RemoteEndpoint,
            Descriptor = _stream.Descriptor,
            Because = received,
        };
        Answer answer;
        try
        {
            answer = await _handler.AnswerAsync(request, _patience.Token);
        }
        catch (BadBodyException bad)
        {
            await RefuseAsync(bad.Error, received);
            return false;
        }
        using (answer)
        {
            var keep = head.KeepsAlive && _served + 1 < _options.MaxRequests && await IsReadToItsEndAsync(body);
            keep = await WriteAsync(answer, head, keep, received);
            if (!keep)
                await LingerAsync();
            return keep;
        }
    }

    /// <summary>What the handler left of a body is read and thrown away, if it is not too much.</summary>
    private async ValueTask<bool> IsReadToItsEndAsync(RequestBody body)
    {
        if (body.HasEnded)
            return true;
        if (body.WaitsForContinue)
            return false;
        var waste = new byte[4096];
        var begin = body.BytesRead;
        try
        {
            while (body.BytesRead - begin < MostDrained)
            {
                if (await body.ReadAsync(waste, _patience.Token) == 0)
                    return true;
            }
        }
        catch (BadBodyException)
        {
            // The answer to its head stands; only the connection is of no more use.
        }
        return body.HasEnded;
    }

    private async ValueTask<bool> WriteAsync(Answer answer, RequestHead head, bool keep, EventId received)
    {
        var response = new AnswerHead(answer, head, keep, _options, _served).Write(
            _network.Loop.UtcNow,
            out var framing
        );
        keep &= framing.Kind != FramingKind.UntilClose;
        var cause = answer.Because.IsNone ? received : answer.Because;
        var length = framing.Kind switch
        {
            FramingKind.None => 0,
            FramingKind.Length => framing.Length,
            _ => ResponseSent.UnknownLength,
        };
        var sent = _network.Journal?.Tell(
            new ResponseSent(_stream.Descriptor, response.Status, response.Reason, response.ToString(), length),
            cause
        );
        _stream.Because = sent ?? cause;
        var writer = new ArrayBufferWriter<byte>(1024);
        response.WriteTo(writer);
        return await new AnswerWriter(this, writer).WriteAsync(answer.Body, framing, _patience.Token) && keep;
    }

    /// <summary>Writes within the time that a client is given to take it.</summary>
    internal async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        _timer.Set(_network.Loop.Now + _options.WriteTimeout);
        await _stream.WriteAsync(bytes, stop);
        _timer.Cancel();
    }

    private async ValueTask RefuseAsync(MessageError error, EventId arrival)
    {
        using var answer = Answer.Page(error.Status, error.Why);
        var head = new RequestHead(Methods.Get, "/", HttpVersion.Http11);
        var response = new AnswerHead(answer, head, false, _options, _served).Write(
            _network.Loop.UtcNow,
            out var framing
        );
        _stream.Because =
            _network.Journal?.Tell(
                new ResponseSent(
                    _stream.Descriptor,
                    response.Status,
                    response.Reason,
                    response.ToString(),
                    framing.Length
                ),
                arrival
            )
            ?? arrival;
        var writer = new ArrayBufferWriter<byte>(1024);
        response.WriteTo(writer);
        await answer.Body!.ReadExactlyAsync(writer.GetMemory((int)framing.Length)[..(int)framing.Length], _stop);
        writer.Advance((int)framing.Length);
        // The connection's own patience may be what has just ended: this short answer has a little of its own.
        using var patience = new CancellationTokenSource(LingerTime.ToTimeSpan(), _network.Loop.TimeProvider);
        try
        {
            await _stream.WriteAsync(writer.WrittenMemory, patience.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        if (!_timeIsUp)
            await LingerAsync();
    }

    private async ValueTask LingerAsync()
    {
        _stream.ShutdownWrite();
        _timer.Set(_network.Loop.Now + LingerTime);
        var waste = new byte[4096];
        for (var left = MostDrained; left > 0; )
        {
            var length = await _stream.ReadAsync(waste, _patience.Token);
            if (length == 0)
                return;
            left -= length;
        }
    }

    private sealed class BadBodyException(MessageError error) : IOException(error.Why)
    {
        public MessageError Error => error;
    }

    private sealed class RequestBody(
        ServerConversation conversation,
        MessageConnection connection,
        bool expectsContinue
    ) : BodyStream(connection)
    {
        public bool WaitsForContinue { get; private set; } = expectsContinue;

        protected override async ValueTask<MessageEvent> NextAsync(CancellationToken stop)
        {
            if (WaitsForContinue)
            {
                WaitsForContinue = false;
                await conversation.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop);
            }
            conversation._timer.Set(conversation._network.Loop.Now + conversation._options.ReadTimeout);
            var happened = await Connection.NextAsync(conversation._patience.Token);
            conversation._timer.Cancel();
            return happened == MessageEvent.Error ? throw new BadBodyException(Connection.Reader.Error) : happened;
        }

        protected override void OnEnd() => WaitsForContinue = false;
    }
}
