using System.IO.Compression;
using Twocan.Sockets;

namespace Twocan.Http;

/// <summary>
/// Takes off what a server has packed a body in (RFC 9110 §8.4): gzip, deflate, br. What comes out is read piece by piece, so
/// that a small body which unpacks to an immense one costs time and never memory, and ends at a limit.
/// </summary>
internal static class ContentCoding
{
    private const int MostCodings = 3;

    public static Stream Decode(ClientResponse response, ResponseBody body, long most, out string codings)
    {
        var names = response.Fields.ListOf("Content-Encoding").ToList();
        codings = string.Join(", ", names);
        Stream stream = body;
        if (names.Count > MostCodings)
            throw new IOException($"{response.Url.Href}: the body is packed {names.Count} times over");
        foreach (var name in names.AsEnumerable().Reverse())
        {
            stream = name.ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => new GZipStream(stream, CompressionMode.Decompress),
                "br" => new BrotliStream(stream, CompressionMode.Decompress),
                "deflate" => new DeflateOrZlib(stream),
                "identity" => stream,
                _ => throw new IOException(
                    $"{response.Url.Href}: the body is packed by '{name}', which was not asked for"
                ),
            };
        }
        return ReferenceEquals(stream, body) ? body : new Unpacked(stream, body, response.Url, most);
    }

    /// <summary>'deflate' is the zlib form (RFC 9110 §8.4.1.2); some servers send it bare, and the first two bytes tell.</summary>
    private sealed class DeflateOrZlib(Stream packed) : LoopStream
    {
        private Stream? _plain;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (_plain is null)
            {
                var start = new byte[2];
                var length = await packed.ReadAtLeastAsync(start, 2, throwOnEndOfStream: false, cancellationToken);
                var isZlib = length == 2 && (start[0] & 15) == 8 && (start[0] << 8 | start[1]) % 31 == 0;
                var whole = new Rejoined(start.AsMemory(0, length), packed);
                _plain = isZlib
                    ? new ZLibStream(whole, CompressionMode.Decompress)
                    : new DeflateStream(whole, CompressionMode.Decompress);
            }
            return await _plain.ReadAsync(buffer, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                (_plain ?? packed).Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>What was read ahead, and then the rest.</summary>
    private sealed class Rejoined(ReadOnlyMemory<byte> start, Stream rest) : LoopStream
    {
        private ReadOnlyMemory<byte> _start = start;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_start.IsEmpty)
                return rest.ReadAsync(buffer, cancellationToken);
            var length = Math.Min(buffer.Length, _start.Length);
            _start[..length].CopyTo(buffer);
            _start = _start[length..];
            return ValueTask.FromResult(length);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>The plain body: counted, and with the packed one read to its end, so that the connection can be used again.</summary>
    private sealed class Unpacked(Stream plain, ResponseBody packed, Url url, long most) : LoopStream
    {
        private long _count;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            int length;
            try
            {
                length = await plain.ReadAsync(buffer, cancellationToken);
                if (
                    length == 0
                    && buffer.Length > 0
                    && !packed.HasEnded
                    && await packed.ReadAsync(new byte[1], cancellationToken) > 0
                )
                    throw new InvalidDataException("there is more behind its end");
            }
            catch (Exception broken) when (broken is InvalidDataException or InvalidOperationException)
            {
                packed.Dispose();
                throw new IOException($"{url.Href}: the packed body is broken: {broken.Message}", broken);
            }
            _count += length;
            if (_count > most)
            {
                packed.Dispose();
                throw new IOException($"{url.Href}: the body unpacks to more than {most} bytes");
            }
            return length;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                plain.Dispose();
            base.Dispose(disposing);
        }
    }
}
