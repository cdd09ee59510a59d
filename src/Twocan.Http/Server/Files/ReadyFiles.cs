using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// The answers with small documents, as bytes, by the target that they are for. Each is looked after: when a document's file has
/// another time, length or number, its answer is made anew; and now and then in any case, for a better default file or a
/// compressed sibling may have come.
/// </summary>
internal sealed class ReadyFiles(IDocumentRoot root, SiteOptions options, ReadyFiles.Maker make)
{
    /// <summary>
    /// Up to this a body is kept, and sent from memory: measured, that costs the kernel no more than sendfile does, and no file has
    /// to be opened for it. What the system has of a larger one in its own memory is sent from there.
    /// </summary>
    private const int LongestBody = 128 * 1024;
    private const long MostBytes = 64 << 20;

    private static readonly Duration s_answerHolds = Duration.FromSeconds(2);

    private readonly Dictionary<byte[], Entry> _entries = new(BytesComparer.Instance);
    private readonly Queue<byte[]> _oldest = new();
    private long _bytes;
    private long _writes;

    public delegate Answer Maker(RequestHead head, out Document? document, out IReadOnlyList<string> place);

    public ReadyAnswer? Find(RequestHead head, Instant now)
    {
        if (head.Method is not (Methods.Get or Methods.Head))
            return null;
        if (_writes != options.Writes.Count)
            Forget();
        var target = head.TargetBytes;
        var lookup = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(target, out var entry))
        {
            if (
                now - entry.Looked < options.LookHolds
                || (entry.Answer.Open is not null && head.Method == Methods.Get && now - entry.Made < s_answerHolds)
            )
                return entry.Answer;
            if (now - entry.Made < s_answerHolds && root.IsUnchanged(entry.Place, entry.Document))
            {
                entry.Looked = now;
                return entry.Answer;
            }
            lookup.Remove(target);
            _bytes -= entry.Length;
        }
        // What a query adds means nothing to a file: a thousand of them would be a thousand times the same.
        return target[0] == '/' && !target.Contains((byte)'?') && TryMake(head, now, entry, out var made)
            ? made.Answer
            : null;
    }

    /// <summary>Something has been written: what is asked for next is looked at anew.</summary>
    private void Forget()
    {
        _writes = options.Writes.Count;
        _entries.Clear();
        _oldest.Clear();
        _bytes = 0;
    }

    /// <param name="before">What was answered until now, whose bytes serve again where they are the same.</param>
    private bool TryMake(RequestHead head, Instant now, Entry? before, [NotNullWhen(true)] out Entry? entry)
    {
        entry = null;
        // As for a GET without a field that changes anything: that is what is asked for.
        var plain = new RequestHead(Methods.Get, head.Target, HttpVersion.Http11);
        using var answer = make(plain, out var document, out var place);
        if (answer.Status != 200 || document is null || answer.Body is null || answer.BodyLength is not { } length)
            return false;
        var isSent = length > LongestBody;
        if (isSent && answer.Body is not FileBody)
            return false;
        var text = string.Create(CultureInfo.InvariantCulture, $"{answer.Fields}Content-Length: {length}\r\n\r\n");
        var fields = Encoding.Latin1.GetBytes(text);
        var ready = before?.Answer;
        // The tag among the fields is a strong one: with the same fields it is the same body.
        if (ready is null || isSent || ready.Open is not null || !ready.Fields.Span.SequenceEqual(fields))
        {
            var body = new byte[isSent ? 0 : (int)length];
            if (answer.Body.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) != body.Length)
                return false;
            ready = new(fields, body) { Varies = answer.Fields.Contains("Vary"), Open = isSent ? document.Open : null };
        }
        entry = new(ready, document, place) { Made = now, Looked = now };
        Keep(head.TargetBytes.ToArray(), entry);
        return true;
    }

    private void Keep(byte[] target, Entry entry)
    {
        _entries[target] = entry;
        _oldest.Enqueue(target);
        _bytes += entry.Length;
        // The oldest go first; the queue may name some that have gone already.
        while ((_bytes > MostBytes || _oldest.Count > 2 * _entries.Count + 64) && _oldest.TryDequeue(out var oldest))
        {
            if (_entries.TryGetValue(oldest, out var one) && one != entry && _entries.Remove(oldest))
                _bytes -= one.Length;
        }
    }

    private sealed class Entry(ReadyAnswer answer, Document document, IReadOnlyList<string> place)
    {
        public ReadyAnswer Answer => answer;

        public Document Document => document;

        public IReadOnlyList<string> Place => place;

        public Instant Made { get; init; }

        public Instant Looked { get; set; }

        public long Length => answer.Fields.Length + answer.Body.Length;
    }

    /// <summary>Targets as the bytes that they came as.</summary>
    private sealed class BytesComparer
        : IEqualityComparer<byte[]>,
            IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
