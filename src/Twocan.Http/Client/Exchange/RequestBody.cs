using System.Diagnostics.CodeAnalysis;

namespace Twocan.Http;

/// <summary>What a request carries: bytes that are there, or that come as they are read.</summary>
[SuppressMessage("Usage", "CA2225", Justification = "Of is that method.")]
public abstract class RequestBody
{
    /// <summary>Null when only its end will tell: it then goes out in chunks.</summary>
    public abstract long? Length { get; }

    /// <summary>It can be read from its beginning as often as needed: for a redirect, a question for a password, a connection that died.</summary>
    public abstract bool CanReplay { get; }

    /// <summary>All of it, where it is in memory.</summary>
    internal virtual ReadOnlyMemory<byte>? Bytes => null;

    public static implicit operator RequestBody(ReadOnlyMemory<byte> bytes) => Of(bytes);

    public static implicit operator RequestBody(byte[] bytes) => Of(bytes);

    public static RequestBody Of(ReadOnlyMemory<byte> bytes) => new InMemory(bytes);

    /// <summary>What <paramref name="open"/> gives is read with <c>ReadAsync</c>, on the loop, and disposed.</summary>
    public static RequestBody From(Func<Stream> open, long? length = null, bool canReplay = true) =>
        new Streamed(open, length, canReplay);

    /// <summary>A file, which is read while the loop waits.</summary>
    public static RequestBody FromFile(string path) =>
        new Streamed(() => new PromptFile(path), new FileInfo(path) is { Length: > 0 } file ? file.Length : null, true);

    internal abstract Stream Open();

    private sealed class InMemory(ReadOnlyMemory<byte> bytes) : RequestBody
    {
        public override long? Length => bytes.Length;

        public override bool CanReplay => true;

        internal override ReadOnlyMemory<byte>? Bytes => bytes;

        internal override Stream Open() => new MemoryStream(bytes.ToArray(), writable: false);
    }

    private sealed class Streamed(Func<Stream> open, long? length, bool canReplay) : RequestBody
    {
        private bool _isOpened;

        public override long? Length => length;

        public override bool CanReplay => canReplay || !_isOpened;

        internal override Stream Open()
        {
            if (!CanReplay)
                throw new InvalidOperationException("This body can be read only once.");
            _isOpened = true;
            return open();
        }
    }

    /// <summary>A FileStream reads on the thread pool, and its awaiter would go on there: this one reads at once.</summary>
    private sealed class PromptFile(string path) : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));
    }
}
