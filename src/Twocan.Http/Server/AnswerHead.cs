using System.Globalization;

namespace Twocan.Http;

/// <summary>Makes a response's head of a handler's answer: the fields that belong to the connection, and how the body is framed.</summary>
internal readonly struct AnswerHead(Answer answer, RequestHead request, bool keep, ServerOptions options, int served)
{
    public ResponseHead Write(DateTimeOffset now, out Framing framing)
    {
        framing = FramingOfBody();
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
        // RFC 9110 §8.6: HEAD tells the length that GET would have; 204 and 304 tell none.
        if (answer.BodyLength is { } length && !StatusCodes.HasNoBody(answer.Status))
            fields.Add("Content-Length", length.ToString(CultureInfo.InvariantCulture));
        else if (framing.Kind == FramingKind.Chunked)
            fields.Add("Transfer-Encoding", "chunked");
        else if (
            framing.Kind == FramingKind.None
            && answer.Body is null
            && !StatusCodes.HasNoBody(answer.Status)
            && request.Method != Methods.Head
        )
            fields.Add("Content-Length", "0");
        AddPersistence(fields, keep && framing.Kind != FramingKind.UntilClose);
        return new(answer.Status, fields, answer.Reason);
    }

    private Framing FramingOfBody()
    {
        if (request.Method == Methods.Head || StatusCodes.HasNoBody(answer.Status) || answer.Body is null)
            return Framing.None;
        if (answer.BodyLength is { } length)
            return new(FramingKind.Length, length);
        return new(request.Version.IsAtLeast11 ? FramingKind.Chunked : FramingKind.UntilClose);
    }

    private void AddPersistence(Fields fields, bool keeps)
    {
        if (!keeps)
        {
            fields.Add("Connection", "close");
        }
        else if (request.Fields.HasToken("Connection", "keep-alive"))
        {
            fields.Add("Connection", "Keep-Alive");
            var seconds = (long)options.IdleTimeout.TotalSeconds;
            fields.Add("Keep-Alive", $"timeout={seconds}, max={options.MaxRequests - served - 1}");
        }
    }

    private static bool IsOfTheConnection(Field field) =>
        field.Is("Content-Length") || field.Is("Transfer-Encoding") || field.Is("Connection") || field.Is("Keep-Alive");
}

/// <summary>Writes an answer piece by piece: a large file is never in memory as a whole, a small one goes out together with its head.</summary>
internal readonly struct AnswerWriter(ServerConversation conversation, System.Buffers.ArrayBufferWriter<byte> writer)
{
    private const int PieceLength = 32 * 1024;

    /// <summary>False when the body broke off: only the end of the connection can tell the client so.</summary>
    public async ValueTask<bool> WriteAsync(Stream? body, Framing framing, CancellationToken stop)
    {
        if (framing.Kind == FramingKind.None || body is null)
        {
            await FlushAsync(stop);
            return true;
        }
        var left = framing.Kind == FramingKind.Length ? framing.Length : long.MaxValue;
        var piece = new byte[(int)Math.Min(left, PieceLength)];
        while (left > 0)
        {
            int length;
            try
            {
                var reading = body.ReadAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), stop);
                // A head does not wait for a body that is still on its way.
                if (!reading.IsCompleted && writer.WrittenCount > 0)
                    await FlushAsync(stop);
                length = await reading;
            }
            catch (IOException)
            {
                return false;
            }
            if (length == 0)
                break;
            left -= length;
            if (framing.Kind == FramingKind.Chunked)
                ChunkedWriter.WriteChunk(writer, piece.AsSpan(0, length));
            else
                System.Buffers.BuffersExtensions.Write(writer, piece.AsSpan(0, length));
            await FlushAsync(stop);
        }
        if (framing.Kind == FramingKind.Chunked)
            ChunkedWriter.WriteEnd(writer);
        await FlushAsync(stop);
        return framing.Kind != FramingKind.Length || left == 0;
    }

    private async ValueTask FlushAsync(CancellationToken stop)
    {
        if (writer.WrittenCount == 0)
            return;
        await conversation.SendAsync(writer.WrittenMemory, stop);
        writer.ResetWrittenCount();
    }
}
