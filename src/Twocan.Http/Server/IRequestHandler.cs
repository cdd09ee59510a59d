using Twocan.Core;

namespace Twocan.Http;

/// <summary>Answers requests: a web server's files, a proxy, a program.</summary>
public interface IRequestHandler
{
    ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop);

    /// <summary>
    /// The answer to a plain GET or HEAD (without conditions, ranges or a body) where it lies ready as bytes; null to be asked
    /// with <see cref="AnswerAsync"/>. It says the same as that would.
    /// </summary>
    ReadyAnswer? FindReady(RequestHead head, Instant now) => null;

    /// <summary>
    /// A request is no longer looked at once it is answered, so that its head may be used again for the next one.
    /// </summary>
    bool ForgetsRequests => false;
}

/// <summary>A '200 OK' as bytes: all its fields but Date, Server and what belongs to the connection, the blank line, and the body.</summary>
public sealed class ReadyAnswer(ReadOnlyMemory<byte> fields, ReadOnlyMemory<byte> body)
{
    public ReadOnlyMemory<byte> Fields { get; } = fields;

    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>
    /// The body of a file that is too long to be copied each time: opened anew for each answer, so that nobody's file is closed
    /// under him. Throws an <see cref="IOException"/> when it is no longer the same.
    /// </summary>
    public Func<Stream>? Open { get; init; }

    /// <summary>Another coding of it may be had: only for who says nothing of codings.</summary>
    public bool Varies { get; init; }
}
