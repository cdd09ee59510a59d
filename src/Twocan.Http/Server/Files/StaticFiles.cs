using Twocan.Core;

namespace Twocan.Http;

/// <summary>
/// Answers with the documents of a root: GET and HEAD, whole or in parts, when they have changed or in any case; and where the
/// site lets them be written, PUT and DELETE.
/// </summary>
public sealed class StaticFiles : IRequestHandler
{
    private const string Reading = "GET, HEAD, OPTIONS";
    private const string Writing = "GET, HEAD, OPTIONS, PUT, DELETE";
    private static readonly (string Coding, string Ending)[] s_codings = [("br", ".br"), ("gzip", ".gz")];

    private readonly IDocumentRoot _root;
    private readonly SiteOptions _options;
    private readonly ReadyFiles _ready;
    private readonly DocumentWriter? _writer;

    public StaticFiles(IDocumentRoot root, SiteOptions? options = null)
    {
        (_root, _options) = (root, options ?? new());
        _ready = new(root, _options, Answer);
        if (_options.Writable.Count > 0)
            _writer = new(
                root as IWritableRoot ?? throw new ArgumentException("Nothing can be written there.", nameof(root)),
                _options.Writes
            );
    }

    public bool ForgetsRequests => true;

    public ReadyAnswer? FindReady(RequestHead head, Instant now) => _ready.Find(head, now);

    public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) =>
        request.Head.Method is Methods.Put or Methods.Delete
        && _writer is not null
        && RequestPath.TryParse(request.Head.Target, out var path)
        && IsWritable(path)
            ? WriteAsync(request, path, stop)
            : new(Answer(request.Head));

    public Answer Answer(RequestHead head) => Answer(head, out _, out _);

    /// <param name="found">Where the document stands that is answered with.</param>
    internal Answer Answer(RequestHead head, out Document? document, out IReadOnlyList<string> found)
    {
        (document, found) = (null, []);
        if (!Methods.IsKnown(head.Method))
            return Http.Answer.Page(501, $"The method {head.Method} is not known here.");
        if (head.Target == "*")
            return new(204, new Fields().Add("Allow", _writer is null ? Reading : Writing));
        if (head.Method == Methods.Connect)
            return Refuse(head, Reading);
        if (!RequestPath.TryParse(head.Target, out var path))
            return Http.Answer.Page(400, "The path does not lead to a place within this site.");
        var allowed = IsWritable(path) ? Writing : Reading;
        if (head.Method == Methods.Options)
            return new(204, new Fields().Add("Allow", allowed).Add("Accept-Ranges", "bytes"));
        if (head.Method is not (Methods.Get or Methods.Head))
            return Refuse(head, allowed);
        if (path.Parts.Contains("") || IsHidden(path))
            return NotFound();
        if (_root.IsDirectory(path.Parts))
            return path.EndsInSlash ? DefaultFile(path, head, out document, out found) : WithSlash(path);
        document = path.EndsInSlash ? null : _root.Find(path.Parts);
        found = path.Parts;
        return document is null ? NotFound() : Serve(document, path.Parts, head);
    }

    private static Answer Refuse(RequestHead head, string allowed) =>
        Http.Answer.Page(
            405,
            $"{head.Method} is not for this place: {allowed} are.",
            new Fields().Add("Allow", allowed)
        );

    private Answer DefaultFile(
        RequestPath path,
        RequestHead head,
        out Document? document,
        out IReadOnlyList<string> found
    )
    {
        foreach (var name in _options.DefaultFiles)
        {
            found = [.. path.Parts, name];
            document = _root.Find(found);
            if (document is not null)
                return Serve(document, found, head);
        }
        (document, found) = (null, []);
        if (!_options.ListsDirectories)
            return NotFound();
        var names = _root.List(path.Parts).Where(name => _options.ServesHidden || !name.StartsWith('.'));
        var page = DirectoryPage.Of(path, names);
        return Http.Answer.Of(200, page, "text/html; charset=utf-8", new Fields().Add("Cache-Control", "no-cache"));
    }

    /// <summary>A directory asked for without its slash: with it, the relative references of its pages come out right.</summary>
    private static Answer WithSlash(RequestPath path)
    {
        // Two slashes at the beginning would make it the name of another host.
        var place = $"/{path.Written.TrimStart('/')}/" + (path.Query is null ? "" : $"?{path.Query}");
        return Http.Answer.Page(301, $"The directory is at {place}", new Fields().Add("Location", place));
    }

    private static Answer NotFound() => Http.Answer.Page(404, "There is no such document here.");

    private bool IsHidden(RequestPath path) =>
        !_options.ServesHidden && path.Parts.Any(part => part[0] == '.' && part != ".well-known");

    private Answer Serve(Document document, IReadOnlyList<string> place, RequestHead head)
    {
        var coding = Variant(ref document, place, head, out var varies);
        var fields = new Fields()
            .Add("Last-Modified", HttpDate.Format(document.Modified))
            .Add("ETag", document.ETag)
            .AddAll(_options.Fields);
        if (varies)
            fields.Add("Vary", "Accept-Encoding");
        switch (Preconditions.Of(head, document))
        {
            case Verdict.NotModified:
                return new(304, fields);
            case Verdict.Failed:
                return Http.Answer.Page(412, "The document is not what the request takes it for.", fields);
        }
        fields.Add("Accept-Ranges", "bytes");
        if (coding is not null)
            fields.Add("Content-Encoding", coding);
        try
        {
            return Serve(document, MimeTypes.Of(place[^1], _options.Charset), fields, head);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Gone, or another, between the look and the opening; or not ours to read.
            return NotFound();
        }
    }

    private static Answer Serve(Document document, string type, Fields fields, RequestHead head)
    {
        if (head.Method == Methods.Head)
            return new(200, fields.Add("Content-Type", type)) { BodyLength = document.Length };
        if (
            head.Fields["Range"] is { } asked
            && head.Fields.CountOf("Range") == 1
            && Preconditions.HeedsRange(head, document)
        )
        {
            switch (ByteRanges.Read(asked, document.Length, out var ranges))
            {
                case RangeAnswer.Parts:
                    return RangeAnswers.Parts(document, ranges, fields, type);
                case RangeAnswer.Unsatisfiable:
                    return RangeAnswers.Unsatisfiable(document, fields);
            }
        }
        return new(200, fields.Add("Content-Type", type)) { Body = document.Open(), BodyLength = document.Length };
    }

    /// <summary>The document in a coding that the client takes, where it lies beside the plain one; answers which coding.</summary>
    private string? Variant(ref Document document, IReadOnlyList<string> place, RequestHead head, out bool varies)
    {
        varies = false;
        if (!_options.ServesPrecompressed)
            return null;
        var variants = new List<(string Coding, Document Document)>();
        foreach (var (coding, ending) in s_codings)
        {
            if (_root.Find([.. place.SkipLast(1), place[^1] + ending]) is { } variant)
                variants.Add((coding, variant));
        }
        varies = variants.Count > 0;
        if (!varies)
            return null;
        var chosen = AcceptEncoding.Choose(head.Fields.Joined("Accept-Encoding"), variants.Select(one => one.Coding));
        if (chosen is not null)
            document = variants.First(one => one.Coding == chosen).Document;
        return chosen;
    }

    private bool IsWritable(RequestPath path) =>
        _writer is not null
        && path is { EndsInSlash: false, Parts.Count: > 0 }
        && !path.Parts.Contains("")
        && !path.Parts.Any(part => part[0] == '.')
        && _options.Writable.Any(directory =>
            $"/{string.Join('/', path.Parts)}".StartsWith(directory.TrimEnd('/') + '/', StringComparison.Ordinal)
        );

    private ValueTask<Answer> WriteAsync(ServerRequest request, RequestPath path, CancellationToken stop) =>
        request.Head.Method == Methods.Put
            ? _writer!.PutAsync(request, path, stop)
            : _writer!.DeleteAsync(request, path);
}
