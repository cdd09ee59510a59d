using System.Text;

namespace Twocan.Http;

/// <summary>
/// Tells a client what it has sent: a body comes back as it was, and a request without one as its head. For trying out clients,
/// and what stands between.
/// </summary>
public sealed class EchoHandler : IRequestHandler
{
    private const int MostBody = 16 << 20;
    private const string Allowed = "GET, HEAD, OPTIONS, POST, PUT";

    public bool ForgetsRequests => true;

    public async ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) =>
        request.Head.Method switch
        {
            Methods.Get or Methods.Head => Answer.Of(
                200,
                Encoding.Latin1.GetBytes(request.Head.ToString()),
                "text/plain"
            ),
            Methods.Options => new(204, new Fields().Add("Allow", Allowed)),
            Methods.Post or Methods.Put => await BackAsync(request, stop),
            var method when Methods.IsKnown(method) => Answer.Page(
                405,
                $"{method} is not for this place: {Allowed} are.",
                new Fields().Add("Allow", Allowed)
            ),
            var method => Answer.Page(501, $"The method {method} is not known here."),
        };

    /// <summary>First all of it: whether it is a body at all shows only at its end.</summary>
    private static async ValueTask<Answer> BackAsync(ServerRequest request, CancellationToken stop)
    {
        var body = new MemoryStream();
        var piece = new byte[16 * 1024];
        while (await request.Body.ReadAsync(piece, stop) is > 0 and var length)
        {
            if (body.Length + length > MostBody)
                return Answer.Page(413, "That is too much to be sent back.");
            body.Write(piece, 0, length);
        }
        return Answer.Of(200, body.ToArray(), request.Head.Fields["Content-Type"] ?? "application/octet-stream");
    }
}
