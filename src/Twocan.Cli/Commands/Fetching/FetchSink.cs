using System.Security.Cryptography;
using Twocan.Http;

namespace Twocan.Cli;

/// <summary>Where a body goes: a file, standard output, or memory for <c>--json</c>.</summary>
internal sealed class FetchSink : IDisposable
{
    private const int MostInMemory = 16 << 20;

    private readonly Invocation _call;
    private readonly Stream? _stream;
    private readonly MemoryStream? _memory;
    private IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isLooked;

    private FetchSink(Invocation call, string? file, Stream? stream)
    {
        (_call, File, _stream) = (call, file, stream);
        _memory = call.Json && file is null ? new() : null;
    }

    public string? File { get; }

    /// <summary>Bytes that are there, with those of another time.</summary>
    public long Length { get; private set; }

    /// <summary>By what the server can tell whether the rest is of the same.</summary>
    public string? Validator { get; set; }

    public Resumption Resumption => File is null ? default : new(Length, Validator);

    /// <summary>What came, where it is kept in memory.</summary>
    public byte[]? Kept => _memory?.Length <= MostInMemory ? _memory.ToArray() : null;

    /// <summary>Beside a file that is there in part stands what its server calls it.</summary>
    private string ValidatorFile => File + ".validator";

    /// <param name="from">Where to go on: -1 is where the file ends, null is from the beginning.</param>
    public static FetchSink Open(Invocation call, string? file, long? from, Url url)
    {
        if (file is null)
            return new(call, null, null);
        try
        {
            var stream = new FileStream(
                file,
                from is null ? FileMode.Create : FileMode.OpenOrCreate,
                FileAccess.ReadWrite
            );
            var sink = new FetchSink(call, file, stream);
            if (from is { } offset)
                sink.GoOn(offset < 0 ? stream.Length : offset, url);
            return sink;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"'{file}' cannot be written: {failure.Message}");
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!_isLooked && File is null && !_call.Json)
            ThrowIfItWouldHarm(bytes);
        _isLooked = true;
        Length += bytes.Length;
        _hash.AppendData(bytes);
        if (_memory is not null && _memory.Length <= MostInMemory)
            _memory.Write(bytes);
        else if (_stream is not null)
            _stream.Write(bytes);
        else if (!_call.Json)
            _call.Terminal.Bytes(bytes);
    }

    /// <summary>What is there is of no use.</summary>
    public void StartOver()
    {
        Length = 0;
        _stream?.SetLength(0);
        _hash.Dispose();
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    /// <summary>Of all that is there.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>No more comes: what is whole needs no note beside it, what is not may be gone on with.</summary>
    public void End(bool isWhole)
    {
        if (_stream is null)
            return;
        _stream.Flush();
        if (!isWhole && Length > 0 && Validator is not null)
            System.IO.File.WriteAllText(ValidatorFile, Validator);
        else if (System.IO.File.Exists(ValidatorFile))
            System.IO.File.Delete(ValidatorFile);
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _memory?.Dispose();
        _hash.Dispose();
    }

    private void GoOn(long offset, Url url)
    {
        if (offset > _stream!.Length)
            throw new WrongUsageException(
                $"{File} has only {_stream.Length} bytes: {url.Href} cannot go on at {offset}"
            );
        _stream.SetLength(offset);
        var buffer = new byte[64 * 1024];
        while (_stream.Read(buffer) is > 0 and var length)
            _hash.AppendData(buffer.AsSpan(0, length));
        Length = offset;
        Validator = System.IO.File.Exists(ValidatorFile) ? System.IO.File.ReadAllText(ValidatorFile).Trim() : null;
    }

    /// <summary>A picture's bytes would be orders to a terminal.</summary>
    private void ThrowIfItWouldHarm(ReadOnlySpan<byte> bytes)
    {
        if (_call.Terminal.IsScreen && bytes[..Math.Min(bytes.Length, 2000)].Contains((byte)0))
            throw new IOException(
                _call.Terminal.Say(
                    "this is no text, and would confuse the terminal: write it to a file (-o FILE, -O), or into a pipe",
                    "텍스트가 아니라서 터미널을 망가뜨릴 수 있습니다. 파일(-o FILE, -O)이나 파이프로 보내십시오"
                )
            );
    }
}
