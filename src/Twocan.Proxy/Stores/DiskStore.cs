using System.Security.Cryptography;
using System.Text;
using Twocan.Core;

namespace Twocan.Proxy;

/// <summary>
/// Keeps responses as files of one directory, up to so many bytes; they outlive the process.
/// <para>
/// Each response is one file, named by the hash of its URL and variant, so nothing from outside ever names a path. It is
/// written under another name and then renamed: a process that is killed leaves whole files and at most one beginning
/// of a file, which the next start throws away. The index is in memory, and made from the files' heads at the start.
/// What is damaged is found by its checksum, removed, and fetched again. Files are read and written whole, on the loop's
/// thread: <see cref="MostBodyBytes"/> bounds how long that can take.
/// </para>
/// </summary>
public sealed class DiskStore : ICacheStore, IDisposable
{
    public const long DefaultLimit = 1L << 30;

    private const string Suffix = ".response";
    private const string UnfinishedSuffix = ".unfinished";

    private readonly string _directory;
    private readonly StoreIndex<string> _index;
    private readonly FileStream _lock;

    /// <summary>Opens the directory, or makes it. An <see cref="IOException"/> says when another process has it.</summary>
    public DiskStore(string directory, long limit = DefaultLimit, long? mostBodyBytes = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _directory = Path.GetFullPath(directory);
        MostBodyBytes = Math.Min(mostBodyBytes ?? Math.Min(limit / 8, 16 << 20), Array.MaxLength);
        Directory.CreateDirectory(_directory);
        // Two processes would not know of each other's files. The lock goes with its holder, however that ends.
        _lock = new(Path.Combine(_directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _index = new(limit, entry => Delete(entry.More));
        ReadIndex();
    }

    public long Bytes => _index.Bytes;

    public int Count => _index.Count;

    public long MostBodyBytes { get; }

    public IReadOnlyList<StoredResponse> Find(string url) => _index.Find(url);

    public byte[]? ReadBody(StoredResponse response)
    {
        if (_index.Find(response) is not { } entry)
            return null;
        if (ReadBody(PathOf(entry.More), response) is { } body)
        {
            _index.Touch(entry);
            return body;
        }
        _index.Remove(entry);
        return null;
    }

    public bool Put(StoredResponse response, byte[] body)
    {
        if (body.Length > MostBodyBytes)
            return false;
        var head = EntryFormat.WriteHead(response);
        var name = NameOf(response);
        // The older file of this name goes first, or its leaving the index would delete the new one.
        if (_index.Find(response.Url).FirstOrDefault(old => old.Variant == response.Variant) is { } same)
            Remove(same);
        if (!TryWrite(name, head, body))
            return false;
        if (_index.Add(response, EntryFormat.PreambleLength + head.Length + body.Length, name))
            return true;
        Delete(name);
        return false;
    }

    public bool Replace(StoredResponse old, StoredResponse fresh)
    {
        var body = ReadBody(old);
        Remove(old);
        return body is not null && Put(fresh, body);
    }

    public void Remove(StoredResponse response)
    {
        if (_index.Find(response) is { } entry)
            _index.Remove(entry);
    }

    public void Dispose() => _lock.Dispose();

    private void ReadIndex()
    {
        var found = new List<(string Name, StoredResponse Response, long Bytes)>();
        foreach (var path in Directory.EnumerateFiles(_directory))
        {
            var name = Path.GetFileName(path);
            if (name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal))
                Delete(name);
            else if (name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                if (TryReadHead(path, out var response, out var bytes) && NameOf(response) == name)
                    found.Add((name, response, bytes));
                else
                    Delete(name);
            }
        }
        // A directory has no order of its own, and the times of files are not the loop's.
        foreach (
            var (name, response, bytes) in found
                .OrderBy(f => f.Response.ReceivedAt)
                .ThenBy(f => f.Name, StringComparer.Ordinal)
        )
        {
            if (!_index.Add(response, bytes, name))
                Delete(name);
        }
    }

    private static bool TryReadHead(string path, out StoredResponse response, out long bytes)
    {
        (response, bytes) = (null!, 0);
        try
        {
            using var file = File.OpenRead(path);
            bytes = file.Length;
            return EntryFormat.TryReadHead(file, out response!, out _);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static byte[]? ReadBody(string path, StoredResponse expected)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (
                !EntryFormat.TryReadHead(file, out var response, out var checksum)
                || response.BodyLength != expected.BodyLength
            )
                return null;
            var body = new byte[response.BodyLength];
            file.ReadExactly(body);
            return Crc32.Of(body) == checksum ? body : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool TryWrite(string name, byte[] head, byte[] body)
    {
        var unfinished = PathOf(name) + UnfinishedSuffix;
        try
        {
            using (var file = File.Create(unfinished))
            {
                file.Write(EntryFormat.WritePreamble(head, body));
                file.Write(head);
                file.Write(body);
            }
            File.Move(unfinished, PathOf(name), overwrite: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Delete(name + UnfinishedSuffix);
            return false;
        }
    }

    private void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It stays behind; the next start tries again.
        }
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private static string NameOf(StoredResponse response)
    {
        var key = Encoding.UTF8.GetBytes($"{response.Url}\n{response.Variant}");
        return Convert.ToHexStringLower(SHA256.HashData(key)) + Suffix;
    }
}
