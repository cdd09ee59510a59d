using System.Text;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>Parts of a document: one by itself, several as <c>multipart/byteranges</c> (RFC 9110 §14.6).</summary>
internal static class RangeAnswers
{
    public static Answer Parts(Document document, IReadOnlyList<ByteRange> ranges, Fields fields, string type)
    {
        if (ranges.Count == 1)
        {
            var range = ranges[0];
            fields.Add("Content-Range", range.ContentRange(document.Length)).Add("Content-Type", type);
            var body = document.Open();
            body.Position = range.First;
            return new(206, fields) { Body = body, BodyLength = range.Length };
        }
        // It follows from the content, and so is the same each time; that the content has it in it nobody can bring about.
        var boundary = $"twocan-{document.ETag.Trim('"')}-{ranges.Count}";
        fields.Add("Content-Type", $"multipart/byteranges; boundary={boundary}");
        var heads = ranges.Select(range =>
            Encoding.ASCII.GetBytes(
                $"\r\n--{boundary}\r\nContent-Type: {type}\r\nContent-Range: {range.ContentRange(document.Length)}\r\n\r\n"
            )
        );
        var parts = new MultipartBody(
            document.Open(),
            [.. heads.Zip(ranges)],
            Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n")
        );
        return new(206, fields) { Body = parts, BodyLength = parts.Length };
    }

    public static Answer Unsatisfiable(Document document, Fields fields) =>
        Answer.Page(416, "The document has no such bytes.", fields.Set("Content-Range", $"bytes */{document.Length}"));

    /// <summary>Heads and parts in turn, and the last line; nothing of it is put together beforehand.</summary>
    private sealed class MultipartBody : LoopStream
    {
        private readonly Stream _document;
        private readonly IReadOnlyList<(byte[] Head, ByteRange Range)> _parts;
        private readonly byte[] _end;
        private int _part;
        private long _at;

        public MultipartBody(Stream document, IReadOnlyList<(byte[] Head, ByteRange Range)> parts, byte[] end)
        {
            (_document, _parts, _end) = (document, parts, end);
            Length = parts.Sum(part => part.Head.Length + part.Range.Length) + end.Length;
        }

        public override long Length { get; }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var head = _part < _parts.Count ? _parts[_part].Head : _end;
            if (_at < head.Length)
            {
                var count = Math.Min(buffer.Length, head.Length - (int)_at);
                head.AsSpan((int)_at, count).CopyTo(buffer.Span);
                _at += count;
                return count;
            }
            if (_part == _parts.Count)
                return 0;
            var range = _parts[_part].Range;
            var done = _at - head.Length;
            _document.Position = range.First + done;
            var wanted = (int)Math.Min(buffer.Length, range.Length - done);
            var read = await _document.ReadAsync(buffer[..wanted], cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("The document has become shorter.");
            _at += read;
            if (done + read == range.Length)
                (_part, _at) = (_part + 1, 0);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _document.Dispose();
            base.Dispose(disposing);
        }
    }
}
