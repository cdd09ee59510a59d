using System.Text;
using Twocan.Core;

namespace Twocan.Http.Tests;

/// <summary>What a reader made of some bytes, as lines of text that can be compared; pieces of a body that touch are one.</summary>
internal static class Transcript
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string OfRequests(string text, MessageLimits? limits = null, bool ends = false) =>
        Of(new RequestReader(limits), [Bytes(text)], ends);

    public static string OfResponses(string text, string method = "GET", MessageLimits? limits = null, bool ends = true)
    {
        var reader = new ResponseReader(limits);
        reader.Expect(method);
        return Of(reader, [Bytes(text)], ends);
    }

    public static string Of(MessageReader reader, IEnumerable<byte[]> parts, bool ends)
    {
        var lines = new StringBuilder();
        var body = new StringBuilder();
        foreach (var part in parts)
        {
            ReadOnlyMemory<byte> input = part;
            MessageEvent happened;
            do
            {
                happened = reader.Read(ref input, out var piece);
                Tell(reader, happened, piece.Span, lines, body);
            } while (happened is not (MessageEvent.NeedMore or MessageEvent.Error));
            if (happened == MessageEvent.Error)
                return lines.ToString();
            if (!input.IsEmpty)
                throw new InvalidOperationException($"{input.Length} bytes were left after {happened}");
        }
        if (ends)
            Tell(reader, reader.ReadEnd(), default, lines, body);
        else if (body.Length > 0)
            lines.Append("body ").Append(body).Append('\n');
        return lines.ToString();
    }

    /// <summary>The bytes in parts that a seed chooses.</summary>
    public static IEnumerable<byte[]> Cut(byte[] bytes, RandomSource random)
    {
        for (var at = 0; at < bytes.Length; )
        {
            var length = Math.Min(bytes.Length - at, random.Next(1, 12));
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    private static void Tell(
        MessageReader reader,
        MessageEvent happened,
        ReadOnlySpan<byte> piece,
        StringBuilder lines,
        StringBuilder body
    )
    {
        if (happened == MessageEvent.Body)
            body.Append(Encoding.Latin1.GetString(piece));
        if (happened is MessageEvent.Body or MessageEvent.NeedMore)
            return;
        if (body.Length > 0)
            lines.Append("body ").Append(body).Append('\n');
        body.Clear();
        var head = reader is RequestReader request
            ? request.Head?.ToString()
            : ((ResponseReader)reader).Head?.ToString();
        lines.Append(
            happened switch
            {
                MessageEvent.Head => $"head {head}",
                MessageEvent.Interim => $"interim {head}",
                MessageEvent.Error => $"error {reader.Error.Status}\n",
                MessageEvent.End when reader.Trailers.Count > 0 => $"end {reader.Trailers}",
                _ => happened.ToString().ToLowerInvariant() + "\n",
            }
        );
    }
}
