using System.Globalization;
using System.Runtime.InteropServices;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>What an answer's head has to know beside the answer.</summary>
/// <param name="Keeps">The server means to go on with the connection, if the body's framing lets it.</param>
/// <param name="Served">Requests of this connection before this one.</param>
/// <param name="Took">How long the answer took to make, where that is told.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerContext(RequestHead Request, bool Keeps, int Served, Duration? Took);

/// <summary>Makes a response's head of a handler's answer: the fields that belong to the connection, and how the body is framed.</summary>
internal static class AnswerHead
{
    public static ResponseHead Make(
        Answer answer,
        AnswerContext context,
        ServerOptions options,
        DateTimeOffset now,
        out Framing framing
    )
    {
        framing = FramingOfBody(answer, context.Request);
        var fields = new Fields();
        if (!answer.Fields.Contains("Date"))
            fields.Add("Date", HttpDate.Format(now));
        if (options.Software is { } software && !answer.Fields.Contains("Server"))
            fields.Add("Server", software);
        foreach (var field in answer.Fields)
        {
            if (!IsOfTheConnection(field))
                fields.TryAdd(field.NameBytes, field.ValueBytes);
        }
        if (context.Took is { } took)
            fields.Add(
                "Server-Timing",
                string.Create(CultureInfo.InvariantCulture, $"answer;dur={took.TotalMilliseconds:0.###}")
            );
        if (LengthOf(answer, context.Request, framing) is { } length)
            fields.Add("Content-Length", length.ToString(CultureInfo.InvariantCulture));
        else if (framing.Kind == FramingKind.Chunked)
            fields.Add("Transfer-Encoding", "chunked");
        if (answer.Tunnel is null)
            AddPersistence(fields, context, options, framing);
        else if (answer.Status == 101)
            fields.Add("Connection", "upgrade");
        return new(answer.Status, fields, answer.Reason);
    }

    /// <summary>RFC 9110 §8.6: HEAD tells the length that GET would have; 1xx, 204 and 304 tell none.</summary>
    private static long? LengthOf(Answer answer, RequestHead request, Framing framing)
    {
        if (StatusCodes.HasNoBody(answer.Status) || answer.Tunnel is not null)
            return null;
        if (answer.BodyLength is { } length)
            return length;
        return framing.Kind == FramingKind.None && answer.Body is null && request.Method != Methods.Head ? 0 : null;
    }

    private static Framing FramingOfBody(Answer answer, RequestHead request)
    {
        if (request.Method == Methods.Head || StatusCodes.HasNoBody(answer.Status) || answer.Body is null)
            return Framing.None;
        if (answer.BodyLength is { } length)
            return new(FramingKind.Length, length);
        return new(request.Version.IsAtLeast11 ? FramingKind.Chunked : FramingKind.UntilClose);
    }

    private static void AddPersistence(Fields fields, AnswerContext context, ServerOptions options, Framing framing)
    {
        if (!context.Keeps || framing.Kind == FramingKind.UntilClose)
        {
            fields.Add("Connection", "close");
        }
        else if (context.Request.Fields.HasToken("Connection", "keep-alive"))
        {
            fields.Add("Connection", "Keep-Alive");
            fields.Add(
                "Keep-Alive",
                new KeepAlive(options.IdleTimeout, options.MaxRequests - context.Served - 1).ToString()
            );
        }
    }

    private static bool IsOfTheConnection(Field field) =>
        field.Is("Content-Length") || field.Is("Transfer-Encoding") || field.Is("Connection") || field.Is("Keep-Alive");
}
