using Twocan.Core;
using Twocan.Http;
using Twocan.Sockets;

namespace Twocan.Cli;

/// <summary>What is to be sent, as the options say it: data, a form, a file.</summary>
internal sealed class FetchBody
{
    private readonly List<byte[]> _data = [];
    private readonly List<(string Name, string Value)> _form = [];
    private readonly string? _upload;
    private readonly bool _isJson;

    public FetchBody(FetchOptions options, Invocation call)
    {
        foreach (var text in call.Get(options.Data) ?? [])
            _data.Add(WithoutLineBreaks(text.StartsWith('@'), Read(text)));
        foreach (var text in call.Get(options.DataRaw) ?? [])
            _data.Add(System.Text.Encoding.UTF8.GetBytes(text));
        foreach (var text in call.Get(options.DataBinary) ?? [])
            _data.Add(Read(text));
        if (call.Get(options.JsonBody) is { } json)
            (_isJson, _) = (true, Add(Read(json)));
        foreach (var text in call.Get(options.Form) ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new WrongUsageException($"-F is NAME=VALUE or NAME=@FILE, not '{text}'");
            _form.Add((text[..equals], text[(equals + 1)..]));
        }
        _upload = call.Get(options.Upload);
        if (_upload is { } file and not "-" && !File.Exists(file))
            throw new WrongUsageException($"there is no file '{file}'");
        if ((_data.Count > 0 ? 1 : 0) + (_form.Count > 0 ? 1 : 0) + (_upload is null ? 0 : 1) > 1)
            throw new WrongUsageException("-d, -F and -T each say what to send: say one of them");
    }

    public bool IsUpload => _upload is not null;

    public bool IsThere => _data.Count > 0 || _form.Count > 0 || IsUpload;

    /// <summary>The body, and what the fields have to say of it.</summary>
    public RequestBody? Make(Session session, Fields fields, bool onHost)
    {
        if (_upload is not null)
            return _upload == "-" ? FromInput(session, onHost) : RequestBody.FromFile(_upload);
        if (_form.Count > 0)
            return MakeForm(session.Network.Random, fields);
        if (_data.Count == 0)
            return null;
        if (_isJson)
            SetMissing(fields, "Accept", "application/json");
        SetMissing(fields, "Content-Type", _isJson ? "application/json" : "application/x-www-form-urlencoded");
        // As curl joins them: the fields of a form.
        var joined = new MemoryStream();
        foreach (var part in _data)
        {
            if (joined.Length > 0 && !_isJson)
                joined.WriteByte((byte)'&');
            joined.Write(part);
        }
        return RequestBody.Of(joined.ToArray());
    }

    private RequestBody MakeForm(RandomSource random, Fields fields)
    {
        var form = new MultipartForm(random);
        foreach (var (name, value) in _form)
        {
            if (!value.StartsWith('@'))
                form.Add(name, value);
            else
                form.Add(name, Read(value), Path.GetFileName(value[1..]), null);
        }
        SetMissing(fields, "Content-Type", form.ContentType);
        return form.ToBody();
    }

    private static RequestBody FromInput(Session session, bool onHost)
    {
        var read = onHost
            ? StandardInput.ForHost(session.Network.Loop, "fetch")
            : StandardInput.ForWorld()
                ?? throw new WrongUsageException("a world does not wait for somebody who types: pipe something in");
        return RequestBody.From(() => new InputStream(read), canReplay: false);
    }

    private bool Add(byte[] part)
    {
        _data.Add(part);
        return true;
    }

    private static void SetMissing(Fields fields, string name, string value)
    {
        if (!fields.Contains(name))
            fields.Add(name, value);
    }

    private static byte[] Read(string text)
    {
        if (!text.StartsWith('@'))
            return System.Text.Encoding.UTF8.GetBytes(text);
        try
        {
            if (text != "@-")
                return File.ReadAllBytes(text[1..]);
            using var input = Console.OpenStandardInput();
            var all = new MemoryStream();
            input.CopyTo(all);
            return all.ToArray();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongUsageException($"'{text[1..]}' cannot be read: {failure.Message}");
        }
    }

    private static byte[] WithoutLineBreaks(bool isFile, byte[] bytes) =>
        isFile ? [.. bytes.Where(static octet => octet is not ((byte)'\r' or (byte)'\n'))] : bytes;

    /// <summary>Standard input, as the loop can read it.</summary>
    private sealed class InputStream(Func<Memory<byte>, CancellationToken, ValueTask<int>> read) : LoopStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            read(buffer, cancellationToken);

        public override Task<int> ReadAsync(
            byte[] buffer,
            int offset,
            int count,
            CancellationToken cancellationToken
        ) => read(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
