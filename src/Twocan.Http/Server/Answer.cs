using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>A request as its handler sees it.</summary>
public sealed class ServerRequest
{
    private readonly MessageReader _reader;
    private readonly AnswerSender _sender;

    internal ServerRequest(RequestHead head, Stream body, MessageReader reader, AnswerSender sender) =>
        (Head, Body, _reader, _sender) = (head, body, reader, sender);

    public RequestHead Head { get; }

    /// <summary>The body as it arrives; a client that waits for '100 Continue' gets it when the first byte is asked for.</summary>
    public Stream Body { get; }

    public Framing Framing => _reader.Framing;

    /// <summary>The fields after a chunked body, once it has been read.</summary>
    public Fields Trailers => _reader.Trailers;

    public Endpoint Local { get; internal init; }

    public Endpoint Remote { get; internal init; }

    /// <summary>The loop that it came on.</summary>
    public EventLoop Loop => _sender.Loop;

    /// <summary>It came over TLS.</summary>
    public bool IsSecure { get; internal init; }

    /// <summary>The server's descriptor for this connection.</summary>
    public int Descriptor { get; internal init; }

    /// <summary>The event of the request's arrival: the cause of all that is done for it.</summary>
    public EventId Because { get; internal init; }

    /// <summary>How often the server has followed a program to another place of its own.</summary>
    internal int LocalRedirects { get; private init; }

    /// <summary>Somebody reads the body on, also after the answer has begun: what is left of it is nobody else's.</summary>
    internal bool IsBodyTaken { get; private set; }

    /// <summary>The body, for somebody who goes on reading it by himself.</summary>
    internal Stream TakeBody()
    {
        IsBodyTaken = true;
        return Body;
    }

    /// <summary>
    /// The body for somebody further up, to be read piece by piece as it arrives; null where there is none. It can be read only once,
    /// and so is sent only once.
    /// </summary>
    public RequestBody? BodyToPassOn() =>
        Framing.Kind switch
        {
            FramingKind.None => null,
            FramingKind.Length => RequestBody.From(TakeBody, Framing.Length, canReplay: false),
            _ => RequestBody.From(TakeBody, null, canReplay: false),
        };

    /// <summary>The same client, asking for something else without a body.</summary>
    internal ServerRequest Redirected(RequestHead head) =>
        new(head, Stream.Null, new RequestReader(), _sender)
        {
            Local = Local,
            Remote = Remote,
            IsSecure = IsSecure,
            Descriptor = Descriptor,
            Because = Because,
            LocalRedirects = LocalRedirects + 1,
        };

    /// <summary>Sends an interim (1xx) response ahead of the answer, where the client knows such (RFC 9110 §15.2).</summary>
    public ValueTask SendInterimAsync(ResponseHead interim)
    {
        if (!StatusCodes.IsInterim(interim.Status) || interim.Status == 101)
            throw new ArgumentException($"{interim.Status} is not an interim response.", nameof(interim));
        return Head.Version.IsAtLeast11 ? _sender.SendInterimAsync(interim) : ValueTask.CompletedTask;
    }
}

/// <summary>
/// What a handler answers. The server adds Date and Server where they are missing, and alone decides about
/// Content-Length, Transfer-Encoding, Connection and Keep-Alive.
/// </summary>
public sealed class Answer : IDisposable
{
    public Answer(int status, Fields? fields = null)
    {
        Status = status;
        Fields = fields ?? new();
    }

    public int Status { get; }

    /// <summary>Null for the usual phrase.</summary>
    public string? Reason { get; init; }

    public Fields Fields { get; }

    /// <summary>Null when there is none. It is read to its end (or not at all, for HEAD) and disposed.</summary>
    public Stream? Body { get; init; }

    /// <summary>The body's length, also for HEAD; null when only its end will tell, or there is none.</summary>
    public long? BodyLength { get; init; }

    /// <summary>What led to this answer, when it is more than the request itself: a response from further up, a cache's decision.</summary>
    public EventId Because { get; init; }

    /// <summary>
    /// After this answer (101, or 200 to CONNECT) the connection speaks another protocol: it is given what comes and goes from
    /// then on, and the connection is closed when it ends.
    /// </summary>
    public Func<Stream, CancellationToken, Task>? Tunnel { get; init; }

    /// <summary>A body from memory.</summary>
    public static Answer Of(int status, ReadOnlyMemory<byte> body, string contentType, Fields? fields = null) =>
        new(status, (fields ?? new()).Set("Content-Type", contentType))
        {
            Body = new MemoryStream(body.ToArray(), writable: false),
            BodyLength = body.Length,
        };

    /// <summary>A small page that says the status in words.</summary>
    public static Answer Page(int status, string why, Fields? fields = null)
    {
        var title = $"{status} {StatusCodes.Phrase(status)}";
        var text = System.Net.WebUtility.HtmlEncode(why);
        var page =
            $"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><h1>{title}</h1><p>{text}</p></body></html>\n";
        return Of(status, Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8", fields);
    }

    public void Dispose() => Body?.Dispose();
}
