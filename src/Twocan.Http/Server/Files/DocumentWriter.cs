using System.Buffers;

namespace Twocan.Http;

/// <summary>PUT and DELETE (RFC 9110 §9.3.4, §9.3.5) of documents in a root that can be written.</summary>
internal sealed class DocumentWriter(IWritableRoot root, SiteWrites writes)
{
    private const int PieceLength = 64 * 1024;

    public async ValueTask<Answer> PutAsync(ServerRequest request, RequestPath path, CancellationToken stop)
    {
        // §14.5: a part of a document would be taken for all of it.
        if (request.Head.Fields.Contains("Content-Range"))
            return Answer.Page(400, "A document is put as a whole: Content-Range is not for PUT.");
        if (request.Framing.Kind == FramingKind.None && !request.Head.Fields.Contains("Content-Length"))
            return Answer.Page(411, "How long the document is has to be said, if only that it is empty.");
        if (request.Head.Fields.Contains("Content-Encoding"))
            return Answer.Page(415, "A document is put as it is: no content coding is taken off here.");
        if (root.IsDirectory(path.Parts))
            return Answer.Page(409, "There is a directory of that name.");
        if (Preconditions.Of(request.Head, root.Find(path.Parts)) != Verdict.Perform)
            return Failed();
        using var draft = root.Draft(path.Parts);
        if (draft is null)
            return Answer.Page(409, "The directory that it is to be in is not there.");
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (await request.Body.ReadAsync(piece, stop) is > 0 and var length)
                draft.Write(piece.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
        await draft.SettleAsync(request.Loop);
        Document? before = null;
        var isPublished = writes.TryChange(() =>
        {
            // Once more: somebody else may have been quicker while the body came.
            before = root.Find(path.Parts);
            if (Preconditions.Of(request.Head, before) != Verdict.Perform)
                return false;
            draft.Publish();
            return true;
        });
        if (!isPublished)
            return Failed();
        await root.SettleAsync(path.Parts, request.Loop);
        var fields = new Fields();
        if (root.Find(path.Parts) is { } now)
            fields.Add("ETag", now.ETag).Add("Last-Modified", HttpDate.Format(now.Modified));
        return before is null
            ? Answer.Page(201, "The document is there now.", fields.Add("Location", path.Written))
            : new(204, fields);
    }

    public async ValueTask<Answer> DeleteAsync(ServerRequest request, RequestPath path)
    {
        if (root.IsDirectory(path.Parts))
            return Answer.Page(409, "It is a directory: only documents are deleted.");
        Answer? refusal = null;
        var isDeleted = writes.TryChange(() =>
        {
            var document = root.Find(path.Parts);
            if (document is null && !request.Head.Fields.Contains("If-Match"))
                refusal = Answer.Page(404, "There is no such document here.");
            else if (Preconditions.Of(request.Head, document) != Verdict.Perform)
                refusal = Failed();
            else if (!root.Delete(path.Parts))
                refusal = Answer.Page(403, "It cannot be deleted.");
            return refusal is null;
        });
        if (!isDeleted)
            return refusal!;
        await root.SettleAsync(path.Parts, request.Loop);
        return new(204);
    }

    private static Answer Failed() => Answer.Page(412, "The document is not what the request takes it for.");
}
