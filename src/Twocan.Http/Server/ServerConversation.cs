using System.Net.Security;
using Twocan.Core;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// One connection of a server, from its first request to its close.
/// <para>
/// Theory of operation. Requests are read, answered and forgotten one at a time, so answers to pipelined requests go out in
/// order by themselves; those that are ready at once are gathered and leave together. Whatever is waited for has its time
/// (<see cref="Patience"/>), and when it is over the connection ends; so one cancellation serves the whole life of it. When
/// the server closes first, it says its last and then listens a little for the client's goodbye: closing with unread bytes
/// would reset the connection and take the answer with it (RFC 9112 §9.6).
/// </para>
/// </summary>
internal sealed class ServerConversation : IDisposable
{
    private const int MostDrained = 64 * 1024;

    /// <summary>What a client is still sending when it is refused: it will look for the answer only when all of that is out.</summary>
    private const int MostLingered = 1 << 20;

    /// <summary>Answers are gathered up to so much before they are sent.</summary>
    private const int MostGathered = 16 * 1024;
    private static readonly Duration LingerTime = Duration.FromSeconds(2);

    private readonly INetwork _network;
    private readonly HttpServer _server;
    private readonly ServerOptions _options;
    private readonly TcpStream _stream;
    private readonly CancellationToken _stop;
    private readonly RequestReader _reader;
    private readonly Patience _patience;
    private MessageConnection _connection;
    private bool _isIdle;
    private int _served;

    public ServerConversation(INetwork network, HttpServer server, TcpStream stream, CancellationToken stop)
    {
        (_network, _server, _options, _stream, _stop) = (network, server, server.Options, stream, stop);
        _reader = new(_options.Limits) { IsProxy = _options.IsProxy, ReusesHead = server.Handler.ForgetsRequests };
        _connection = new(stream, _reader, loop: network.Loop);
        _patience = new(network.Loop, stop);
        Sender = new(network, _options, stream, _patience);
        // An answer is written as a whole; waiting for more would only hold back its last, short segment.
        stream.NoDelay = true;
    }

    private AnswerSender Sender { get; }

    private bool KeepsOn(RequestHead head) =>
        head.KeepsAlive && _served + 1 < _options.MaxRequests && !_server.IsEnding;

    public async Task RunAsync()
    {
        try
        {
            if (_options.Certificate is not null)
                await BeginTlsAsync();
            await ConverseAsync();
        }
        catch (OperationCanceledException) when (_patience.IsOver) { }
    }

    /// <summary>The server goes: a connection that only waits for a next request need not.</summary>
    public void EndIfIdle()
    {
        if (_isIdle)
            _patience.End();
    }

    public void Dispose()
    {
        Sender.Dispose();
        _patience.Dispose();
        _connection.Dispose();
        _connection.Transport.Dispose();
    }

    private async ValueTask BeginTlsAsync()
    {
        _patience.Until(_network.Loop.Now + _options.ReadTimeout);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = _options.Certificate,
            ApplicationProtocols = [SslApplicationProtocol.Http11],
        };
        var tls = await TlsStream.AuthenticateAsServerAsync(_stream, options, _patience.Token);
        _connection = new(_stream, _reader, tls, _network.Loop);
        Sender.Transport = tls;
    }

    private async Task ConverseAsync()
    {
        var hasBegun = false;
        while (true)
        {
            var happened = _connection.Next();
            if (happened == MessageEvent.NeedMore)
            {
                await Sender.FlushAsync();
                if (!_reader.IsWithinHead)
                    (_isIdle, hasBegun) = (true, false);
                if (_isIdle)
                    _patience.Until(_network.Loop.Now + _options.IdleTimeout);
                if (!_isIdle && !hasBegun)
                    _patience.Until(_network.Loop.Now + _options.ReadTimeout);
                hasBegun |= !_isIdle;
                if (_isIdle && _server.IsEnding)
                    return;
                try
                {
                    var more = await _connection.FillAsync(_patience.Token);
                    _isIdle = false;
                    if (more)
                        continue;
                    happened = _reader.ReadEnd();
                }
                catch (OperationCanceledException)
                    when (_patience.IsOver && _reader.IsWithinHead && !_stop.IsCancellationRequested)
                {
                    await RefuseAsync(new(408, "the request took too long"), EventId.None);
                    return;
                }
            }
            if (happened == MessageEvent.Head && IsAnsweredAtOnce(_reader.Head!))
            {
                _served++;
                if (Sender.HasFile || Sender.Gathered > MostGathered)
                    await Sender.FlushAsync();
            }
            else if (!await ServeAsync(happened))
            {
                return;
            }
            else
            {
                _served++;
            }
        }
    }

    /// <summary>A plain request for what lies ready goes no further than this.</summary>
    private bool IsAnsweredAtOnce(RequestHead head)
    {
        const KnownFields special =
            KnownFields.Framing
            | KnownFields.Conditions
            | KnownFields.Connection
            | KnownFields.Expect
            | KnownFields.Range
            | KnownFields.Upgrade;
        if (
            (head.Fields.Known & special) != KnownFields.None
            || _network.Journal is not null
            || _options.TellsTiming
            || !KeepsOn(head)
        )
            return false;
        var now = _network.Loop.Now;
        if (_server.Handler.FindReady(head, now) is not { } ready)
            return false;
        if (ready.Varies && (head.Fields.Known & KnownFields.AcceptEncoding) != KnownFields.None)
            return false;
        var isHead = head.Method == Methods.Head;
        Stream? file = null;
        try
        {
            if (!isHead)
                file = ready.Open?.Invoke();
        }
        catch (IOException)
        {
            return false;
        }
        // The message without a body has ended with its head.
        _connection.Next();
        Sender.Gather(_server.StatusLine.Ok(now), ready, !isHead, file);
        _server.Served++;
        _options.Log?.Tell(
            new(
                _stream.RemoteEndpoint,
                head,
                200,
                isHead ? 0 : file?.Length ?? ready.Body.Length,
                _network.Loop.UtcNow,
                Duration.Zero
            )
        );
        return true;
    }

    /// <summary>Answers what was read; false when that was the last.</summary>
    private async ValueTask<bool> ServeAsync(MessageEvent happened)
    {
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

    private async ValueTask<bool> AnswerAsync(RequestHead head, EventId received)
    {
        _patience.Rest();
        var began = _network.Loop.LookAtTheClock();
        using var body = new RequestBody(this, _connection, head.ExpectsContinue);
        body.EndIfEmpty();
        var request = new ServerRequest(head, body, _reader, Sender)
        {
            Local = _stream.LocalEndpoint,
            Remote = _stream.RemoteEndpoint,
            IsSecure = _options.Certificate is not null,
            Descriptor = _stream.Descriptor,
            Because = received,
        };
        Answer answer;
        try
        {
            answer =
                ServersOwnAnswers.To(head, _options) ?? await _server.Handler.AnswerAsync(request, _patience.Token);
        }
        catch (IOException failure)
            when ((failure as BadBodyException ?? failure.InnerException) is BadBodyException bad)
        {
            await RefuseAsync(bad.Error, received);
            return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A full disk, a file that is not ours: the next request may well be answered.
            answer = Answer.Page(500, failure.Message);
        }
        using (answer)
        {
            var keep = KeepsOn(head) && answer.Tunnel is null && await IsReadToItsEndAsync(request, body);
            if (answer.Status >= 400 && _reader.Error is { Status: 400 } broken)
            {
                // Refused it is anyway: that the request is broken as a whole says more than that it was not wanted.
                await RefuseAsync(broken, received);
                return false;
            }
            // Whoever reads the body on by himself need not be told any more to go on with it.
            body.NeedNotContinue();
            var timing = _options.TellsTiming ? Elapsed(began) : (Duration?)null;
            var sent = await Sender.SendAsync(answer, new(head, keep, _served, timing), received);
            _server.Served++;
            _options.Log?.Tell(
                new(_stream.RemoteEndpoint, head, answer.Status, sent.BodyBytes, _network.Loop.UtcNow, Elapsed(began))
            );
            if (answer.Tunnel is { } tunnel)
                await tunnel(_connection.Beyond(), _patience.Token);
            else if (!sent.KeepsAlive)
                await LingerAsync();
            return sent.KeepsAlive;
        }
    }

    private Duration Elapsed(Instant began) => _network.Loop.LookAtTheClock() - began;

    /// <summary>What the handler left of a body is read and thrown away, if it is not too much.</summary>
    private async ValueTask<bool> IsReadToItsEndAsync(ServerRequest request, RequestBody body)
    {
        if (body.HasEnded)
            return true;
        if (body.WaitsForContinue || request.IsBodyTaken)
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

    private async ValueTask RefuseAsync(MessageError error, EventId arrival)
    {
        using var answer = Answer.Page(error.Status, error.Why);
        var isTimeUp = _patience.IsOver;
        // The connection's own patience may be what has just ended: this short answer has a little of its own.
        using var patience = new Patience(_network.Loop, _stop);
        using var sender = new AnswerSender(_network, _options, _stream, patience)
        {
            Transport = _connection.Transport,
            WriteTimeout = LingerTime,
        };
        var head = new RequestHead(Methods.Get, "/", HttpVersion.Http11);
        try
        {
            var sent = await sender.SendAsync(answer, new(head, false, _served, null), arrival);
            _options.Log?.Tell(
                new(_stream.RemoteEndpoint, null, error.Status, sent.BodyBytes, _network.Loop.UtcNow, Duration.Zero)
            );
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            return;
        }
        if (!isTimeUp)
            await LingerAsync();
    }

    private async ValueTask LingerAsync()
    {
        if (_connection.Transport is TlsStream tls)
            await tls.ShutdownWriteAsync();
        _stream.ShutdownWrite();
        _patience.Until(_network.Loop.Now + LingerTime);
        var waste = new byte[16 * 1024];
        for (var left = MostLingered; left > 0; )
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
        private Instant _began = Instant.Never;

        public bool WaitsForContinue { get; private set; } = expectsContinue;

        public void NeedNotContinue() => WaitsForContinue = false;

        protected override async ValueTask<MessageEvent> NextAsync(CancellationToken stop)
        {
            if (WaitsForContinue)
            {
                WaitsForContinue = false;
                await conversation.Sender.SendContinueAsync();
            }
            var (patience, options) = (conversation._patience, conversation._options);
            var now = conversation._network.Loop.Now;
            if (_began == Instant.Never)
                _began = now;
            // Each piece has its time, and all of them together no more than the slowest client that is still served takes.
            var slowest = Duration.FromSeconds((double)BytesRead / options.MinimumRate);
            patience.Until(Instant.Min(now + options.ReadTimeout, _began + options.ReadTimeout + slowest));
            MessageEvent happened;
            try
            {
                happened = await NextAsync(patience, stop);
            }
            catch (OperationCanceledException) when (patience.IsOver && !conversation._stop.IsCancellationRequested)
            {
                throw new BadBodyException(new(408, "the body took too long"));
            }
            patience.Rest();
            return happened == MessageEvent.Error ? throw new BadBodyException(Connection.Reader.Error) : happened;
        }

        /// <summary>Who reads on by himself, while the answer goes out, has a wish to stop of his own.</summary>
        private ValueTask<MessageEvent> NextAsync(Patience patience, CancellationToken stop) =>
            stop == patience.Token || !stop.CanBeCanceled
                ? Connection.NextAsync(patience.Token)
                : NextOfEitherAsync(patience.Token, stop);

        private async ValueTask<MessageEvent> NextOfEitherAsync(CancellationToken patience, CancellationToken stop)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience, stop);
            return await Connection.NextAsync(either.Token);
        }

        protected override void OnEnd() => NeedNotContinue();
    }
}
