using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// One request and its response, over a connection of the pool. A kept connection may have died unseen: a request that may be
/// sent twice is then sent once more, on a new one.
/// </summary>
internal sealed class Exchange(
    WebClient client,
    ClientRequest request,
    Additions additions,
    FetchPatience patience,
    EventId because
)
{
    /// <summary>A small body goes out together with its head.</summary>
    private const int MostTogether = 16 * 1024;

    /// <summary>RFC 9110 §10.1.1 wants no client to wait for ever; so long all of them wait.</summary>
    private static readonly Duration s_patienceForContinue = Duration.FromSeconds(1);

    private readonly ResponseTiming _timing = new() { Began = client.Network.Loop.LookAtTheClock() };
    private ClientConnection _connection = null!;
    private Upload? _upload;
    private EventId _sent;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ClientResponse> RunAsync()
    {
        var route = FetchRoute.To(request.Url, additions.Proxy);
        for (var fresh = false; ; fresh = true)
        {
            if (fresh || !client.Pool.TryRent(route, out _connection))
                _connection = await client.Pool.RentAsync(
                    request.Url,
                    route,
                    fresh,
                    additions.ProxyAuthorization,
                    _timing,
                    patience,
                    because
                );
            ClientResponse? response = null;
            try
            {
                response = await TryAsync();
            }
            finally
            {
                if (response is null)
                    client.Pool.Return(_connection, reusable: false);
            }
            if (response is not null)
                return response;
        }
    }

    /// <summary>
    /// Null when a kept connection turned out to be dead before anything of a response came, and the request may be sent again
    /// (RFC 9112 §9.3.1).
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ClientResponse?> TryAsync()
    {
        var stream = _connection.Stream;
        var step = FetchStep.Send;
        _sent = because;
        MessageEvent happened;
        LoopTimer? goAhead = null;
        try
        {
            patience.Enter(FetchPhase.Send);
            var rest = WriteHead();
            await _connection.Messages.Transport.WriteAsync(_connection.Out.WrittenMemory, patience.Token);
            _timing.Sent = client.Network.Loop.LookAtTheClock();
            patience.Enter(FetchPhase.FirstByte);
            if (rest)
                goAhead = BeginUpload();
            step = FetchStep.Receive;
            happened = await NextHeadAsync();
        }
        catch (SocketException failure)
        {
            if (MayRetry)
                return null;
            // That the server took no more says more than that it then said nothing.
            if (_upload?.Refusal is not null)
                step = FetchStep.Send;
            throw Failures.Tell(client.Network, request.Url, step, failure, stream.Descriptor, _sent);
        }
        catch (OperationCanceledException) when (_upload?.Broken is { } broken)
        {
            throw new IOException($"{request.Url.Href}: {broken.Message}", broken);
        }
        finally
        {
            goAhead?.Cancel();
        }
        if (happened == MessageEvent.Head)
            return Begin();
        if (MayRetry)
            return null;
        var why = _connection.Reader.HasReadNothing
            ? "the server closed the connection instead of answering"
            : $"the response is broken: {_connection.Reader.Error.Why}";
        throw Failures.Tell(client.Network, request.Url, step, null, why, stream.Descriptor, _sent);
    }

    private bool MayRetry =>
        _connection.IsReused
        && _connection.Reader.HasReadNothing
        && Methods.IsIdempotent(request.Method)
        && request.Body is null or { CanReplay: true };

    /// <summary>Puts the head together, and a small body behind it; true when a body is to follow.</summary>
    private bool WriteHead()
    {
        var (writer, stream) = (_connection.Out, _connection.Stream);
        writer.ResetWrittenCount();
        RequestWriter.Write(writer, request, client.Options, additions);
        if (client.Network.Journal is { } journal)
        {
            var head = Encoding.Latin1.GetString(writer.WrittenSpan);
            var line = head.AsSpan(0, head.IndexOf('\r', StringComparison.Ordinal));
            var target = line[(request.Method.Length + 1)..line.LastIndexOf(' ')].ToString();
            _sent = journal.Tell(
                new RequestSent(stream.Descriptor, request.Method, target, request.Url.Authority, head),
                because
            );
        }
        request.Watcher?.OnRequest(writer.WrittenSpan, Used, _timing);
        stream.Because = _sent;
        _connection.Reader.Expect(request.Method);
        if (request.Body is not { Length: not 0 } body)
            return false;
        if (additions.ExpectsContinue || RequestWriter.IsChunked(request))
            return true;
        if (body.Bytes is not { Length: <= MostTogether } bytes)
            return true;
        writer.Write(bytes.Span);
        return false;
    }

    /// <summary>The body goes its own way while the answer is awaited; where the server is to be asked first, the answer is its beginning.</summary>
    private LoopTimer? BeginUpload()
    {
        _upload = new(_connection, request, patience);
        if (!additions.ExpectsContinue)
        {
            Send(_upload);
            return null;
        }
        var timer = client.Network.Loop.CreateTimer(() => Send(_upload));
        timer.Set(client.Network.Loop.Now + s_patienceForContinue);
        return timer;
    }

    private void Send(Upload upload)
    {
        if (!upload.HasBegun && !upload.IsStopped)
            client.Network.Loop.Start($"{client.Network.Name} upload", upload.RunAsync);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<MessageEvent> NextHeadAsync()
    {
        while (true)
        {
            var happened = await _connection.Messages.NextAsync(patience.Token);
            if (happened != MessageEvent.Interim)
                return happened;
            var interim = _connection.Reader.Head!;
            if (interim.Status == 100 && _upload is not null)
                Send(_upload);
            request.Watcher?.OnInterim(interim);
        }
    }

    private ClientResponse Begin()
    {
        var (stream, head) = (_connection.Stream, _connection.Reader.Head!);
        _timing.HeadArrived = client.Network.Loop.LookAtTheClock();
        patience.Enter(FetchPhase.Idle);
        // Who refuses does not want the rest.
        if (_upload is { IsWhole: false } && head.Status >= 300)
            _upload.Stop();
        var began = stream.LastArrival.IsNone ? _sent : stream.LastArrival;
        if (client.Network.Journal is { } journal)
            began = journal.Tell(
                new ResponseBegan(stream.Descriptor, head.Status, head.Reason, head.ToString()),
                began
            );
        stream.Because = began;
        var body = new ResponseBody(client, _connection, request.Url, _upload, _timing, patience, began);
        // Before the end of a message without a body, which may be the connection's too.
        var used = Used;
        body.EndIfEmpty();
        var response = new ClientResponse(request.Url, head, body, used, _timing);
        request.Watcher?.OnResponse(response);
        return response;
    }

    private ConnectionUsed Used =>
        new(
            _connection.Stream.Descriptor,
            _connection.Stream.LocalEndpoint,
            _connection.Stream.RemoteEndpoint,
            _connection.IsReused
        )
        {
            Tls = _connection.Tls?.Version,
            CipherSuite = _connection.Tls?.CipherSuite,
            Proxy = additions.Proxy,
        };
}
