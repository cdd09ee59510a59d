using System.Text;

namespace Twocan.Http;

/// <summary>
/// Tells a client what it has sent: a body comes back as it was, and a request without one as its head. For trying out clients,
/// and what stands between.
/// </summary>
public sealed class EchoHandler : IRequestHandler
{
    private const string Allowed = "GET, HEAD, OPTIONS, POST, PUT";

    public bool ForgetsRequests => true;

    public ValueTask<Answer> AnswerAsync(ServerRequest request, CancellationToken stop) =>
        new(
            request.Head.Method switch
            {
                Methods.Get or Methods.Head => Answer.Of(
                    200,
                    Encoding.Latin1.GetBytes(request.Head.ToString()),
                    "text/plain"
                ),
                Methods.Options => new(204, new Fields().Add("Allow", Allowed)),
                Methods.Post or Methods.Put => Back(request),
                var method when Methods.IsKnown(method) => Answer.Page(
                    405,
                    $"{method} is not for this place: {Allowed} are.",
                    new Fields().Add("Allow", Allowed)
                ),
                var method => Answer.Page(501, $"The method {method} is not known here."),
            }
        );

    /// <summary>As it comes, so that it may be of any length.</summary>
    private static Answer Back(ServerRequest request) =>
        new(200, new Fields().Add("Content-Type", request.Head.Fields["Content-Type"] ?? "application/octet-stream"))
        {
            Body = request.Body,
            BodyLength = request.Framing.Kind switch
            {
                FramingKind.None => 0,
                FramingKind.Length => request.Framing.Length,
                _ => null,
            },
        };
}
