namespace Twocan.Http;

/// <summary>How a site is served.</summary>
public sealed record SiteOptions
{
    /// <summary>Which document a directory stands for: the first of these that it has.</summary>
    public IReadOnlyList<string> DefaultFiles { get; init; } = ["index.html", "default.html"];

    /// <summary>Fields that every document gets, such as <c>Cache-Control: max-age=60</c>.</summary>
    public Fields Fields { get; init; } = new();
}

/// <summary>Answers with the documents of a root: GET and HEAD.</summary>
public sealed class StaticFiles(IDocumentRoot root, SiteOptions? options = null) : IRequestHandler
{
    private const string Allowed = "GET, HEAD";
    private readonly SiteOptions _options = options ?? new();

    public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) => new(Answer(request.Head));

    public Answer Answer(RequestHead head)
    {
        if (!Methods.IsKnown(head.Method))
            return Http.Answer.Page(501, $"The method {head.Method} is not known here.");
        if (head.Method is not (Methods.Get or Methods.Head))
        {
            var allow = new Fields().Add("Allow", Allowed);
            return Http.Answer.Page(405, $"{head.Method} is not for this place: {Allowed} are.", allow);
        }
        if (!RequestPath.TryParse(head.Target, out var path))
            return Http.Answer.Page(400, "The path does not lead to a place within this site.");
        if (path.Parts.Contains(""))
            return NotFound();
        if (root.IsDirectory(path.Parts))
            return path.EndsInSlash ? DefaultFile(path, head) : WithSlash(path);
        var document = path.EndsInSlash ? null : root.Find(path.Parts);
        return document is null ? NotFound() : Serve(document, path.Parts[^1], head);
    }

    private Answer DefaultFile(RequestPath path, RequestHead head)
    {
        foreach (var name in _options.DefaultFiles)
        {
            if (root.Find([.. path.Parts, name]) is { } document)
                return Serve(document, name, head);
        }
        return NotFound();
    }

    /// <summary>A directory asked for without its slash: with it, the relative references of its pages come out right.</summary>
    private static Answer WithSlash(RequestPath path)
    {
        var place = $"{path.Written}/" + (path.Query is null ? "" : $"?{path.Query}");
        return Http.Answer.Page(301, $"The directory is at {place}", new Fields().Add("Location", place));
    }

    private static Answer NotFound() => Http.Answer.Page(404, "There is no such document here.");

    private Answer Serve(Document document, string name, RequestHead head)
    {
        var fields = new Fields()
            .Add("Last-Modified", HttpDate.Format(document.Modified))
            .Add("ETag", document.ETag)
            .AddAll(_options.Fields);
        if (IsNotModified(document, head.Fields))
            return new(304, fields);
        fields.Add("Content-Type", MimeTypes.Of(name));
        if (head.Method == Methods.Head)
            return new(200, fields) { BodyLength = document.Length };
        try
        {
            return new(200, fields) { Body = document.Open(), BodyLength = document.Length };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Gone between the look and the opening, or not ours to read.
            return NotFound();
        }
    }

    /// <summary>RFC 9110 §13.2.2: a tag that the client has says more than a date, which then does not count.</summary>
    private static bool IsNotModified(Document document, Fields fields)
    {
        if (fields.Contains("If-None-Match"))
            return fields.ListOf("If-None-Match").Any(tag => tag == "*" || WithoutWeakness(tag) == document.ETag);
        return HttpDate.TryParse(fields["If-Modified-Since"], document.Modified, out var since)
            && document.Modified <= since;
    }

    private static string WithoutWeakness(string tag) =>
        tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
